"""What tells won from lost of a stage nobody has described."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.adapters.funnel.outcomes import amo_outcomes, code_outcomes, outcome_by_words


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        ("Отказ", "lost"), ("Сделка ПРОВАЛЕНА", "lost"), ("Venda perdida", "lost"),
        ("Закрыто и не реализовано", "lost"), ("Неуспешно", "lost"), ("Не оплачен", "lost"),
        ("Договор заключён", "won"), ("Closed - won", "won"), ("Оплачено", "won"),
        ("Архив", None), ("Снег", None), ("", None),
    ],
)  # fmt: skip
def test_words(title: str, outcome: str | None) -> None:
    assert outcome_by_words(title) == outcome


def test_a_reason_then_a_word_then_the_only_one_left() -> None:
    told = amo_outcomes({"Оплачено": True, "Отказ": False, "Финиш": False}, has_won=False)
    assert {k: (t.outcome, t.basis) for k, t in told.items()} == {
        "Оплачено": ("lost", "closed"), "Отказ": ("lost", "words"), "Финиш": ("won", "closed"),
    }  # fmt: skip
    assert amo_outcomes({"Финиш": False}, has_won=True)["Финиш"].outcome is None


@given(st.dictionaries(st.sampled_from(["Отказ", "Оплачено", "А", "Б", "В"]), st.booleans()),
       st.booleans())  # fmt: skip
def test_won_is_inferred_of_one_stage_at_most(closed: dict[str, bool], has_won: bool) -> None:
    told = amo_outcomes(closed, has_won)
    assert told.keys() == closed.keys()
    inferred = [t for t in told.values() if (t.outcome, t.basis) == ("won", "closed")]
    assert len(inferred) <= (0 if has_won else 1)
    assert all(told[k].outcome == "lost" for k, has_reason in closed.items() if has_reason)


def test_ids() -> None:
    assert code_outcomes(["142", "143.0", "555"]).tolist() == [1, 0, -1, -1]  # the last: no id
