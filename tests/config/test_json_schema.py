from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml

from funnelkpi.config.bundled import root
from funnelkpi.config.json_schema import json_schema

VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def _as_an_editor_sees_it(text: str) -> Any:
    """JSON has no dates: editors hand them to the schema as text."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


def test_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", sorted(p.stem for p in (root() / "configs").glob("*.yml")))
def test_configs_fit(name):
    text = (root() / "configs" / f"{name}.yml").read_text(encoding="utf-8")
    assert list(VALIDATOR.iter_errors(_as_an_editor_sees_it(text))) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("rows: 5", []),
        ("calendar: {opens: 10:30}", ["calendar", "opens"]),
        ("norms: [{metric: won}]", ["norms", 0]),
        ("inputs: {max_rejected: 5}", ["inputs", "max_rejected"]),
        ("pipelines: [{key: a, stages: []}]", ["pipelines", 0, "stages"]),
    ],
)
def test_mistakes_do_not(text, place):
    (error,) = VALIDATOR.iter_errors(_as_an_editor_sees_it(text))
    assert list(error.absolute_path) == place


def test_every_key_is_described():
    schema = json_schema()
    for part in (schema, *schema["$defs"].values()):
        assert part["additionalProperties"] is False
        for name, spec in part["properties"].items():
            assert spec.get("description"), name
