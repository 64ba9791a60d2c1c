"""Files and folders become sources: START HERE for everything that is read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from funnelkpi.errors import InputError, Problem
from funnelkpi.readers.sniff import Sniffed, sniff
from funnelkpi.readers.source import Source

Choice = Callable[[str], str | None]
"""What the config says for a file of this name; ``None``: by content."""

# fmt: off
_NO_TABLE_SUFFIXES = frozenset((
    ".yaml", ".yml", ".md", ".py", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".svg",
    ".webp", ".doc", ".docx", ".rtf", ".ppt", ".pptx", ".zip", ".rar", ".7z", ".gz", ".parquet",
    ".db", ".sqlite", ".log", ".toml", ".ini", ".cfg", ".sh", ".bat", ".ps1", ".sql", ".js",
    ".css", ".eml", ".msg", ".part", ".crdownload", ".tmp",
))
# fmt: on
_NOT_FOR_US = frozenset(
    ("errors_readers.login_page", "errors_readers.no_html_table", "errors_readers.no_json_table")
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a folder that was not read. reason: catalogue key of why."""

    path: Path
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Sources in the order of their files, and the files passed over."""

    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...] = ()


def _by_content(_: str) -> None:
    return None


def _none(_: str) -> bool:
    return False


def open_sources(
    paths: Sequence[Path],
    *,
    encodings: Choice = _by_content,
    sheets: Choice = _by_content,
    ignored: Callable[[str], bool] = _none,
) -> Opened:
    """Open files, and the data files of folders (sorted by name, not of folders inside).

    Nothing but the top of each file is read. A file given twice is opened once. encodings, sheets:
    the encoding or the sheet to take, by file name. ignored: files the config does not want read,
    by file name.

    Raises:
        InputError: all files that cannot be read, each with what is wrong and what to do.
    """
    files, skipped, problems = _list(paths)
    unwanted = [f for f in files if ignored(f.name)]
    skipped += [Skipped(f, f.name, "findings_readers.skipped_by_config") for f in unwanted]
    files = [f for f in files if f not in unwanted]
    names = dict(zip(files, _short_names(files), strict=True))
    sources: list[Source] = []
    folders = {p.resolve() for p in paths if p.is_dir()}
    named = {p.resolve() for p in paths if not p.is_dir()}
    for path in files:
        name = names[path]
        try:
            sources += open_file(path, name, encoding=encodings(path.name), sheet=sheets(path.name))
        except InputError as error:
            inside = path.resolve() not in named
            if inside and _passed_over(path, error):
                skipped.append(Skipped(path, name, "findings_readers.skipped_no_table"))
            else:
                problems += error.problems
    skipped_text = [
        source
        for source in sources
        if source.path.resolve() not in named and _is_plain_text(source)
    ]
    skipped += [Skipped(s.path, s.name, "findings_readers.skipped_no_table") for s in skipped_text]
    sources = [source for source in sources if source not in skipped_text]
    if problems:
        raise InputError(*problems)
    for folder in sorted(folders):
        if not any(source.path.resolve().parent == folder for source in sources):
            passed = [s.path.name for s in skipped if s.path.resolve().parent == folder]
            raise _no_tables(folder, passed)
    return Opened(tuple(sources), tuple(sorted(skipped, key=lambda s: str(s.path))))


def open_file(
    path: Path, name: str, *, encoding: str | None = None, sheet: str | None = None
) -> list[Source]:
    """The tables of one file; ``name`` is how messages call it.

    Raises:
        InputError: it cannot be read, or is not what it should be.
    """
    sniffed: Sniffed = sniff(path, name)
    match sniffed.kind:
        case "xlsx" | "xls" | "ods":
            from funnelkpi.readers.xlsx import open_workbook

            return open_workbook(path, name, sniffed.kind, sheet)
        case "html":
            from funnelkpi.readers.html import open_html

            return [open_html(path, name, sniffed, encoding)]
        case "json":
            from funnelkpi.readers.json import open_json

            return open_json(path, name, sniffed, encoding)
        case "ics":
            from funnelkpi.readers.ics import open_ics

            return [open_ics(path, name, sniffed, encoding)]
        case "text":
            from funnelkpi.readers.csv import open_csv

            return [open_csv(path, name, sniffed, encoding)]


def _list(paths: Iterable[Path]) -> tuple[list[Path], list[Skipped], list[Problem]]:
    """Files to open without repeats, files of folders passed over by their name, missing paths."""
    files: dict[Path, Path] = {}
    skipped: list[Skipped] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            if path.is_dir():
                inside = sorted((p for p in path.iterdir() if p.is_file()), key=lambda p: p.name)
                for file in inside:
                    reason = _reason_to_skip(file)
                    if reason is None:
                        files.setdefault(file.resolve(), file)
                    else:
                        skipped.append(Skipped(file, file.name, reason))
            elif path.exists():
                files.setdefault(path.resolve(), path)
            else:
                problems.append(Problem("errors_readers.missing_path", file=str(path)))
        except OSError as error:
            reason = error.strerror or str(error)
            problems.append(Problem("errors_readers.unreadable", {"reason": reason}, str(path)))
    return list(files.values()), skipped, problems


def _reason_to_skip(file: Path) -> str | None:
    if file.name.startswith("~$") or file.name.startswith(".~lock"):
        return "findings_readers.skipped_lock"
    if file.name.startswith(".") or file.name.casefold() in {"thumbs.db", "desktop.ini"}:
        return "findings_readers.skipped_hidden"
    if file.suffix.casefold() in _NO_TABLE_SUFFIXES:
        return "findings_readers.skipped_not_data"
    return None


def _passed_over(path: Path, error: InputError) -> bool:
    """Whether a file of a folder holds no table and may be left out without stopping the run."""
    loose = path.suffix.casefold() in {".html", ".htm", ".json", ".txt", ""}
    return loose and all(
        problem.key in _NOT_FOR_US
        or problem.key in {"errors_readers.no_header", "errors_readers.not_a_table"}
        or (path.suffix.casefold() in {".txt", ""} and problem.key.endswith("binary_file"))
        for problem in error.problems
    )


def _is_plain_text(source: Source) -> bool:
    """A ``.txt`` without a delimiter: words, not a table."""
    return (
        source.format == "csv"
        and source.path.suffix.casefold() in {".txt", ""}
        and len(source.header) < 2
        and source.empty_notice is None
    )


def _short_names(files: Sequence[Path]) -> list[str]:
    """File names; files that share one are told apart by their folder, or as given."""
    counts = Counter(file.name for file in files)
    names = [
        file.name if counts[file.name] == 1 else f"{file.resolve().parent.name}{os.sep}{file.name}"
        for file in files
    ]
    counts = Counter(names)
    return [
        name if counts[name] == 1 else str(file) for name, file in zip(names, files, strict=True)
    ]


def _no_tables(folder: Path, passed: Sequence[str]) -> InputError:
    if not passed:
        return InputError.of("errors_readers.empty_folder", file=folder.name)
    return InputError.of(
        "errors_readers.no_tables_in_folder", file=folder.name, files=", ".join(passed[:10])
    )
