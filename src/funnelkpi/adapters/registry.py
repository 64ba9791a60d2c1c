"""Which layout a table is of: by captions, unless the config or ``--crm`` says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatch
from typing import cast

from funnelkpi.adapters.calls.guessed import guess_calls
from funnelkpi.adapters.captions import caption_key, shown, text_key
from funnelkpi.adapters.cells.money import caption_currency
from funnelkpi.adapters.cells.zones import date_of, local_moment
from funnelkpi.adapters.interface import UNKNOWN, Crm, DateOrder, Export, Kind, Layout
from funnelkpi.adapters.layouts import (
    amocrm,
    amocrm_lists,
    bitrix24,
    bitrix24_lists,
    calendar_file,
    generic,
)
from funnelkpi.config.schema import FileRule, Settings
from funnelkpi.errors import InputError
from funnelkpi.readers.source import Source

ADAPTERS: dict[Crm, tuple[Layout, ...]] = {
    "amocrm": (*amocrm_lists.LAYOUTS, *amocrm.LAYOUTS),
    "bitrix24": (*bitrix24_lists.LAYOUTS, *bitrix24.LAYOUTS),
    "generic": (*generic.LAYOUTS, *calendar_file.LAYOUTS),
}
_FORCED: dict[Crm, tuple[Layout, ...]] = {"amocrm": amocrm.FORCED, "bitrix24": bitrix24.FORCED}
_NAMES = {"amocrm": "amoCRM", "bitrix24": "Битрикс24", "generic": "generic"}
_NAMES_OF_KINDS: dict[str, Kind] = {
    "voximplant": "calls", "call": "calls", "звон": "calls", "deal": "deals", "сделк": "deals",
    "lead": "leads", "лид": "leads", "contact": "contacts", "контакт": "contacts",
    "compan": "companies", "компани": "companies", "activit": "tasks", "task": "tasks",
    "задач": "tasks", "stagehistory": "history", "event": "history",
}  # fmt: skip
"""What a saved answer is called after: «voximplant.statistic.get.json»."""
_EMPTY_TABLES: dict[str, Kind] = {
    "events": "history", "tasks": "tasks", "contacts": "contacts", "companies": "companies",
}  # fmt: skip
"""Tables of an API dump that may hold nothing, by their name in it."""


def claims(header: Sequence[str]) -> dict[Crm, Layout]:
    """The first layout of each CRM that claims the header."""
    return {
        crm: layout
        for crm, layouts in ADAPTERS.items()
        if (layout := next((x for x in layouts if x.claims(header)), None)) is not None
    }


OWN_REPORT = "errors_adapters.own_report"
_OWN_REPORT = {"metric", "scope", "period_start", "definition"}
"""Columns by which a report of this program, saved as JSON or CSV, is told."""


def rule_for(source: Source, settings: Settings) -> FileRule | None:
    """The first rule of the config whose pattern fits the file's name."""
    name = source.path.name
    return next(
        (
            r
            for r in settings.inputs.files
            if fnmatch(name, r.match) or fnmatch(source.name, r.match)
        ),
        None,
    )


def recognise(source: Source, settings: Settings, crm: str = "auto") -> Export:
    """What ``source`` is.

    crm: ``--crm``; a rule of ``inputs.files`` wins over it, it wins over ``inputs.crm``.

    Raises:
        InputError: nobody knows the captions, two CRMs claim them, the ID or the stage is missing.
    """
    rule = rule_for(source, settings)
    places = (
        ("inputs: files: crm", rule.crm if rule else "auto"),
        ("--crm", crm),
        ("inputs: crm", settings.inputs.crm),
    )
    said, asked = next(((p, c) for p, c in places if c != "auto"), ("", "auto"))
    if not source.header:
        return _empty(source, settings, asked)
    given = generic.positions(source.name, source.header, settings.inputs.columns, strict=False)
    if rule:
        given |= generic.positions(source.name, source.header, rule.columns, strict=True)
    layout = _layout(source, asked, rule)
    if layout is None:
        if not given and asked not in ("auto", "generic"):
            _refuse_other_crm(source, said, asked)
        return _generic(source, settings, asked, rule, given)
    mapping = {**layout.positions(source.header), **given}
    _check(source, layout.kind, layout.needs, mapping, layout)
    return _export(source, settings, rule, layout.crm, layout.kind, layout.name, mapping, layout)


def _layout(source: Source, asked: str, rule: FileRule | None) -> Layout | None:
    found = claims(source.header)
    kind = rule.kind if rule else None
    if kind is not None:
        found = {
            c: x
            for c, layouts in ADAPTERS.items()
            if (x := next((y for y in layouts if y.kind == kind and y.claims(source.header)), None))
        }
    if "generic" in found:  # a log of events belongs to whichever CRM the deals are of
        return found["generic"]
    if asked == "generic":
        return None
    if asked != "auto":
        if asked in found:
            return found[asked]
        forced = [x for x in _FORCED[cast(Crm, asked)] if kind in (None, x.kind)]
        mapped = [x for x in forced if _complete(x.needs, x.positions(source.header))]
        return mapped[0] if mapped else None
    if len(found) > 1:
        raise InputError.of(
            "errors_adapters.two_crms",
            file=source.name,
            crms=", ".join(_NAMES[c] for c in found),
            first=next(iter(found)),
        )
    return next(iter(found.values()), None)


def _refuse_other_crm(source: Source, said: str, asked: str) -> None:
    """A table that another CRM claims than the one it is said to be of."""
    for layout in claims(source.header).values():
        history = layout.kind == "history"
        raise InputError.of(
            "errors_adapters.other_crm_history" if history else "errors_adapters.other_crm",
            file=source.name, crm=_NAMES[layout.crm], said=said, asked=asked,
        )  # fmt: skip


def _complete(needs: Sequence[Sequence[str]], mapping: dict[str, tuple[int, ...]]) -> bool:
    return all(any(c in mapping for c in group) for group in needs)


def _generic(
    source: Source,
    settings: Settings,
    asked: str,
    rule: FileRule | None,
    given: dict[str, tuple[int, ...]],
) -> Export:
    columns = {**settings.inputs.columns, **(rule.columns if rule else {})}
    kind = (rule.kind if rule else None) or generic.kind_of(
        {c: t for c, t in columns.items() if c in given}
    )
    seen = shown(source.header)
    if not given:
        if set(source.header) >= _OWN_REPORT:
            raise InputError.of(OWN_REPORT, file=source.name)
        guessed = guess_calls(source.header, source.sample)
        if guessed:
            columns_text = ", ".join(f"{c}: «{t}»" for c, t in guessed.items())
            raise InputError.of(
                "errors_adapters.unknown_calls", file=source.name, columns=columns_text
            )
        raise InputError.of("errors_adapters.unknown_table", file=source.name, seen=seen)
    _check(source, kind, generic.NEEDS[kind], given, None)
    crm = cast(Crm, asked if asked != "auto" else "generic")
    return _export(source, settings, rule, crm, kind, "generic", given, None)


def _check(
    source: Source,
    kind: Kind,
    needs: Sequence[Sequence[str]],
    mapping: dict[str, tuple[int, ...]],
    layout: Layout | None,
) -> None:
    for group in needs:
        if any(c in mapping for c in group):
            continue
        column = group[0]
        if layout is None:
            raise InputError.of(
                "errors_adapters.column_not_mapped",
                file=source.name, kind=kind, column=column, seen=shown(source.header),
            )  # fmt: skip
        expected = ", ".join(f"«{c}»" for c in layout.columns[column][:3])
        key = {"deal_id": "no_deal_id", "stage": "no_stage", "stage_code": "no_stage"}[column]
        raise InputError.of(
            f"errors_adapters.{key}",
            file=source.name, crm=_NAMES[layout.crm], expected=expected, seen=shown(source.header),
        )  # fmt: skip


def _export(
    source: Source,
    settings: Settings,
    rule: FileRule | None,
    crm: Crm,
    kind: Kind,
    name: str,
    mapping: dict[str, tuple[int, ...]],
    layout: Layout | None,
) -> Export:
    used = {p for positions in mapping.values() for p in positions}
    stamp = _stamp(source, settings.time_zone, crm)
    amount = mapping.get("amount")
    order: DateOrder | None = rule.date_order if rule else None
    keys = {caption_key(c) for c in source.header}
    return Export(
        source=source,
        crm=crm,
        kind=kind,
        layout=name,
        mapping=mapping,
        unmapped=tuple(c for i, c in enumerate(source.header) if i not in used and c.strip()),
        moment=stamp.moment,
        day=stamp.day,
        date_order=order,
        currency=caption_currency(source.header[amount[0]]) if amount else None,
        product_rows=crm == "bitrix24"
        and any(keys.issuperset(three) for three in bitrix24.PRODUCT_CAPTIONS),
        rules=layout.rules if layout else {},
    )


def _empty(source: Source, settings: Settings, asked: str) -> Export:
    """A file that only says that it holds nothing."""
    notice = (source.empty_notice or "").casefold()
    if source.format == "ics":
        return Export(source, "generic", "tasks", "empty", {})
    if source.sheet in _EMPTY_TABLES:
        return Export(source, "amocrm", _EMPTY_TABLES[source.sheet], "empty", {})
    if source.format == "json":
        rule = rule_for(source, settings)
        name = text_key(source.path.name)
        said = next((k for word, k in _NAMES_OF_KINDS.items() if word in name), None)
        kind_ = (rule.kind if rule else None) or said
        crm = cast(Crm, asked if asked != "auto" else "bitrix24")
        return Export(source, crm, kind_ or "deals", "empty" if kind_ else UNKNOWN, {})
    words = bitrix24.EMPTY_NOTICES
    kind = cast(Kind, next((k for word, k in words.items() if word in notice), "deals"))
    crm = cast(Crm, asked if asked != "auto" else "bitrix24")
    stamp = _stamp(source, settings.time_zone, crm)
    return Export(source, crm, kind, "empty", {}, moment=stamp.moment, day=stamp.day)


@dataclass(frozen=True, slots=True)
class _Stamp:
    moment: datetime | None = None
    day: date | None = None


def _stamp(source: Source, zone: str, crm: str) -> _Stamp:
    """When the export was made, by its name and its container."""
    name = source.path.name
    if native := re.fullmatch(bitrix24.FILE_NAME, name):
        seconds = int(native["uniqid"][:8], 16)
        moment = local_moment(datetime.fromtimestamp(seconds, UTC), zone)
        return _Stamp(moment, date_of(native["day"]))
    written = re.search(r"(?<!\d)(20\d{2}-\d{2}-\d{2}|20\d{6})(?!\d)", name)
    day = date_of(written[1]) if written else None
    at = source.stated_at
    if at is None or crm != "amocrm":
        return _Stamp(None, day)
    if at.tzinfo is None and source.utc_offset is not None:
        at = (at - source.utc_offset).replace(tzinfo=UTC)
    moment = local_moment(at, zone) if at.tzinfo else at
    # office programs state when a workbook was first made, often years ago, and always in UTC
    trusted = (
        source.utc_offset is not None if day is None else abs(moment.date() - day) <= timedelta(1)
    )
    return _Stamp(moment if trusted else None, day)
