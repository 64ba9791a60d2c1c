"""funnelkpi: KPI reports for sales departments from amoCRM and Bitrix24 export files."""

__version__ = "0.1.0"
