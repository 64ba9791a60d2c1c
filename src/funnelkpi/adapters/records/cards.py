"""Contacts and companies in canonical columns. amoCRM exports both in one list, so one reader takes
both: a row is a card, of a contact or of a company."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.captions import caption_key, text_key
from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.flags import parse_flag
from funnelkpi.adapters.cells.texts import Coded, text_array
from funnelkpi.adapters.interface import Export, Wanted
from funnelkpi.adapters.lookup import Lookups
from funnelkpi.adapters.named import coded, filled, number, person
from funnelkpi.adapters.part import Part, missing, same_value
from funnelkpi.config.schema import Settings
from funnelkpi.model.tables import COMPANIES, CONTACTS, FIELD, Column

Bools = npt.NDArray[np.bool_]
CARD_ID, IS_COMPANY, COMPANY_ID = "card_id", "_is_company", "_company_id"
"""ID of either; whether a card is a company's; the number of a contact's company."""
_NAT = np.datetime64("NaT", "s")
_COMPANY = re.compile(r"^(компани|empresa|comp|organi|организац|юр)")
_DIRECTORIES = {
    "type": ("CONTACT_TYPE", "COMPANY_TYPE"), "industry": ("INDUSTRY",), "employees": ("EMPLOYEES",),
}  # fmt: skip
"""Lists of crm.status.list with the words for the codes of a column."""
_PLAUSIBLE = {"phone": r"\d(\D*\d){4}", "email": r"[^@\s]+@[^@\s]+\.[^@\s]+"}
"""Five digits at least, and something around an @: "нет" is no phone."""
_OPTIONAL = ("phone", "email")
_CATEGORIES = ("position", "company", "type", "source", "industry", "employees", "turnover")


def read_cards(export: Export, wanted: Wanted, settings: Settings, lookups: Lookups) -> Part:
    """Read and convert a list of contacts, of companies, or of both; rows without a name and
    without an ID are rejected. The texts of phones and e-mails are kept if ``wanted.clients`` names
    them; whether there are any that may be real is always known (``has_phone``, ``has_email``)."""
    extra = {c: _custom(export, c) for c in wanted.client_texts}
    positions = [p for at in (*export.mapping.values(), *extra.values()) for p in at]
    cells = Cells(export, positions, settings.time_zone)
    cards = frame_of(cells, export, wanted, lookups, extra)
    cells.forget()
    blank = cards["name"].isna().to_numpy() & cards[CARD_ID].isna().to_numpy()
    if blank.any():
        cells.report("findings_records.card_without_name", blank)
    rejected = cells.rejected + int(blank.sum())
    part = Part(export, cards, cells.rows, rejected=rejected, findings=tuple(cells.findings))
    return part.keep(~blank)


def frame_of(
    cells: Cells, export: Export, wanted: Wanted, lookups: Lookups, extra: Mapping[str, Any]
) -> pd.DataFrame:
    """The cards of ``cells`` in canonical columns."""
    n = cells.n
    created, modified = _moments(cells)
    out: dict[str, Any] = {
        CARD_ID: text_array(number(cells, _id_column(export))),
        IS_COMPANY: _companies(cells, export),
        "name": _name(cells).categorical(),
        "owner": person(cells, lookups, "owner").categorical(),
        "creator": person(cells, lookups, "creator", needed=False).categorical(),
        "created_at": created,
        "_modified": modified,
        COMPANY_ID: coded(cells, "company_number").renamed(_number).categorical(),
    }
    for name in _CATEGORIES:
        out[name] = _category(cells, lookups, name).categorical()
    for name in _OPTIONAL:
        out |= _reach(cells, name, keep=name in wanted.clients)
    for caption, at in extra.items():
        found = cells.coded(at, "first_filled") if at else Coded.nothing(n)
        out[FIELD + caption] = found.categorical()
    out["crm"] = same_value(export.crm, n)
    out["_file"] = same_value(export.source.name, n)
    out["_row"] = cells.row_numbers
    return pd.DataFrame(out, copy=False)


def split(cards: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Contacts and companies of ``cards``, each with its own columns."""
    company = cards[IS_COMPANY].to_numpy()
    return (
        _table(cards[~company], CONTACTS, "contact_id"),
        _table(cards[company], COMPANIES, "company_id"),
    )


def available_of_cards(export: Export, kind: str) -> frozenset[str]:
    """The canonical columns of contacts or companies this export can fill."""
    serves = {
        "first_name": "name", "last_name": "name", "owner_id": "owner", "creator_id": "creator",
        "company_number": "company", "has_phone": "phone", "has_email": "email",
        "source_id": "source", "contact_id": f"{kind[:-1].replace('ie', 'y')}_id",
    }  # fmt: skip
    columns = CONTACTS if kind == "contacts" else COMPANIES
    return frozenset({serves.get(c, c) for c in export.mapping} & {c.name for c in columns})


def _table(cards: pd.DataFrame, columns: tuple[Column, ...], own_id: str) -> pd.DataFrame:
    cards = cards.rename(columns={CARD_ID: own_id}).reset_index(drop=True)
    names = [c.name for c in columns]
    fields = [c for c in cards.columns if c.startswith(FIELD)]
    rest = [COMPANY_ID] if own_id == "contact_id" else []
    found = cards[[*names, "has_phone", "has_email", *fields, *rest, "crm", "_file", "_row"]].copy()
    for name in found.columns:
        if isinstance(found[name].dtype, pd.CategoricalDtype) and name not in ("crm", "_file"):
            found[name] = found[name].cat.remove_unused_categories()
    return found


def _custom(export: Export, caption: str) -> tuple[int, ...]:
    """Where a custom column stands; amoCRM adds « (контакт)», « (компания)» in workbooks."""
    keys = {caption_key(caption + end) for end in ("", " (контакт)", " (компания)")}
    return tuple(i for i, c in enumerate(export.source.header) if caption_key(c) in keys)


def _id_column(export: Export) -> str:
    return "contact_id" if "contact_id" in export.mapping else "company_id"


def _companies(cells: Cells, export: Export) -> Bools:
    if "record_kind" not in export.mapping:
        return np.full(cells.n, export.kind == "companies")
    kinds = coded(cells, "record_kind")
    table = np.array([bool(_COMPANY.search(text_key(t))) for t in kinds.texts()], bool)
    return kinds.per_row(table, False)


def _name(cells: Cells) -> Coded:
    """The name; of its parts «Имя Отчество Фамилия»."""
    whole = coded(cells, "name")
    at = [
        cells.export.mapping[c][0]
        for c in ("first_name", "second_name", "last_name")
        if c in cells.export.mapping
    ]
    if "record_kind" in cells.export.mapping:  # a company of amoCRM's CSV has no other name
        own = coded(cells, "company").where(_companies(cells, cells.export))
        whole = filled(whole, own)
    if not at or (len(whole.values) and (whole.codes >= 0).all()):
        return whole
    words = cells.text(at, "join")  # parts joined by ', ' as everywhere, then by blanks
    names = pc.replace_substring(words, ", ", " ")
    codes = pc.dictionary_encode(names.combine_chunks())
    parts = Coded(
        pc.fill_null(codes.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32),
        codes.dictionary,
    )
    return filled(whole, parts)


def _moments(cells: Cells) -> tuple[Any, Any]:
    at = {
        c: cells.export.mapping[c][0]
        for c in ("created_at", "modified_at")
        if c in cells.export.mapping
    }
    order = cells.settle_order(list(at.values()))
    found = {c: cells.moments(p, cells.export.caption(c), order).values for c, p in at.items()}
    none = np.full(cells.n, _NAT)
    return found.get("created_at", none), found.get("modified_at", none)


def _category(cells: Cells, lookups: Lookups, name: str) -> Coded:
    found = coded(cells, name)
    if name == "source" and "source_id" in cells.export.mapping:
        named, _ = lookups.named("sources", cells.export.crm, coded(cells, "source_id"))
        found = filled(found, named)
    tables = _DIRECTORIES.get(name, ())
    if tables and cells.export.layout.endswith("-api"):
        crm = cells.export.crm
        words = {c: n for table in tables for (w, t, c), n in lookups.stages.items()
                 if (w, t) == (crm, table)}  # fmt: skip
        found = found.renamed(lambda t: words.get(t, t))
    return found


def _reach(cells: Cells, name: str, *, keep: bool) -> dict[str, Any]:
    """Phones or e-mails: whether there are any, and their text if it is to be kept."""
    at = cells.export.mapping.get(name)
    nothing = missing(Column(name, "text", ""), cells.n)
    if not at:
        flag = coded(cells, f"has_{name}")
        table = np.array([parse_flag(t) == 1 for t in flag.texts()], bool)
        return {name: nothing, f"has_{name}": flag.per_row(table, False)}
    texts = cells.text(at, "join")
    if cells.export.layout.endswith(("-api", "-bi")):
        texts = _values_in_json(texts)
    has = pc.fill_null(pc.match_substring_regex(texts, _PLAUSIBLE[name]), False)
    told = has.to_numpy(zero_copy_only=False).astype(bool)
    return {name: text_array(texts) if keep else nothing, f"has_{name}": told}


def _values_in_json(texts: Any) -> Any:
    """``[{"VALUE": "+7...", ...}]`` of Bitrix24 -> its values joined; other text as it stands."""
    if not pc.any(pc.starts_with(texts, "[")).as_py():
        return texts
    coded_ = pc.dictionary_encode(texts.combine_chunks())
    values = pa.array([_values(t) for t in coded_.dictionary.to_pylist()], pa.large_string())
    return pa.chunked_array([values.take(coded_.indices)])


def _values(text: str) -> str | None:
    import orjson

    if not text.startswith("["):
        return text
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    values = [v.get("VALUE") or v.get("value") for v in found if isinstance(v, dict)]
    return ", ".join(str(v) for v in values if v) or None


def _number(text: str) -> str | None:
    """The number of a contact's company: as it stands, or in ``[{"id": 7}]``."""
    if not text.startswith("["):
        return None if text in ("0", "") else text.removesuffix(".0")
    import orjson

    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    first = found[0] if found and isinstance(found[0], dict) else {}
    return str(first["id"]) if first.get("id") else None
