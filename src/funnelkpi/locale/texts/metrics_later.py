"""Titles of figures that a config may name and this version does not compute."""

TEXTS: dict[str, tuple[str, str]] = {
    # plan
    "plan": ("План", "Plan"),
    "plan_completion": ("Выполнение плана", "Plan completion"),
    "pace": ("Темп", "Pace"),
    "run_rate": ("Прогноз по темпу", "Run rate"),
    "forecast": ("Прогноз", "Forecast"),
    "backtest": ("Точность прогноза", "Forecast accuracy"),
    "leads_needed": ("Сколько нужно лидов", "Leads needed"),
    "coverage": ("Запас воронки", "Pipeline coverage"),
    "final_stage": ("Сделки на последнем этапе", "Deals in the final stage"),
    "pipeline_shape": ("Форма воронки", "Pipeline shape"),
    "bonus": ("Бонус", "Bonus"),
    # after the sale
    "invoices": ("Счета", "Invoices"),
    "invoices_paid_share": ("Доля оплаченных счетов", "Share of invoices paid"),
    "invoices_overdue": ("Просроченные счета", "Overdue invoices"),
    "repeat_sales": ("Повторные продажи", "Repeat sales"),
    "permanent_clients": ("Постоянные клиенты", "Permanent clients"),
    "margin": ("Маржа", "Margin"),
    "retention": ("Удержание", "Retention"),
    "grr": ("GRR", "GRR"),
    "nrr": ("NRR", "NRR"),
    "dependence": ("Зависимость базы от менеджера", "Dependence on one manager"),
}
