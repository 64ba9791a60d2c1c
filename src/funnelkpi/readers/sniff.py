"""What a file is, by its bytes and never by its extension."""

from __future__ import annotations

import mmap
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from funnelkpi.errors import InputError

HEAD = 256 * 1024
"""How many bytes are looked at to tell the format, the encoding and the header."""

TAIL = 64 * 1024

Kind = Literal["text", "xlsx", "xls", "ods", "html", "json", "ics"]

_NOT_TABLES = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
    (b"BEGIN:VCARD", "vCard"),
)
_OLE2 = b"\xd0\xcf\x11\xe0"
_HTML = re.compile(rb"<(!doctype\s+html|html|head|meta|table|body|style|form|div)\b", re.IGNORECASE)
_CONTROL = frozenset(range(1, 32)) - frozenset(b"\t\n\r\x04\x0b\x0c")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Sniffed:
    """kind: what reader takes the file. head: its first bytes. size: its length in bytes."""

    kind: Kind
    head: bytes
    size: int

    @property
    def complete(self) -> bool:
        """Whether ``head`` is the whole file."""
        return len(self.head) == self.size


def sniff(path: Path, name: str) -> Sniffed:
    """Look at the first bytes of a file.

    Raises:
        InputError: the file cannot be read, is empty, is protected by a password, is damaged, or is
            no table at all (a PDF, a picture, an archive...), named as what it really is.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise InputError.of(
            "errors_readers.unreadable", file=name, reason=error.strerror or str(error)
        ) from error
    if not _plain(head):
        raise InputError.of("errors_readers.empty_file", file=name)
    for magic, what in _NOT_TABLES:
        if head.startswith(magic):
            raise InputError.of("errors_readers.not_a_table", file=name, what=what)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return Sniffed(_zip(path, name), head, size)
    if head.startswith(_OLE2):
        return Sniffed(_ole2(path, name), head, size)
    if _is_binary(head):
        raise InputError.of("errors_readers.binary_file", file=name)
    return Sniffed(_text(head), head, size)


def _is_binary(head: bytes) -> bool:
    """Whether control characters abound, as in no text; zeros do not count (UTF-16, torn files)."""
    part = head[:8192]
    return sum(1 for b in part if b in _CONTROL) > 0.05 * len(part)


def tail(path: Path, *, even_from: int | None = None) -> bytes:
    """The last bytes of a file; ``even_from``: cut at a whole 2-byte unit counted from there."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        start = max(0, size - TAIL)
        if even_from is not None and (start - even_from) % 2:
            start += 1
        file.seek(start)
        return file.read()


def _plain(head: bytes) -> bytes:
    """The start of a text file without BOM and blanks, UTF-16 narrowed: enough to see markup."""
    for mark in _BOMS:
        head = head.removeprefix(mark)
    return head[:4096].replace(b"\0", b"").strip() or head.replace(b"\0", b"").strip()


def _text(head: bytes) -> Kind:
    start = _plain(head)
    if _HTML.match(start) or (start.startswith((b"<!--", b"<?xml")) and _HTML.search(head)):
        return "html"
    if re.match(rb"[\[{]\s*([\[{\"\]}]|$)", start):
        return "json"
    if re.match(rb"BEGIN:VCALENDAR\s", start, re.IGNORECASE):
        return "ics"
    return "text"


def _zip(path: Path, name: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise InputError.of("errors_readers.truncated_zip", file=name) from error
    if any(n.startswith("xl/") for n in names):
        return "xlsx"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    what = next(
        (w for part, w in (("word/", "Word"), ("ppt/", "PowerPoint")) if _has(names, part)), "ZIP"
    )
    raise InputError.of("errors_readers.not_a_table", file=name, what=what)


def _has(names: list[str], part: str) -> bool:
    return any(n.startswith(part) for n in names)


def _ole2(path: Path, name: str) -> Kind:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise InputError.of("errors_readers.encrypted", file=name)
        if data.find("WordDocument".encode("utf-16-le")) >= 0:
            raise InputError.of("errors_readers.not_a_table", file=name, what="Word")
    return "xls"
