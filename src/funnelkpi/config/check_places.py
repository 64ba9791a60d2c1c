"""Cross-checks of the calendar, the time zone, currencies, files and columns."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo, available_timezones

from funnelkpi.config.nearest import listed, nearest
from funnelkpi.config.schema import Settings
from funnelkpi.config.yaml_tree import Path, Tree, shorten
from funnelkpi.errors import Problem
from funnelkpi.model.tables import (
    CALL_SOURCES,
    CALLS,
    COMPANIES,
    CONTACTS,
    DEALS,
    HISTORY,
    TASKS,
)

_CURRENCY = re.compile(r"[A-Z]{3}")
_TABLES = (*DEALS, *CALLS, *CALL_SOURCES, *HISTORY, *TASKS, *CONTACTS, *COMPANIES)
_REGION = re.compile(r"[A-Z]{2}")


def check(settings: Settings, tree: Tree) -> list[Problem]:
    """Problems of the general settings and of the inputs."""
    return [
        *_time_zone(settings, tree),
        *_calendar(settings, tree),
        *_codes(settings, tree),
        *_inputs(settings, tree),
    ]


def _time_zone(settings: Settings, tree: Tree) -> Iterator[Problem]:
    name = settings.time_zone
    try:
        ZoneInfo(name)
        return
    except (KeyError, ValueError, OSError):
        zones = sorted(available_timezones())
    near = nearest(name, zones)
    if near:
        yield tree.at(("time_zone",), "unknown_time_zone_near", name=shorten(name), nearest=near)
    else:
        yield tree.at(("time_zone",), "unknown_time_zone", name=shorten(name))


def _calendar(settings: Settings, tree: Tree) -> Iterator[Problem]:
    calendar = settings.calendar
    default = type(calendar).model_fields["country"].default
    if calendar.country is not None and calendar.country != default:
        # Heavy, and the default is known to be there.
        from holidays import list_supported_countries

        countries = list_supported_countries()
        if calendar.country not in countries:
            path: Path = ("calendar", "country")
            near = nearest(calendar.country, countries)
            name = shorten(calendar.country)
            if near:
                yield tree.at(path, "unknown_country_near", name=name, nearest=near)
            else:
                yield tree.at(path, "unknown_country", name=name)
    if _minutes(calendar.opens) >= _minutes(calendar.closes):
        there = tree.node(("calendar", "closes"))[1] == ("calendar", "closes")
        yield tree.at(
            ("calendar", "closes" if there else "opens"),
            "opens_after_closes",
            opens=calendar.opens,
            closes=calendar.closes,
        )
    for i, day in enumerate(calendar.workdays):
        if day in calendar.holidays:
            other = tree.line(("calendar", "holidays", calendar.holidays.index(day)))
            yield tree.at(
                ("calendar", "workdays", i), "day_off_and_on", day=day.isoformat(), line=other
            )


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _codes(settings: Settings, tree: Tree) -> Iterator[Problem]:
    if not _CURRENCY.fullmatch(settings.currency):
        yield tree.at(("currency",), "bad_currency", value=shorten(settings.currency))
    for code, rate in settings.report.rates.items():
        path: Path = ("report", "rates", code)
        if not _CURRENCY.fullmatch(code):
            yield tree.at_key(path, "bad_currency", value=shorten(code))
        if rate <= 0:
            yield tree.at(path, "must_be_over", value=tree.raw(path), bound="0")
    if not _REGION.fullmatch(settings.calls.phone_region):
        value = shorten(settings.calls.phone_region)
        yield tree.at(("calls", "phone_region"), "bad_region", value=value)
    link = settings.report.link
    if link is not None and "{id}" not in link:
        yield tree.at(("report", "link"), "link_without_id", value=shorten(link))


def _inputs(settings: Settings, tree: Tree) -> Iterator[Problem]:
    columns = tuple(dict.fromkeys(c.name for c in _TABLES))
    yield from _columns(("inputs", "columns"), settings.inputs.columns, columns, tree)
    for i, rule in enumerate(settings.inputs.files):
        path: Path = ("inputs", "files", i)
        if rule.kind not in ("users", "stages"):
            yield from _columns((*path, "columns"), rule.columns, columns, tree)
        if rule.encoding is not None and not _encoding_exists(rule.encoding):
            value = shorten(rule.encoding)
            yield tree.at((*path, "encoding"), "unknown_encoding", value=value)


def _columns(
    path: Path, mapping: dict[str, str], known: tuple[str, ...], tree: Tree
) -> Iterator[Problem]:
    for name in mapping:
        if name in known:
            continue
        near = nearest(name, known)
        params = {"name": shorten(name), "known": listed(known)}
        if near:
            yield tree.at_key((*path, name), "unknown_column_near", nearest=near, **params)
        else:
            yield tree.at_key((*path, name), "unknown_column", **params)


def _encoding_exists(name: str) -> bool:
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return True
