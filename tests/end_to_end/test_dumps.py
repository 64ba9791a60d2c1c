"""Tables and JSON from the APIs, and any table with its columns named, give the export's figures."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sample_data.amocrm_sample import rows as amo_rows
from sample_data.bitrix24_sample import CURRENCIES, deal_rows
from sample_data.layouts import write_amocrm_csv, write_bitrix_csv
from sample_data.people import EVERYBODY
from sample_data.world import simulate

MOSCOW = timezone(timedelta(hours=3))
PIPELINES = {"Продажи": 11, "Сервис и тендеры": 12}
AMO_STAGES = {
    "Продажи": {"Неразобранное": 1100, "База": 1101, "ЛПР": 1102, "Потребность": 1103,
                "КП отправлено": 1104, "Дожим": 1105, "Согласование договора": 1105,
                "Отложено": 1106, "Архив 2024": 1190},
    "Сервис и тендеры": {"Неразобранное": 1200, "Заявка": 1201, "Расчёт": 1202, "Договор": 1203},
}  # fmt: skip
FINAL = {"Успешно реализовано": 142, "Закрыто и не реализовано": 143}
USERS = {p.name: p.user_id for p in EVERYBODY} | {"Биржа заявок": 99, "": 0}


def unix(moment: datetime | None) -> int | None:
    return int(moment.replace(tzinfo=MOSCOW).timestamp()) if moment else None


def iso(moment: datetime | None) -> str:
    return moment.replace(tzinfo=MOSCOW).isoformat() if moment else ""


def plain(kit: Any, config: Path) -> Any:
    """A sample's config without what only the custom fields of its file give."""
    pipelines = kit.settings(config).model_dump()["pipelines"]
    for pipeline in pipelines:
        for stage in pipeline["stages"]:
            stage["date_column"] = None
    return kit.settings(config, pipelines=pipelines, norms=())


def amo_deals() -> list[dict[str, Any]]:
    """Rows of the export; closes to the minute, as the file has them."""
    rows = [dict(r) for r in amo_rows(simulate())]
    for row in rows:
        if row["closed"]:
            row["closed"] = row["closed"].replace(second=0)
    return rows


def amo_dump(folder: Path) -> None:
    leads = []
    for row in amo_deals():
        stages = AMO_STAGES[row["pipeline"]] | FINAL
        reason = [{"id": 1, "name": row["loss_reason"]}] if row["loss_reason"] else []
        leads.append({
            "id": row["id"],
            "name": row["title"],
            "price": row["budget"] or 0,
            "responsible_user_id": USERS[row["owner"]],
            "status_id": stages[row["stage"]],
            "pipeline_id": PIPELINES[row["pipeline"]],
            "created_at": unix(row["created"]),
            "updated_at": unix(row["edited"]),
            "closed_at": unix(row["closed"]),
            "_embedded": {"loss_reason": reason, "tags": [{"name": t} for t in row["tags"]]},
        })  # fmt: skip
    users = [{"id": i, "name": n, "email": f"u{i}@example.test"} for n, i in USERS.items() if i]
    pipelines = [
        {
            "id": PIPELINES[name],
            "name": name,
            "is_main": name == "Продажи",
            "_embedded": {
                "statuses": [
                    {"id": i, "name": title}
                    for title, i in {**stages, **FINAL}.items()
                    if title not in ("Согласование договора", "Архив 2024")
                ]
            },
        }
        for name, stages in AMO_STAGES.items()
    ]
    for kind, items in (("leads", leads), ("users", users), ("pipelines", pipelines)):
        body = {"_page": 1, "_embedded": {kind: items}}
        (folder / f"{kind}.json").write_text(json.dumps(body, ensure_ascii=False), "utf-8")


# An API tells no stage dates, and an empty budget from 0 no better than the file does.
def test_amocrm_api(kit: Any, tmp_path: Path) -> None:
    config = plain(kit, kit.AMO_CONFIG)
    native = write_amocrm_csv(tmp_path / "native.csv", amo_deals())
    folder = tmp_path / "api"
    folder.mkdir()
    amo_dump(folder)
    wanted, got = kit.run(native, config=config), kit.run(folder, config=config)
    assert {e.layout for e in got.exports} == {"amocrm-api"}
    kit.assert_same(kit.figures(got), kit.figures(wanted))


def test_amocrm_api_without_lists_says_what_is_missing(kit: Any, tmp_path: Path) -> None:
    """Without users and pipelines there are no names: numbers, and a finding for each."""
    amo_dump(tmp_path)
    got = kit.run(tmp_path / "leads.json")
    assert kit.codes(got).count("ids_without_names") == 2  # owners, pipelines
    won = got.metrics[got.metrics["metric"].eq("won") & got.metrics["scope"].eq("company")]
    assert won["value"].sum() > 0  # 142 is won whatever it is called


BITRIX_STAGES = {
    "Продажи": ("", {"База": "NEW", "ЛПР": "UC_1", "Потребность": "UC_2", "КП отправлено": "UC_3",
                     "Дожим": "UC_4", "Согласование договора": "UC_4", "Отложено": "UC_5",
                     "Сделка успешна": "WON", "Сделка провалена": "LOSE",
                     "Архив 2024": "UC_ARCHIVE"}),
    "Сервис и тендеры": ("C1:", {"Заявка": "NEW", "Расчёт": "UC_6",
                                 "Cчёт на предоплату": "PREPAYMENT_INVOICE",
                                 "Сделка успешна": "WON", "Сделка провалена": "LOSE"}),
}  # fmt: skip
CATEGORIES = {"Продажи": 0, "Сервис и тендеры": 1}


def bitrix_deals() -> list[dict[str, Any]]:
    users = {f"{p.last} {p.first}": p.user_id for p in EVERYBODY} | {"": 0}
    codes = {title: code for code, title in CURRENCIES.items()}
    out = []
    for row in deal_rows(simulate()):
        prefix, stages = BITRIX_STAGES[row["pipeline"]]
        before = row["previous_stage"]
        out.append({
            "ID": str(row["id"]),
            "TITLE": row["title"],
            "CATEGORY_ID": str(CATEGORIES[row["pipeline"]]),
            "STAGE_ID": prefix + stages[row["stage"]],
            "PREVIOUS_STAGE_ID": prefix + stages[before] if before else "",
            "OPPORTUNITY": f"{row['amount']:.2f}",
            "CURRENCY_ID": codes[row["currency"]],
            "ASSIGNED_BY_ID": str(users[row["owner"].replace("\u00a0", " ")]),
            "DATE_CREATE": iso(row["created"]),
            "DATE_MODIFY": iso(row["modified"]),
            "CLOSEDATE": f"{row['planned_close']:%Y-%m-%d}T03:00:00+03:00",
            "CLOSED": "Y" if row["closed"] else "N",
            "MOVED_TIME": iso(row["moved_at"]),
            "LAST_ACTIVITY_TIME": iso(row["last_activity"]),
            "SOURCE_ID": "WEB",
        })  # fmt: skip
    return out


def bitrix_dump(folder: Path) -> None:
    users = [
        {"ID": str(p.user_id), "ACTIVE": True, "NAME": p.first, "LAST_NAME": p.last}
        for p in EVERYBODY
    ]
    statuses = [
        {
            "ID": str(n),
            "ENTITY_ID": "DEAL_STAGE" if not prefix else "DEAL_STAGE_1",
            "STATUS_ID": prefix + code,
            "NAME": title,
            "SORT": str(n * 10),
        }
        for prefix, stages in BITRIX_STAGES.values()
        for n, (title, code) in enumerate(stages.items())
        if title not in ("Согласование договора", "Архив 2024")
    ]
    categories = [
        {"id": i, "name": name, "entityTypeId": 2, "isDefault": "N"}
        for name, i in CATEGORIES.items()
    ]
    parts = {
        "deals": bitrix_deals(), "users": users, "statuses": statuses, "categories": categories,
    }  # fmt: skip
    for name, items in parts.items():
        body = {"result": items, "total": len(items)}
        (folder / f"{name}.json").write_text(json.dumps(body, ensure_ascii=False), "utf-8")


# The dump has an expected close at 03:00, the file a date: what is overdue is compared by days in
# both, how long by hours in one; the file's client block and sources are no part of any figure.
@pytest.mark.parametrize("form", ["json", "csv"])
def test_bitrix24_api(form: str, kit: Any, tmp_path: Path) -> None:
    config = plain(kit, kit.BITRIX_CONFIG)
    native = write_bitrix_csv(tmp_path / "DEAL.csv", deal_rows(simulate()))
    folder = tmp_path / "api"
    folder.mkdir()
    bitrix_dump(folder)
    if form == "csv":
        out = io.StringIO()
        deals = bitrix_deals()
        writer = csv.DictWriter(out, list(deals[0]))
        writer.writeheader()
        writer.writerows(deals)
        (folder / "deals.json").unlink()
        (folder / "deals.csv").write_text(out.getvalue(), "utf-8")
    wanted, got = kit.run(native, config=config), kit.run(folder, config=config)
    assert next(e for e in got.exports if e.kind == "deals").layout == "bitrix24-api"
    kit.assert_same(kit.figures(got), kit.figures(wanted))


def test_bitrix24_stage_codes_in_the_config(kit: Any, tmp_path: Path) -> None:
    """Without the list of statuses a config may name the codes themselves."""
    bitrix_dump(tmp_path)
    deals = [d | {"PREVIOUS_STAGE_ID": ""} for d in bitrix_deals()]  # the REST has no such field
    (tmp_path / "deals.json").write_text(json.dumps({"result": deals}, ensure_ascii=False), "utf-8")
    config = plain(kit, kit.BITRIX_CONFIG)
    wanted = kit.run(tmp_path, config=config)
    (tmp_path / "statuses.json").unlink()
    pipelines = config.model_dump()["pipelines"]
    for pipeline, (prefix, stages) in zip(pipelines, BITRIX_STAGES.values(), strict=False):
        for stage in pipeline["stages"]:
            names = (stage["title"], *stage["crm"], stage["title"].replace("Счёт", "Cчёт"))
            stage["crm"] = tuple(prefix + stages[n] for n in names if n in stages)[:1]
    got = kit.run(tmp_path, config=kit.settings(kit.BITRIX_CONFIG, pipelines=pipelines, norms=()))
    kit.assert_same(kit.figures(got), kit.figures(wanted))


COLUMNS = {
    "deal_id": "Номер", "title": "Что продаём", "pipeline": "Направление работы", "stage": "Шаг",
    "owner": "Кто ведёт", "amount": "Деньги", "created_at": "Заведена", "modified_at": "Правка",
    "closed_at": "Финал", "loss_reason": "Почему нет", "source": "Откуда",
}  # fmt: skip


def test_any_table_with_its_columns_named(kit: Any, amo: Any, tmp_path: Path) -> None:
    """inputs.columns: a table of no CRM, with the stage dates under their own captions."""
    rows = amo_deals()
    fields = [f for f in rows[0]["fields"] if f != "Источник"]
    dated = sorted({f for r in rows for f in r["fields"]} - {*fields, "Источник"})
    header = ["Комментарий", *COLUMNS.values(), *fields, *dated]

    def text(value: Any) -> str:
        return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value or "")

    table = [header] + [
        ["-", str(r["id"]), r["title"], r["pipeline"], r["stage"], r["owner"], text(r["budget"]),
         text(r["created"]), text(r["edited"]), text(r["closed"]), text(r["loss_reason"]),
         text(r["fields"]["Источник"]), *(text(r["fields"].get(f)) for f in (*fields, *dated))]
        for r in rows
    ]  # fmt: skip
    path = kit.to_csv(tmp_path / "table.csv", table)
    config = kit.settings(kit.AMO_CONFIG, inputs={"crm": "generic", "columns": COLUMNS})
    got = kit.run(path, config=config)
    assert got.exports[0].crm == "generic"
    kit.assert_same(kit.figures(got), amo)
