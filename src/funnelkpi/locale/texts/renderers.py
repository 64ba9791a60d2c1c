"""What the renderers say themselves: units, dates, folded columns, empty parts."""

TEXTS: dict[str, tuple[str, str]] = {
    # values; the spaces before units are no-break ones
    "percent": ("\u00a0%", "%"),
    "days": ("\u00a0дн.", "\u00a0d"),
    "hours": ("\u00a0ч", "\u00a0h"),
    "minutes": ("\u00a0мин", "\u00a0min"),
    "bounds": ("от\u00a0{low} до\u00a0{high}", "{low}\u00a0to\u00a0{high}"),
    "day": ("{day:02d}.{month}.{year}", "{day}\u00a0{month}\u00a0{year}"),
    "yes": ("да", "yes"),
    "no": ("нет", "no"),
    # parts of a report
    "empty_section": ("Нет данных.", "No data."),
    "empty_table": ("Строк нет.", "No rows."),
    "total": ("Итого", "Total"),
    "folded": (
        "Не поместились: {names} (окно от {width} {width:plural:знака,знаков,знаков} "
        "или --format markdown).",
        "Left out for width: {names} (a window of {width} {width:plural:character,characters} or "
        "--format markdown).",
    ),
}
