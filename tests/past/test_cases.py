"""Single deals told in full, and what two or three exports show of each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from sample_data.weekly import Event, Story, moments

FIRST, SECOND, THIRD = moments()[:3]
DAY = timedelta(days=1, seconds=17)
OLD = FIRST - 30 * DAY


def story(number: int, *events: tuple[datetime, str, Any], created: datetime = OLD) -> Story:
    """A deal in «База» of Анна Белова, and what happened to it then."""
    own = [
        Event(created, "stage", "База"),
        Event(created, "owner", "Анна Белова"),
        Event(created, "amount", 100_000),
        Event(created, "planned", (created + 60 * DAY).date()),
    ]
    return Story(number, "Продажи", created, own + [Event(*e) for e in events])


FRAME = [story(1), story(999, created=OLD + DAY)]
"""Two deals nothing happens to: they span what each export covers."""


def told(kept: Any, number: int = 5) -> list[tuple[Any, ...]]:
    """The rebuilt rows of one deal: change, since, at, from, to."""
    out = []
    for row in kept.history[kept.history["deal_id"] == str(number)].to_dict("records"):
        name = {"planned_close": "planned_close_at", "created": "stage"}.get(
            row["change"], row["change"]
        )
        values = (row["changed_since"], row["changed_at"], row[f"from_{name}"], row[name])
        out.append((row["change"], *(None if pd.isna(v) else v for v in values)))
    return out


def test_a_skip_is_one_move_with_the_stages_on_the_way_unseen(rebuilt):
    deal = story(5, (FIRST + DAY, "stage", "ЛПР"), (FIRST + 2 * DAY, "stage", "КП"))
    amocrm = told(rebuilt([deal, *FRAME], [FIRST, SECOND], "amocrm"))
    assert amocrm == [("stage", OLD + DAY, FIRST + 2 * DAY, "База", "КП")]


def test_the_stage_change_date_makes_the_move_exact(rebuilt):
    deal = story(5, (FIRST + DAY, "stage", "ЛПР"), (FIRST + 2 * DAY, "amount", 5000))
    assert told(rebuilt([deal, *FRAME], [FIRST, SECOND])) == [
        ("stage", None, FIRST + DAY, "База", "ЛПР"),
        ("amount", FIRST, FIRST + 2 * DAY, 100_000, 5000),
    ]


def test_a_stage_left_and_entered_again_between_two_exports(rebuilt):
    deal = story(5, (FIRST + DAY, "stage", "ЛПР"), (FIRST + 2 * DAY, "stage", "База"))
    assert told(rebuilt([deal, *FRAME], [FIRST, SECOND])) == [
        ("stage", None, FIRST + 2 * DAY, "База", "База")
    ]


def test_without_a_stage_change_date_such_a_return_is_not_seen(rebuilt):
    deal = story(5, (FIRST + DAY, "stage", "ЛПР"), (FIRST + 2 * DAY, "stage", "База"))
    assert told(rebuilt([deal, *FRAME], [FIRST, SECOND], "amocrm")) == []


def test_a_win_reopened(rebuilt):
    deal = story(5, (FIRST + DAY, "stage", "won"), (SECOND + DAY, "stage", "Дожим"))
    assert told(rebuilt([deal, *FRAME], [FIRST, SECOND, THIRD])) == [
        ("stage", None, FIRST + DAY, "База", "Сделка успешна"),
        ("stage", None, SECOND + DAY, "Сделка успешна", "Дожим"),
    ]


def test_two_changes_in_one_second(rebuilt):
    at = FIRST + DAY
    deal = story(5, (at, "stage", "ЛПР"), (at, "stage", "КП"), (at, "owner", "Вера Ясная"))
    assert told(rebuilt([deal, *FRAME], [FIRST, SECOND])) == [
        ("stage", None, at, "База", "КП"),
        ("owner", FIRST, at, "Анна Белова", "Вера Ясная"),
    ]


def test_created_between_two_exports_and_not_moved(rebuilt):
    deal = story(5, created=FIRST + DAY)
    for crm in ("amocrm", "bitrix24"):
        kept = rebuilt([deal, *FRAME], [FIRST, SECOND], crm)
        own = kept.history[kept.history["crm"] == crm]
        rows = own[own["deal_id"] == "5"].to_dict("records")
        assert [(r["change"], r["changed_at"], r["stage"]) for r in rows] == [
            ("created", FIRST + DAY, "База")
        ]


def test_created_straight_into_a_late_stage(rebuilt):
    deal = story(5, created=FIRST + DAY)
    deal.events[0] = Event(FIRST + DAY, "stage", "Дожим")
    assert told(rebuilt([deal, *FRAME], [FIRST, SECOND])) == [
        ("created", None, FIRST + DAY, None, "Дожим")
    ]


def test_created_and_moved_before_the_next_export(rebuilt):
    deal = story(5, (FIRST + 2 * DAY, "stage", "КП"), created=FIRST + DAY)
    assert told(rebuilt([deal, *FRAME], [FIRST, SECOND])) == [
        ("created", None, FIRST + DAY, None, None),
        ("stage", None, FIRST + 2 * DAY, None, "КП"),
    ]


def test_created_and_moved_as_amocrm_shows_it(rebuilt):
    deal = story(5, (FIRST + 2 * DAY, "stage", "КП"), created=FIRST + DAY)
    second = timedelta(seconds=1)  # the interval is open at its beginning: it holds the creation
    assert told(rebuilt([deal, *FRAME], [FIRST, SECOND], "amocrm")) == [
        ("created", None, FIRST + DAY, None, None),
        ("stage", FIRST + DAY - second, FIRST + 2 * DAY, None, "КП"),
    ]


def test_a_deleted_deal_is_gone_as_it_was_last_seen(rebuilt):
    events = [(FIRST + DAY, "stage", "ЛПР"), (SECOND + DAY, "deleted", True)]
    deal = story(5, *events, created=OLD + timedelta(hours=1))
    kept = rebuilt([deal, *FRAME], [FIRST, SECOND, THIRD])
    (row,) = kept.gone.to_dict("records")
    assert (row["deal_id"], row["stage"], row["gone_since"], row["gone_at"]) == (
        "5", "ЛПР", SECOND, THIRD,
    )  # fmt: skip
    assert (row["title"], row["amount"], row["crm"], row["entity"]) == (
        "Сделка 5", 100_000, "bitrix24", "deal",
    )  # fmt: skip
    assert told(kept) == [("stage", None, FIRST + DAY, "База", "ЛПР")]


def test_a_deal_older_than_all_an_export_holds_is_not_called_gone(rebuilt):
    deal = story(5, (SECOND + DAY, "deleted", True), created=OLD - 9 * DAY)
    kept = rebuilt([deal, *FRAME], [FIRST, SECOND, THIRD])
    assert len(kept.gone) == 0  # the export may have left out everything so old
    assert "5" not in set(kept.begin["deal_id"])


def test_a_deal_that_comes_back_is_not_gone(rebuilt, tmp_path, keep_weeks, kept_of):
    deal = story(5, (FIRST + DAY, "stage", "ЛПР"), created=OLD + timedelta(hours=1))
    archive = tmp_path / "archive"
    keep_weeks(tmp_path, [deal, *FRAME], [FIRST], "bitrix24")
    keep_weeks(tmp_path, FRAME, [SECOND], "bitrix24")
    keep_weeks(tmp_path, [deal, *FRAME], [THIRD], "bitrix24")
    kept = kept_of(archive)
    assert len(kept.gone) == 0
    assert told(kept) == [("stage", None, FIRST + DAY, "База", "ЛПР")]


def test_what_stood_there_at_first_is_the_beginning(rebuilt):
    deal = story(5, (FIRST - DAY, "stage", "ЛПР"))
    kept = rebuilt([deal, *FRAME], [FIRST, SECOND])
    (row,) = kept.begin[kept.begin["deal_id"] == "5"].to_dict("records")
    assert (row["seen_at"], row["stage"], row["stage_changed_at"]) == (FIRST, "ЛПР", FIRST - DAY)
    assert kept.first == {("bitrix24", "deal"): FIRST}
    assert kept.moments == {("bitrix24", "deal"): (FIRST, SECOND)}
    assert kept.previous == FIRST


@pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])
def test_a_renamed_stage_is_no_move(tmp_path, keep_weeks, kept_of, past_of, crm):
    deals = [story(n, (FIRST - DAY, "stage", "КП")) for n in (5, 6, 7)]
    moved = story(8, (FIRST - DAY, "stage", "КП"), (SECOND + DAY, "stage", "Дожим"))
    keep_weeks(tmp_path, [*deals, moved, *FRAME], [FIRST], crm)
    renamed = [
        Story(d.number, d.pipeline, d.created,
              [Event(e.at, e.what, "Предложение" if e.value == "КП" else e.value) for e in d.events])
        for d in (*deals, moved)
    ]  # fmt: skip
    touched = renamed[2]
    touched.events.append(Event(SECOND + DAY, "amount", 1))
    keep_weeks(tmp_path, [*renamed, *FRAME], [SECOND, THIRD], crm)
    kept = kept_of(tmp_path / "archive")
    assert told(kept, 5) == told(kept, 6) == []
    assert [row[0] for row in told(kept, 7)] == ["amount"]
    assert [(r[0], r[3], r[4]) for r in told(kept, 8)] == [("stage", "Предложение", "Дожим")]
    begun = kept.begin.set_index("deal_id")["stage"]
    assert begun["5"] == "Предложение"
    found = [f for f in past_of(tmp_path / "archive").findings if "renamed" in f.code]
    assert [(f.params["before"], f.value, f.count) for f in found] == [
        ("Продажи / КП", "Продажи / Предложение", 4)
    ]


def test_all_deals_of_a_stage_moved_by_hand_are_moves(rebuilt):
    deals = [
        story(n, (FIRST - DAY, "stage", "КП"), (FIRST + DAY, "stage", "Дожим")) for n in (5, 6)
    ]
    kept = rebuilt([*deals, *FRAME], [FIRST, SECOND], "amocrm")
    assert [(r[0], r[3], r[4]) for r in told(kept, 5)] == [("stage", "КП", "Дожим")]


def test_a_move_to_another_pipeline(rebuilt, tmp_path, keep_weeks, kept_of):
    deal = story(5, created=OLD + timedelta(hours=1))
    keep_weeks(tmp_path, [deal, *FRAME], [FIRST], "bitrix24")
    deal.pipeline = "Сервис"
    deal.events.append(Event(FIRST + DAY, "stage", "ЛПР"))
    keep_weeks(tmp_path, [deal, *FRAME], [SECOND], "bitrix24")
    kept = kept_of(tmp_path / "archive")
    (row,) = kept.history.to_dict("records")
    assert (row["from_pipeline"], row["pipeline"]) == ("Продажи", "Сервис")
    assert (row["from_stage"], row["stage"], row["changed_at"]) == ("База", "ЛПР", FIRST + DAY)
    assert len(kept.gone) == 0


def test_an_export_without_changes_narrows_the_next_interval(rebuilt):
    deal = story(5, (SECOND + DAY, "amount", 1), (SECOND + DAY, "note", ""))
    kept = rebuilt([deal, *FRAME], [FIRST, SECOND, THIRD])
    assert told(kept) == [("amount", SECOND, SECOND + DAY, 100_000, 1)]
