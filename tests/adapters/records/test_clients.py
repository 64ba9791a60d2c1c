"""Who is one client: companies by name, persons by name and phone, bare phones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.adapters.cells.texts import TEXT
from funnelkpi.adapters.records.clients import build_clients
from funnelkpi.adapters.records.phones_read import phone_findings


def deals(*rows: tuple[str | None, str | None, str | None]) -> pd.DataFrame:
    """Company, contact, phones."""
    return pd.DataFrame(
        {
            "company": pd.Categorical([r[0] for r in rows]),
            "contact": pd.Categorical([r[1] for r in rows]),
            "phone": pd.array([r[2] for r in rows], dtype=TEXT),
        }
    )


def people(*rows: tuple[str, str | None, str | None]) -> pd.DataFrame:
    """Name, company, phones."""
    return pd.DataFrame(
        {
            "name": pd.Categorical([r[0] for r in rows]),
            "company": pd.Categorical([r[1] for r in rows]),
            "phone": pd.array([r[2] for r in rows], dtype=TEXT),
        }
    )


def companies(*rows: tuple[str, str | None]) -> pd.DataFrame:
    """Name, phones."""
    return pd.DataFrame(
        {"name": pd.Categorical([r[0] for r in rows]),
         "phone": pd.array([r[1] for r in rows], dtype=TEXT)}
    )  # fmt: skip


def alike(codes: Any) -> list[int]:
    """Client numbers as the first row with the same one; -1 stays."""
    first: dict[int, int] = {}
    return [-1 if c < 0 else first.setdefault(int(c), i) for i, c in enumerate(codes)]


def grouped(d: pd.DataFrame, p: Any = None, c: Any = None) -> list[int]:
    found = build_clients(d, p, c, "RU")
    return alike(np.concatenate([found.deals, found.contacts, found.companies]))


def test_company_then_contact_then_phone() -> None:
    d = deals(("Ромашка", "Олег", "89120000001"), ("ромашка ", None, None),
              (None, "Олег", "89120000002"), (None, None, "+7 912 000-00-03"),
              (None, None, "9120000003, 89120000004"), (None, None, None), ("-", " ", None))  # fmt: skip
    assert grouped(d) == [0, 0, 2, 3, 3, -1, -1]


def test_a_name_is_not_a_person() -> None:
    """Three called Oleg: two share a phone, and one without a phone may be either."""
    d = deals((None, "Олег", "89120000001"), (None, "Олег", "89120000002, 89120000001"),
              (None, "Олег", "89120000003"), (None, "Олег", None), (None, "Пётр", "89120000009"),
              (None, "Петр", None))  # fmt: skip
    assert grouped(d) == [0, 0, 2, 3, 4, 4]


def test_a_person_of_a_company_is_the_company_in_every_table() -> None:
    d = deals((None, "Олег", "89120000001"), ("Ромашка", None, None), (None, "Яков", "89120000002"))
    p = people(("Олег", "Ромашка", "89120000001"), ("Яков", None, "89120000002"))
    assert grouped(d, p, companies(("Ромашка", None))) == [0, 0, 2, 0, 2, 0]


def test_a_bare_phone_is_the_client_whose_phone_it_is() -> None:
    d = deals((None, None, "89120000001"), ("Ромашка", None, "89120000001"))
    assert grouped(d) == [0, 0]


def test_a_shared_phone_belongs_to_all() -> None:
    d = deals(("Ромашка", None, "89120000001"), ("Лютик", None, "89120000001, 89120000002"))
    called = pd.Series(["+79120000001", "+79120000002", "+79120000003", None, "101"], dtype=TEXT)
    found = build_clients(d, None, None, "RU", called)
    whose = [sorted(found.client[found.phone == p].tolist()) for p in found.called]
    both = sorted(found.deals.tolist())
    assert whose == [both, [int(found.deals[1])], [], [], []]
    assert found.called[3] == -1
    assert found.called[4] >= 0  # an extension is a number, but nobody's


def test_an_extension_is_no_clients_phone() -> None:
    d = deals(("Ромашка", None, "101"), ("Лютик", None, "доб. 12"))
    found = build_clients(d, None, None, "RU", pd.Series(["101", "12"], dtype=TEXT))
    assert len(found.phone) == 0


def test_no_rows() -> None:
    found = build_clients(deals(), None, None, "RU", pd.Series([], dtype=TEXT))
    assert (found.count, found.phones, len(found.called)) == (0, 0, 0)


def test_every_number_of_a_cell_is_the_clients() -> None:
    cell = "8 485 212-34-56 вн. 12; 8 916 555-12-34\n8 916 555-12-35 / 555 1234"
    d = deals(("Ромашка", None, cell), ("Лютик", None, "нет"), ("Мак", None, "+7, 555-12-34"))
    called = ["+74852123456", "+79165551234", "+79165551235", "5551234", "+75551234"]
    found = build_clients(d, None, None, "RU", pd.Series(called, dtype=TEXT))
    whose = [alike(found.client[found.phone == p]) for p in found.called]
    assert [len(w) for w in whose] == [1, 1, 1, 2, 0]


def test_phones_that_cannot_be_read_are_told_of() -> None:
    d = deals(("Ромашка", None, "нет"), ("Лютик", None, "—"), ("Мак", None, "+7, 555-12-34"),
              ("Ива", None, "89165551234, 0"), ("Дуб", None, None), ("Бук", None, "0"))  # fmt: skip
    d = d.assign(_file=pd.Categorical(["d.csv"] * 6), _row=range(2, 8))
    found = phone_findings(build_clients(d, None, None, "RU"), (d, None, None))
    assert [(f.code.rpartition("_")[2], f.file, f.rows, f.count, f.value) for f in found] == [
        ("unread", "d.csv", (2, 7), 2, "нет"), ("local", "d.csv", (4,), 1, "+7, 555-12-34"),
    ]  # fmt: skip
