"""README says what is so: every command is run, every claim that a program can check is checked."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from funnelkpi.cli.app import build
from funnelkpi.cli.exit_codes import ExitCode
from funnelkpi.config.load import load_settings
from funnelkpi.metrics.names import COMPUTED_METRICS, KNOWN_METRICS
from funnelkpi.renderers.registry import FORMATS
from funnelkpi.report.build import SECTIONS

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.ru.md")
PAGES = (*READMES, "CHANGELOG.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")))


def _lines(text: str) -> list[str]:
    return [line.split("  #")[0].strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("page", READMES)
def test_the_commands_run_one_after_another(page, blocks, desk, command):
    ran = []
    for block in blocks(page, "sh"):
        for line in _lines(block):
            if not line.startswith("funnelkpi"):
                assert line in ("make demo", "pipx install .")
                continue
            got = command(line)
            breach = ExitCode.BREACH if " check " in line else ExitCode.OK
            assert got.code in (ExitCode.OK, breach), f"{line}\n{got.err}"
            assert got.err == ""
            ran.append(shlex.split(line)[1])
    assert set(ran) == {"report", "init", "config", "check", "deals", "explain", "archive"}
    assert {p.name for p in desk.iterdir()} == {
        "exports", "funnelkpi.yaml", "report.json", "report.csv", "report.md", "archive",
    }  # fmt: skip


def test_both_languages_have_the_same_commands(blocks):
    en, ru = (["\n".join(_lines(b)) for b in blocks(page, "sh")] for page in READMES)
    assert en == ru
    assert blocks(READMES[0], "python") == blocks(READMES[1], "python")


def test_init_marks_what_it_guessed(desk, command):
    assert command("funnelkpi init exports/").code == 0
    written = (desk / "funnelkpi.yaml").read_text("utf-8")
    assert "проверьте" in written
    assert "order: guessed" in written
    assert "впишите отдел" in written
    load_settings(desk / "funnelkpi.yaml", known_metrics=KNOWN_METRICS)


def test_a_report_without_a_config_is_worth_reading_and_ends_with_init(desk, command):
    out = command("funnelkpi report exports/").out
    assert "Открыть сегодня" in out
    assert "funnelkpi init" in out.splitlines()[-2] + out.splitlines()[-1]


def test_the_first_screen_answers_the_three_questions(configured, command):
    top = "\n".join(command("funnelkpi report exports/").out.splitlines()[:24])
    assert "Ниже нормы" in top
    assert "О чём говорить" in top
    assert "Открыть сегодня" in top
    assert "Под угрозой" in top


def test_inspect_shows_what_was_recognised(desk, command):
    got = command("funnelkpi inspect exports/")
    assert got.code == 0
    assert "amoCRM" in got.out


def test_the_language_is_russian_unless_asked(desk, command, monkeypatch):
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert command("funnelkpi report exports/").out.startswith("Отчёт")
    assert command("funnelkpi report exports/ --lang en").out.startswith("Sales report")


@pytest.mark.parametrize("page", READMES)
def test_the_sections_are_those_of_the_report(page):
    text = (ROOT / page).read_text("utf-8")
    table = text.split("## What it answers" if page == "README.md" else "## На какие вопросы")[1]
    named = re.findall(r"\| `(\w+)` \|$", table.split("```")[0], re.MULTILINE)
    assert named == [name for name in SECTIONS if name != "slices"]


@pytest.mark.parametrize("page", READMES)
def test_the_exit_codes_are_those_of_the_program(page):
    rows = re.findall(r"^\| (\d+) \|", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    assert [int(r) for r in rows] == sorted(int(c) for c in ExitCode)


def test_what_is_not_in_this_version_is_not():
    assert set(build("en").commands) == {
        "report", "check", "deals", "explain", "inspect", "init", "config", "demo",
        "archive",
    }  # fmt: skip
    assert set(FORMATS) == {"terminal", "ansi", "json", "csv", "markdown"}
    absent = {
        "plan",
        "forecast",
        "bonus",
    }
    assert not absent & COMPUTED_METRICS


def test_nothing_leaves_the_computer():
    network = {
        "socket",
        "ssl",
        "http",
        "urllib.request",
        "requests",
        "httpx",
        "aiohttp",
        "smtplib",
        "ftplib",
    }
    found = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names.append(node.module or "")
            found |= {f"{path.name}: {n}" for n in names if {n, n.split(".")[0]} & network}
    assert found == set()


def test_the_python_version_is_the_one_required():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    assert "Python 3.11" in (ROOT / "README.md").read_text("utf-8")
    assert project["version"] in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_targets_of_make_exist():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for page in PAGES:
        for target in re.findall(
            r"(?:^|`)make (\w+)", (ROOT / page).read_text("utf-8"), re.MULTILINE
        ):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page}: make {target}"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)", text):
        if not target.startswith("https://"):
            assert (ROOT / page).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("page", READMES)
def test_every_page_of_the_docs_is_linked(page):
    text = (ROOT / page).read_text("utf-8")
    for doc in (ROOT / "docs").glob("*.md"):
        names = {doc.name, doc.name.replace(".md", ".ru.md"), doc.name.replace(".ru.md", ".md")}
        assert any(f"docs/{name}" in text for name in names), doc.name


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_the_machine_it_was_written_on(page):
    text = (ROOT / page).read_text("utf-8")
    assert not re.search(r"/work/|/root/|/home/|/tmp/", text)
