"""The moment of an export, by hand."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from funnelkpi.adapters.moment import default_as_of, newest_moment

FULL = ("created_at", "modified_at", "stage_changed_at", "closed_at")


def deals(*rows: tuple[str | None, ...], file: tuple[str, ...] | str = "d.csv") -> pd.DataFrame:
    """Rows of created, modified, stage changed, closed."""
    frame = pd.DataFrame(
        {
            name: pd.to_datetime(pd.Series([r[i] if i < len(r) else None for r in rows]))
            for i, name in enumerate(FULL)
        }
    ).astype("datetime64[s]")
    files = [file] * len(rows) if isinstance(file, str) else list(file)
    return frame.assign(_file=pd.Categorical(files))


def test_what_the_file_states_wins() -> None:
    at = datetime(2026, 11, 16, 8, 30)
    assert default_as_of(deals(("2026-11-17",)), at, date(2026, 11, 16)) == at


def test_else_the_latest_creation_edit_change_or_close() -> None:
    frame = deals(
        ("2026-11-01 10:00", "2026-11-03 10:00", None, "2026-11-02 09:00"),
        ("2026-11-02 10:00", "2026-11-02 11:00", "2026-11-02 11:00", None),
    )
    assert default_as_of(frame, None, None) == datetime(2026, 11, 3, 10, 0)


def test_dates_after_the_name_of_the_file_do_not_count() -> None:
    frame = deals(
        ("2026-11-01 10:00", "2026-11-16 08:30"), ("2026-11-01 10:00", "2027-01-01 10:00")
    )
    assert default_as_of(frame, None, date(2026, 11, 16)) == datetime(2026, 11, 16, 8, 30)


def test_with_no_date_the_end_of_the_day_in_the_name() -> None:
    end = datetime(2026, 11, 16, 23, 59, 59)
    assert default_as_of(deals((None,)), None, date(2026, 11, 16)) == end
    assert default_as_of(deals(("2027-01-01",)), None, date(2026, 11, 16)) == end
    assert default_as_of(deals((None,)), None, None) is None


def test_a_date_without_a_time_is_the_whole_day() -> None:
    assert default_as_of(deals(("2026-11-15",)), None, None) == datetime(2026, 11, 15, 23, 59, 59)


def test_a_slip_into_the_next_year_does_not_carry_the_report_there() -> None:
    """The CRM writes the last edit last: a date after it is nobody's clock."""
    frame = deals(
        ("2027-03-02 11:40", "2026-11-14 09:00"),
        ("2026-11-10 10:00", "2026-11-16 08:00", None, "2029-01-01 00:00"),
    )
    assert default_as_of(frame, None, None) == datetime(2026, 11, 16, 8, 0)


def test_without_edits_there_is_nothing_to_compare_with() -> None:
    frame = deals(("2026-11-10 10:00",), ("2026-11-12 10:00",))
    assert default_as_of(frame, None, None) == datetime(2026, 11, 12, 10, 0)


def test_a_close_within_a_day_of_the_edit_is_no_slip() -> None:
    frame = deals(("2026-11-10 10:00", "2026-11-12 10:00", None, "2026-11-12 18:00"))
    assert default_as_of(frame, None, None) == datetime(2026, 11, 12, 18, 0)


def test_each_file_is_asked_on_its_own() -> None:
    frame = deals(("2026-11-01", "2026-11-10 10:00"), ("2026-11-02", "2026-11-12 15:00"),
                  file=("DEAL.csv", "amo.csv"))  # fmt: skip
    stated = datetime(2026, 11, 11, 8, 0)
    assert newest_moment(frame, {"DEAL.csv": (stated, None)}) == datetime(2026, 11, 12, 15, 0)
    stated = datetime(2026, 11, 13, 8, 0)
    assert newest_moment(frame, {"DEAL.csv": (stated, None)}) == stated
    assert newest_moment(deals((None,)), {}) is None
