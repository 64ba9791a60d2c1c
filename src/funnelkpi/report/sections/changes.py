"""What is new since the previous export of the archive: won, lost, moved, new stalled deals, verdicts
that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelkpi.locale.catalogue import text
from funnelkpi.report.cells import money, name
from funnelkpi.report.context import Context
from funnelkpi.report.data import chosen, plain_rows, wanted
from funnelkpi.report.document import Cell, Column, Line, Section, Table, Tone
from funnelkpi.report.mask import masked_title
from funnelkpi.report.money import short_money
from funnelkpi.report.since import Since
from funnelkpi.report.texts import stage_title, verdict_text

if TYPE_CHECKING:
    import pandas as pd

TOP = 3
"""Deals named of each kind."""
VERDICTS = 4
"""Verdicts named that appeared, and that were resolved."""
STAGES = 4


def build(c: Context) -> Section:
    """Counts and sums in a few lines, then the largest deals."""
    since = c.analysis.since
    if since is None:
        line = Line(_t(c, "no_previous"), "muted")
        return Section("changes", c.t("section_changes"), (line,))
    moment = f"{since.previous:%d.%m.%Y %H:%M}"
    blocks: list[Table | Line] = [Line(_t(c, "since_moment", moment=moment), "muted")]
    found = {
        "won": chosen(since.won, c.choice),
        "lost": chosen(since.lost, c.choice),
        "stalled": None if since.new_stalled is None else chosen(since.new_stalled, c.choice),
    }
    moved, gone = (chosen(f, c.choice) for f in (since.moved, since.gone))
    verdicts = _verdicts(c, since)
    deals = [f for f in found.values() if f is not None]
    some = any(len(f) for f in (*deals, moved, gone)) or bool(verdicts)
    if not some and found["stalled"] is not None and not since.stage_unknown:
        blocks.append(Line(_t(c, "nothing_new")))
    else:
        blocks += _counts(c, found, moved, sure=not since.stage_unknown)
    if len(gone):
        blocks.append(Line(_t(c, "gone", n=len(gone), money=_money(c, gone))))
    if since.stage_unknown:
        blocks.append(Line(_t(c, "stage_unknown", n=since.stage_unknown), "muted"))
    blocks += verdicts
    if any(len(f) for f in deals):
        blocks.append(_table(c, found))
    return Section("changes", c.t("section_changes"), tuple(blocks))


def _t(c: Context, key: str, **params: Any) -> str:
    return text(f"report_changes.{key}", c.lang, **params)


def _counts(
    c: Context, found: dict[str, pd.DataFrame | None], moved: pd.DataFrame, *, sure: bool
) -> list[Line]:
    """sure: every move is seen."""
    won, lost, stalled = found["won"], found["lost"], found["stalled"]
    assert won is not None
    assert lost is not None
    lines = [
        Line(_t(c, "won", n=len(won), money=_money(c, won)), "good" if len(won) else "plain"),
        Line(_t(c, "lost", n=len(lost), money=_money(c, lost))),
    ]
    if len(moved):
        lines.append(Line(_t(c, "moved", n=len(moved), stages=_stages(c, moved))))
    elif sure:
        lines.append(Line(_t(c, "moved_none")))
    if stalled is None:
        lines.append(Line(_t(c, "stalled_unknown"), "muted"))
    else:
        shown = _t(c, "new_stalled", n=len(stalled), money=_money(c, stalled))
        lines.append(Line(shown, "warn" if len(stalled) else "plain"))
    return lines


def _money(c: Context, deals: pd.DataFrame) -> str:
    """«: 1,4 млн ₽»: the sums by currency, the commonest first; nothing without sums."""
    sums = deals.groupby("currency", observed=True)["amount"].sum()
    order = [x for x in c.currencies if x in sums.index]
    order += [str(x) for x in sums.index if x not in order]
    shown = [short_money(float(sums[x]), x, c.lang) for x in order if sums[x]]
    return f": {' + '.join(shown)}" if shown else ""


def _stages(c: Context, moved: pd.DataFrame) -> str:
    """«→ КП 12, → Дожим 5»: where the deals came, in the order of the funnel; with the pipeline
    where they came to stages of several."""
    counts = moved.groupby(["pipeline", "stage"], observed=True).size()
    found = [
        (p, s.title, int(counts[p.key, s.key]))
        for p in c.analysis.data.funnel.pipelines
        for s in p.stages
        if (p.key, s.key) in counts.index
    ]
    top = sorted(found, key=lambda one: -one[2])[:STAGES]
    several = len({p.key for p, _, _ in found}) > 1
    named = {p.key: _t(c, "pipeline", title=p.title or c.pipeline_title(p)) for p, _, _ in found}
    shown = [
        f"→ {named[p.key] if several else ''}{title} {n}"
        for p, title, n in found
        if (p, title, n) in top
    ]
    rest = len(moved) - sum(n for _, _, n in top)
    return ", ".join(shown) + (f", … {rest}" if rest else "")


def _verdicts(c: Context, since: Since) -> list[Line]:
    lines = []
    groups: tuple[tuple[str, Tone, Any], ...] = (
        ("appeared", "bad", since.appeared),
        ("resolved", "good", since.resolved),
    )
    for key, tone, verdicts in groups:
        own = [v for v in verdicts if wanted(v, c.choice)]
        funnel = c.analysis.data.funnel
        shown = [verdict_text(v, funnel, c.lang) for v in own[:VERDICTS]]
        lines += [Line(_t(c, key, verdict=said), tone) for said in shown]
        if len(own) > VERDICTS:
            lines.append(Line("  " + _t(c, "and_more_verdicts", n=len(own) - VERDICTS), "muted"))
    return lines


def _table(c: Context, found: dict[str, pd.DataFrame | None]) -> Table:
    """The largest deals of each kind."""
    tones: dict[str, Tone] = {"won": "good", "lost": "muted", "stalled": "warn"}
    rows = []
    for kind, deals in found.items():
        if deals is None:
            continue
        top = deals.head(TOP)
        if c.choice.mask:
            top = top.assign(title=masked_title(top["title"]))
        rows += [_row(c, kind, tones[kind], row) for row in plain_rows(top)]
    columns = (
        Column(_t(c, "what"), "left"),
        Column(c.t("deal"), "left"),
        Column(c.t("title_column"), "left", 2),
        Column(c.t("amount"), priority=1),
        Column(c.t("stage"), "left", 4),
        Column(c.t("manager"), "left", 3),
    )
    return Table(_t(c, "top_deals"), columns, tuple(rows))


def _row(c: Context, kind: str, tone: Tone, row: dict[str, Any]) -> tuple[Cell, ...]:
    link = c.analysis.settings.report.link
    stage = row["from_stage"] if kind == "lost" else row["stage"]
    return (
        name(_t(c, f"what_{kind}"), tone),
        Cell(row["deal_id"], "id", link=link.replace("{id}", row["deal_id"]) if link else None),
        name(row["title"]),
        money(row["amount"], row["currency"]),
        name(stage_title(c.analysis.data.funnel, row["pipeline"], stage)),
        name(row["manager"]),
    )
