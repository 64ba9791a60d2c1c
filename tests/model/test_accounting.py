"""rows in = counted + merged + excluded + rejected."""

from __future__ import annotations

from dataclasses import replace

from funnelkpi.model.accounting import FileAccount


def test_the_four_parts_add_up() -> None:
    account = FileAccount("d.csv", "deals", "amocrm", 10, 5, 2, 2, 1, (("a", 1), ("b", 1)))
    assert account.balanced
    for name in ("rows", "counted", "merged", "excluded", "rejected"):
        assert not replace(account, **{name: getattr(account, name) + 1}).balanced
