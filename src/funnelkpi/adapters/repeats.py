"""Several rows of one deal in one table: product rows and repeated IDs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.part import Part
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity


def are_unique(ids: pd.Series) -> bool:
    """Whether no ID occurs twice; quick for the CRMs' own order (whole numbers, descending)."""
    if len(ids) < 2:
        return True
    try:
        numbers = pc.cast(pa.array(ids), pa.int64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return bool(ids.is_unique)
    steps = np.diff(numbers)
    return bool((steps < 0).all() or (steps > 0).all()) or bool(ids.is_unique)


def merge_products(part: Part) -> Part:
    """One row per deal of an export with product rows; the amount is the sum of its rows."""
    frame = part.frame
    if are_unique(frame["deal_id"]):
        return part
    code, _ = pd.factorize(frame["deal_id"])
    n = int(code.max()) + 1
    first = _firsts(code, n)
    amount = frame["amount"].to_numpy()
    known = ~np.isnan(amount)
    total = np.bincount(code[known], weights=amount[known], minlength=n).astype(np.float64)
    total[np.bincount(code[known], minlength=n) == 0] = np.nan
    out = frame.iloc[first].reset_index(drop=True)
    # row sums of kopecks: adding binary fractions must not leave 0.30000000000000004
    out["amount"] = np.round(total, 2)
    merged = len(frame) - n
    note = Finding(
        "findings_adapters.product_rows",
        Severity.NOTE,
        file=part.export.source.name,
        count=merged,
        params={"deals": n},
    )
    return Part(
        part.export, out, part.read, part.merged + merged, part.rejected, part.excluded,
        (*part.findings, note),
    )  # fmt: skip


def _firsts(code: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.int64]:
    first = np.full(n, len(code), np.int64)
    np.minimum.at(first, code, np.arange(len(code)))
    return first


def merge_repeats(part: Part) -> Part:
    """One row per ID: identical rows are one; of different ones the last edited, else the first."""
    frame = part.frame
    if are_unique(frame["deal_id"]):
        return part
    repeated = frame["deal_id"].duplicated(keep=False).to_numpy()
    where = np.flatnonzero(repeated)
    rows = frame.iloc[where]
    content = rows.drop(columns=["_row"])
    distinct = ~content.duplicated().to_numpy()
    code, ids = pd.factorize(rows["deal_id"])
    differs = np.bincount(code[distinct], minlength=len(ids)) > 1
    edited = rows["modified_at"].to_numpy().astype("M8[s]").astype(np.int64)  # NaT is the smallest
    order = np.lexsort((np.arange(len(where)), -edited.astype(np.float64), code))
    best = order[np.unique(code[order], return_index=True)[1]]
    drop = np.ones(len(where), bool)
    drop[best] = False
    keep = np.ones(len(frame), bool)
    keep[where[drop]] = False
    findings = [
        _finding(name, severity, part, rows[drop & mask[code]])
        for name, severity, mask in (
            ("repeated_rows", Severity.NOTE, ~differs),
            ("repeated_ids_differ", Severity.WARNING, differs),
        )
        if (drop & mask[code]).any()
    ]
    return part.keep(
        keep, merged=part.merged + int(drop.sum()), findings=(*part.findings, *findings)
    )


def _finding(name: str, severity: Severity, part: Part, rows: pd.DataFrame) -> Finding:
    return Finding(
        f"findings_adapters.{name}",
        severity,
        file=part.export.source.name,
        rows=tuple(int(r) for r in rows["_row"].iloc[:ROWS_SHOWN]),
        value=", ".join(str(i) for i in rows["deal_id"].iloc[:3]),
        count=len(rows),
    )
