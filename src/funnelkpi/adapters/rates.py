"""Sums in other currencies at the config's rates; without a rate currencies stay apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.config.schema import Settings
from funnelkpi.model.finding import Finding, Severity


def at_rates(deals: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, list[Finding]]:
    """``deals`` with the amounts of every currency that has a rate in the main currency.

    A finding per currency says how many deals were converted and at which rate.
    """
    rates = {c: r for c, r in settings.report.rates.items() if c != settings.currency}
    names = [str(c) for c in deals["currency"].cat.categories]
    codes = deals["currency"].cat.codes.to_numpy()
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    used = {i: rates[name] for i, name in enumerate(names) if name in rates and counts[i]}
    if not used:
        return deals, []
    factor = np.ones(len(names) + 1)
    factor[list(used)] = list(used.values())
    main = names.index(settings.currency) if settings.currency in names else len(names)
    target = np.arange(len(names) + 1)
    target[list(used)] = main
    all_names = names if settings.currency in names else [*names, settings.currency]
    currency = np.where(codes >= 0, target[codes], -1)
    out = deals.assign(
        amount=np.round(deals["amount"].to_numpy() * factor[codes], 2),
        currency=pd.Categorical.from_codes(currency, pd.Index(all_names)),
    )
    findings = [
        Finding(
            "findings_data.converted",
            Severity.NOTE,
            value=names[i],
            count=int(counts[i]),
            params={"rate": f"{rate:g}", "currency": settings.currency},
        )
        for i, rate in used.items()
    ]
    return out, findings
