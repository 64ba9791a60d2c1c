"""The wheel: what it carries, and that it works outside the repository."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel; with hatchling at hand no network is needed."""
    out = tmp_path_factory.mktemp("wheel")
    alone = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    command = [sys.executable, "-m", "build", "--wheel", *alone, "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (found,) = out.glob("*.whl")
    return found


def test_contents(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    bundled = "funnelkpi/_bundled/"
    for folder, patterns in {
        "configs": ("*.yml",),
        "sample_data/amocrm": ("*.csv", "funnelkpi.yaml"),
        "sample_data/bitrix24": ("*.csv", "*.xls", "funnelkpi.yaml"),
    }.items():
        for pattern in patterns:
            paths = sorted((ROOT / folder).glob(pattern))
            assert paths
            assert {f"{bundled}{folder}/{p.name}" for p in paths} <= names
    for name in ("config/defaults.yml", "renderers/report.schema.json", "locale/texts/report.py"):
        assert f"funnelkpi/{name}" in names
    modules = {
        f"funnelkpi/{p.relative_to(ROOT / 'src/funnelkpi').as_posix()}"
        for p in (ROOT / "src/funnelkpi").rglob("*.py")
    }
    assert modules <= names
    assert not [n for n in names if "__pycache__" in n or "/tests/" in n or "benchmarks" in n]
    assert any(n.endswith("licenses/LICENSE") for n in names)


@pytest.fixture(scope="session")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``funnelkpi`` of a fresh environment, whose libraries are those of the tests' one."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    install = [python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True, capture_output=True)
    (site,) = home.glob("lib/python*/site-packages")
    # Only after the wheel's own packages, and without the editable install of this checkout.
    code = f"import sys; sys.path.append({sysconfig.get_path('purelib')!r})"
    (site / "libraries.pth").write_text(code + "\n")
    return home / "bin" / "funnelkpi"


def run(program: Path, *args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COLUMNS"))}
    return subprocess.run(
        [program, *args], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )


def test_it_is_the_installed_one(program: Path, tmp_path: Path) -> None:
    code = "import funnelkpi, funnelkpi.config.bundled as b; print(funnelkpi.__file__, b.root())"
    python = program.with_name("python")
    ran = run(python, "-c", code, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    for path in ran.stdout.split():
        assert Path(path).is_relative_to(program.parents[1])


@pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])
def test_demo(program: Path, tmp_path: Path, crm: str) -> None:
    ran = run(program, "demo", "--crm", crm, "--format", "json", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    report = json.loads(ran.stdout)
    assert report["as_of"] == "2026-11-16T08:30:00"
    assert len(report["metrics"]) > 1000


def test_demo_page(program: Path, tmp_path: Path) -> None:
    ran = run(program, "demo", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Ольга Вересова" in "\n".join(ran.stdout.splitlines()[:24])


def test_init_and_config(program: Path, tmp_path: Path) -> None:
    assert run(program, "init", cwd=tmp_path).returncode == 0
    assert (tmp_path / "funnelkpi.yaml").is_file()
    assert run(program, "config", "validate", cwd=tmp_path).returncode == 0
    schema = json.loads(run(program, "config", "schema", cwd=tmp_path).stdout)
    assert "norms" in schema["properties"]


def test_help_and_version(program: Path, tmp_path: Path) -> None:
    from funnelkpi import __version__

    assert run(program, "--version", cwd=tmp_path).stdout == f"funnelkpi {__version__}\n"
    assert "report" in run(program, "--help", cwd=tmp_path).stdout
