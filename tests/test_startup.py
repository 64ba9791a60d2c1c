"""Start-up costs nothing: help and ``import funnelkpi`` do not pay for pandas."""

from __future__ import annotations

import subprocess
import sys

import pytest

# typer itself takes pydantic to read the options of a command
HEAVY = (
    "pandas", "numpy", "pyarrow", "rich.table", "rich.console", "openpyxl", "lxml", "yaml",
    "babel", "phonenumbers", "holidays", "python_calamine", "orjson",
)  # fmt: skip


def imported_by(code: str) -> set[str]:
    """The heavy modules in memory after ``code``."""
    code += f"\nimport sys; print('\\n@' + ','.join(m for m in {HEAVY} if m in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    _, mark, names = ran.stdout.rpartition("\n@")
    assert mark
    return set(filter(None, names.strip().split(",")))


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
    assert imported_by("import funnelkpi; funnelkpi.analyze") >= {"pandas", "numpy"}


def test_names_of_the_api() -> None:
    import funnelkpi

    assert funnelkpi.__all__ == ["Analysis", "__version__", "analyze"]
    assert funnelkpi.analyze.__module__ == "funnelkpi.api"
    with pytest.raises(AttributeError):
        funnelkpi.nothing  # noqa: B018
