"""The sample exports in other clothes, and the figures a folder of exports gives.

An export's state is read once from the native file; every re-saved variant is written from the same
cells by the standard library, openpyxl or the native writers of ``sample_data``.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from funnelkpi.config.load import load_settings
from funnelkpi.config.schema import Settings
from funnelkpi.metrics.names import KNOWN_METRICS
from funnelkpi.pipeline import Request, analyze
from funnelkpi.report.analysis import Analysis
from funnelkpi.report.build import KNOWN_SECTIONS

ROOT = Path(__file__).parents[2] / "sample_data"
AMO = ROOT / "amocrm" / "amocrm_export_leads_2026-11-16.csv"
BITRIX = next((ROOT / "bitrix24").glob("DEAL_*.csv"))
LEADS = next((ROOT / "bitrix24").glob("LEAD_*.xls"))
CALLS = next((ROOT / "bitrix24").glob("calls_detail_*.xls"))
AMO_CONFIG = ROOT / "amocrm" / "funnelkpi.yaml"
BITRIX_CONFIG = ROOT / "bitrix24" / "funnelkpi.yaml"
AS_OF = datetime(2026, 11, 16, 8, 30)


@lru_cache(maxsize=8)
def cells(path: Path) -> list[list[str]]:
    """Header and rows of a native CSV."""
    text = path.read_bytes().decode("utf-8-sig")
    delimiter = ";" if text.startswith('"') else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    if rows[0][-1] == "":  # Bitrix24 ends every row with a delimiter
        rows = [row[:-1] for row in rows]
    return rows


def to_csv(
    path: Path,
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ";",
    encoding: str = "utf-8",
    newline: str = "\r\n",
) -> Path:
    """What a spreadsheet program writes; characters the encoding lacks become a question mark."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding, "replace"))
    return path


def settings(config: Path | None, **changes: Any) -> Settings:
    """The settings of a sample's config, with top-level keys replaced; None: the defaults."""
    if config is None:
        return Settings.model_validate(changes)
    loaded = load_settings(config, known_metrics=KNOWN_METRICS, known_sections=KNOWN_SECTIONS)
    return Settings.model_validate(loaded.model_dump() | changes)


def run(*paths: Path, config: Settings | None = None, **options: Any) -> Analysis:
    """Everything from files to verdicts; the account of every input must balance."""
    options.setdefault("as_of", AS_OF)
    request = Request(tuple(paths), config or Settings(), configured=config is not None, **options)
    analysis = analyze(request)
    for account in analysis.assembled.accounts:
        assert account.balanced, account
    deals = sum(a.counted for a in analysis.assembled.accounts if a.kind in ("deals", "leads"))
    assert deals == len(analysis.data.deals)
    calls = sum(a.counted for a in analysis.assembled.accounts if a.kind == "calls")
    assert calls == (0 if analysis.data.calls is None else len(analysis.data.calls))
    return analysis


def figures(analysis: Analysis, *, without: Sequence[str] = ()) -> pd.DataFrame:
    """The long table in a fixed order. without: metrics that a variant legitimately changes."""
    table = analysis.metrics
    table = table[~table["metric"].isin(list(without))]
    keys = [
        "metric", "scope", "department", "role", "manager", "pipeline", "stage", "to_stage",
        "slice", "statistic", "currency", "definition", "unit",
    ]  # fmt: skip
    return table.sort_values(keys, kind="stable").reset_index(drop=True)


def assert_same(got: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """Equal row by row; the message shows the first rows that differ."""
    assert len(got), "no figures at all"
    if len(got) == len(wanted):
        differs = pd.Series(False, index=got.index)
        for name in wanted.columns:
            a, b = got[name], wanted[name]
            differs |= ~((a == b) | (a.isna() & b.isna()))
        assert not differs.any(), (
            f"{int(differs.sum())} of {len(got)} rows differ\n"
            f"{got[differs].head(5).T.to_string()}\n{wanted[differs].head(5).T.to_string()}"
        )
        return
    keys = ["metric", "scope", "manager", "pipeline", "stage", "to_stage", "slice", "statistic"]
    one, two = (
        set(map(tuple, f[keys].astype(object).where(f[keys].notna(), None).to_numpy()))
        for f in (got, wanted)
    )
    raise AssertionError(
        f"{len(got)} rows, wanted {len(wanted)}\nonly got: {sorted(map(str, one - two))[:5]}\n"
        f"only wanted: {sorted(map(str, two - one))[:5]}"
    )


class Kit:
    """What the ``kit`` fixture gives."""

    AMO, BITRIX, LEADS, CALLS = AMO, BITRIX, LEADS, CALLS
    AMO_CONFIG, BITRIX_CONFIG, AS_OF, ROOT = AMO_CONFIG, BITRIX_CONFIG, AS_OF, ROOT
    cells = staticmethod(cells)
    to_csv = staticmethod(to_csv)
    settings = staticmethod(settings)
    run = staticmethod(run)
    figures = staticmethod(figures)
    assert_same = staticmethod(assert_same)
    codes = staticmethod(lambda a: [f.code.rpartition(".")[2] for f in a.findings])


@pytest.fixture(scope="session")
def kit() -> type[Kit]:
    """Readers, writers and runs."""
    return Kit


@pytest.fixture(scope="session")
def amo(kit: type[Kit]) -> pd.DataFrame:
    """Figures of the native amoCRM sample."""
    return figures(run(AMO, config=settings(AMO_CONFIG)))


@pytest.fixture(scope="session")
def bitrix() -> pd.DataFrame:
    """Figures of the native Bitrix24 sample: deals, leads, calls."""
    return figures(run(BITRIX, LEADS, CALLS, config=settings(BITRIX_CONFIG)))


@pytest.fixture(scope="session")
def bitrix_deals() -> pd.DataFrame:
    """Figures of the native Bitrix24 deals alone."""
    return figures(run(BITRIX, config=settings(BITRIX_CONFIG)))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """``cli("report", folder)``: exit code, stdout, stderr of one command line."""
    from funnelkpi.cli.app import run as run_cli

    def call(*args: object, lang: Any = "ru") -> tuple[int, str, str]:
        capsys.readouterr()
        code = int(run_cli([str(a) for a in args], lang, debug=False))
        got = capsys.readouterr()
        return code, got.out, got.err

    return call


@pytest.fixture
def copy(tmp_path: Path) -> Callable[..., Path]:
    """``copy(file, "name")``: a copy in an empty folder without a config beside it."""

    def make(path: Path, name: str | None = None) -> Path:
        target = tmp_path / (name or path.name)
        shutil.copy(path, target)
        return target

    return make


@pytest.fixture
def json_cli(cli: Callable[..., tuple[int, str, str]]) -> Callable[..., dict[str, Any]]:
    """``json_cli(folder, ...)``: the JSON document of ``funnelkpi report``."""

    def call(*args: object) -> dict[str, Any]:
        code, out, err = cli("report", *args, "--format", "json")
        assert code == 0, err
        document: dict[str, Any] = json.loads(out)
        return document

    return call
