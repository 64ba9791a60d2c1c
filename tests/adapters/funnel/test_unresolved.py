"""A config of another portal is refused before any figure is counted."""

from __future__ import annotations

from typing import Any

import pytest

from funnelkpi.adapters.assemble import assemble
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError

WON = {"key": "won", "title": "Успешно реализовано", "kind": "won"}
LOST = {"key": "lost", "title": "Закрыто и не реализовано", "kind": "lost"}


@pytest.fixture
def run(make_table: Any, load_tables: Any) -> Any:
    """Assemble deals of (stage, closed) with a config of open stages; the found and expected."""

    def go(stages: list[tuple[str, bool]], *titles: str, pipeline: str = "Продажи") -> Any:
        keys = [{"key": f"s{i}", "title": t} for i, t in enumerate(titles)]
        settings = Settings.model_validate(
            {"pipelines": [{"key": "p", "title": pipeline, "stages": [*keys, WON, LOST]}]}
        )
        rows = "\n".join(
            f"{i} | а | 01.11.2026 10:00:00 | {'02.11.2026 10:00:00' if c else 'не закрыта'} | {s}"
            " | Продажи"
            for i, (s, c) in enumerate(stages, 1)
        )
        head = "ID|Название сделки|Дата создания сделки|Дата закрытия|Этап сделки|Воронка\n"
        return assemble(load_tables(make_table("d.csv", head + rows), settings=settings), settings)

    return go


def refused(call: Any) -> dict[str, Any]:
    with pytest.raises(InputError) as error:
        call()
    assert error.value.problems[0].key == "errors_data.foreign_config"
    return error.value.problems[0].params


def test_no_stage_known(run: Any) -> None:
    stages = [("База", False), ("Дожим", False)]
    params = refused(lambda: run(stages, "Замер", "Монтаж", pipeline="Цех"))
    assert params["found"] == "«База», «Дожим»"
    assert params["expected"].startswith("«Замер», «Монтаж»")


def test_only_won_and_lost_known(run: Any) -> None:
    """Every norm of an open stage would be missed by "0"."""
    stages = [("База", False), ("Дожим", False), ("Успешно реализовано", True)]
    assert refused(lambda: run(stages, "Замер", "Монтаж"))["found"] == "«База», «Дожим»"


def test_one_strange_stage_beside_won_ones_is_a_finding(run: Any) -> None:
    stages = [("Архив", False), ("Успешно реализовано", True)]
    found = run(stages, "База").findings
    assert [f.code.rpartition(".")[2] for f in found].count("unknown_stage") == 1


def test_one_known_open_stage_is_enough(run: Any) -> None:
    got = run([("База", False), ("Новый А", False), ("Новый Б", False)], "База", "Дожим")
    assert len(got.dataset.deals) == 3


def test_an_export_of_closed_deals_only_is_fine(run: Any) -> None:
    got = run([("Успешно реализовано", True), ("Закрыто и не реализовано", True)], "База")
    assert got.dataset.deals["status"].tolist() == ["won", "lost"]


def test_findings_name_file_rows_and_pipeline(run: Any) -> None:
    got = run([("База", False), ("Архив", False), ("Архив", False)], "База")
    (finding,) = [f for f in got.findings if f.code.endswith("unknown_stage")]
    assert (finding.file, finding.rows, finding.value, finding.count) == (
        "d.csv", (3, 4), "Архив", 2,
    )  # fmt: skip
    assert finding.params == {"pipeline": "Продажи"}
