"""Names for the ids of API dumps: tables of users, stages, pipelines and sources beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from funnelkpi.adapters.cells.texts import Coded, clean, flat
from funnelkpi.adapters.interface import Export
from funnelkpi.adapters.layouts import amocrm, bitrix24
from funnelkpi.readers.source import Columns

_BRACKETED = re.compile(r"\[([^\]]*)\]\s*(.*)", re.DOTALL)
_ENTITIES = {"STATUS": "leads", "SOURCE": "sources"}


@dataclass
class Lookups:
    """Id -> name by CRM. users, pipelines, sources: (crm, id). stages: (crm, table, code), where
    table is a pipeline's id (amoCRM) or deals / leads (Bitrix24)."""

    users: dict[tuple[str, str], str] = field(default_factory=dict)
    pipelines: dict[tuple[str, str], str] = field(default_factory=dict)
    sources: dict[tuple[str, str], str] = field(default_factory=dict)
    stages: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def add(self, export: Export) -> Columns:
        """Take in one table of users, stages or pipelines; what was read is returned."""
        positions = sorted({p for several in export.mapping.values() for p in several})
        columns = export.source.read(positions)
        cells = {
            name: clean(flat(columns.table[str(at[0])])).to_pylist()
            for name, at in export.mapping.items()
        }
        n = columns.table.num_rows
        nothing: list[Any] = [None] * n
        rows = zip(
            cells["id"], cells["name"], *(cells.get(c, nothing) for c in _DETAILS), strict=True
        )
        for number, name, last_name, entity, pipeline, pipeline_name, statuses in rows:
            if pipeline is not None and pipeline_name:
                self.pipelines[export.crm, _whole(pipeline)] = pipeline_name
            if number is None:
                continue
            self._row(export, _whole(number), name, last_name, entity, pipeline, statuses)
        return columns

    def _row(
        self, export: Export, number: str, name: str | None, last_name: str | None,
        entity: str | None, pipeline: str | None, statuses: str | None,
    ) -> None:  # fmt: skip
        crm = export.crm
        if export.kind == "users":
            full = " ".join(part for part in (name, last_name) if part)
            if full:
                self.users[crm, number] = full
        elif entity is not None and name:
            table = _ENTITIES.get(entity, "deals" if entity.startswith("DEAL_STAGE") else entity)
            if table == "sources":
                self.sources[crm, number] = name
            else:
                self.stages[crm, table, number] = name
        elif pipeline is not None and name:
            self.stages[crm, _whole(pipeline), number] = name
        elif name:
            self.pipelines[crm, number] = name
            for status in _json_list(statuses):
                if {"id", "name"} <= status.keys():
                    self.stages[crm, number, str(status["id"])] = str(status["name"])

    def named(self, kind: str, crm: str, ids: Coded) -> tuple[Coded, Coded]:
        """Ids as names, and the ids for which no name is known (kept as they stand).

        ``[1] Имя Фамилия`` of BI tables carries its own name. 0 is nobody (a robot).
        """
        table: dict[tuple[str, str], str] = getattr(self, kind)
        names: list[str | None] = []
        unknown: list[str | None] = []
        for text in ids.texts():
            number, own = split_bracketed(text)
            found = own or table.get((crm, _whole(number)))
            if found is None and kind == "pipelines" and crm == "bitrix24" and number == "0":
                found = "Общая воронка"
            nobody = number == "0" and found is None
            names.append(None if nobody else found or number)
            unknown.append(None if found or nobody or not number.isdigit() else number)
        return ids.mapped(names), ids.mapped(unknown)

    def stage_names(self, crm: str, kind: str, codes: Coded, pipelines: Coded | None) -> Coded:
        """Stage codes as names: the tables beside the file, else the CRM's built-in names."""
        texts = codes.texts()
        if crm != "amocrm" or pipelines is None:
            return codes.mapped([self._stage(crm, kind, t) for t in texts])
        places = [_whole(split_bracketed(t)[0]) for t in pipelines.texts()]
        width = len(places) + 1
        pair = codes.codes.astype(np.int64) * width + pipelines.codes + 1
        pair[codes.codes < 0] = -1
        distinct, inverse = np.unique(pair, return_inverse=True)
        names = [
            None
            if p < 0
            else self._amo_stage([*places][p % width - 1] if p % width else "", texts[p // width])
            for p in distinct.tolist()
        ]
        import pyarrow as pa

        numbered = Coded(
            inverse.astype(np.int32),
            pa.array([str(i) for i in range(len(distinct))], pa.large_string()),
        )
        return numbered.mapped(names)

    def _amo_stage(self, pipeline: str, code: str) -> str:
        code = _whole(code)
        tables = (pipeline, *(t for c, t, _ in self.stages if c == "amocrm"))
        if code not in amocrm.CODE_NAMES:
            for table in tables:
                if (name := self.stages.get(("amocrm", table, code))) is not None:
                    return name
        return self.stages.get(("amocrm", pipeline, code)) or amocrm.CODE_NAMES.get(code, code)

    def _stage(self, crm: str, kind: str, text: str) -> str:
        code, own = split_bracketed(text)
        if own:
            return own
        if (name := self.stages.get((crm, kind, code))) is not None:
            return name
        if crm == "amocrm":
            return self._amo_stage("", code)
        if crm == "bitrix24":
            return bitrix24.CODE_NAMES[kind].get(bitrix24.bare_code(code), code)
        found = (n for (_, _, c), n in self.stages.items() if c == code)
        return next(found, code)


_DETAILS = ("last_name", "entity", "pipeline_id", "pipeline_name", "statuses")


def lookups(exports: Iterable[Export]) -> tuple[Lookups, list[tuple[Export, Columns]]]:
    """All lookup tables among ``exports``, and what was read of each."""
    out = Lookups()
    read = [(e, out.add(e)) for e in exports if e.kind in ("users", "stages")]
    return out, read


def split_bracketed(text: str) -> tuple[str, str | None]:
    """``[1] Имя`` -> ("1", "Имя"); anything else -> (text, None)."""
    found = _BRACKETED.fullmatch(text)
    return (found[1].strip(), found[2].strip() or None) if found else (text.strip(), None)


def _whole(number: str) -> str:
    return number.removesuffix(".0")


def names_in_json(text: str) -> str | None:
    """The names in a cell that holds JSON (``[{"name": "VIP"}]``), joined; other text unchanged."""
    if not text.startswith(("[", "{")):
        return text
    names = [str(item["name"]) for item in _json_list(text) if item.get("name")]
    return ", ".join(names) or (None if text in ("[]", "{}") else text)


def _json_list(text: str | None) -> list[dict[str, Any]]:
    if not text or text[0] not in "[{":
        return []
    try:
        found = json.loads(text)
    except ValueError:
        return []
    items = found if isinstance(found, list) else [found]
    return [item for item in items if isinstance(item, dict)]
