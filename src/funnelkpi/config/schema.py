"""The config file as frozen types: what every key means, its default and its limits.

Descriptions are what editors show (``funnelkpi config schema``) and what ``config/defaults.yml``
and docs/config.md explain; unknown keys are refused.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from funnelkpi.config.schema_base import Days, Key, Strict, Text
from funnelkpi.config.schema_base import Filter as Filter  # noqa: PLC0414 - part of this schema
from funnelkpi.config.schema_calls import CallSettings as CallSettings  # noqa: PLC0414 - part of this schema
from funnelkpi.config.schema_people import (
    Category,
    DecisionMakerSettings,
    FactRule,
    HandOverSettings,
    MeetingSettings,
    NextStepSettings,
)
from funnelkpi.config.schema_telephony import OwnNumber, TelephonySettings


def _iso_date(value: Any) -> Any:
    """A date in quotes is a date too; anything else is left for pydantic to refuse."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]?\d|2[0-3]):[0-5]\d$")]
Day = Annotated[date, BeforeValidator(_iso_date)]
Span = Annotated[str, StringConstraints(pattern=r"^\d+(h|d|w)$")]
Share = Annotated[float, Field(ge=0, le=1)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
CrmName = Literal["auto", "amocrm", "bitrix24", "generic"]
TableKind = Literal[
    "deals", "leads", "calls", "history", "users", "stages", "tasks", "contacts", "companies"
]


class CalendarSettings(Strict):
    """Production calendar."""

    country: str | None = Field(
        "RU", description="ISO code of the country whose public holidays apply; null: none"
    )
    work_days: tuple[Weekday, ...] = Field(
        ("mon", "tue", "wed", "thu", "fri"), description="working weekdays"
    )
    opens: ClockTime = Field("09:00", description='start of the working day, in quotes: "09:00"')
    closes: ClockTime = Field(
        "18:00", description="end of the working day; the day then counts as passed"
    )
    holidays: tuple[Day, ...] = Field((), description="further days off")
    workdays: tuple[Day, ...] = Field(
        (), description="days worked although the calendar says they are off"
    )


class FileRule(Strict):
    """How to read the files that match a pattern."""

    match: Text = Field(description="file name or pattern, e.g. calls_*.csv")
    kind: TableKind | None = Field(None, description="what the file holds")
    crm: CrmName = Field("auto", description="whose layout it is")
    sheet: str | None = Field(None, description="sheet of a workbook")
    encoding: str | None = Field(None, description="e.g. cp1251; default: by content")
    date_order: Literal["dmy", "mdy", "ymd"] | None = Field(
        None, description="order of dates like 03/04/2026"
    )
    columns: dict[str, str] = Field({}, description="canonical column: caption in this file")
    ignore: bool = Field(False, description="do not read these files")


class InputSettings(Strict):
    """Where the data come from."""

    crm: CrmName = Field("auto", description="auto: by captions")
    columns: dict[str, str] = Field(
        {}, description="canonical column: caption, for portals with renamed captions"
    )
    files: tuple[FileRule, ...] = Field((), description="rules for single files, first match wins")
    stale_after: Span | None = Field(
        None, description="age of the export above which the run fails: 12h, 7d, 2w"
    )
    max_rejected: Share = Field(
        0.05, description="share of rejected rows above which a file is refused"
    )


class StageSettings(Strict):
    """One stage of a pipeline."""

    key: Key = Field(description="short Latin name, used everywhere in this file")
    title: Text | None = Field(None, description="name in the report; default: the first CRM name")
    crm: tuple[Text, ...] = Field(
        (), description="names in the CRM that mean this stage, old ones too; default: title"
    )
    kind: Literal["incoming", "open", "won", "lost", "parked", "after", "converted"] = Field(
        "open", description="what it means for a deal to stand here"
    )
    limit: Days | Literal["auto"] | None = Field(
        "auto", description="days a deal may stand here; auto; null: no limit"
    )
    limit_unit: Literal["days", "working_days"] = Field("days", description="unit of limit")
    date_column: Text | None = Field(
        None, description="caption of the column with the date the stage was entered"
    )
    moves_to: Text | None = Field(
        None, description="pipeline/stage: a move there is an advance, not a leaving"
    )


class PipelineSettings(Strict):
    """One pipeline: an ordered list of stages."""

    key: Key = Field(description="short Latin name")
    title: Text | None = Field(None, description="name in the report; default: the first CRM name")
    crm: tuple[str, ...] = Field(
        (), description="names in the CRM; default: title. Empty: files without a pipeline column"
    )
    entity: Literal["deal", "lead"] = Field(
        "deal", description="lead: the pipeline of Bitrix24 leads"
    )
    order: Literal["confirmed", "guessed"] = Field(
        "confirmed", description="guessed: step conversions wait until confirmed"
    )
    stages: tuple[StageSettings, ...] = Field(
        description="stages in the order deals pass them", min_length=1
    )


class Absence(Strict):
    """Days a manager was away; both included."""

    first: Day = Field(description="first day away")
    last: Day = Field(description="last day away")
    reason: str | None = Field(None, description="for people; not used in figures")


class ManagerSettings(Strict):
    """One manager."""

    name: Text = Field(
        description="name as in the CRM; order of first and last name does not matter"
    )
    aliases: tuple[Text, ...] = Field((), description="other spellings of the name in the files")
    department: Text | None = Field(None, description="department")
    role: Text | None = Field(None, description="role, e.g. closer")
    start: Day | None = Field(None, description="first working day")
    end: Day | None = Field(None, description="last working day")
    absences: tuple[Absence, ...] = Field((), description="days away")
    extensions: tuple[OwnNumber, ...] = Field(
        (), description="extensions and own numbers of the telephony: 101"
    )
    logins: tuple[Text, ...] = Field(
        (), description="logins, e-mails or other spellings in the telephony's files"
    )


class Norm(Strict):
    """A norm: what is normal and what is great."""

    title: str | None = Field(None, description="name in the report; default: the metric's")
    metric: Key = Field(description="a figure of docs/metrics.md")
    stage: Key | None = Field(None, description="stage key")
    to_stage: Key | None = Field(None, description="target stage key of a conversion or lag")
    pipeline: Key | None = Field(
        None, description="pipeline key; default: every pipeline that has the stage"
    )
    per: Literal["day", "week", "month"] = Field(
        "week", description="what a count is for; scaled by working days"
    )
    normal: float = Field(description="bound of normal")
    great: float | None = Field(None, description="bound of great")
    less_is_better: bool = Field(False, description="a smaller figure is better")
    who: dict[Literal["manager", "role", "department"], tuple[Text, ...]] = Field(
        {}, description="whom it applies to; default: every manager"
    )
    where: tuple[Filter, ...] = Field((), description="count only rows that pass these filters")


class ConversionSettings(Strict):
    """How conversions are counted (metrics.md 2)."""

    window: Annotated[int, Field(ge=1)] = Field(90, description="days of entries in the cohort")
    maturity: Annotated[int, Field(ge=0)] | Literal["auto"] = Field(
        "auto",
        description="days a deal gets before it counts; auto: p80 of the measured lag, at most 90",
    )
    horizon: Annotated[int, Field(ge=1)] = Field(
        90, description="days since the entry at which the conversion by maturity is read"
    )
    skipped: Literal["passed", "strict"] = Field(
        "passed", description="passed: a skipped stage counts as reached"
    )
    max_gap: Share = Field(
        0.10, description="largest distance of bounds at which a value is still printed"
    )
    ignore_loss_reasons: tuple[Text, ...] = Field(
        (), description="loss reasons whose deals leave the base"
    )
    pairs: tuple[tuple[Key, Key], ...] = Field(
        (), description="further pairs: [[needs, meeting], [meeting, won]]"
    )


class TimeToCloseSettings(Strict):
    """From when on the time to close is counted (metrics.md 3)."""

    from_stage: Key | None = Field(
        None, description="stage whose entry starts the clock, e.g. meeting; null: creation"
    )


class Lag(Strict):
    """A time between two stages with a limit."""

    stage: Key = Field(description="stage key: the time runs from the entry of this stage")
    to_stage: Key = Field(description="key of the later stage whose entry ends it")
    pipeline: Key | None = Field(
        None, description="pipeline key; default: every pipeline that has both stages"
    )
    unit: Literal["working_hours", "working_days", "hours", "days"] = Field(
        "days", description="unit of the time and of limit"
    )
    limit: Days = Field(description="within how many units it should happen")


class StalledSettings(Strict):
    """How stalled deals are found (metrics.md 4)."""

    default_limit: Days = Field(
        14, description="stage limit in days where auto has fewer than 20 visits"
    )
    auto_min_visits: Annotated[int, Field(ge=1)] = Field(20, description="visits auto needs")
    silent_days: Days | None = Field(
        14, description="days without conversation, task or activity; null: off"
    )
    warn_days: Annotated[float, Field(ge=0)] = Field(
        3, description="list deals that pass the limit within so many days"
    )
    too_old: bool = Field(True, description="list open deals older than p95 of the won ones")


class Threshold(Strict):
    """A bound for ``funnelkpi check``. ``warn`` and ``fail`` read like "< 0.2", ">= 5"."""

    metric: Key = Field(
        description="a figure of docs/metrics.md, or stalled, stalled_amount, norms_below"
    )
    stage: Key | None = Field(None, description="stage key")
    to_stage: Key | None = Field(None, description="target stage key of a conversion or lag")
    pipeline: Key | None = Field(
        None, description="pipeline key; default: all pipelines together where the figure has it"
    )
    scope: Literal["company", "department", "role", "manager"] = Field(
        "company", description="for whom it is checked"
    )
    warn: str | None = Field(None, description='e.g. "< 0.25"')
    fail: str | None = Field(None, description='e.g. "< 0.20"')
    required: bool = Field(False, description="exit 2 when the figure cannot be evaluated")


class ReportSettings(Strict):
    """What the report shows."""

    sections: tuple[Key, ...] = Field((), description="sections in order; empty: all")
    rows: Annotated[int, Field(ge=1)] = Field(15, description="rows of a list in the terminal")
    link: str | None = Field(None, description="address of a deal in your CRM, {id} is replaced")
    rates: dict[str, float] = Field(
        {}, description="rates to the main currency, e.g. USD: 95; without them sums stay apart"
    )


ArchiveMode = Literal["off", "read", "auto"]


def _mode(value: Any) -> Any:
    """YAML 1.1 reads off as false."""
    return "off" if value is False else value


def _archive(value: Any) -> Any:
    """``archive: auto`` stands for ``archive: {mode: auto}``."""
    value = _mode(value)
    return {"mode": value} if isinstance(value, str) else value


class ArchiveSettings(Strict):
    """The archive of kept exports (docs/archive.md)."""

    folder: Text = Field("archive", description="folder; relative to this file")
    mode: Annotated[ArchiveMode, BeforeValidator(_mode)] = Field(
        "off",
        description="off; read: reports use it; auto: and the exports given are added after each",
    )

    def place(self, config: Path | None) -> Path:
        """The folder; relative ones start from the config file, without one from here."""
        return (config.parent if config else Path()) / self.folder


class Settings(Strict):
    """The whole config file."""

    version: Literal[1] = Field(1, description="version of this file's form")
    preset: str | None = Field(None, description="preset the file was made from; for people")
    language: Literal["ru", "en"] = Field("ru", description="language of the report")
    time_zone: Text = Field("Europe/Moscow", description="IANA name of the zone of all dates")
    currency: Text = Field("RUB", description="ISO code of amounts whose file names none")
    calendar: CalendarSettings = Field(CalendarSettings(), description="working days and hours")
    inputs: InputSettings = Field(InputSettings(), description="files and captions")
    archive: Annotated[
        ArchiveSettings,
        BeforeValidator(_archive, json_schema_input_type=ArchiveSettings | ArchiveMode),
    ] = Field(ArchiveSettings(), description="kept exports; archive: auto is enough")
    pipelines: tuple[PipelineSettings, ...] = Field(
        (), description="pipelines and stages; empty: from the files"
    )
    managers: tuple[ManagerSettings, ...] = Field(
        (), description="managers; empty: those with deals in 90 days"
    )
    norms: tuple[Norm, ...] = Field((), description="norms")
    conversion: ConversionSettings = Field(ConversionSettings(), description="conversion policy")
    time_to_close: TimeToCloseSettings = Field(
        TimeToCloseSettings(), description="from when on the time to close is counted"
    )
    lags: tuple[Lag, ...] = Field((), description="times between two stages, with limits")
    stalled: StalledSettings = Field(StalledSettings(), description="stalled policy")
    calls: CallSettings = Field(CallSettings(), description="calls")
    thresholds: tuple[Threshold, ...] = Field((), description="bounds for funnelkpi check")
    report: ReportSettings = Field(ReportSettings(), description="the report")
    telephony: TelephonySettings = Field(
        TelephonySettings(), description="the company's own numbers"
    )
    meetings: MeetingSettings = Field(MeetingSettings(), description="what a meeting is")
    source_groups: dict[Text, tuple[Text, ...]] = Field(
        {}, description="groups of sources for first meetings: {own: [...], marketing: [...]}"
    )
    next_step: NextStepSettings = Field(
        NextStepSettings(), description="which deals must have a next step"
    )
    facts: tuple[FactRule, ...] = Field((), description="facts a deal must have by a stage")
    decision_makers: DecisionMakerSettings = Field(
        DecisionMakerSettings(), description="who is a decision-maker"
    )
    categories: tuple[Category, ...] = Field(
        (), description="categories of companies, the first that fits wins"
    )
    hand_overs: HandOverSettings = Field(
        HandOverSettings(), description="deals handed from one to another"
    )
