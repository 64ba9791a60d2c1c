"""Whether every kept export is still what was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from funnelkpi.archive.read import Listing, list_snapshots, read_columns
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
    findings = list(listing.findings)
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
