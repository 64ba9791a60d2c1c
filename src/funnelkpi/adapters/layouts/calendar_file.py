"""Calendars (``.ics``): the tasks of ``KommoTasks.ics`` and of any other calendar.

The reader gives one row per event or to-do, its columns named as the properties are.
"""

from __future__ import annotations

from funnelkpi.adapters.interface import Layout

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "ics", "generic", "tasks", (("uid",), ("dtstart",), ("summary",), ("component",)),
        {
            "task_id": ("uid",),
            "title": ("summary",),
            "client": ("contact",),
            "type": ("categories",),
            "owner": ("organizer",),
            "created_at": ("created",),
            "modified_at": ("last-modified",),
            "due_at": ("due",),
            "starts_at": ("dtstart",),
            "done_at": ("completed",),
            "status": ("status",),
            "deal_link": ("url", "description"),
        },
        rules={"deal_link": "join"},
    ),
)  # fmt: skip
