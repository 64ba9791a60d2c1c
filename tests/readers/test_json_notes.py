"""Notes of the amoCRM API: parameters as columns of their own, the entity by the note's address."""

from __future__ import annotations

import pytest

from funnelkpi.readers.json_tables import find_tables


def rows(*notes):
    (table,), dropped = find_tables({"_embedded": {"notes": list(notes)}})
    assert dropped == []
    return [dict(zip(table.header, table.row(r), strict=True)) for r in table.records]


def test_parameters_are_columns():
    (one, other) = rows(
        {"id": 1, "note_type": "call_in", "params": {"duration": 65, "phone": "79120000001"}},
        {"id": 2, "note_type": "common", "params": {"text": "Просит скидку"}},
    )
    assert one == {"id": "1", "note_type": "call_in", "params.duration": "65",
                   "params.phone": "79120000001", "params.text": None}  # fmt: skip
    assert (other["params.text"], other["params.duration"]) == ("Просит скидку", None)


@pytest.mark.parametrize(
    ("address", "entity"),
    [
        ("https://x.amocrm.ru/api/v4/leads/notes/7", "leads"),
        ("https://x.amocrm.ru/api/v4/contacts/31/notes/7?page=1", "contacts"),
        ("https://x.amocrm.ru/api/v4/leads/7", None),
        (None, None),
    ],
)
def test_of_what_a_note_is(address, entity):
    links = {"self": {"href": address}} if address else {}
    (row,) = rows({"id": 7, "note_type": "call_in", "entity_id": 31, "_links": links})
    assert row.get("entity_type") == entity


def test_an_entity_that_is_given_stays():
    links = {"self": {"href": "https://x.amocrm.ru/api/v4/leads/notes/7"}}
    (row,) = rows({"id": 7, "note_type": "call_in", "entity_type": "contacts", "_links": links})
    assert row["entity_type"] == "contacts"


def test_parameters_that_are_no_object_stay_one_cell():
    (row,) = rows({"id": 7, "note_type": "call_in", "params": [1, 2]})
    assert row["params"] == "[1,2]"
