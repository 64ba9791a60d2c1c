from __future__ import annotations

from funnelkpi.readers.rows import CHUNK, Rows, Tally


def test_chunks_and_totals_at_the_seam():
    n = CHUNK + 1
    rows = Rows([1], ["ID", "Имя"], "a.csv")
    for i in range(n):
        rows.add(i + 2, [str(i), f"имя {i}"])
    rows.add(n + 2, ["Итого", ""])
    columns = rows.columns(rejected=4)
    assert columns.rows == n + 4
    assert columns.table.num_rows == n
    assert columns.table["1"][-1].as_py() == f"имя {n - 1}"
    assert columns.findings[0].code == "findings_readers.totals_row"
    assert columns.findings[0].rows == (n + 2,)


def test_short_rows_are_filled_with_empty_cells():
    rows = Rows([2, 0], ["a", "b", "c"], "a.csv")
    rows.add(2, ["x"])
    rows.add(3, ["y", "", "z"])
    assert rows.columns().table.to_pydict() == {"_row": [2, 3], "2": [None, "z"], "0": ["x", "y"]}


def test_bad_bytes_are_counted_once_a_row():
    rows = Rows([0, 1], ["a", "b"], "a.csv")
    rows.add(2, ["x\udcff", "\udcfey"])
    rows.add(3, ["я", "y"])
    columns = rows.columns()
    assert columns.table.to_pydict() == {
        "_row": [2, 3],
        "0": ["x\ufffd", "я"],
        "1": ["\ufffdy", "y"],
    }
    assert (columns.findings[0].count, columns.findings[0].rows) == (1, (2,))


def test_tally_shows_the_first_rows_and_counts_all():
    tally = Tally("findings_readers.short_rows")
    for i in range(30):
        tally.add(i, f"row {i}")
    (finding,) = tally.findings("a.csv")
    assert (len(finding.rows), finding.count, finding.value) == (20, 30, "row 0")
    assert Tally("x").findings("a.csv") == ()
