"""Helpers to write a file by its bytes, open it and read all of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from funnelkpi.errors import InputError
from funnelkpi.locale.catalogue import LANGS, has, text
from funnelkpi.model.finding import Finding
from funnelkpi.readers.open import open_sources
from funnelkpi.readers.source import Columns, Source

Write = Callable[[str, bytes | str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(name: str, data: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return _write


class Read:
    """The one source of a file and all of its columns."""

    def __init__(self, source: Source, columns: Columns) -> None:
        self.source, self.columns = source, columns
        names = [str(i) for i in range(len(source.header))]
        self.cells = [[row[n] for n in names] for row in columns.table.to_pylist()]
        self.numbers: list[int] = columns.table["_row"].to_pylist()
        self.codes = {
            f.code.removeprefix("findings_readers."): f
            for f in (*source.findings, *columns.findings)
        }


@pytest.fixture
def read_all() -> Callable[[Path], Read]:
    def _read(path: Path) -> Read:
        (source,) = open_sources([path]).sources
        columns = source.read(range(len(source.header)))
        for finding in (*source.findings, *columns.findings):
            assert_told(finding)
        assert columns.rows == columns.table.num_rows + columns.rejected
        return Read(source, columns)

    return _read


@pytest.fixture
def refused() -> Callable[[Path], InputError]:
    """Open and read a file that must be refused; its one problem is told in both languages."""

    def _refused(path: Path) -> InputError:
        def read() -> None:
            for source in open_sources([path]).sources:
                source.read(range(len(source.header)))

        with pytest.raises(InputError) as caught:
            read()
        for problem in caught.value.problems:
            for lang in LANGS:
                assert text(problem.key, lang, **problem.params)
                assert text(problem.key + ".remedy", lang, **problem.params)
        return caught.value

    return _refused


def assert_told(finding: Finding) -> None:
    assert has(finding.code)
    params = {"value": finding.value, **finding.params}
    for lang in LANGS:
        assert text(finding.code, lang, **params)
        assert text(finding.code + ".remedy", lang, **params)
