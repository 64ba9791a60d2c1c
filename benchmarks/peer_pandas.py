"""Conversion, norms and stalled deals of the benchmark's exports, by one pandas script.

    python benchmarks/peer_pandas.py EXPORTS -c funnelkpi.yaml --as-of 2026-11-15 -o peer.json

A good plain script: only the columns needed (``usecols``), types given, explicit date format,
categories for texts of low variety, no loop over rows. Definitions, config and JSON
as in the DuckDB peer.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.peer_config import (  # noqa: E402
    Task,
    conversion_rows,
    entry_rows,
    norm_rows,
    parse_args,
    write,
)

DATES = "%d.%m.%Y %H:%M:%S"
COLUMNS = {
    "ID": "id", "Название сделки": "title", "Бюджет ": "amount", "Ответственный": "manager",
    "Дата создания сделки": "created", "Дата редактирования": "modified",
    "Дата закрытия": "closed", "Этап сделки": "stage_text", "Воронка": "pipeline_title",
    "Рабочий телефон": "work_phone", "Мобильный телефон": "mobile_phone", "Дата: ЛПР": "e2",
    "Дата: Потребность": "e3", "Дата: КП": "e4", "Дата: Дожим": "e5",
}  # fmt: skip
CLASSES = (
    "advanced", "lost", "parked", "moved_back", "still_there", "too_early", "start_unknown",
)  # fmt: skip
DAY = 86_400.0


def read_deals(task: Task) -> pd.DataFrame:
    """Deals with pipeline, rank, kind, entries e1..e6 and certain reach ``low``."""
    dates = ["Дата создания сделки", "Дата редактирования", "Дата закрытия"]
    dates += [caption for caption, name in COLUMNS.items() if caption.startswith("Дата: ")]
    d = pd.read_csv(
        task.deals,
        usecols=list(COLUMNS),
        dtype={
            "ID": "int64", "Бюджет ": "float64", "Ответственный": "category",
            "Этап сделки": "category", "Воронка": "category", "Название сделки": "str",
            "Рабочий телефон": "str", "Мобильный телефон": "str",
        },
        parse_dates=dates,
        date_format=DATES,
        na_values={"Дата закрытия": ["не закрыта"]},
    ).rename(columns=COLUMNS)  # fmt: skip
    title = task.title("lost")
    stages = {s["title"]: s for s in task.stages}
    rank = {s["title"]: i for i, s in enumerate(task.open_stages, 1)}
    rank |= {task.title("incoming"): 0, task.title("won"): len(task.path)}
    texts = d["stage_text"].cat.categories
    names = [title if text.startswith(title) else text for text in texts]
    code = d["stage_text"].cat.codes.to_numpy()
    kinds = np.array([stages[n].get("kind", "open") for n in names], dtype=object)
    d["kind"] = pd.Categorical.from_codes(
        np.array([sorted(set(kinds)).index(k) for k in kinds])[code], sorted(set(kinds))
    )
    d["rank"] = np.array([rank.get(n, -1) for n in names])[code]
    keys = {title: key for key, title in task.pipelines}
    d["pipeline"] = d["pipeline_title"].cat.rename_categories(keys)
    if "" not in d["manager"].cat.categories:
        d["manager"] = d["manager"].cat.add_categories([""])
    d["manager"] = d["manager"].fillna("")
    d["e1"] = d["created"].where(d["kind"] != "incoming")
    d["e6"] = d["closed"].where(d["kind"] == "won")
    low = d["rank"].to_numpy().copy()
    for k in range(1, len(task.path) + 1):
        seen = d[f"e{k}"].notna().to_numpy()
        low[seen] = np.maximum(low[seen], k)
    d["low"] = low
    return d.drop(columns=["stage_text", "pipeline_title"])


def conversions(d: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Counts by manager, pipeline, step (1..5) and class."""
    start, end = (pd.Timestamp(m) for m in task.cohort)
    last = len(task.path)
    dated = [f"e{k}" for k in range(2, last)]
    begun = d.groupby("pipeline", observed=True)[dated].min()
    own = {name: d["pipeline"].map(begun[name]).astype("datetime64[us]") for name in dated}
    lost, parked = d["kind"] == "lost", d["kind"] == "parked"
    maybe = np.where(lost | parked, 1, -1)
    for k, name in enumerate(dated, 2):
        maybe = np.where((lost | parked) & (d["created"] < own[name]), k, maybe)
    high = np.maximum(d["low"].to_numpy(), maybe)
    entered = d[f"e{last}"]
    parts = []
    for k in range(last - 1, 0, -1):
        entered = np.fmin(entered, d[f"e{k}"])
        since = own[f"e{k}"].clip(lower=start) if k > 1 else pd.Series(start, index=d.index)
        undated = entered.isna() & (high >= k) & (d["created"] < end)
        undated &= d["closed"].isna() | (d["closed"] >= since)
        rows = (entered >= since) | (undated if k > 1 else False)
        part = d.loc[rows, ["manager", "pipeline", "rank", "low", "kind"]]
        at = entered[rows]
        tests = [
            at.isna(), at >= end, part["low"] > k, part["kind"] == "lost",
            part["kind"] == "parked", part["rank"] < k,
        ]  # fmt: skip
        names = ["start_unknown", "too_early", "advanced", "lost", "parked", "moved_back"]
        codes = [CLASSES.index(n) for n in names]
        klass = np.select(tests, codes, CLASSES.index("still_there"))
        parts.append(part[["manager", "pipeline"]].assign(step=k, klass=klass))
    keys = ["manager", "pipeline", "step", "klass"]
    return pd.concat(parts).groupby(keys, observed=True).size().rename("n").reset_index()


def entries(d: pd.DataFrame, task: Task) -> pd.DataFrame:
    """Entries of the week by manager, pipeline and step (1..6)."""
    since, until = task.period
    parts = []
    for k in range(1, len(task.path) + 1):
        at = d[f"e{k}"]
        rows = d.loc[(at >= since) & (at < until), ["manager", "pipeline"]]
        parts.append(rows.assign(step=k))
    keys = ["manager", "pipeline", "step"]
    return pd.concat(parts).groupby(keys, observed=True).size().rename("n").reset_index()


def scoped(counts: pd.DataFrame, task: Task, keys: list[str]) -> dict[tuple[Any, ...], int]:
    """Sums by company, department, role and manager."""
    people = pd.DataFrame(task.managers).rename(columns={"name": "manager"})
    wide = counts.astype({"manager": object, "pipeline": object}).merge(
        people, on="manager", how="left"
    )
    who = ("department", "role", "manager")
    out: dict[tuple[Any, ...], int] = {}
    for scope, used in (
        ("company", []), ("department", ["department"]), ("role", ["role"]), ("manager", list(who)),
    ):  # fmt: skip
        sums = wide.groupby([*used, *keys], dropna=scope != "manager")["n"].sum()
        for key, n in sums.items():
            given = dict(zip([*used, *keys], key, strict=True))
            names = [given.get(w) if given.get(w) == given.get(w) else None for w in who]
            out[(scope, *names, *(given[k] for k in keys))] = int(n)
    return out


def last_talks(task: Task) -> tuple[pd.Series, pd.Timestamp, pd.Timestamp]:
    """Last conversation by the last ten digits of the phone, first and last call known."""
    c = pd.read_csv(
        task.calls,
        sep=";",
        encoding="utf-8-sig",
        usecols=["Номер телефона", "Время звонка", "Дата вызова", "Статус"],
        dtype={"Номер телефона": "str", "Время звонка": "category", "Статус": "category"},
        parse_dates=["Дата вызова"],
        date_format=DATES,
    )
    c = c[c["Дата вызова"] <= task.as_of]
    texts = c["Время звонка"].cat.categories.to_series()
    parts = [
        texts.str.extract(rf"(\d+) {unit}", expand=False).fillna("0").astype("int64")
        for unit in ("мин", "сек")
    ]
    seconds = np.append((parts[0] * 60 + parts[1]).to_numpy(), 0)[c["Время звонка"].cat.codes]
    real = (c["Статус"] == "Успешный звонок") & (seconds >= task.conversation_seconds)
    real &= c["Номер телефона"] != "Номер скрыт"
    talks = c.loc[real, ["Номер телефона", "Дата вызова"]]
    phone = talks["Номер телефона"].str.replace(r"\D", "", regex=True).str[-10:]
    last = talks["Дата вызова"].groupby(phone).max()
    return last, c["Дата вызова"].min(), min(pd.Timestamp(task.as_of), c["Дата вызова"].max())


def days(span: pd.Series) -> pd.Series:
    """A span in days."""
    return span.dt.total_seconds() / DAY


def stalled(d: pd.DataFrame, task: Task) -> list[dict[str, Any]]:
    """The stalled table, worst first."""
    as_of = pd.Timestamp(task.as_of)
    won = d[(d["kind"] == "won") & (d["closed"] > as_of - pd.Timedelta(days=365))]
    won = won[(won["closed"] <= as_of) & (won["closed"] >= won["created"])]
    lengths = days(won["closed"] - won["created"]).groupby(won["pipeline"], observed=True)
    age_limits = lengths.quantile(0.95).where(lengths.size() >= 20)
    o = d[d["kind"] == "open"].copy()
    stage = o["rank"].to_numpy() - 1
    o["stage"] = np.array([s["key"] for s in task.open_stages], dtype=object)[stage]
    limit = np.array([float(s["limit"]) for s in task.open_stages])[stage]
    own = pd.Series(pd.NaT, index=o.index, dtype=o["e2"].dtype)
    elsewhere = own.copy()
    for k in range(2, len(task.path)):
        here = o["rank"] == k
        own = own.where(~here, o[f"e{k}"])
        elsewhere = elsewhere.where(here, np.fmax(elsewhere, o[f"e{k}"]))
    began = own.where(~(elsewhere > own))
    first = own.isna() & elsewhere.isna() & (o["rank"] == 1)
    began = began.where(~first, o["created"])
    known = days(as_of - began)
    seen = np.fmax(o["created"], elsewhere)
    high = known.fillna(days(as_of - seen))
    low = known.fillna(days(as_of - np.fmax(seen, o["modified"])))
    last, first_call, covered = last_talks(task)
    phones = pd.concat([o["work_phone"], o["mobile_phone"]]).dropna().str.split(",").explode()
    phones = phones.str.replace(r"\D", "", regex=True).str[-10:]
    spoken = phones.map(last).groupby(level=0).max().reindex(o.index)
    active = spoken.where(spoken >= o["created"]).fillna(o["created"].clip(lower=first_call))
    silent = days(covered - active).clip(lower=0)
    age = days(as_of - o["created"]).clip(lower=0)
    age_limit = o["pipeline"].map(age_limits).astype("float64")
    is_stalled = low > limit
    perhaps = ~is_stalled & (high > limit)
    soon = (high <= limit) & (low + task.warn_days > limit)
    quiet, too_old = silent > task.silent_days, age > age_limit
    over = low.where(is_stalled, high.where(perhaps)) / limit - 1
    worst = np.maximum(
        np.where(is_stalled, over, 0), np.where(quiet, silent / task.silent_days - 1, 0)
    )
    worst = np.maximum(worst, np.where(too_old, (age - age_limit) / age_limit.clip(lower=1), 0))
    flags = is_stalled.astype(int) + 2 * quiet.astype(int) + 4 * too_old.astype(int)
    names = ["stalled", "perhaps", "soon"]
    table = pd.DataFrame(
        {
            "deal_id": o["id"], "title": o["title"], "manager": o["manager"],
            "pipeline": o["pipeline"], "stage": o["stage"], "amount": o["amount"], "days": known,
            "days_low": low.where(known.isna()), "days_high": high.where(known.isna()),
            "limit": limit, "over": over,
            "status": np.select([is_stalled, perhaps, soon], names, "other"),
            "due_in_days": (limit - low).where(soon), "flags": flags,
            "weight": -o["amount"].fillna(0) * worst, "money": -o["amount"].fillna(0),
        }
    )  # fmt: skip
    table = table[(flags > 0) | is_stalled | perhaps | soon]
    table = table.sort_values(["weight", "money", "deal_id"]).drop(columns=["weight", "money"])
    reasons = ("stalled", "silent", "too_old")
    lists = [[name for bit, name in enumerate(reasons) if mask >> bit & 1] for mask in range(8)]
    table["reasons"] = [lists[mask] for mask in table.pop("flags")]
    table = table.astype(object).where(table.notna(), None)
    return table.to_dict("records")


def compute(task: Task) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of the metrics and of the stalled deals."""
    d = read_deals(task)
    steps = scoped(conversions(d, task), task, ["pipeline", "step", "klass"])
    classes: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for (*who, pipeline, step, klass), n in steps.items():
        key = (*who, pipeline, task.path[step - 1], task.path[step])
        classes[key][CLASSES[klass]] = n
    seen = scoped(entries(d, task), task, ["pipeline", "step"])
    counts = {(*who, p, task.path[step - 1]): n for (*who, p, step), n in seen.items()}
    own = {key[3:]: n for key, n in counts.items() if key[0] == "manager"}
    metrics = [*conversion_rows(classes), *entry_rows(counts), *norm_rows(task, own)]
    return metrics, stalled(d, task)


def main() -> None:
    """Command line."""
    task, output = parse_args()
    write(task, *compute(task), output)


if __name__ == "__main__":
    main()
