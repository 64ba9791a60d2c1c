from __future__ import annotations

import codecs

import pytest

from funnelkpi.readers.encoding import half_character, sniff_encoding

TEXT = "ID;Имя;Этап\n1;Анна Тестова;Первичный контакт\n"


@pytest.mark.parametrize(
    ("data", "name", "bom"),
    [
        (TEXT.encode(), "utf-8", 0),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8", 3),
        (TEXT.encode("cp1251"), "cp1251", 0),
        # Old Bitrix24: the mark is written, the text is in the portal's charset.
        (codecs.BOM_UTF8 + TEXT.encode("cp1251"), "cp1251", 3),
        (TEXT.encode("utf-16"), "utf-16-le", 2),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be", 2),
        (TEXT.encode("utf-16-le"), "utf-16-le", 0),
        (TEXT.encode("utf-16-be"), "utf-16-be", 0),
        ("ID;Lead título;Usuário responsável\n1;não fechado;José\n".encode("cp1252"), "cp1252", 0),
        (b"ID;Name\n1;a\n", "utf-8", 0),
        # One byte of cp1251 at the very end is not half a character.
        ("ID;Name\n1;П".encode("cp1251"), "cp1251", 0),
    ],
)
def test_encoding_by_content(data, name, bom):
    found = sniff_encoding(data, complete=True)
    assert (found.name, found.bom) == (name, bom)
    assert found.decode(data).startswith("ID;")


def test_truncated_utf8_is_not_cp1251():
    data = TEXT.encode() + "2;Я".encode()[:-1]
    found = sniff_encoding(data, complete=True)
    assert found.name == "utf-8"
    assert found.decode(data) == TEXT + "2;"
    assert half_character(data) == b"\xd0"
    assert half_character(TEXT.encode()) == b""


def test_one_bad_byte_does_not_make_it_cp1251():
    assert sniff_encoding(TEXT.encode() + b"\xff\n", complete=True).name == "utf-8"


def test_ascii_is_not_certain():
    assert not sniff_encoding(b"ID;Name\n", complete=False).certain
    assert sniff_encoding(TEXT.encode(), complete=False).certain
