from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from funnelkpi.metrics.result import COLUMNS
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.finding import Severity
from funnelkpi.renderers.json import render
from funnelkpi.renderers.json_schema import (
    columns_of,
    reference,
    row_schema,
    schema,
    schema_bytes,
)
from funnelkpi.report.document import Report

DOC = Path(__file__).parents[2] / "docs" / "report-schema.md"


def _validate(data: Any) -> None:
    Draft202012Validator(schema()).validate(data)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())
    assert json.loads(schema_bytes()) == schema()


def test_every_report_fits(report: Report) -> None:
    _validate(json.loads(render(report)))


def test_metrics_are_the_long_table() -> None:
    assert columns_of("metrics") == COLUMNS
    assert row_schema("metrics")["required"] == list(COLUMNS)


def test_words_are_those_of_the_model() -> None:
    metric, finding = row_schema("metrics")["properties"], row_schema("findings")["properties"]
    assert metric["evidence"]["enum"] == [e.label for e in Evidence] + [None]
    assert finding["severity"]["enum"] == [s.value for s in Severity]


def _drop(data: dict[str, Any]) -> None:
    del data["stalled"]


def _drop_column(data: dict[str, Any]) -> None:
    del data["metrics"][0]["low"]


def _word(data: dict[str, Any]) -> None:
    data["metrics"][0]["mark"] = "worst"


def _text_for_number(data: dict[str, Any]) -> None:
    data["metrics"][0]["value"] = "0.3"


def _new_key(data: dict[str, Any]) -> None:
    data["stalled"][0]["colour"] = "red"


def _moment(data: dict[str, Any]) -> None:
    data["as_of"] = "16.11.2026"


def _negative(data: dict[str, Any]) -> None:
    data["inputs"][0]["rejected"] = -1


@pytest.mark.parametrize(
    "spoil", [_drop, _drop_column, _word, _text_for_number, _new_key, _moment, _negative]
)
def test_what_does_not_fit(full: Report, spoil: Callable[[dict[str, Any]], None]) -> None:
    data = json.loads(render(full))
    spoil(data)
    with pytest.raises(ValidationError):
        _validate(data)


def test_keys_may_be_added_at_the_top(full: Report) -> None:
    _validate(json.loads(render(full)) | {"forecast": []})


def test_the_page_is_made_of_the_schema() -> None:
    """To renew it: write ``json_schema.reference()`` to docs/report-schema.md."""
    assert DOC.read_text(encoding="utf-8") == reference()
