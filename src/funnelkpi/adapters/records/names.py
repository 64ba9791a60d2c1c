"""Numbers of contacts and companies in dumps become their names; names of deals become their IDs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.records.cards import COMPANY_ID
from funnelkpi.adapters.records.tasks import CLIENT_ID, DEAL_TITLE

_CARDS = (("contact", "contact_id"), ("company", "company_id"))
"""Column of deals that holds such a card -> its number's column among the cards."""


def name_companies(contacts: pd.DataFrame | None, companies: pd.DataFrame | None) -> None:
    """The company of each contact by its number, where the list does not name it."""
    if contacts is None:
        return
    if companies is not None and contacts[COMPANY_ID].notna().any():
        names = _names(companies, "company_id")
        found = _found(names, contacts["crm"], contacts[COMPANY_ID])
        contacts["company"] = contacts["company"].astype("string").fillna(found).astype("category")
    del contacts[COMPANY_ID]


def name_clients_of_deals(
    deals: pd.DataFrame, contacts: pd.DataFrame | None, companies: pd.DataFrame | None
) -> None:
    """Contacts and companies of deals that are numbers of cards become the cards' names."""
    for (column, number), cards in zip(_CARDS, (contacts, companies), strict=True):
        given = pa.array(deals[column].cat.categories.astype(object), pa.large_string())
        numbers = pc.match_substring_regex(given, r"^\d+$")
        if cards is None or not pc.any(numbers).as_py():
            continue
        if len(deals["crm"].cat.categories) != 1:
            continue  # a number says nothing without its CRM
        texts = given.to_pylist()
        crm = pd.Series([str(deals["crm"].cat.categories[0])] * len(texts))
        found = _found(_names(cards, number), crm, pd.Series(texts)).to_numpy()
        new = [t if pd.isna(n) else str(n) for t, n in zip(texts, found, strict=True)]
        codes, distinct = pd.factorize(np.array(new, dtype=object))
        table = np.append(codes, -1).astype(np.int32)
        deals[column] = pd.Categorical.from_codes(
            table[deals[column].cat.codes.to_numpy()], pd.Index(distinct.astype(str))
        )


def name_clients_of_tasks(
    tasks: pd.DataFrame, contacts: pd.DataFrame | None, companies: pd.DataFrame | None
) -> None:
    """The contact or company of each task by its number, where the source does not name it."""
    numbers = tasks[CLIENT_ID].astype("string")
    if numbers.notna().any():
        named = tasks["client"].astype("string")
        for (what, number), cards in zip(_CARDS, (contacts, companies), strict=True):
            if cards is not None:
                own = numbers.where(numbers.str.startswith(f"{what} "))
                asked = own.str.removeprefix(f"{what} ")
                named = named.fillna(_found(_names(cards, number), tasks["crm"], asked))
        tasks["client"] = named.astype("category")
    del tasks[CLIENT_ID]


def deals_of_titles(tasks: pd.DataFrame, deals: Iterable[pd.DataFrame]) -> None:
    """IDs of deals (leads) for tasks that only name them, where just one is called so."""
    titles = tasks[DEAL_TITLE].astype("string")
    del tasks[DEAL_TITLE]
    lacking = tasks["deal_id"].isna() & titles.notna()
    for frame in deals:
        if not lacking.any():
            return
        once = frame[["title", "deal_id"]][~frame["title"].duplicated(keep=False).to_numpy()]
        once = once[once["title"].notna().to_numpy()]
        ids = pd.Series(once["deal_id"].to_numpy(), index=once["title"].astype("string"))
        found = pd.Series(ids.reindex(titles).to_numpy(), index=tasks.index)
        own = lacking & found.notna()
        tasks["deal_id"] = tasks["deal_id"].where(~own, found).astype(tasks["deal_id"].dtype)
        lacking &= ~own


def _names(cards: pd.DataFrame, number: str) -> pd.Series:
    """``crm number`` -> name of the card, each number once."""
    known = cards[cards[number].notna().to_numpy() & cards["name"].notna().to_numpy()]
    keys = known["crm"].astype("string") + " " + known[number].astype("string")
    names = pd.Series(known["name"].astype("string").to_numpy(), index=keys.to_numpy())
    return names[~names.index.duplicated()]


def _found(names: pd.Series, crm: pd.Series, numbers: pd.Series) -> pd.Series:
    """The names of the numbers asked for; missing where a number is unknown."""
    keys = crm.astype("string") + " " + numbers.astype("string")
    return pd.Series(names.reindex(keys.to_numpy()).to_numpy(), index=crm.index, dtype="string")
