"""Figures that docs/metrics.md plans and this version does not compute yet.

A norm or threshold may name them: it is then ``not evaluated`` and says so, never 0 and never a
pass.
"""

from __future__ import annotations

CALLS = (
    "calls", "conversations", "answered_share", "missed_calls", "time_to_callback",
    "calls_without_result", "calls_without_deal", "deals_without_call",
    "deals_per_10_conversations", "calls_per_meeting", "calls_per_won_deal", "touches",
    "calls_at_stage", "first_response", "under_called",
)  # fmt: skip
PEOPLE = (
    "first_meetings", "next_step_share", "promise_kept", "facts_complete", "decision_makers",
    "new_category_a", "new_category_b", "list_conversion", "contact_to_client", "hand_overs",
    "repeats",
)  # fmt: skip
PLAN = (
    "plan", "plan_completion", "pace", "run_rate", "forecast", "backtest", "leads_needed",
    "coverage", "final_stage", "pipeline_shape", "bonus",
)  # fmt: skip
AFTER_SALE = (
    "invoices", "invoices_paid_share", "invoices_overdue", "repeat_sales", "permanent_clients",
    "margin", "retention", "grr", "nrr", "dependence",
)  # fmt: skip

DECLARED: frozenset[str] = frozenset({*CALLS, *PEOPLE, *PLAN, *AFTER_SALE})
"""Names known and not computed; a name leaves this set when its family is added."""
