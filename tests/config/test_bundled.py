from __future__ import annotations

import pytest

from funnelkpi.config import bundled
from funnelkpi.errors import UsageError


def test_presets_are_the_configs_that_are_no_crm_defaults():
    assert bundled.preset_names() == (
        "b2b-standard", "calls-to-cash", "stage-questions", "what-to-measure",
    )  # fmt: skip
    assert bundled.DEFAULT_PRESET in bundled.preset_names()
    assert bundled.preset_path("b2b-standard").is_file()


@pytest.mark.parametrize(
    ("name", "key"),
    [("b2b-standart", "unknown_preset_near"), ("xyz", "unknown_preset")],
)
def test_unknown_preset(name, key):
    with pytest.raises(UsageError) as caught:
        bundled.preset_path(name)
    (problem,) = caught.value.problems
    assert problem.key == f"errors_config.{key}"
    assert problem.params.get("nearest", "b2b-standard") == "b2b-standard"


def test_sample_folders():
    assert bundled.sample_path("amocrm").parts[-2:] == ("sample_data", "amocrm")
    with pytest.raises(UsageError):
        bundled.sample_path("excel")


def test_an_installed_wheel_carries_its_own(tmp_path, monkeypatch):
    package = tmp_path / "funnelkpi"
    (package / "_bundled" / "configs").mkdir(parents=True)
    (package / "_bundled" / "configs" / "own.yml").touch()
    monkeypatch.setattr(bundled, "__file__", str(package / "config" / "bundled.py"))
    assert bundled.preset_names() == ("own",)
