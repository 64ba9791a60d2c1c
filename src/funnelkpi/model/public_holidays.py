"""Public holidays of a country, from the ``holidays`` library."""

from __future__ import annotations

from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any


def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of one country (ISO code) in one year.

    Raises:
        NotImplementedError: the library does not know the country.
    """
    own = _class_of(country)
    if own is None:
        import holidays

        return frozenset(holidays.country_holidays(country, years=year))
    return frozenset(own(years=year))


def _class_of(country: str) -> Any:
    """The library's class of one country; None where it cannot be had so.

    Only its own module is executed: the library's loader executes those of all 250 countries, which
    takes longer than all figures of a small export.
    """
    from holidays import registry

    entries = getattr(registry, "COUNTRIES", {}).items()
    name, names = next(((m, names) for m, names in entries if country in names[1:]), ("", ("",)))
    path = Path(registry.__file__).with_name("countries") / f"{name}.py"
    spec = spec_from_file_location(f"holidays.countries.{name}", path) if path.exists() else None
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, names[0], None)
