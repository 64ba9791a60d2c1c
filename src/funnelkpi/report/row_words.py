"""Slices and statistics of the long table in words."""

from __future__ import annotations

from funnelkpi.config.schema import Settings
from funnelkpi.locale.catalogue import Lang, has, text

_NAMED = ("class", "reason", "evidence")
"""Slices whose values the catalogue names; the others hold words of the CRM."""

_WHOLE = {
    f"touch={became}": f"explanation.slice_touch_{became}"
    for became in ("became_deal", "became_meeting")
}


def statistic_words(statistic: str | None, lang: Lang) -> str | None:
    """«медиана»; nothing for the value itself."""
    if statistic in (None, "value"):
        return None
    return text(f"explanation.statistic_{statistic}", lang)


def slice_words(value: str | None, settings: Settings, lang: Lang) -> str | None:
    """«Источник: Сайт», «зависла», the title of a norm; nothing for what is not sliced."""
    if not value:
        return None
    kind, _, own = value.partition("=")
    if kind == "norm":
        title = settings.norms[int(own)].title
        if title is None:  # the row's stage tells which
            return text("explanation.slice_norm_untitled", lang)
        return text("explanation.slice_norm", lang, norm=title)
    own_domains = (f"report.{kind}_{own}", f"report_calls.{kind}_{own}")
    keys = (_WHOLE.get(value, f"explanation.slice_{kind}_{own}"), *own_domains)
    named = next((text(k, lang) for k in keys if has(k)), None)
    if kind in _NAMED or named is not None:
        return _lower(named or own)
    caption = f"report.by_{kind}"
    title = text(caption, lang) if has(caption) else kind
    return f"{title}: {own or text('report.slice_none', lang)}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
