"""Amounts at the config's rates."""

from __future__ import annotations

import pandas as pd

from funnelkpi.adapters.rates import at_rates
from funnelkpi.config.schema import ReportSettings, Settings

DEALS = pd.DataFrame(
    {
        "amount": [100.0, 10.0, 1.005, None, 7.0],
        "currency": pd.Categorical(["RUB", "USD", "USD", "USD", "KZT"]),
    }
)


def settings(**rates: float) -> Settings:
    return Settings(currency="RUB", report=ReportSettings(rates=rates))


def test_without_rates_nothing_is_converted():
    out, findings = at_rates(DEALS, settings())
    assert out is DEALS
    assert findings == []


def test_a_currency_with_a_rate_becomes_the_main_one():
    out, findings = at_rates(DEALS, settings(USD=90))
    assert out["currency"].tolist() == ["RUB", "RUB", "RUB", "RUB", "KZT"]
    assert out["amount"].tolist()[:3] == [100.0, 900.0, 90.45]
    assert out["amount"].isna().tolist() == [False, False, False, True, False]
    assert out["amount"].iat[4] == 7.0
    (finding,) = findings
    assert (finding.code, finding.value, finding.count) == ("findings_data.converted", "USD", 3)
    assert finding.params == {"rate": "90", "currency": "RUB"}


def test_the_main_currency_need_not_be_in_the_files():
    out, _ = at_rates(DEALS[DEALS["currency"] == "USD"].reset_index(drop=True), settings(USD=2))
    assert out["currency"].tolist() == ["RUB", "RUB", "RUB"]
    assert out["amount"].tolist()[:2] == [20.0, 2.01]


def test_rates_of_currencies_that_do_not_occur_change_nothing():
    out, findings = at_rates(DEALS, settings(EUR=100))
    assert out is DEALS
    assert findings == []
