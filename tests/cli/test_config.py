"""``funnelkpi config``: validate, schema, show."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from funnelkpi.locale.catalogue import text

SAMPLES = Path(__file__).parents[2] / "sample_data"


def test_validate(cli: Any, export: Callable[..., Path]) -> None:
    path = export() / "funnelkpi.yaml"
    ran = cli("config", "validate", "-c", path)
    counts = {"pipelines": 1, "stages": 3, "managers": 2, "norms": 0}
    assert ran.out.strip() == text("cli.config_valid", "ru", file=str(path), **counts)
    assert (ran.code, ran.err) == (0, "")


def test_validate_the_config_here(cli: Any, export: Callable[..., Path]) -> None:
    Path("funnelkpi.yaml").write_bytes((export() / "funnelkpi.yaml").read_bytes())
    assert cli("config", "validate").code == 0


def test_validate_says_all_at_once(cli: Any, export: Callable[..., Path]) -> None:
    path = export("manager: []\nnorms: [{metric: wom, normal: 1}]\n") / "funnelkpi.yaml"
    ran = cli("config", "validate", "-c", path, "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert f"{path}:" in ran.err
    assert "managers" in ran.err
    assert "won" in ran.err
    assert ran.err.count("^") == 2


def test_schema_checks_the_samples(cli: Any) -> None:
    schema = cli("config", "schema").json
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for crm in ("amocrm", "bitrix24"):
        given = yaml.safe_load((SAMPLES / crm / "funnelkpi.yaml").read_text("utf-8"))
        plain = json.loads(json.dumps(given, default=str))
        assert [e.message for e in validator.iter_errors(plain)] == []
    assert list(validator.iter_errors({"version": 1, "pipeline": []}))


def test_show_is_a_config_that_says_everything(cli: Any, export: Callable[..., Path]) -> None:
    """What ``show`` prints is loaded again and shows the same; defaults are spelled out."""
    path = export() / "funnelkpi.yaml"
    first = cli("config", "show", "-c", path)
    assert first.code == 0
    shown = yaml.safe_load(first.out)
    assert shown["conversion"]["window"] == 90
    assert shown["time_zone"] == "Europe/Moscow"
    Path("shown.yaml").write_text(first.out, "utf-8")
    assert cli("config", "show", "-c", "shown.yaml").out == first.out


def test_show_without_a_config_is_the_defaults(cli: Any) -> None:
    ran = cli("config", "show")
    assert ran.code == 0
    assert yaml.safe_load(ran.out)["pipelines"] == []


def test_help_of_the_group(cli: Any) -> None:
    ran = cli("config", "--help")
    assert ran.code == 0
    for name in ("validate", "schema", "show"):
        assert name in ran.out
