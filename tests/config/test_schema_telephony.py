from __future__ import annotations

import pytest
from pydantic import ValidationError

from funnelkpi.config.load import parse_settings
from funnelkpi.config.schema_telephony import TelephonySettings


def test_numbers_need_no_quotes():
    text = (
        "managers:\n  - {name: А, extensions: [101, '+7 495']}\ntelephony: {lines: [74950000000]}\n"
    )
    settings = parse_settings(text, "f")
    assert settings.managers[0].extensions == ("101", "+7 495")
    assert settings.telephony.lines == ("74950000000",)


@pytest.mark.parametrize("wrong", [{"lines": [True]}, {"extension_digits": 9}, {"lines": [""]}])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(ValidationError):
        TelephonySettings.model_validate(wrong)
