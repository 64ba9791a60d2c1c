"""A written config reads like one written by hand, and means the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from funnelkpi.config.bundled import preset_path
from funnelkpi.config.load import load_settings, parse_settings
from funnelkpi.config.schema import (
    Absence,
    CalendarSettings,
    Filter,
    InputSettings,
    ManagerSettings,
    Norm,
    PipelineSettings,
    ReportSettings,
    Settings,
    StageSettings,
)
from funnelkpi.config.show import show
from funnelkpi.config.write import render_config

FUNNEL = PipelineSettings(
    key="sales",
    crm=("Продажи",),
    stages=(
        StageSettings(key="base", title="База", limit=7.5),
        StageSettings(key="done", crm=("Успешно", "no"), kind="won", limit=None),
    ),
)


def test_only_what_differs_and_comments_above_it():
    settings_ = Settings(
        currency="KZT",
        pipelines=(FUNNEL,),
        managers=(ManagerSettings(name="Анна: Петрова", start=date(2026, 1, 12)),),
    )
    comments = {
        (): "Настройки",
        ("pipelines",): "Воронки",
        ("pipelines", 0): "Проверьте порядок этапов:\nон угадан",
        ("pipelines", 0, "stages", 1): "143 сделки",
        ("pipelines", 0, "stages", 1, "crm"): "имена в CRM",
        ("managers", 0, "department"): "впишите отдел",
        ("norms",): "норм пока нет",
        ("report", "link"): "адрес сделки",
    }
    assert (
        render_config(settings_, comments)
        == """\
# Настройки

version: 1
currency: KZT

# Воронки
pipelines:
  # Проверьте порядок этапов:
  # он угадан
  - key: sales
    crm: [Продажи]
    stages:
      - key: base
        title: База
        limit: 7.5
      # 143 сделки
      - key: done
        # имена в CRM
        crm: [Успешно, "no"]
        kind: won
        limit: null

managers:
  - name: "Анна: Петрова"
    # впишите отдел
    department: null
    start: 2026-01-12

# норм пока нет
norms: []

report:
  # адрес сделки
  link: null
"""
    )


def test_a_comment_on_the_first_key_of_an_item():
    text = render_config(Settings(pipelines=(FUNNEL,)), {("pipelines", 0, "key"): "имя"})
    assert "pipelines:\n  # имя\n  - key: sales\n" in text


def test_long_lists_stand_in_lines_with_their_comments():
    stage = FUNNEL.stages[0].model_copy(update={"crm": tuple(f"Этап номер {i}" for i in range(9))})
    pipeline = FUNNEL.model_copy(update={"stages": (stage, FUNNEL.stages[1])})
    text = render_config(
        Settings(pipelines=(pipeline,)), {("pipelines", 0, "stages", 0, "crm", 8): "прежнее имя"}
    )
    assert "        crm:\n          - Этап номер 0\n" in text
    assert "          # прежнее имя\n          - Этап номер 8\n" in text
    assert parse_settings(text, "f").pipelines == (pipeline,)


NASTY = st.one_of(
    st.sampled_from(
        [
            "no", "Yes", "on", "~", "null", "1_000", "10:30", "010", "0x1F", "1e3", "1.5", ".inf",
            "=", "2026-13-01", "2026-01-01", "a: b", "a #b", "#a", "- a", "'", '"', "it's", '"Р"',
            "C:\\temp", "[a]", "{a: 1}", "a, b", "*", "&a", "!a", "%a", "@a", "`a", "|", ">", "? a",
            "🚀 Старт", "Да", "tab\there", "br\neak", "\u2028", "\x85", "\ufeff", "\x7f", "\x00",
            "ё\xa0ж", "<<", "...", "---", "%", "a:", ":a", "«Кавычки»",
        ]
    ),
    st.text(min_size=1),
)  # fmt: skip
TEXT = NASTY.filter(lambda s: bool(s.strip()))
VALUES = st.one_of(
    NASTY, st.integers(), st.booleans(), st.dates(), st.none(), st.lists(NASTY, max_size=3),
    st.floats(allow_nan=False, allow_infinity=False),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    names=st.lists(TEXT, min_size=1, max_size=3, unique_by=lambda s: s.strip()),
    title=NASTY,
    value=VALUES,
    column=NASTY,
    rate=st.floats(min_value=1e-9, max_value=1e20),
    words=NASTY,
)
@example(names=[" Иван"], title=" leading", value=1e-7, column="no", rate=1e-7, words="a\x00\nb")
@example(names=["no"], title="10:30", value=1e16, column="1_000", rate=95.0, words="# - x: y")
def test_what_is_written_loads_to_the_same_settings(names, title, value, column, rate, words):
    settings_ = Settings(
        inputs=InputSettings(columns={"title": column, "amount": title}),
        pipelines=(
            PipelineSettings(
                key="p",
                title=names[0],
                stages=(
                    StageSettings(key="a", date_column=names[-1]),
                    StageSettings(key="b", kind="won", title=names[0]),
                ),
            ),
        ),
        managers=(
            ManagerSettings(
                name=names[0],
                department=names[-1],
                absences=(Absence(first=date(2026, 1, 2), last=date(2026, 1, 3), reason=title),),
            ),
        ),
        norms=(Norm(title=title, metric="won", normal=rate, where=(_filter(column, value),)),),
        calendar=CalendarSettings(holidays=(date(2026, 12, 31),)),
        report=ReportSettings(rates={"USD": rate}),
    )
    comments = {(): words, ("norms", 0, "where"): words, ("inputs", "columns", "title"): words}
    for text in (render_config(settings_, comments), show(settings_)):
        assert parse_settings(text, "f") == settings_


def _filter(field: str, value: object) -> Filter:
    name = field if field.strip() else "source"
    if value is None:
        return Filter(field=name, op="empty")
    return Filter(field=name, op="in" if isinstance(value, list) else "=", value=value)


def test_show_writes_every_key():
    text = show(Settings())
    assert parse_settings(text, "f") == Settings()
    assert [line.split(":")[0] for line in text.splitlines() if line and line[0] != " "] == list(
        Settings.model_fields
    )
    assert "\n  max_rejected: 0.05\n" in text


@pytest.mark.parametrize("name", ["b2b-standard"])
def test_presets_survive_being_shown_and_written(name):
    preset = load_settings(preset_path(name))
    assert parse_settings(show(preset), "f") == preset
    assert parse_settings(render_config(preset, {}), "f") == preset
