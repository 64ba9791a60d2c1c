"""Rows in = counted + merged + excluded + rejected, whatever is in the table.

``kit.run`` asserts the balance for every run of these tests; here the tables are as messy as
hypothesis can make them, and each row is counted by hand as well.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.adapters.assemble import Assembled, assemble
from funnelkpi.adapters.load import load
from funnelkpi.adapters.wanted import wanted
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError
from funnelkpi.model.funnel import STATUSES
from funnelkpi.pipeline import Request, recognise_all

HEADER = ["ID", "Название сделки", "Бюджет ", "Ответственный", "Дата создания сделки",
          "Дата редактирования", "Дата закрытия", "Этап сделки", "Воронка"]  # fmt: skip
IDS = st.sampled_from(["1", "2", "3", "4", "5", "6", "7.0", "8", "", "Итого"])
TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=("Cs", "Cc")),
    max_size=8,
)
MONEY = st.sampled_from(["", "0", "1000", "1 500,50", "-5", "много", "100 $"])
DATE = st.sampled_from([
    "", "01.10.2026 10:00:00", "15.11.2026 09:30:00", "16.11.2026 08:30:00", "32.13.2026",
    "01.01.2031 00:00:00", "2026-11-01", "не дата",
])  # fmt: skip
CLOSED = st.sampled_from(["не закрыта", "", "10.11.2026 12:00:00", "01.02.2027 12:00:00", "?"])
STAGE = st.sampled_from([
    "", "База", "ЛПР", "Успешно реализовано", "Закрыто и не реализовано (Дорого)", "Новый этап",
    "Неразобранное", "база ", "Отложено",
])  # fmt: skip
PIPELINE = st.sampled_from(["", "Продажи", "Другая"])
ROW = st.tuples(IDS, TEXT, MONEY, TEXT, DATE, DATE, CLOSED, STAGE, PIPELINE)
CONFIG = Settings.model_validate({
    "pipelines": [{
        "key": "sales", "title": "Продажи", "stages": [
            {"key": "base", "title": "База"}, {"key": "lpr", "title": "ЛПР"},
            {"key": "won", "title": "Успешно реализовано", "kind": "won"},
            {"key": "lost", "title": "Закрыто и не реализовано", "kind": "lost"},
            {"key": "parked", "title": "Отложено", "kind": "parked"},
        ],
    }],
})  # fmt: skip


def write(path: Path, rows: list[tuple[str, ...]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADER, *rows])
    path.write_text(out.getvalue(), "utf-8")


def assembled(paths: list[Path], config: Settings, as_of: datetime) -> Assembled | None:
    """Everything up to the dataset; None if the run refuses the data."""
    request = Request(tuple(paths), config, as_of=as_of)
    try:
        exports, _ = recognise_all(request)
        return assemble(load(exports, wanted(exports, config, ()), config), config, as_of)
    except InputError:
        return None


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    rows=st.lists(ROW, min_size=1, max_size=14),
    older=st.lists(ROW, max_size=6),
    configured=st.booleans(),
    as_of=st.sampled_from(["2026-11-16 08:30", "2026-10-20 12:00", "2026-11-01"]),
)
def test_messy_tables(
    rows: list[tuple[str, ...]], older: list[tuple[str, ...]], configured: bool, as_of: str
) -> None:
    config, moment = CONFIG if configured else Settings(), datetime.fromisoformat(as_of)
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / "amocrm_export_leads_2026-11-16.csv"]
        write(paths[0], rows)
        if older:
            paths.append(Path(folder) / "amocrm_export_leads_2026-11-09.csv")
            write(paths[1], older)
        got = assembled(paths, config, moment)
    if got is None:
        return
    assert all(a.balanced for a in got.accounts), got.accounts
    deals = got.dataset.deals
    assert sum(a.counted for a in got.accounts) == len(deals)
    assert sum(n for a in got.accounts for _, n in a.reasons) == sum(
        a.excluded for a in got.accounts
    )
    filled = [sum(any(c.strip() for c in r) for r in part) for part in (rows, older) if part]
    assert sorted(a.rows for a in got.accounts) == sorted(filled)
    check(deals, moment)
    entries = got.dataset.entries
    assert not (entries["at"] > moment).any()
    assert not entries.duplicated(["deal", "stage"]).any()


def check(deals: Any, moment: datetime) -> None:
    """What must hold of any dataset."""
    assert deals["deal_id"].is_unique
    for name in ("created_at", "closed_at", "stage_changed_at", "activity_at"):
        assert not (deals[name] > moment).any()
    assert set(deals["status"]) <= set(STATUSES)
    unknown = deals["stage_unknown"]
    assert (deals.loc[unknown, "status"] == "open").all()
    assert (deals["reach_low"] <= deals["reach_high"]).all()
    assert deals["_row"].min() >= 2


CALL = st.tuples(
    st.sampled_from(["Алина Дроздова", "—", "Биллинг", ""]),
    st.sampled_from(["+7 912 345-67-89", "89123456789", "Номер скрыт", ""]),
    st.sampled_from(["исходящий", "входящий", ""]),
    st.sampled_from(["4 мин, 53 сек", "7 сек", "", "долго"]),
    st.sampled_from(["10.11.2026 12:00:00", "16.11.2026 12:00:00", "", "вчера"]),
    st.sampled_from(["Успешный звонок", "Пропущенный звонок", "Что-то"]),
)
CALL_HEADER = ["Сотрудник", "Номер телефона", "Тип звонка", "Время звонка", "Дата вызова", "Статус"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(calls=st.lists(CALL, min_size=1, max_size=10))
def test_messy_calls(calls: list[tuple[str, ...]]) -> None:
    """Calls after the moment did not happen: they are excluded, not forgotten."""
    moment = datetime(2026, 11, 16, 8, 30)
    deal = ("1", "Сделка", "5", "Алина Дроздова", "01.10.2026 10:00:00", "", "", "База", "Продажи")
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / "deals.csv", Path(folder) / "calls.csv"]
        write(paths[0], [deal])
        out = io.StringIO()
        csv.writer(out, delimiter=";", lineterminator="\n").writerows([CALL_HEADER, *calls])
        paths[1].write_text(out.getvalue(), "utf-8")
        got = assembled(paths, CONFIG, moment)
    assert got is not None
    account = next(a for a in got.accounts if a.kind == "calls")
    assert account.balanced
    table = got.dataset.calls
    assert table is not None
    assert account.counted == len(table)
    late = sum(c[4].startswith("16.") and c[0] != "Биллинг" for c in calls)
    assert dict(account.reasons).get("findings_data.calls_after_as_of", 0) == late
    assert account.counted == sum(c[4].startswith("10.") and c[0] != "Биллинг" for c in calls)
