"""Response schemas show every stored value: a limit on input must not make a stored row unreadable."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, get_args

from pydantic.fields import FieldInfo

from api import app
from api.platform.http.schemas import OutputModel
from api.platform.ids import PublicId
from api.records.money import DecimalOut

# A public id is written from a UUID and refuses none; a DecimalOut refuses no Decimal.
_HARMLESS = (PublicId, DecimalOut)


def response_models(model: type[OutputModel] = OutputModel) -> Iterator[type[OutputModel]]:
    """Every response schema of the product, without the parametrised pages of lists."""
    assert app.metadata is not None  # the root imports every router, and they import every schema
    for subclass in model.__subclasses__():
        if "[" not in subclass.__name__:
            yield subclass
        yield from response_models(subclass)


def constraints(annotation: Any) -> Iterator[Any]:
    """Everything that annotates a type or a part of it."""
    for metadata in getattr(annotation, "__metadata__", ()):
        yield from metadata.metadata if isinstance(metadata, FieldInfo) else [metadata]
    for part in get_args(annotation):
        yield from constraints(part)


def test_no_response_schema_limits_a_value():
    models = list(response_models())
    assert len(models) > 30
    limited = [
        f"{model.__module__}.{model.__name__}.{name}: {constraint}"
        for model in models
        for name, field in model.model_fields.items()
        for constraint in [*field.metadata, *constraints(field.annotation)]
        if not isinstance(constraint, _HARMLESS)
    ]
    assert not limited, "\n".join(limited)


def test_no_response_schema_has_a_decimal_without_places():
    plain = [
        f"{model.__module__}.{model.__name__}.{name}"
        for model in response_models()
        for name, field in model.model_fields.items()
        if Decimal in (field.annotation, *get_args(field.annotation))
        and not any(
            isinstance(annotation, DecimalOut) for annotation in [*field.metadata, *constraints(field.annotation)]
        )
    ]
    assert not plain, "\n".join(plain)
