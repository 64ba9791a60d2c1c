"""The catalogues and the code fit together: every key is used, every key used is there."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "funnelkpi"
FOLDER = SRC / "locale" / "texts"
DOMAINS = sorted(p.stem for p in FOLDER.glob("*.py") if p.stem != "__init__")
TEXTS = {
    f"{domain}.{key}": pair
    for domain in DOMAINS
    for key, pair in import_module(f"funnelkpi.locale.texts.{domain}").TEXTS.items()
}
SOURCES = [p for p in sorted(SRC.rglob("*.py")) if FOLDER not in p.parents]
NO_REMEDY = {"findings_adapters.absent_from_newest"}
"""A word for the account of rows, not a finding of its own."""
SAME_IN_BOTH = {
    "metrics_later.grr",
    "metrics_later.nrr",
    "report.bottleneck_cell",
    "report.crm_amocrm",
    "report.deal_line",
}


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def _plurals(template: str) -> Iterator[list[str]]:
    for _, _, spec, _ in string.Formatter().parse(template):
        if spec and spec.startswith("plural:"):
            yield spec.removeprefix("plural:").split(",")


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_languages_say_the_same(domain):
    for key, (russian, english) in TEXTS.items():
        if not key.startswith(f"{domain}."):
            continue
        assert russian.strip(), key
        assert english.strip(), key
        assert _fields(russian) == _fields(english), key
        written = re.search("[а-яё]", russian, re.I) or not re.search("[a-z]{3}", _bare(english))
        assert written or key in SAME_IN_BOTH, key


def _bare(template: str) -> str:
    return "".join(literal for literal, *_ in string.Formatter().parse(template))


def test_english_holds_no_russian():
    # names of the CRMs' own captions and stages may stand in quotes
    bare = {k: re.sub("“[^”]*”|«[^»]*»", "", en) for k, (_, en) in TEXTS.items()}
    allowed = {"errors_config.same_stage_name.remedy"}  # «ё» itself
    assert [k for k, en in bare.items() if re.search("[а-яё]", en, re.I) and k not in allowed] == []


def test_plural_forms_are_three_and_two():
    wrong = [
        (key, forms)
        for key, pair in TEXTS.items()
        for text, count in zip(pair, (3, 2), strict=True)
        for forms in _plurals(text)
        if len(forms) != count or not all(forms)
    ]
    assert wrong == []


def test_every_error_and_finding_has_a_remedy():
    said = [k for k in TEXTS if k.startswith(("errors_", "findings_")) and not _is_remedy(k)]
    assert len(said) > 150
    assert {k for k in said if f"{k}.remedy" not in TEXTS} == NO_REMEDY
    assert [k for k in TEXTS if _is_remedy(k) and k.removesuffix(".remedy") not in TEXTS] == []


def _is_remedy(key: str) -> bool:
    return key.endswith(".remedy")


# --- the code's side: constants, and patterns of f-strings whose holes are constants themselves


def _trees() -> Iterator[ast.Module]:
    for path in SOURCES:
        yield ast.parse(path.read_text("utf-8"))


@cache
def _constants() -> frozenset[str]:
    """String constants of the code outside docstrings, their words, and names of enum members."""
    found: set[str] = set()
    for tree in _trees():
        nodes = list(ast.walk(tree))
        skipped = {id(v) for n in nodes if isinstance(n, ast.JoinedStr) for v in n.values}
        skipped |= {id(n.value) for n in nodes if isinstance(n, ast.Expr)}
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if id(node) not in skipped:
                    found |= {node.value, *re.split(r"[\s,|]+", node.value)}
            elif isinstance(node, ast.ClassDef):
                names = (t for a in node.body if isinstance(a, ast.Assign) for t in a.targets)
                found |= {t.id.lower() for t in names if isinstance(t, ast.Name)}
    return frozenset(found)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """f-strings made of key parts and holes, as patterns."""
    found: set[str] = set()
    for tree in _trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.JoinedStr):
                continue
            parts = [v.value if isinstance(v, ast.Constant) else None for v in node.values]
            if all(p is None or re.fullmatch(r"[\w.]+", str(p)) for p in parts) and any(parts):
                found.add("".join("(.+)" if p is None else re.escape(str(p)) for p in parts))
    return tuple(re.compile(p) for p in sorted(found))


@cache
def _made_by_the_code(text: str, depth: int = 3) -> bool:
    if text in _constants() or text.isdecimal():
        return True
    if depth == 0:
        return False
    matches = (m for p in _patterns() if (m := p.fullmatch(text)) and m.groups())
    return any(all(_made_by_the_code(g, depth - 1) for g in m.groups()) for m in matches)


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_is_used(domain):
    keys = [k for k in TEXTS if k.startswith(f"{domain}.") and not _is_remedy(k)]
    assert keys
    assert [k for k in keys if not _made_by_the_code(k)] == []


def test_a_key_that_nobody_makes_is_found():
    assert not _made_by_the_code("report.of_the_full_moon")
    assert _made_by_the_code("report.title")
    assert _made_by_the_code("report.class_advanced")


def _full_keys(tree: ast.Module) -> Iterator[str]:
    nodes = list(ast.walk(tree))
    pieces = {id(v) for n in nodes if isinstance(n, ast.JoinedStr) for v in n.values}
    for node in nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in pieces
        ):
            domain, _, name = node.value.partition(".")
            if domain in DOMAINS and re.fullmatch(r"\w+(\.\w+)*", name):
                yield node.value


def _report_keys(tree: ast.Module) -> Iterator[str]:
    """``c.t("key")`` of the report's sections."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "t"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield f"report.{node.args[0].value}"


def test_every_key_in_the_code_has_its_text():
    files = {"report.schema.json"}
    used = {k for tree in _trees() for k in (*_full_keys(tree), *_report_keys(tree))} - files
    assert len(used) > 200
    assert sorted(used - set(TEXTS)) == []


def test_every_call_of_a_text_gives_its_fields():
    """``text("domain.key", lang, a=..., b=...)``: no field is forgotten."""
    checked = 0
    for tree in _trees():
        for node in ast.walk(tree):
            for key, given in _calls(node):
                if key in TEXTS:
                    checked += 1
                    assert _fields(TEXTS[key][0]) <= given | {"file"}, key
    assert checked > 100


def _calls(node: ast.AST) -> Iterator[tuple[str, set[str]]]:
    if (
        not isinstance(node, ast.Call)
        or not node.args
        or not isinstance(node.args[0], ast.Constant)
    ):
        return
    if any(k.arg is None for k in node.keywords):  # **params: not to be seen here
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    prefix = {"text": "", "of": "", "t": "report."}.get(name)
    if prefix is not None:
        yield f"{prefix}{node.args[0].value}", {k.arg for k in node.keywords if k.arg}


# --- words: one thing has one name


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (r"\bконфиг", "настройки, файл настроек"),
        (r"\bколонк", "столбец"),
        (r"\bсрез", "разрез"),
        (r"\bв этап[еы]?\b", "на этапе, на этап"),
        (r"причин\w+ потер", "причина отказа"),
        (r"\bтишина\b", "молчит"),
        (r"\bвошед|\bвошл[аи] (в|на) этап", "перешли на этап"),
        (r"\bэкспорт\w* (файл|таблиц)", "выгрузка"),
    ],
)
def test_one_thing_has_one_russian_name(wrong, right):
    found = [k for k, (ru, _) in TEXTS.items() if re.search(wrong, ru, re.IGNORECASE)]
    assert found == [], f"say: {right}"


@pytest.mark.parametrize(
    "wrong", [r"\bmend\b", r"\bfew data\b", r"\baverage check\b", r"(?<!there )\bis no [a-z]+\b"]
)
def test_english_is_plain(wrong):
    assert [k for k, (_, en) in TEXTS.items() if re.search(wrong, en, re.IGNORECASE)] == []


def test_no_double_spaces():
    def doubled(text: str) -> bool:
        lines = (line.strip() for line in text.splitlines())
        return any(a == b == " " for line in lines for a, b in pairwise(line))

    assert [k for k, pair in TEXTS.items() if any(map(doubled, pair))] == []
