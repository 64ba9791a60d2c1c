from __future__ import annotations

import pytest

from funnelkpi.config.load import parse_settings


def _pipeline(*stages: str, head: str = "key: a") -> str:
    """Lines 1-3 are the head; the first stage stands in line 4, its text from column 10 on."""
    lines = "".join(f"      - {{{s}}}\n" for s in stages)
    return f"pipelines:\n  - {head}\n    stages:\n{lines}"


GOOD = ("key: base", "key: done, kind: won")
WRONG = {
    "two pipelines of one key": (
        _pipeline(*GOOD) + "  - key: a\n    stages: [{key: x}, {key: y, kind: won}]\n",
        [(6, 10, "same_pipeline")],
    ),
    "two pipelines of one name": (
        _pipeline(*GOOD, head="{key: a, crm: [Продажи], stages: [{key: x}, {key: y, kind: won}]}")
        .replace("    stages:\n      - {key: base}\n      - {key: done, kind: won}\n", "")
        + "  - key: b\n    title: ПРОДАЖИ\n    stages: [{key: x}, {key: y, kind: won}]\n",
        [(4, 12, "same_pipeline_name")],
    ),
    "two stages of one key": (
        _pipeline(*GOOD, "key: base"),
        [(6, 15, "same_stage")],
    ),
    "two stages of one name": (
        _pipeline("key: b, crm: [Счёт]", "key: d, kind: won, crm: [Да, Cчет]"),
        [(5, 39, "same_stage_name")],
    ),
    "a title is a name too": (
        _pipeline("key: b, title: Счёт", "key: d, kind: won, crm: [счёт]"),
        [(5, 35, "same_stage_name")],
    ),
    "no open stage": (
        _pipeline("key: d, kind: won"),
        [(3, 5, "no_open_stage")],
    ),
    "no won stage": (
        _pipeline("key: b", "key: l, kind: lost"),
        [(3, 5, "no_won_stage")],
    ),
    "two won stages": (
        _pipeline(*GOOD, "key: paid, kind: won"),
        [(6, 27, "two_won_stages")],
    ),
    "leads are converted, not won": (
        "pipelines:\n  - key: leads\n    entity: lead\n    stages:\n"
        "      - {key: new}\n      - {key: won, kind: won}\n",
        [(4, 5, "no_converted_stage")],
    ),
    "leads converted twice": (
        "pipelines:\n  - key: leads\n    entity: lead\n    stages: "
        "[{key: n}, {key: c, kind: converted}, {key: d, kind: converted}]\n",
        [(4, 66, "two_converted_stages")],
    ),
    "a move to nowhere": (
        _pipeline("key: base, moves_to: a/dome", "key: done, kind: won"),
        [(4, 31, "unknown_move_near")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG.keys())
def test_place_and_reason(text, expected, told):
    assert told(text) == expected


def test_both_lines_of_a_name_taken_twice(problems_of):
    (problem,) = problems_of(WRONG["two stages of one name"][0])
    assert problem.params == {"name": "Cчет", "first_line": 4}


def test_a_name_twice_in_one_stage_is_harmless():
    text = _pipeline("key: base, crm: [Счёт, Cчет]", "key: done, kind: won")
    assert len(parse_settings(text, "f").pipelines) == 1


def test_deals_and_leads_may_share_names():
    text = (
        _pipeline(*GOOD, head="key: a\n    title: Общая")
        + "  - key: b\n    title: Общая\n    entity: lead\n"
        + "    stages: [{key: base}, {key: done, kind: converted}]\n"
    )
    assert len(parse_settings(text, "f").pipelines) == 2
