"""The JSON Schema of the config file, for editors that complete and check while one types."""

from __future__ import annotations

from typing import Any

from funnelkpi.config.schema import Settings

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema of the config file (draft 2020-12): every key, its meaning and limits."""
    schema = Settings.model_json_schema(mode="validation")
    return {
        "$schema": DIALECT,
        **schema,
        "title": "funnelkpi.yaml",
        "description": "Settings of funnelkpi: pipelines, managers, norms, thresholds.",
    }
