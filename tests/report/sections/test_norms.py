"""The table of norms: a figure beside its norm, both in the unit of the figure."""

from __future__ import annotations

from funnelkpi.config.bundled import root
from funnelkpi.config.load import load_settings
from funnelkpi.config.schema import Settings
from funnelkpi.pipeline import Request, analyze
from funnelkpi.report.build import build_report


def test_the_norm_of_a_share_is_a_share() -> None:
    norms = ({"metric": "promise_kept", "normal": 0.85}, {"metric": "deals_created", "normal": 2.5})
    settings = Settings.model_validate({"norms": norms})
    folder = root() / "sample_data" / "calls"
    own = load_settings(folder / "funnelkpi.yaml").model_copy(update={"norms": settings.norms})
    report = build_report(analyze(Request((folder,), own)), "ru")
    (found,) = (s for s in report.sections if s.id == "norms")
    (table,) = found.blocks
    notes = {row[0].value: [c.note for c in row[1:]] for row in table.rows}  # type: ignore[union-attr]
    kept, created = notes["Дарья Южина"]
    assert kept.replace("\u00a0", " ") == "/ 85 %"
    assert created.split()[:2] == ["/", "2,5"]
