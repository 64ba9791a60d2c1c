"""The encoding of a text file, by its bytes: UTF-8, UTF-16 with or without BOM, cp1251, cp1252."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Encoding:
    """name: a Python codec. bom: length of the mark at the start. certain: False when only ASCII
    was seen, so that the rest of the file may still say otherwise."""

    name: str
    bom: int = 0
    certain: bool = True

    @property
    def errors(self) -> str:
        """How to decode so that a bad byte is kept apart from a U+FFFD that stands in the file."""
        return "replace" if self.name.startswith("utf-16") else "surrogateescape"

    @property
    def errors_back(self) -> str:
        """How to encode what ``decode`` gave, byte for byte."""
        return "strict" if self.name.startswith("utf-16") else "surrogateescape"

    def decode(self, data: bytes) -> str:
        """Text of ``data`` without the BOM; half a character at its end is left out."""
        if self.name.startswith("utf-16"):
            data = data[: len(data) - (len(data) - self.bom) % 2]
        elif self.name == "utf-8":
            data = data[: len(data) - len(half_character(data))]
        return data[self.bom :].decode(self.name, self.errors)


def half_character(data: bytes) -> bytes:
    """The bytes at the end of UTF-8 data that begin a character and do not finish it."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    decoder.decode(data[-8:].lstrip(bytes(range(0x80, 0xC0))), final=False)
    return bytes(decoder.getstate()[0])


def sniff_encoding(head: bytes, *, complete: bool) -> Encoding:
    """The encoding of a file that starts with ``head`` (all of it, if ``complete``).

    A character cut at the very end does not make UTF-8 text cp1251. A BOM over text of the portal's
    own charset (old Bitrix24) is cp1251 after a mark. Single-byte Latin is told from Cyrillic by
    letters beyond ASCII standing alone, not in words.
    """
    bom, name = 0, ""
    for mark, codec in _BOMS:
        if head.startswith(mark):
            bom, name = len(mark), codec
    if name.startswith("utf-16"):
        return Encoding(name, bom)
    body = head[bom:]
    if not bom and (wide := _utf16(body)):
        return Encoding(wide)
    good, bad = _utf8_score(body)
    if bad == 0 and good == 0:
        half = half_character(body) if complete else b""
        return Encoding("cp1251", bom) if half else Encoding("utf-8", bom, certain=bool(bom))
    if good > 4 * bad:
        return Encoding("utf-8", bom)
    return Encoding(_single_byte(body), bom)


def settle_encoding(path: Path, encoding: Encoding) -> Encoding:
    """The encoding by the whole file, for one whose start was ASCII only."""
    good = bad = 0
    sample = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            if not block.isascii():
                g, b = _utf8_score(block)
                good, bad = good + g, bad + b
                sample = sample if len(sample) > _BLOCK else sample + block
    if good == bad == 0 or good > 4 * bad:
        return Encoding("utf-8", encoding.bom)
    return Encoding(_single_byte(sample), encoding.bom)


def _utf8_score(body: bytes) -> tuple[int, int]:
    """Characters beyond ASCII that are good UTF-8, and bytes that are not UTF-8 at all."""
    body = body[: len(body) - len(half_character(body))]
    text = body.decode("utf-8", "surrogateescape")
    beyond = [c for c in text if c > "\x7f"] if not text.isascii() else []
    bad = sum(1 for c in beyond if "\udc80" <= c <= "\udcff")
    return len(beyond) - bad, bad


def _utf16(body: bytes) -> str | None:
    """UTF-16 without BOM: the high bytes of Latin and Cyrillic letters are 0 and 4."""
    body = body[: min(len(body), 4096) // 2 * 2]
    if len(body) < 4 or b"\0" not in body:
        return None
    for name, high in (("utf-16-le", body[1::2]), ("utf-16-be", body[0::2])):
        low = body[0::2] if name == "utf-16-le" else body[1::2]
        if sum(b in (0, 4, 0x20) for b in high) > 0.9 * len(high) and low.count(0) < len(low) / 10:
            return name
    return None


def _single_byte(body: bytes) -> str:
    """cp1251 unless letters beyond ASCII mostly stand alone between Latin ones (cp1252)."""
    high = [i for i, b in enumerate(body[:200_000]) if b >= 0xC0]
    if not high:
        return "cp1251"
    beside = sum(
        1
        for i in high
        if (i > 0 and body[i - 1] >= 0xC0) or (i + 1 < len(body) and body[i + 1] >= 0xC0)
    )
    return "cp1251" if beside > 0.4 * len(high) else "cp1252"
