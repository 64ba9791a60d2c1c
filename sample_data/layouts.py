"""Writers of the native export layouts, byte for byte, from plain dict rows.

One import for tests and scripts: ``from sample_data.layouts import write_amocrm_csv``. The keys
of a row are listed in ``amocrm_layout`` and ``bitrix24_layout``; every key but ``id`` may be
missing. A text is written as it is (so a broken date is just a text), a ``datetime`` or ``date`` in
the CRM's form.
"""

from sample_data.amocrm_layout import amocrm_file_name, write_amocrm_csv, write_amocrm_xlsx
from sample_data.bitrix24_layout import (
    bitrix_file_name,
    write_bitrix_calls,
    write_bitrix_csv,
    write_bitrix_html,
)

__all__ = [
    "amocrm_file_name",
    "bitrix_file_name",
    "write_amocrm_csv",
    "write_amocrm_xlsx",
    "write_bitrix_calls",
    "write_bitrix_csv",
    "write_bitrix_html",
]
