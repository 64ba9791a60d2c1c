"""Figures that docs/metrics.md plans and this version does not compute yet.

A norm or threshold may name them: it is then ``not evaluated`` and says so, never 0 and never a
pass.
"""

from __future__ import annotations

PLAN = (
    "plan", "plan_completion", "pace", "run_rate", "forecast", "backtest", "leads_needed",
    "coverage", "final_stage", "pipeline_shape", "bonus",
)  # fmt: skip
AFTER_SALE = (
    "invoices", "invoices_paid_share", "invoices_overdue", "repeat_sales", "permanent_clients",
    "margin", "retention", "grr", "nrr", "dependence",
)  # fmt: skip

DECLARED: frozenset[str] = frozenset({*PLAN, *AFTER_SALE})
"""Names known and not computed; a name leaves this set when its family is added."""
