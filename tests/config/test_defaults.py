"""``defaults.yml`` against the models, key by key and value by value."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from funnelkpi.config.docs import DEFAULTS, comments, expanded
from funnelkpi.config.load import load_settings, parse_settings
from funnelkpi.config.schema import Settings
from funnelkpi.config.yaml_tree import Tree

TEXT = DEFAULTS.read_text(encoding="utf-8")


def test_loads_to_the_defaults():
    assert load_settings(DEFAULTS) == Settings()


def test_every_key_stands_there_with_its_default():
    written = Tree(expanded(TEXT), "defaults.yml").value()
    assert _differences(Settings(), written, "") == []


def _differences(model: BaseModel, written: dict[str, Any], path: str) -> list[str]:
    """Keys missing, out of order, or with another value than the model's default."""
    fields = type(model).model_fields
    out = [] if list(written) == list(fields) else [f"{path}: {list(written)}"]
    for name, field in fields.items():
        value = written.get(name)
        default = field.default
        items = isinstance(value, tuple) and value and isinstance(value[0], dict)
        if isinstance(default, BaseModel):
            out += _differences(default, value, f"{path}.{name}")
        elif items:
            built = model_of(field.annotation).model_validate(value[0])
            out += _differences(built, value[0], f"{path}.{name}[0]")
        elif not field.is_required() and value != default:
            out.append(f"{path}.{name}: {value!r} is not {default!r}")
    return out


def model_of(annotation: Any) -> type[BaseModel]:
    found = annotation.__args__[0]
    assert issubclass(found, BaseModel)
    return found


def test_each_comment_is_russian_and_has_the_models_english():
    told = comments(expanded(TEXT))

    def walk(model: type[BaseModel], path: tuple[str, ...]) -> None:
        for name, field in model.model_fields.items():
            russian, english = told[(*path, name)]
            assert english == field.description
            assert any("а" <= c <= "я" for c in russian.lower()), name
            args = getattr(field.annotation, "__args__", (field.annotation,))
            if isinstance(args[0], type) and issubclass(args[0], BaseModel):
                walk(args[0], (*path, name))

    walk(Settings, ())


def test_a_wrong_default_would_be_seen():
    written = Tree(expanded(TEXT).replace("warn_days: 3", "warn_days: 4"), "f").value()
    assert _differences(Settings(), written, "") == [".stalled.warn_days: 4 is not 3"]
    assert parse_settings(TEXT.replace("warn_days: 3", "warn_days: 4"), "f") != Settings()
