"""One person under several spellings: «Иванов Иван», «Иван Иванов», «Иванов  Иван Иванович»."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from funnelkpi.adapters.captions import text_key


@lru_cache(maxsize=65536)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(sorted(text_key(text).replace(",", " ").split()))


def name_key(text: str) -> str:
    """The words of a name without order, case, ё and surplus blanks: equal for the same name."""
    return " ".join(_tokens(text))


def match_names(found: Mapping[str, int], given: Iterable[Sequence[str]]) -> dict[str, str]:
    """Spelling -> name for every spelling of ``found`` (spelling -> how often it occurs).

    given: names of the config, each with its aliases; they win. Spellings with the same words are
    one person, called by the commonest one. A name of two words and one of three that holds both
    (a patronymic) are one person only if exactly one such longer name exists.
    """
    names: dict[str, str] = {}
    for spellings in given:
        for spelling in spellings:
            names.setdefault(name_key(spelling), spellings[0])
    configured = set(names)
    commonest = sorted(found, key=lambda s: (-found[s], s))
    for spelling in commonest:
        names.setdefault(name_key(spelling), spelling)
    often: dict[str, int] = {}
    for spelling, n in found.items():
        often[name_key(spelling)] = often.get(name_key(spelling), 0) + n
    longer = _patronymics(names, configured, often)
    return {s: longer.get(name_key(s), names[name_key(s)]) for s in found}


def _patronymics(
    names: Mapping[str, str], configured: set[str], often: Mapping[str, int]
) -> dict[str, str]:
    """Key -> name for two-word and three-word keys that are surely one person."""
    by_pair: dict[frozenset[str], list[str]] = {}
    three = [k for k in names if len(k.split()) == 3]
    two = {frozenset(k.split()): k for k in names if len(set(k.split())) == 2 == len(k.split())}
    for key in three:
        words = key.split()
        for left_out in range(3):
            pair = frozenset(w for i, w in enumerate(words) if i != left_out)
            if pair in two:
                by_pair.setdefault(pair, []).append(key)
    claims: dict[str, int] = {}
    for keys in by_pair.values():
        for key in keys:
            claims[key] = claims.get(key, 0) + 1
    out = {}
    for pair, keys in by_pair.items():
        short, long = two[pair], keys[0]
        if len(keys) != 1 or claims[long] != 1 or {short, long} <= configured:
            continue
        weight = {k: (k in configured, often.get(k, 0)) for k in (short, long)}
        called = short if weight[short] > weight[long] else long
        out[short] = out[long] = names[called]
    return out
