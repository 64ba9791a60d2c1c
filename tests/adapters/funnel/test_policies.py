"""Policies of a preset on the user's stages: mapped, or left out where their stage is missing."""

from __future__ import annotations

from funnelkpi.adapters.funnel.policies import carried
from funnelkpi.config.schema import PipelineSettings, Settings

PRESET = Settings.model_validate(
    {
        "conversion": {"window": 60, "pairs": [["needs", "closing"], ["needs", "meeting"]]},
        "time_to_close": {"from_stage": "meeting"},
        "lags": [
            {"stage": "needs", "to_stage": "closing", "limit": 5},
            {"stage": "closing", "to_stage": "needs", "limit": 5},
            {"stage": "needs", "to_stage": "meeting", "limit": 5},
        ],
        "calls": {"callback_minutes": 7, "at_stage": {"closing": 3, "meeting": 2}},
        "meetings": {"stages": ["meeting", "needs"]},
        "next_step": {"after": "needs"},
        "facts": [{"stage": "closing", "fields": ["Договор"]}, {"stage": "meeting"}],
        "source_groups": {"own": ["Сайт"]},
        "report": {"sections": ["calls"]},
    }
)
FOUND = (
    PipelineSettings.model_validate(
        {
            "key": "p",
            "stages": [{"key": "potrebnost"}, {"key": "dozhim"}, {"key": "w", "kind": "won"}],
        }
    ),
)
PLACES = {"needs": "potrebnost", "closing": "dozhim"}  # the user has no meeting stage


def test_stages_are_the_users_own():
    out = Settings(**carried(PRESET, FOUND, PLACES))
    assert out.conversion.pairs == (("potrebnost", "dozhim"),)
    assert out.conversion.window == 60
    assert out.time_to_close.from_stage is None
    assert [(x.stage, x.to_stage) for x in out.lags] == [("potrebnost", "dozhim")]
    assert out.calls.at_stage == {"dozhim": 3}
    assert out.calls.callback_minutes == 7
    assert out.meetings.stages == ("potrebnost",)
    assert out.next_step.after == "potrebnost"
    assert [(f.stage, f.fields) for f in out.facts] == [("dozhim", ("Договор",))]
    assert out.source_groups == {"own": ("Сайт",)}
    assert out.report.sections == ("calls",)


def test_nothing_of_a_preset_without_policies():
    assert Settings(**carried(Settings(), FOUND, PLACES)) == Settings()
