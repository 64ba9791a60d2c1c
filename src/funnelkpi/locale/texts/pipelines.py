"""Names of pipelines that have none in the files."""

TEXTS: dict[str, tuple[str, str]] = {
    "main": ("Сделки", "Deals"),
    "leads": ("Лиды", "Leads"),
}
