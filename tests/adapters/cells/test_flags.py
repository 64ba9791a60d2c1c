from __future__ import annotations

import pytest

from funnelkpi.adapters.cells.flags import parse_flags, says_nothing


def test_yes_and_no():
    texts = ["да", "Да", "Y", "1", "true", "Sim", "нет", "N", "0", "Não", "может быть"]
    assert parse_flags(texts) == [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, None]


@pytest.mark.parametrize(("text", "nothing"), [("Не закрыта", True), ("—", True), ("нет", False)])
def test_marks_for_nothing(text, nothing):
    assert says_nothing(text) is nothing
