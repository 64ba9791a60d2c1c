"""Where presets, the CRMs' default stages and the sample exports are.

An installed wheel carries them in ``funnelkpi/_bundled``; in a checkout they stand at its root.
"""

from __future__ import annotations

from pathlib import Path

from funnelkpi.config.nearest import listed, nearest
from funnelkpi.errors import UsageError

DEFAULT_PRESET = "b2b-standard"
SAMPLES = ("amocrm", "bitrix24")
_DEFAULTS = "-defaults"  # files of the CRMs' own stages are no presets


def root() -> Path:
    """The folder that holds ``configs`` and ``sample_data``."""
    package = Path(__file__).resolve().parents[1]
    bundled = package / "_bundled"
    return bundled if bundled.is_dir() else package.parents[1]


def preset_names() -> tuple[str, ...]:
    """Names of the presets, sorted."""
    names = (p.stem for p in (root() / "configs").glob("*.yml"))
    return tuple(sorted(n for n in names if not n.endswith(_DEFAULTS)))


def preset_path(name: str) -> Path:
    """The file of a preset.

    Raises:
        UsageError: there is no such preset; names the nearest.
    """
    known = preset_names()
    if name in known:
        return root() / "configs" / f"{name}.yml"
    near = nearest(name, known)
    if near:
        raise UsageError.of(
            "errors_config.unknown_preset_near", name=name, nearest=near, known=listed(known)
        )
    raise UsageError.of("errors_config.unknown_preset", name=name, known=listed(known))


def crm_defaults_path(crm: str) -> Path:
    """The file with the built-in stages of ``amocrm`` or ``bitrix24``."""
    return root() / "configs" / f"{crm}{_DEFAULTS}.yml"


def sample_path(crm: str) -> Path:
    """The folder with the sample exports of a CRM.

    Raises:
        UsageError: there are none of this CRM.
    """
    if crm not in SAMPLES:
        raise UsageError.of("errors_config.unknown_sample", name=crm, known=listed(SAMPLES))
    return root() / "sample_data" / crm
