"""Rules of the config (``inputs.files``) for tables of no CRM that look like calls."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from funnelkpi.adapters.calls.guessed import guess_calls
from funnelkpi.adapters.registry import recognise
from funnelkpi.config.schema import FileRule, Settings
from funnelkpi.errors import InputError
from funnelkpi.readers.source import Source


def guessed_rules(sources: Sequence[Source], settings: Settings, crm: str) -> tuple[FileRule, ...]:
    """A rule per table that is not recognised and looks like calls, in the order of ``sources``.

    Exports of one layout share a rule: «calls_2026-11-16.csv» is ``calls_*.csv``. A file of several
    tables gets none: a rule is about a whole file.
    """
    tables = Counter(source.path for source in sources)
    found: dict[str, FileRule] = {}
    for source in sources:
        if tables[source.path] > 1 or not source.header or _recognised(source, settings, crm):
            continue
        columns = guess_calls(source.header, source.sample)
        if columns is None:
            continue
        pattern = pattern_of(source.path.name)
        if pattern in found and found[pattern].columns != columns:
            pattern = source.path.name
        found[pattern] = FileRule(match=pattern, kind="calls", crm="generic", columns=columns)
    # a rule for one file goes before the pattern it fits
    return tuple(sorted(found.values(), key=lambda rule: "*" in rule.match))


def _recognised(source: Source, settings: Settings, crm: str) -> bool:
    try:
        recognise(source, settings, crm)
    except InputError:
        return False
    return True


def pattern_of(name: str) -> str:
    """The pattern of a file's name: its numbers and dates may differ next week.

    A name without a word of its own is its own pattern, or it would fit every file.
    """
    stem, dot, suffix = name.rpartition(".")
    pattern = re.sub(r"\d[\d_.\-: ]*\d|\d", "*", stem)
    worded = re.search(r"[^\W\d_]{2}", pattern)
    # «[» would begin a set of letters
    plain = re.sub(r"[\[\]?]", "?", pattern)
    return f"{plain}{dot}{suffix}" if worded else name
