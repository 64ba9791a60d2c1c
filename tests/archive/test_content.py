from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.archive.content import content_sha256, row_hashes, text_hashes

CELLS = st.none() | st.text(max_size=6)
ROWS = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12)


def _columns(rows):
    return [pa.chunked_array([pa.array([r[i] for r in rows], pa.large_string())]) for i in (0, 1)]


@given(ROWS)
def test_rows_have_one_number_exactly_if_their_cells_are_equal(rows):
    hashes = row_hashes(_columns(rows), len(rows)).tolist()
    for i, a in enumerate(rows):
        for j, b in enumerate(rows):
            assert (hashes[i] == hashes[j]) == (a == b)


@given(ROWS)
def test_how_a_column_is_held_changes_nothing(rows):
    plain = _columns(rows)[0]
    coded = plain.dictionary_encode()
    half = len(rows) // 2
    cut = pa.chunked_array(
        [plain.slice(0, half).combine_chunks(), plain.slice(half).combine_chunks()]
    )
    assert text_hashes(coded).tolist() == text_hashes(plain).tolist()
    assert text_hashes(cut).tolist() == text_hashes(plain).tolist()
    assert text_hashes(plain.cast(pa.string())).tolist() == text_hashes(plain).tolist()


def test_a_slice_of_a_column_is_hashed_as_its_own_cells():
    column = pa.chunked_array([pa.array(["Ясень", None, "Клён", "Ясень"], pa.large_string())])
    whole = text_hashes(column).tolist()
    assert text_hashes(column.slice(1, 2)).tolist() == whole[1:3]
    assert whole[0] == whole[3]


@given(ROWS, st.randoms())
def test_the_order_of_rows_does_not_change_the_content(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    header = ("a", "b")
    first = content_sha256(header, _columns(rows), len(rows))
    assert content_sha256(header, _columns(shuffled), len(rows)) == first


def test_content_tells_captions_cells_and_empty_ones_apart():
    rows = [("1", "ab"), ("2", "")]
    other = (
        (("a", "b"), [("1", "a"), ("2", "b")]),  # the same bytes, other cells
        (("a", "b"), [("1", "ab"), ("2", None)]),
        (("a", "b"), [("1", "ab")]),
        (("a", "c"), rows),
    )
    same = content_sha256(("a", "b"), _columns(rows), 2)
    assert all(content_sha256(h, _columns(r), len(r)) != same for h, r in other)


def test_the_content_of_a_table_keeps_its_fingerprint():
    """Kept files hold it: another one would store everything once more."""
    rows = [("1", "ЛПР"), ("2", None), ("3", "очень длинное название этапа")]
    assert content_sha256(("ID", "Этап"), _columns(rows), 3) == (
        "8c2d5b20b9522ce3eb6651b57ac01a168be32562e6e5062892770cd940267af4"
    )
