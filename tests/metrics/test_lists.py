"""The finder's list, counted by hand."""

from __future__ import annotations

from funnelkpi.metrics import lists
from funnelkpi.metrics.norms import compute as norms
from funnelkpi.model.roster import Manager

DEALS = """
id | manager | stage | company | contact | created    | closed
1  | Борис   | won   | Вега    |         | 2026-10-01 | 2026-10-20
2  | Борис   | needs | Лира    |         | 2026-10-01 |
3  | Борис   | won   | Рысь    |         | 2026-05-01 | 2026-06-01
4  | Борис   | won   |         | Олег    | 2026-10-05 | 2026-10-10
"""
COMPANIES = """
name  | manager | maker | created
Вега  | Борис   | Анна  | 2026-09-01
Лира  | Анна    |       | 2026-09-01
Рысь  | Анна    | Анна  | 2026-09-01
Сова  | Анна    | Анна  | 2026-09-01
"""
CONTACTS = """
name  | company | manager | maker | created
Инна  | Вега    | Борис   | Борис | 2026-09-05
Пётр  | Рысь    | Анна    | Анна  | 2026-09-05
Олег  |         | Анна    | Анна  | 2026-10-10
Раиса |         | Анна    | Анна  | 2026-10-05
"""
TASKS = """
deal | client | type    | manager | created    | due              | done
1    |        | Встреча | Борис   | 2026-09-20 | 2026-09-22 10:00 | 1
     | Олег   | Встреча | Борис   | 2026-10-06 | 2026-12-07 10:00 | 0
     | Сова   | Звонок  | Борис   | 2026-10-06 | 2026-10-07 10:00 | 1
"""


def asked(make, **more):
    tables = {"companies": COMPANIES, "contacts": CONTACTS, "tasks": TASKS, **more}
    data = make.build(DEALS, funnel=make.funnel(), **tables)
    view = make.ask(data, norms=[{"metric": "list_conversion", "normal": 0.9}])
    return data, view, lists.compute(data, view)


def pair(row, out, metric, **where):
    found = row(out, metric=metric, **(where or {"scope": "company"}))
    return found["numerator"], found["denominator"]


def test_clients_with_a_meeting(make, row):
    """On the list: Вега, Лира, Рысь, Сова, Олег, Раиса, all of Анна (Инна is Вега's, entered later
    by another). Meetings were put down for Вега and Олег."""
    _, _, out = asked(make)
    assert pair(row, out, "list_conversion") == (2, 6)
    assert pair(row, out, "list_conversion", manager="Анна") == (2, 6)
    assert pair(row, out, "list_conversion", manager="Борис") == (0, 0)


def test_contacts_later_won(make, row):
    """Инна (Вега won in October) of Борис; of Анна Олег, won on the day he was entered, and Раиса;
    Пётр's Рысь was a client before."""
    data, view, out = asked(make)
    assert pair(row, out, "contact_to_client", manager="Борис") == (1, 1)
    assert pair(row, out, "contact_to_client", manager="Анна") == (1, 2)
    found = lists.facts(data, view, "contact_to_client")
    assert list(found["deal"]) == [0, 3, -1]
    assert list(found["hit"]) == [True, True, False]


def test_norm(make, row):
    data, view, _ = asked(make)
    found = row(norms(data, view), metric="list_conversion", manager="Анна")
    assert (found["value"], found["verdict"]) == (2 / 6, "below")


def test_what_is_missing(make, row):
    _, view, out = asked(make, tasks=None)
    assert row(out, metric="list_conversion")["definition"] == "needs.meetings"
    data, _, out = asked(make, companies=None, contacts=None)
    assert row(out, metric="list_conversion")["definition"] == "needs.lists"
    assert row(out, metric="contact_to_client")["definition"] == "needs.contacts"
    assert not len(lists.facts(data, view, "contact_to_client"))


def test_two_cards_of_one_moment_in_any_order(make):
    """Both are the client's first card: the first manager of the list has it."""
    rows = ["Вега | Борис | Борис | 2026-09-01", "Вега | Анна | Анна | 2026-09-01"]
    for order in (rows, rows[::-1]):
        companies = "\n".join(["name | manager | maker | created", *order])
        managers = (Manager("Анна"), Manager("Борис"))
        data = make.build(
            DEALS, funnel=make.funnel(), companies=companies, tasks=TASKS, managers=managers
        )
        facts = lists.facts(data, make.ask(data), "list_conversion")
        assert facts["manager"].tolist() == [0]
