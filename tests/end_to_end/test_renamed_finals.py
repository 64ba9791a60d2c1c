"""amoCRM's won and lost stages under names of the portal, without a config."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from funnelkpi.model.finding import Severity

HEAD = "ID,Название сделки,Ответственный,Дата создания сделки,Дата закрытия,Этап сделки,Воронка"
CREATED, CLOSED = "02.11.2026 10:00:00", "11.11.2026 10:00:00"


def export(folder: Path, **stages: int) -> Path:
    """An amoCRM export: one open deal, and so many closed ones in each of ``stages``."""
    cells = [
        ("не закрыта", "Переговоры"),
        *((CLOSED, s) for s, n in stages.items() for _ in range(n)),
    ]
    rows = [f"{i},Сделка,Мария,{CREATED},{c},{s},Воронка" for i, (c, s) in enumerate(cells, 1)]
    path = folder / "amocrm_export_leads_2026-11-16.csv"
    path.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return path


def outcome(got: Any) -> tuple[dict[str, int], list[tuple[str, Any, Any, int]]]:
    status = got.data.deals["status"].value_counts()
    told = [(f.code.rpartition(".")[2], f.severity, f.value, f.count) for f in got.findings]
    about = ("taken_as_won", "outcome_unknown", "lost_by_name", "taken_as_lost")
    return {str(k): int(n) for k, n in status.items() if n}, [t for t in told if t[0] in about]


@pytest.mark.parametrize("name", ["Отказ", "Perdido", "Провал"])
def test_a_renamed_lost_stage_is_lost(kit: Any, tmp_path: Path, name: str) -> None:
    got = kit.run(export(tmp_path, **{name: 16, "Успешно реализовано": 4}))
    assert outcome(got) == ({"open": 1, "won": 4, "lost": 16}, [])


def test_the_only_closed_stage_is_won_with_a_note(kit: Any, tmp_path: Path) -> None:
    got = kit.run(export(tmp_path, Финиш=3, Отказ=2))
    note = ("taken_as_won", Severity.NOTE, "Финиш", 3)
    assert outcome(got) == ({"open": 1, "won": 3, "lost": 2}, [note])


def test_two_unclear_closed_stages_have_no_outcome(kit: Any, tmp_path: Path) -> None:
    figures, told = outcome(kit.run(export(tmp_path, Финиш=3, Архив=2)))
    assert figures == {"open": 1, "unknown": 5}
    assert sorted(told) == [
        ("outcome_unknown", Severity.WARNING, "Архив", 2),
        ("outcome_unknown", Severity.WARNING, "Финиш", 3),
    ]


def test_init_writes_lost(cli: Any, tmp_path: Path) -> None:
    path = export(tmp_path, Отказ=3, Финиш=2)
    config = tmp_path / "out.yaml"
    assert cli("init", str(path), "-o", str(config))[0] == 0
    stage = config.read_text(encoding="utf-8").split("title: Отказ")[1].split("title:")[0]
    assert "kind: lost" in stage


@pytest.mark.parametrize("listed", [False, True], ids=["alone", "with pipelines"])
def test_ids_keep_their_meaning_beside_a_list_of_names(
    kit: Any, tmp_path: Path, listed: bool
) -> None:
    """The list calls 143 a victory and 142 a refusal: the figures are the same without it."""
    deal = {"name": "А", "price": 5, "pipeline_id": 7, "responsible_user_id": 5,
            "created_at": 1793602800, "updated_at": 1794300000}  # fmt: skip
    deals = [
        deal | {"id": 1, "status_id": 142, "closed_at": 1794300000},
        deal | {"id": 2, "status_id": 143, "closed_at": 1794300000},
        deal | {"id": 3, "status_id": 143, "closed_at": 1794300000},
        deal | {"id": 4, "status_id": 555, "closed_at": None},
    ]
    files = [tmp_path / "leads.json"]
    files[0].write_text(json.dumps({"_embedded": {"leads": deals}}), encoding="utf-8")
    if listed:
        names = {555: "Переговоры", 142: "Отказ", 143: "Победа"}
        statuses = [{"id": i, "name": n, "sort": i} for i, n in names.items()]
        pipeline = {"id": 7, "name": "Воронка", "_embedded": {"statuses": statuses}}
        files.append(tmp_path / "pipelines.json")
        files[1].write_text(json.dumps({"_embedded": {"pipelines": [pipeline]}}), encoding="utf-8")
    assert outcome(kit.run(*files)) == ({"open": 1, "won": 1, "lost": 2}, [])
