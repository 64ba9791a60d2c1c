"""The canonical tables, declared once: what an adapter gives and everything above it reads.

Moments are naive local times of the configured time zone, ``datetime64[s]``. Texts of low variety
are pandas categoricals. A column an export does not have stands filled with missing values;
``available`` of the dataset tells absent from empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "category", "moment", "money", "flag", "int"]


@dataclass(frozen=True, slots=True)
class Column:
    """One canonical column: name, type, meaning, and whether a table is unusable without it."""

    name: str
    type: ColumnType
    meaning: str
    required: bool = False


DEALS: tuple[Column, ...] = (
    Column("deal_id", "text", "ID of the deal (or lead) in the CRM", required=True),
    Column("title", "text", "name of the deal"),
    Column("pipeline", "category", "pipeline as the file writes it; empty: the only one"),
    Column("stage", "category", "stage as the file writes it, loss reason cut off", required=True),
    Column("stage_code", "category", "stage code of an API dump: C2:WON, 142"),
    Column("previous_stage", "category", "«Предыдущая стадия» as the file writes it"),
    Column("owner", "category", "responsible user as the file writes him"),
    Column("creator", "category", "who created the deal; empty: a robot or form"),
    Column("amount", "money", "amount of the deal; sum of its product rows"),
    Column("currency", "category", "ISO code, or the file's own word where unknown"),
    Column("created_at", "moment", "creation"),
    Column("modified_at", "moment", "last edit by anybody: not an activity"),
    Column("closed_at", "moment", "actual close, only of closed deals"),
    Column("stage_changed_at", "moment", "start of the current visit to the stage"),
    Column("planned_close_at", "moment", "expected close date: a plan, never a close date"),
    Column("last_activity_at", "moment", "last activity or communication"),
    Column("next_task_at", "moment", "nearest planned task"),
    Column("closed", "flag", "closed flag of the file: 1, 0, missing"),
    Column("loss_reason", "category", "reason of the loss"),
    Column("source", "category", "source of the deal"),
    Column("tags", "category", "tags joined by ', ' as in the file"),
    Column("contact", "category", "main contact"),
    Column("company", "category", "company"),
    Column("phone", "text", "phones of the client, joined by ', ', as in the file"),
    Column("lead_id", "text", "ID of the lead the deal came from"),
)

CALLS: tuple[Column, ...] = (
    Column("called_at", "moment", "start of the call", required=True),
    Column("employee", "category", "who called or answered; empty: a line or department"),
    Column("phone", "text", "the client's number in E.164 where it can be told, else digits"),
    Column("direction", "category", "in, out, callback, info"),
    Column("talk_seconds", "int", "seconds of talk; 0 for an unsuccessful call"),
    Column("outcome", "category", "success, missed, declined, cancelled, busy, failed, unknown"),
    Column("deal_id", "text", "deal of the call where the source names one"),
    Column("call_id", "text", "ID of the call"),
    Column("line", "category", "the company's own number or line"),
    Column("result", "category", "what was written down of the call: result, comment"),
    Column("recording", "text", "link to the recording"),
    Column(
        "client",
        "category",
        "whom the source names beside the call: contact#12, company#5, lead#7 by ID; "
        "contact:Имя, company:Название, lead:Название, deal:Название by name",
    ),
    Column("internal", "flag", "1: between two of the company's own numbers; never missing"),
    Column("hidden", "flag", "1: the number was withheld (phone is missing); never missing"),
)

CALL_SOURCES: tuple[Column, ...] = (
    Column("called_time", "text", "time of day of the call, where the date stands alone"),
    Column("from_number", "text", "who called: a number, extension or login"),
    Column("to_number", "text", "who was called"),
    Column("extension", "category", "extension of the employee"),
    Column("login", "category", "login of the employee in the telephony"),
    Column("total_seconds", "int", "length of the whole call; talk = total - waiting"),
    Column("wait_seconds", "int", "length of the waiting"),
)
"""Columns of a telephony's table from which those of ``CALLS`` are made."""

TASKS: tuple[Column, ...] = (
    Column("task_id", "text", "ID of the task or activity"),
    Column("deal_id", "text", "deal it belongs to"),
    Column("client", "category", "contact or company the source names"),
    Column("title", "text", "what is to be done"),
    Column("type", "category", "kind as the source writes it: meeting, call, task, e-mail"),
    Column("owner", "category", "responsible user"),
    Column("creator", "category", "who made it"),
    Column("created_at", "moment", "creation"),
    Column("due_at", "moment", "when it is due, or when the meeting begins"),
    Column("done_at", "moment", "when it was done; missing: unknown or not done"),
    Column("done", "flag", "done: 1, 0, missing"),
    Column("result", "category", "result as written down"),
)

CONTACTS: tuple[Column, ...] = (
    Column("contact_id", "text", "ID of the contact"),
    Column("name", "category", "full name", required=True),
    Column("position", "category", "position in the company"),
    Column("company", "category", "company"),
    Column("owner", "category", "responsible user"),
    Column("creator", "category", "who entered it"),
    Column("created_at", "moment", "when it was entered"),
    Column("phone", "text", "phones, joined by ', '"),
    Column("email", "text", "e-mails, joined by ', '"),
    Column("type", "category", "kind of contact"),
    Column("source", "category", "source"),
)

COMPANIES: tuple[Column, ...] = (
    Column("company_id", "text", "ID of the company"),
    Column("name", "category", "name", required=True),
    Column("owner", "category", "responsible user"),
    Column("creator", "category", "who entered it"),
    Column("created_at", "moment", "when it was entered"),
    Column("phone", "text", "phones, joined by ', '"),
    Column("email", "text", "e-mails, joined by ', '"),
    Column("industry", "category", "industry"),
    Column("employees", "category", "number of employees as the file writes it"),
    Column("turnover", "category", "turnover as the file writes it"),
    Column("type", "category", "kind of company"),
    Column("source", "category", "source"),
)
"""Tasks, contacts and companies, besides ``crm`` and, of tasks, ``entity`` (deal, lead)."""

HISTORY: tuple[Column, ...] = (
    Column("deal_id", "text", "ID of the deal (or lead) that changed", required=True),
    Column(
        "changed_at",
        "moment",
        "when; of an interval its end: the latest possible moment",
        required=True,
    ),
    Column(
        "changed_since",
        "moment",
        "of an interval its beginning, exclusive; missing: the moment is exact",
    ),
    Column(
        "change",
        "category",
        "created, stage, owner, amount, planned_close, deleted, restored",
        required=True,
    ),
    Column("title", "text", "name of the deal, where the source gives no ID"),
    Column("pipeline", "category", "pipeline after the change as the source writes it"),
    Column("stage", "category", "stage after the change, loss reason cut off"),
    Column("stage_code", "category", "stage code after the change: C2:WON, 142"),
    Column("from_pipeline", "category", "pipeline before it"),
    Column("from_stage", "category", "stage before it"),
    Column("from_stage_code", "category", "stage code before it"),
    Column("owner", "category", "responsible user after the change, where the source names him"),
    Column("from_owner", "category", "responsible user before it"),
    Column("actor", "category", "who made the change; empty: a robot or unknown"),
    Column("amount", "money", "amount after the change"),
    Column("from_amount", "money", "amount before it"),
    Column("currency", "category", "currency of the amounts"),
    Column("planned_close_at", "moment", "expected close date after the change"),
    Column("from_planned_close_at", "moment", "expected close date before it"),
    Column("loss_reason", "category", "reason of the loss, where the change is one"),
    Column("event_id", "text", "ID of the event: orders events of one second"),
)
"""One row per change of a deal (or lead: ``entity``) besides ``entity`` (deal, lead), ``crm`` and
``evidence`` (int8, ``model.evidence``: HISTORY of events, ARCHIVE of kept exports)."""

PROVENANCE = ("_file", "_row")
"""Every canonical row keeps the file's name (category) and the row a user sees in Excel (int64)."""

DAY_ONLY = {
    "created_at": "created_day",
    "closed_at": "closed_day",
    "stage_changed_at": "stage_changed_day",
}
"""For these moments a bool column beside them says that the file gives the date without a time."""

FIELD = "field:"
"""Prefix of a custom column asked for by its caption (slices, filters, stage dates)."""


def deals_columns() -> tuple[str, ...]:
    """Names of the canonical columns of deals and leads, without provenance."""
    return tuple(c.name for c in DEALS)
