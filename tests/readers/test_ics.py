"""Calendars by their bytes: folding, escapes, zones, torn files."""

from __future__ import annotations

import pytest

from funnelkpi.readers.open import open_sources

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Kommo//Tasks//EN\r\n"


def calendar(*events: str, head: str = HEAD) -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{e}END:VEVENT\r\n" for e in events)
    return f"{head}{body}END:VCALENDAR\r\n"


def event(**properties: str) -> str:
    return "".join(f"{k.replace('_', '-')}:{v}\r\n" for k, v in properties.items())


def cells(read, *captions):
    header = list(read.source.header)
    return [tuple(row[header.index(c)] for c in captions) for row in read.cells]


def test_kommo_tasks(write, read_all):
    path = write(
        "KommoTasks.ics",
        calendar(
            event(
                UID="11", CONTACT="Анна Ким\\, ООО «Ромашка»", SUMMARY="Связаться: уточнить\r\n"
                "  сроки", DESCRIPTION="Строка 1\\nСтрока 2\\; конец", DTSTART="20260302T100000Z",
            ),
            event(UID="12", SUMMARY="Встреча", DTSTART="20260303T070000Z"),
        ),
    )  # fmt: skip
    read = read_all(path)
    assert (read.source.format, read.numbers, read.codes) == ("ics", [1, 2], {})
    assert cells(read, "COMPONENT", "UID", "CONTACT", "SUMMARY", "DESCRIPTION", "DTSTART") == [
        ("VEVENT", "11", "Анна Ким, ООО «Ромашка»", "Связаться: уточнить сроки",
         "Строка 1\nСтрока 2; конец", "2026-03-02T10:00:00Z"),
        ("VEVENT", "12", None, "Встреча", None, "2026-03-03T07:00:00Z"),
    ]  # fmt: skip


ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Custom/Omsk\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZOFFSETFROM:+0600\r\nTZOFFSETTO:+0600\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (":20260302T100000Z", "2026-03-02T10:00:00Z"),
        (";TZID=Asia/Almaty:20260302T100000", "2026-03-02T05:00:00Z"),
        (";TZID=Russian Standard Time:20260302T100000", "2026-03-02T07:00:00Z"),
        (";TZID=Custom/Omsk:20260302T100000", "2026-03-02T04:00:00Z"),
        (":20260302T100000", "2026-03-02T10:00:00"),
        (";VALUE=DATE:20260302", "2026-03-02"),
        (":вчера", "вчера"),
    ],
    ids=["utc", "iana", "windows", "own zone", "floating", "date", "no date"],
)
def test_moments(write, read_all, start, expected):
    body = f"UID:1\r\nSUMMARY:x\r\nDTSTART{start}\r\n"
    read = read_all(write("a.ics", calendar(body, head=HEAD + ZONE)))
    assert cells(read, "DTSTART") == [(expected,)]
    assert read.codes == {}


def test_unknown_zone_is_said(write, read_all):
    body = "UID:1\r\nDTSTART;TZID=Нигде/Тут:20260302T100000\r\n"
    read = read_all(write("a.ics", calendar(event(UID="0"), body, body)))
    finding = read.codes["ics_unknown_zone"]
    assert (finding.rows, finding.count, finding.value) == ((2, 3), 2, "Нигде/Тут")
    assert cells(read, "DTSTART") == [(None,), ("2026-03-02T10:00:00",), ("2026-03-02T10:00:00",)]


def test_a_malformed_line_is_said_and_the_rest_read(write, read_all):
    read = read_all(write("a.ics", calendar("UID:1\r\nпросто слова\r\nSUMMARY:есть\r\n")))
    assert read.codes["ics_line_unread"].rows == (1,)
    assert cells(read, "SUMMARY") == [("есть",)]


def test_a_torn_file_keeps_its_whole_events(write, read_all):
    whole = calendar(event(UID="1", SUMMARY="a"), event(UID="2", SUMMARY="b"))
    read = read_all(write("a.ics", whole[: whole.index("UID:2") + 3]))
    assert set(read.codes) == {"ics_cut_off"}
    assert cells(read, "UID") == [("1",)]


def test_todos_people_and_alarms(write, read_all):
    body = (
        "BEGIN:VTODO\r\nUID:t1\r\nSUMMARY:КП\r\nDUE:20260304T090000Z\r\n"
        "COMPLETED:20260304T080000Z\r\nSTATUS:COMPLETED\r\nCATEGORIES:Встреча,Важно\r\n"
        "ORGANIZER;CN=Анна Ким:mailto:anna@example.com\r\n"
        "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDESCRIPTION:звонок\r\nEND:VALARM\r\nEND:VTODO\r\n"
    )
    read = read_all(write("a.ics", HEAD + body + "END:VCALENDAR\r\n"))
    captions = ("COMPONENT", "DUE", "COMPLETED", "STATUS", "CATEGORIES", "ORGANIZER")
    assert cells(read, *captions) == [
        ("VTODO", "2026-03-04T09:00:00Z", "2026-03-04T08:00:00Z", "COMPLETED", "Встреча, Важно",
         "Анна Ким"),
    ]  # fmt: skip
    assert "DESCRIPTION" not in read.source.header


def test_other_bytes(write, read_all):
    text = calendar(event(UID="1", SUMMARY="Анна")).replace("\r\n", "\n")
    for data in (b"\xef\xbb\xbf" + text.encode(), text.encode("cp1251"), text.lower().encode()):
        read = read_all(write("a.ics", data))
        assert cells(read, "SUMMARY")[0][0].casefold() == "анна"


@pytest.mark.parametrize("data", [HEAD, HEAD + "слова\r\nEND:VCALENDAR\r\n"], ids=["top", "words"])
def test_no_calendar_from_end_to_end(write, refused, data):
    (problem,) = refused(write("a.ics", data)).problems
    assert problem.key == "errors_readers.broken_calendar"


def test_an_empty_calendar_says_so(write):
    (source,) = open_sources([write("a.ics", HEAD + "END:VCALENDAR\r\n")]).sources
    assert (source.header, source.empty_notice) == ((), "BEGIN:VCALENDAR")
