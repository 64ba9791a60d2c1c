"""Writes the generated parts of the docs: ``python docs/make.py``.

cli.md and cli.ru.md from the help pages, errors.md from the catalogues, config.md from the config's
models, report-schema.md from the JSON Schema, and the pictures of the report from the demo. Tests
compare every page with what stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from funnelkpi.cli.app import build
from funnelkpi.locale.catalogue import LANGS, Lang

DOCS = Path(__file__).parent
HELP_WIDTH = 88
PICTURE_WIDTH = 100
PICTURE_LINES = 45

_NOTE = "<!-- Generated: python docs/make.py -->\n"

_CLI_HEAD: dict[Lang, str] = {
    "ru": "# Команды\n\nСправка каждой команды, как её печатает `--help`. Списки можно повторять и"
    " писать через\nзапятую: `--section norms,stalled`.\n",
    "en": "# Commands\n\nThe help page of every command, as `--lang en --help` prints it. Lists"
    " repeat and take commas:\n`--section norms,stalled`.\n",
}

_ERRORS_HEAD = """# Сообщения · Messages

Что может сказать программа, почему и что делать. В фигурных скобках — то, что подставляется.
Ошибка останавливает запуск (код 2, при записи файла — 4). Замечание — нет: оно стоит в разделе
«Качество данных» и в `findings` отчёта JSON под своим кодом.

What the program may say, why, and what to do. Braces stand for what is filled in. An error stops the
run (exit code 2; 4 when a file cannot be written). A finding does not: it stands in the section
“Data quality” and, under its code, in `findings` of the JSON report.
"""

_GROUPS = {
    "errors_cli": "Ошибки: командная строка · Errors: command line",
    "errors_config": "Ошибки: файл настроек · Errors: config file",
    "errors_readers": "Ошибки: чтение файлов · Errors: reading files",
    "errors_adapters": "Ошибки: чья это выгрузка · Errors: whose export it is",
    "errors_data": "Ошибки: данные в целом · Errors: the data as a whole",
    "errors_delivery": "Ошибки: запись результата · Errors: writing the result",
    "findings_readers": "Замечания: чтение файлов · Findings: reading files",
    "findings_adapters": "Замечания: значения и выгрузки · Findings: values and exports",
    "findings_data": "Замечания: сделки и менеджеры · Findings: deals and managers",
}


def cli_page(lang: Lang) -> str:
    """The help pages of all commands as Markdown."""
    parts = [_NOTE, _CLI_HEAD[lang]]
    for name, page in _help_pages(build(lang), ("funnelkpi",), lang):
        parts.append(f"## {name}\n\n```text\n{page.rstrip()}\n```\n")
    return "\n".join(parts)


def _help_pages(
    command: Any, path: tuple[str, ...], lang: Lang, parent: Any = None
) -> Iterator[tuple[str, str]]:
    settings = {"terminal_width": HELP_WIDTH, "max_content_width": HELP_WIDTH, "obj": lang}
    context = command.make_context(path[-1], [], parent=parent, resilient_parsing=True, **settings)
    yield " ".join(path), command.get_help(context)
    for name, inner in getattr(command, "commands", {}).items():
        yield from _help_pages(inner, (*path, name), lang, context)


def errors_page() -> str:
    """Every error and finding with its reason and remedy in both languages."""
    parts = [_NOTE, _ERRORS_HEAD]
    for domain, title in _GROUPS.items():
        texts = import_module(f"funnelkpi.locale.texts.{domain}").TEXTS
        parts.append(f"## {title}\n")
        parts.append("| код · code | почему · why | что делать · what to do |\n|---|---|---|")
        for key, (russian, english) in texts.items():
            if key.endswith(".remedy"):
                continue
            remedy = texts.get(f"{key}.remedy", ("", ""))
            cells = (f"`{key}`", _both(russian, english), _both(*remedy))
            parts.append("| " + " | ".join(cells) + " |")
        parts.append("")
    return "\n".join(parts)


def _both(russian: str, english: str) -> str:
    return "<br>".join(_cell(t) for t in (russian, english) if t)


def _cell(text: str) -> str:
    """A text of the catalogue in a cell: plural forms as the last one, doubled braces single."""
    text = re.sub(r"\{\w+:plural:([^}]*)\}", lambda m: m[1].rpartition(",")[2], text)
    text = text.replace("{{", "{").replace("}}", "}")
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "\\|"), ("*", "\\*")):
        text = text.replace(sign, entity)
    return text.replace("\n", "<br>")


def picture(lang: Lang) -> str:
    """The first screen of the demo report as SVG, in the colours of a terminal."""
    from rich.console import Console
    from rich.text import Text

    lines = demo_lines(lang)
    console = Console(
        record=True, width=PICTURE_WIDTH, file=_Nowhere(), force_terminal=True,
        color_system="truecolor", legacy_windows=False,
    )  # fmt: skip
    console.print(Text.from_ansi("\n".join(lines)), end="")
    return console.export_svg(
        title="funnelkpi report exports/", code_format=_svg_format(), unique_id=f"report-{lang}"
    )


def demo_lines(lang: Lang) -> list[str]:
    """The first lines of ``funnelkpi demo`` on a colour terminal, cut at the end of a paragraph."""
    from funnelkpi.api import analyze
    from funnelkpi.cli.run import CONFIG_NAME
    from funnelkpi.config.bundled import sample_path
    from funnelkpi.renderers.registry import render

    folder = sample_path("amocrm")
    report = analyze(folder, folder / CONFIG_NAME, lang=lang).report
    lines = render(report, "ansi", width=PICTURE_WIDTH).decode().splitlines()[:PICTURE_LINES]
    last_gap = max(i for i, line in enumerate(lines) if not line.strip())
    return lines[:last_gap]


def _svg_format() -> str:
    """rich's frame of a terminal without its web fonts and notes: the picture loads nothing."""
    from rich._export_format import CONSOLE_SVG_FORMAT

    return re.sub(
        r"\s*(@font-face \{\{.*?\}\}|<!--.*?-->)", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL
    )


class _Nowhere:
    """A file that keeps nothing: the console records by itself."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        return None


def pages() -> dict[str, str]:
    """File name below docs/ -> its whole content."""
    from funnelkpi.config.docs import config_page
    from funnelkpi.renderers.json_schema import reference

    return {
        "cli.md": cli_page("en"),
        "cli.ru.md": cli_page("ru"),
        "errors.md": errors_page(),
        "config.md": config_page(),
        "report-schema.md": reference(),
    }


def pictures() -> dict[str, str]:
    """File name below docs/images/ -> its whole content."""
    return {f"report{'' if lang == 'en' else f'.{lang}'}.svg": picture(lang) for lang in LANGS}


def main() -> None:
    """Write every generated file."""
    (DOCS / "images").mkdir(exist_ok=True)
    for name, content in pages().items():
        (DOCS / name).write_text(content, encoding="utf-8")
    for name, content in pictures().items():
        (DOCS / "images" / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
