"""Calls to learn from: recorded ones, in the stage at which their manager is marked higher."""

from __future__ import annotations

from funnelkpi.metrics import best_calls


def deals() -> str:
    """Анна leads 28 of 30 from base to lpr, Борис 3 of 30; all calls are on the first of each."""
    lines = [
        "id | manager | stage | phone | created | @lpr | changed",
        "1 | Анна | lpr | | 2026-08-01 | 2026-08-10 | 2026-08-10",  # dates are kept since August
    ]
    for who, start, hits in (("Анна", 100, 28), ("Борис", 200, 3)):
        for i in range(30):
            reached = i < hits
            lines.append(
                f"{start + i} | {who} | {'lpr' if reached else 'base'} | 8912000{start + i:04d} | "
                f"2026-09-01 | {'2026-09-20' if reached else ''} | "
                f"{'2026-09-20' if reached else '2026-09-01'}"
            )
    return "\n".join(lines)


CALLS = """
at               | who   | phone       | dir | talk | rec
2026-09-10 10:00 | Анна  | 89120000100 | out | 60   | https://ats.example/1
2026-09-11 10:00 | Анна  | 89120000100 | out | 20   | https://ats.example/2
2026-09-12 10:00 | Анна  | 89120000100 | out | 60   |
2026-09-21 10:00 | Анна  | 89120000100 | out | 60   | https://ats.example/3
2026-09-10 10:00 | Борис | 89120000200 | out | 60   | https://ats.example/4
2026-09-13 10:00 | Анна  | 89120000129 | out | 60   | https://ats.example/5
2026-08-31 10:00 | Борис | 89120000777 | out | 60   |
"""


def test_recordings_of_the_better_at_the_step(make, called, row):
    """2 is no conversation, the third has no recording, 3 was in the next stage, 4 is Борис's."""
    data = called(deals(), CALLS, funnel=make.funnel("base lpr"))
    view = make.ask(data, conversion={"maturity": 0, "window": 90})
    facts = best_calls.facts(data, view)
    assert data.calls["recording"][facts["call"]].str[-1].tolist() == ["5", "1"]
    out = best_calls.compute(data, view)
    found = row(out, scope="manager", manager="Анна")
    assert (found["stage"], found["value"]) == ("base", 2)


def test_without_recordings(make, called):
    table = CALLS.replace("https://ats.example/", "")
    table = "\n".join(line.rsplit("|", 1)[0] for line in table.strip().splitlines())
    data = called(deals(), table, funnel=make.funnel("base lpr"))
    out = best_calls.compute(data, make.ask(data))
    assert out["definition"].tolist() == ["needs.recordings"]
