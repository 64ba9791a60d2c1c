from __future__ import annotations

import numpy as np
import pyarrow as pa

from funnelkpi.adapters.cells.texts import clean, coalesced, encode, joined


def texts(*values):
    return pa.array(list(values), pa.large_string())


def test_clean():
    given = texts(" a\u00a0", "'+79", "'-5", "Цех &quot;Б&quot;", "R&D", "", "  ", None, "it's")
    assert clean(given).to_pylist() == [
        "a", "+79", "-5", 'Цех "Б"', "R&D", None, None, None, "it's",
    ]  # fmt: skip


def test_codes_of_several_chunks_and_of_dictionaries():
    chunks = [texts("b", "a "), texts(" a", None)]
    for column in (
        pa.chunked_array(chunks),
        pa.chunked_array([c.dictionary_encode() for c in chunks]),
    ):
        coded = encode(column)
        assert coded.arrow().to_pylist() == ["b", "a", "a", None]
        assert coded.texts() == ["b", "a"]
    assert encode(pa.chunked_array([], pa.large_string())).codes.tolist() == []


def test_recoding_merges_equal_values_and_drops_none():
    coded = encode(texts("x", "X", "y", None)).renamed(lambda t: None if t == "y" else t.lower())
    assert coded.arrow().to_pylist() == ["x", "x", None, None]
    assert coded.texts() == ["x"]


def test_categorical_has_only_values_that_occur():
    coded = encode(texts("x", "y", "x")).where(np.array([True, False, True]))
    found = coded.categorical()
    assert (found.categories.tolist(), found.codes.tolist()) == (["x"], [0, -1, 0])


def test_coalesced_takes_the_first_filled():
    found = coalesced([encode(texts(None, "a", None)), encode(texts("b", "c", None))])
    assert found.arrow().to_pylist() == ["b", "a", None]


def test_joined_keeps_every_row():
    found = joined([texts("a", None, None), texts(None, None, "b"), texts("c", None, "d")])
    assert found.to_pylist() == ["a, c", None, "b, d"]
