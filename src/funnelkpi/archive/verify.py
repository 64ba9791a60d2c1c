"""Whether every kept export is still what was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from funnelkpi.archive.read import Listing, list_snapshots, read_columns
from funnelkpi.archive.snapshot import META_KEY, parsed
from funnelkpi.errors import InputError
from funnelkpi.model.finding import Finding, Severity


@dataclass(frozen=True)
class Verified:
    """What was looked at. sound: kept exports whose bytes agree with their checksum and whose rows
    can be read. findings: everything else in the folder; an error is a kept export that is lost."""

    sound: int
    findings: tuple[Finding, ...]

    @property
    def damaged(self) -> int:
        """How many kept exports cannot be used."""
        return sum(f.severity is Severity.ERROR for f in self.findings)


def verify(folder: Path) -> Verified:
    """Recompute every checksum under ``folder`` and read every kept row.

    Raises:
        InputError: ``folder`` is no folder.
    """
    listing: Listing = list_snapshots(folder)
    findings = [g for f in listing.findings for g in _looked_into(f, folder)]
    sound = 0
    for snapshot in listing.snapshots:
        try:
            positions = range(len(snapshot.record.header))
            rows = (
                snapshot.record.rows
                if snapshot.is_marker
                else read_columns(snapshot, positions).rows
            )
        except InputError:
            rows = -1
        if rows == snapshot.record.rows:
            sound += 1
        else:
            file = snapshot.path.relative_to(folder).as_posix()
            findings.append(Finding("findings_archive.damaged", Severity.ERROR, file=file))
    return Verified(sound, tuple(findings))


def _looked_into(finding: Finding, folder: Path) -> list[Finding]:
    """A kept export that was renamed, or lies in a folder that is not the archive's, is lost to the
    reports: an error, where a foreign file is none."""
    if finding.code != "findings_archive.foreign":
        return [finding]
    place = folder / str(finding.file)
    files = sorted(p for p in place.rglob("*") if p.is_file()) if place.is_dir() else [place]
    lost = [
        Finding(
            "findings_archive.misplaced",
            Severity.ERROR,
            file=path.relative_to(folder).as_posix(),
        )
        for path in files
        if _is_kept(path)
    ]
    return lost or [finding]


def _is_kept(path: Path) -> bool:
    """Whether the program kept this file, by its content."""
    import pyarrow.parquet as pq

    try:
        if path.suffix == ".json":
            return "same_as" in parsed(path.read_bytes())
        with path.open("rb") as file:
            if file.read(4) != b"PAR1":
                return False
        return META_KEY in (pq.read_metadata(path).metadata or {})
    except (ValueError, OSError):  # another program's, or no longer readable
        return False
