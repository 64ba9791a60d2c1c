"""Start-up costs nothing: help and ``import funnelkpi`` do not pay for pandas."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "pandas", "numpy", "pyarrow", "rich.table", "rich.console", "openpyxl", "lxml", "yaml",
    "pydantic", "babel", "phonenumbers", "holidays", "python_calamine", "orjson",
)  # fmt: skip


def imported_by(code: str) -> set[str]:
    """The heavy modules in memory after ``code``."""
    names = ", ".join(map(repr, HEAVY))
    code += f"\nimport sys; print('\\n', *[m for m in ({names},) if m in sys.modules], sep=',')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(filter(None, ran.stdout.rpartition("\n,")[2].strip().split(",")))


@pytest.mark.parametrize(
    "code",
    [
        "import funnelkpi; funnelkpi.__version__",
        "from funnelkpi.cli.app import run; run(['--help'], 'ru')",
        "from funnelkpi.cli.app import run; run(['report', '--help'], 'en')",
        "from funnelkpi.cli.app import run; run(['--version'], 'ru')",
        "from funnelkpi.cli.app import run; run(['report', '--no-such'], 'ru')",
    ],
    ids=["import", "help", "help of a command", "version", "bad option"],
)
def test_nothing_heavy(code: str) -> None:
    assert imported_by(code) == set()


def test_the_check_sees_what_is_heavy() -> None:
    assert imported_by("import funnelkpi; funnelkpi.analyze") >= {"pandas", "pydantic"}


def test_names_of_the_api() -> None:
    import funnelkpi

    assert funnelkpi.__all__ == ["Analysis", "__version__", "analyze"]
    assert funnelkpi.analyze.__module__ == "funnelkpi.api"
    with pytest.raises(AttributeError):
        funnelkpi.nothing  # noqa: B018
