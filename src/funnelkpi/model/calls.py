"""What becomes of a call when it is matched with deals (docs/metrics.md, "Calls")."""

from __future__ import annotations

CLASSES = (
    "matched", "several", "deal_outside", "no_deal", "unknown_number", "internal", "hidden",
    "no_number",
)  # fmt: skip
"""matched: one deal. several: several deals of the client fit, the nearest was taken. deal_outside:
the call names a deal that is not in the files. no_deal: a known client without an open or near
deal. unknown_number: nobody's number. internal: between colleagues. hidden: the number was hidden.
no_number: none is written. The classes add up to all calls."""
