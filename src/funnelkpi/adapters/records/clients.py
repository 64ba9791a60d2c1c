"""Clients: one number for the company of a deal, with none its contact, with none its phone.

The same number stands in deals, contacts and companies. A phone may belong to several clients.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.cells.phones import keys_of, normalise
from funnelkpi.adapters.cells.texts import flat, text_bytes
from funnelkpi.adapters.cells.written_phones import written_numbers

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
_LONGEST_DASH = 6
"""What stands in a cell instead of a name is not longer: «-», «---», «…»."""
_PARTING = np.isin(np.arange(256), [ord(c) for c in ";/|\n\r"])
_LONGEST_NUMBER = 18
"""Signs of «+7 (916) 555-12-34»: in more there may be two numbers."""
_FEWEST_SIGNS = 6
"""A shorter number is an extension, not a client's phone."""


@dataclass(frozen=True)
class Clients:
    """Client numbers of the rows of each table (-1: none), and whose phones are which.

    phone, client: the distinct pairs of a phone and a client, by phone, then client. called: the
    phone of every call (-1: none); phones are numbered from 0 to ``phones`` - 1, also those that
    only calls have. numbers, owner: every number of the tables with the place of its row among the
    rows of deals, contacts and companies.
    """

    deals: Codes
    contacts: Codes
    companies: Codes
    count: int
    phones: int
    phone: Ints
    client: Ints
    called: Codes
    deal_phone: Ints
    deal_row: Ints
    numbers: Any
    owner: Ints


def build_clients(
    deals: pd.DataFrame,
    contacts: pd.DataFrame | None,
    companies: pd.DataFrame | None,
    region: str,
    called: pd.Series | None = None,
) -> Clients:
    """Number the clients.

    Companies are told apart by name. A contact is a person, not a name: contacts of one name are
    one client only if they share a phone; one without a phone is the only one of its name, if there
    is just one. A contact that the contacts table puts into a company is that company. A deal
    without company and contact is its first phone's: of the client whose phone that is, if any.

    called: phones of the calls, normalised. region: of numbers without a country code.
    """
    numbers, every_owner = _every_number([deals, contacts, companies], region)
    codes, called_codes, phones = _numbered(numbers, called)
    keep = codes >= 0
    codes, owner = codes[keep], every_owner[keep]
    sizes = [0 if t is None else len(t) for t in (deals, contacts, companies)]
    begin = np.cumsum([0, *sizes])
    company, company_count = _names(
        [(deals, "company"), (contacts, "company"), (companies, "name")]
    )
    person, _ = _names([(deals, "contact"), (contacts, "name"), (companies, None)])
    client = company.astype(np.int64)
    people = person.copy()
    people[: begin[1]][company[: begin[1]] >= 0] = -1  # the company comes first
    people[begin[2] :] = -1
    group, groups = _persons(people, codes, owner)
    # a person whom the contacts table puts into a company is that company
    inside = np.full(groups, company_count, np.int64)
    with_company = (group >= 0) & (company >= 0)
    np.minimum.at(inside, group[with_company], company[with_company])
    number = np.where(inside < company_count, inside, company_count + np.arange(groups))
    own = (group >= 0) & (client < 0)
    client[own] = number[group[own]]
    count = company_count + groups
    alone, numbers_ = _phone_alone(client, len(deals), codes, owner, count)
    client[alone] = numbers_
    count = max(count, int(numbers_.max(initial=-1)) + 1)
    theirs = client[owner]
    some = theirs >= 0
    pairs = np.sort(codes[some] * np.int64(max(count, 1)) + theirs[some])
    pairs = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
    parts = [client[a:b].astype(np.int32) for a, b in pairwise(begin.tolist())]
    width = max(count, 1)
    of_deals = owner < begin[1]
    return Clients(
        parts[0], parts[1], parts[2], count, phones, pairs // width, pairs % width, called_codes,
        codes[of_deals], owner[of_deals], numbers, every_owner,
    )  # fmt: skip


def _every_number(tables: Sequence[pd.DataFrame | None], region: str) -> tuple[Any, Ints]:
    """Every phone of every row of all tables, normalised, with the row's place among all rows."""
    texts, owners, begin = [], [], 0
    for table in tables:
        if table is None:
            continue
        if "phone" in table and table["phone"].notna().any():
            found, owner = numbers_of(arrow(table["phone"]), region)
            texts.append(flat(found))
            owners.append(owner + begin)
        begin += len(table)
    if not texts:
        return pa.array([], pa.large_string()), np.empty(0, np.int64)
    every = pa.concat_arrays(texts)
    return every, np.concatenate(owners).astype(np.int64)


def numbers_of(texts: Any, region: str) -> tuple[Any, Ints]:
    """Every phone of every text, normalised, with the position of its text: several stand in one
    cell with a comma, a semicolon, a slash or a line break between them."""
    rows = np.arange(len(texts))
    several = pc.fill_null(pc.match_substring(texts, ","), False)
    if not pc.any(several).as_py():
        texts, owner = _apart(texts, rows)
        return normalise(texts, region), owner
    lists = pc.split_pattern(texts.filter(several), ",")
    split = several.to_numpy(zero_copy_only=False)
    owner = rows[split][pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)]
    parts = [texts.filter(pc.invert(several)), pc.utf8_trim_whitespace(pc.list_flatten(lists))]
    texts, owner = _apart(pa.concat_arrays(parts), np.concatenate([rows[~split], owner]))
    return normalise(texts, region), owner


def _apart(texts: Any, owner: Ints) -> tuple[Any, Ints]:
    """Texts that may hold several numbers taken apart, one number a text; by distinct text."""
    long = pc.greater(pc.binary_length(texts), _LONGEST_NUMBER)
    data, ends = text_bytes(texts)
    odd = pc.fill_null(long, False)
    if _PARTING[data[ends[0] : ends[-1]]].any():
        signs = pc.match_substring_regex(texts, r"[;/|\n\r]")
        odd = pc.fill_null(pc.or_(long, signs), False)
    if not pc.any(odd).as_py():
        return texts, owner
    coded = texts.filter(odd).dictionary_encode()
    own = [written_numbers(t) or [t] for t in coded.dictionary.to_pylist()]
    lists = pa.array(own, pa.large_list(pa.large_string())).take(coded.indices)
    where = odd.to_numpy(zero_copy_only=False)
    theirs = owner[where][pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)]
    parts = [texts.filter(pc.invert(odd)), pc.list_flatten(lists)]
    return pa.concat_arrays(parts), np.concatenate([owner[~where], theirs])


def _numbered(numbers: Any, called: pd.Series | None) -> tuple[Ints, Codes, int]:
    """Codes of the numbers and of the called ones, -1 for none, and how many codes there are.

    Extensions are nobody's phone but stay the caller's.
    """
    theirs = pa.array([], pa.large_string()) if called is None else arrow(called)
    own_keys, call_keys = keys_of(numbers, theirs)
    if len(own_keys):
        short = pc.less(pc.utf8_length(numbers), _FEWEST_SIGNS)
        own_keys = np.where(pc.fill_null(short, True).to_numpy(zero_copy_only=False), -1, own_keys)
    codes, found = pd.factorize(np.concatenate([own_keys, call_keys]))
    own, called_codes = (
        codes[: len(own_keys)].astype(np.int64),
        codes[len(own_keys) :].astype(np.int32),
    )
    none = np.flatnonzero(found == -1)
    if len(none):
        own[own == none[0]] = -1
        called_codes[called_codes == none[0]] = -1
    return own, called_codes, len(found)


def _names(columns: Sequence[tuple[pd.DataFrame | None, str | None]]) -> tuple[Ints, int]:
    """Codes of the names in all tables, one behind the other; the same name has the same code.

    Case, blanks and ё make no difference; a text without a letter or digit is no name.
    """
    found, sizes, places = [], [], []
    for table, name in columns:
        if table is None:
            continue
        sizes.append(len(table))
        column = None if name is None or name not in table else table[name].astype("category")
        if column is None:
            found.append(pa.array([], pa.large_string()))
            places.append(np.full(len(table), -1))
            continue
        found.append(arrow(pd.Series(column.cat.categories, dtype="object")))
        places.append(column.cat.codes.to_numpy().astype(np.int64))
    texts = pa.concat_arrays(found)
    plain = _plain(texts)
    coded = plain.dictionary_encode()
    table = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    out, begin = [], 0
    for place, texts_ in zip(places, found, strict=True):
        own = np.append(table[begin : begin + len(texts_)], -1)
        out.append(own[place])
        begin += len(texts_)
    return np.concatenate(out), len(coded.dictionary)


def _plain(names: Any) -> Any:
    """Names without regard to case, surplus blanks and ё; null without a letter or digit."""
    plain = pc.utf8_trim_whitespace(pc.utf8_lower(names))
    for pattern, regex in (("ё", None), ("\u00a0", r"\s+"), ("\t", r"\s+"), ("  ", r" +")):
        odd = pc.fill_null(pc.match_substring(plain, pattern), False)
        if not pc.any(odd).as_py():
            continue
        own = plain.filter(odd)
        own = (
            pc.replace_substring(own, "ё", "е")
            if regex is None
            else pc.replace_substring_regex(pc.replace_substring(own, "\u00a0", " "), regex, " ")
        )
        plain = pc.replace_with_mask(plain, odd, own)
    short = pc.fill_null(pc.less_equal(pc.utf8_length(plain), _LONGEST_DASH), False)
    if pc.any(short).as_py():
        own = plain.filter(short)
        real = pc.match_substring_regex(own, r"[\pL\pN]")
        nothing = pa.scalar(None, pa.large_string())
        plain = pc.replace_with_mask(plain, short, pc.if_else(real, own, nothing))
    return plain


def _persons(person: Ints, phone: Ints, owner: Ints) -> tuple[Ints, int]:
    """The person of each row: rows of one name joined by their phones; -1 where there is no name."""
    n = len(person)
    label = np.arange(n)
    own = person[owner] >= 0
    row, number = owner[own], phone[own]
    if len(row):
        width = np.int64(number.max() + 1)
        _, place = np.unique(person[row] * width + number, return_inverse=True)
        while True:
            least = np.full(int(place.max()) + 1, n)
            np.minimum.at(least, place, label[row])
            after = label.copy()
            np.minimum.at(after, row, least[place])
            if (after == label).all():
                break
            label = after
    named = np.flatnonzero(person >= 0)
    has_phone = np.zeros(n, bool)
    has_phone[row] = True
    with_phone, without = named[has_phone[named]], named[~has_phone[named]]
    if len(without):
        names = int(person.max()) + 1
        lowest, highest = np.full(names, n), np.full(names, -1)
        np.minimum.at(lowest, person[with_phone], label[with_phone])
        np.maximum.at(highest, person[with_phone], label[with_phone])
        first = np.full(names, n)
        np.minimum.at(first, person[without], without)
        only = lowest == highest
        label[without] = np.where(only, lowest, first)[person[without]]
    out = np.full(n, -1, np.int64)
    found, place = np.unique(label[named], return_inverse=True)
    out[named] = place
    return out, len(found)


def _phone_alone(
    client: Ints, deals: int, phone: Ints, owner: Ints, count: int
) -> tuple[Ints, Ints]:
    """Deals (the first ``deals`` rows) that have nothing but a phone, and the client each is of."""
    first = np.full(deals, -1, np.int64)
    of_deals = owner < deals
    first[owner[of_deals][::-1]] = phone[of_deals][::-1]  # the first one that is written stays
    alone = np.flatnonzero((client[:deals] < 0) & (first >= 0))
    if not len(alone):
        return alone, alone
    known = np.full(int(phone.max()) + 1, count, np.int64)
    theirs = client[owner]
    np.minimum.at(known, phone[theirs >= 0], theirs[theirs >= 0])
    found, place = np.unique(first[alone], return_inverse=True)
    new = known[found] == count
    number = known[found]
    number[new] = count + np.arange(int(new.sum()))
    return alone, number[place]


def arrow(texts: Any) -> Any:
    """A text column as one Arrow large_string array."""
    return flat(pa.array(texts, from_pandas=True))
