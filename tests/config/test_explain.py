"""Single values the models refuse: key and place of each problem, counted by hand."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from funnelkpi.config import schema as schema_module
from funnelkpi.config.explain import PATTERNS, known_keys
from funnelkpi.config.json_schema import json_schema
from funnelkpi.config.load import parse_settings
from funnelkpi.config.schema import Settings
from funnelkpi.config.yaml_text import inline
from funnelkpi.errors import ConfigError
from funnelkpi.locale.catalogue import LANGS, text

WRONG = {
    "unknown key": ("rows: 5\n", [(1, 1, "unknown_key")]),
    "misspelt key": ("calendar:\n  contry: RU\n", [(2, 3, "unknown_key_near")]),
    "misspelt key deep down": (
        "managers:\n  - name: Анна\n    absences:\n      - first: 2026-01-01\n"
        "        last: 2026-01-02\n        reson: отпуск\n",
        [(6, 9, "unknown_key_near")],
    ),
    "misspelt required": ("norms:\n  - {metrik: won, normal: 1}\n", [(2, 6, "unknown_key_near")]),
    "missing key": ("norms:\n  - metric: won\n", [(2, 5, "missing_key")]),
    "missing two keys": ("norms:\n  - stage: a\n", [(2, 5, "missing_key"), (2, 5, "missing_key")]),
    "unknown kind of who": (
        "norms:\n  - {metric: won, normal: 1, who: {rolle: [a]}}\n",
        [(2, 36, "unknown_key_near")],
    ),
    "no value": ("norms:\n", [(1, 7, "empty_value")]),
    "no text": ("managers:\n  - name:\n", [(2, 10, "empty_value")]),
    "empty text": ("managers:\n  - name: ' '\n", [(2, 11, "empty_text")]),
    "no as text": ("calendar:\n  country: NO\n", [(2, 12, "text_is_bool")]),
    "yes as text": ("managers:\n  - name: yes\n", [(2, 11, "text_is_bool")]),
    "on as text": ("inputs:\n  columns: {source: on}\n", [(2, 21, "text_is_bool")]),
    "number as text": (
        "pipelines:\n  - key: a\n    stages:\n      - {key: b, crm: [1]}\n",
        [(4, 24, "text_is_number")],
    ),
    "date as text": ("preset: 2026-01-01\n", [(1, 9, "text_is_date")]),
    "list as text": ("preset: [a]\n", [(1, 9, "need_text")]),
    "braces as text": ("report:\n  link: {id}\n", [(2, 9, "need_text")]),
    "word as number": ("calls:\n  conversation_seconds: много\n", [(2, 25, "need_whole_number")]),
    "fraction as whole": ("report:\n  rows: 1.5\n", [(2, 9, "need_whole_number")]),
    "word as share": ("norms:\n  - {metric: won, normal: пять}\n", [(2, 27, "need_number")]),
    "yes as number": ("norms:\n  - {metric: won, normal: yes}\n", [(2, 27, "need_number")]),
    "quoted number": ("report:\n  rows: '5'\n", [(2, 9, "number_in_quotes")]),
    "decimal comma": ("conversion:\n  max_gap: 0,1\n", [(2, 12, "number_comma")]),
    "number or auto": ("conversion:\n  maturity: soon\n", [(2, 13, "need_number_or_choice")]),
    "too small": ("conversion:\n  window: 0\n", [(2, 11, "must_be_at_least")]),
    "not over zero": ("stalled:\n  default_limit: 0\n", [(2, 18, "must_be_over")]),
    "too small beside auto": ("conversion:\n  maturity: -1\n", [(2, 13, "must_be_at_least")]),
    "share over one": ("inputs:\n  max_rejected: 5\n", [(2, 17, "must_be_at_most")]),
    "word as yes or no": ("stalled:\n  too_old: Да\n", [(2, 12, "need_true_false")]),
    "choice": ("language: de\n", [(1, 11, "need_choice")]),
    "choice misspelt": ("inputs:\n  crm: amocrn\n", [(2, 8, "need_choice_near")]),
    "version": ("version: 2\n", [(1, 10, "need_choice")]),
    "Russian key": ("norms:\n  - {metric: won, normal: 1, stage: ЛПР}\n", [(2, 37, "need_key")]),
    "no such hour": ("calendar:\n  opens: '25:00'\n", [(2, 10, "need_clock_time")]),
    "span": ("inputs:\n  stale_after: 7 дней\n", [(2, 16, "need_span")]),
    "date day first": ("calendar:\n  holidays: [31.12.2026]\n", [(2, 14, "date_order")]),
    "no such date day first": ("calendar:\n  holidays: [31.02.2026]\n", [(2, 14, "no_such_date")]),
    "no such date quoted": ("calendar:\n  holidays: ['2026-02-31']\n", [(2, 14, "no_such_date")]),
    "no date": ("calendar:\n  holidays: [завтра]\n", [(2, 14, "need_date")]),
    "date as number": ("calendar:\n  holidays: [20261231]\n", [(2, 14, "need_date")]),
    "with a time": ("calendar: {holidays: [2026-12-31 10:00:00]}\n", [(1, 23, "date_with_time")]),
    "one instead of a list": (
        "managers:\n  - {name: Анна, aliases: Аня}\n",
        [(2, 27, "need_list")],
    ),
    "text instead of a section": ("calendar: RU\n", [(1, 11, "need_mapping")]),
    "text instead of columns": ("inputs:\n  columns: сумма\n", [(2, 12, "need_mapping")]),
    "text in a list of sections": ("norms:\n  - won\n", [(2, 5, "need_mapping")]),
    "no stages": ("pipelines:\n  - {key: a, stages: []}\n", [(2, 22, "empty_list")]),
    "pair of one": ("conversion:\n  pairs: [[a]]\n", [(2, 11, "need_pair")]),
    "pair of three": ("conversion:\n  pairs: [[a, b, c]]\n", [(2, 11, "need_pair")]),
}  # fmt: skip


@pytest.mark.parametrize(("text_", "expected"), WRONG.values(), ids=WRONG.keys())
def test_place_and_reason(text_, expected, told):
    assert told(text_) == expected


def test_the_nearest_key_and_all_keys_of_the_place(problems_of):
    (problem,) = problems_of("conversion:\n  windw: 30\n")
    assert problem.params == {
        "key": "windw",
        "nearest": "window",
        "known": "window, maturity, horizon, skipped, max_gap, ignore_loss_reasons, pairs",
    }
    assert problem.excerpt == "  windw: 30"


def test_a_date_in_the_wrong_order_comes_back_right(problems_of):
    (problem,) = problems_of("calendar:\n  holidays: [05.01.2026]\n")
    assert problem.params == {"value": "05.01.2026", "plain": "2026-01-05"}


def test_a_quoted_date_is_a_date():
    quoted = parse_settings("calendar: {holidays: ['2026-12-31']}", "f")
    assert quoted == parse_settings("calendar: {holidays: [2026-12-31]}", "f")


def test_every_pattern_of_the_models_is_explained():
    found = set(re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', json.dumps(json_schema())))
    assert {json.loads(p) for p in found} == set(PATTERNS)


def test_keys_known_at_a_place():
    assert known_keys(("pipelines", 0, "stages", 3))[:2] == ("key", "title")
    assert known_keys(()) == tuple(Settings.model_fields)


ANY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5000),
    st.floats(-2, 2),
    st.dates(),
    st.sampled_from(["", "auto", "won", "ЛПР", "5", "5,5", "a/b", "< 1", "01.02.2026", "no", "x"]),
    st.lists(st.sampled_from(["a", 1, None, "deals"]), max_size=3),
    st.dictionaries(st.sampled_from(["key", "name", "metric", "x"]), st.just("a"), max_size=2),
)


def _tree_of(model: type[BaseModel]) -> st.SearchStrategy[object]:
    """Sections as the models have them, with any value anywhere."""
    fields = {}
    for name, field in model.model_fields.items():
        inner = re.search(r"schema\.(\w+)", str(field.annotation))
        value: st.SearchStrategy[object] = ANY
        if inner:
            section = st.deferred(lambda n=inner[1]: _tree_of(getattr(schema_module, n)))
            many = "tuple" in str(field.annotation)
            value = st.one_of(ANY, st.lists(section, max_size=2) if many else section)
        fields[name] = value
    return st.fixed_dictionaries({}, optional=fields)


@settings(max_examples=120, deadline=None)
@given(_tree_of(Settings))
def test_whatever_stands_in_a_file_is_told_in_both_languages(data):
    try:
        parse_settings(inline(data), "f")
    except ConfigError as error:
        for problem in error.problems:
            assert problem.key != "errors_config.wrong_value"
            for lang in LANGS:
                assert text(problem.key, lang, **problem.params)
                assert text(f"{problem.key}.remedy", lang, **problem.params)
            assert problem.line is None or problem.line == 1
