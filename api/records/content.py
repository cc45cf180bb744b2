"""The content of a row: read, merge-patched, validated as a whole, and written back."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from api.platform.db.base import Owned
from api.platform.errors import FieldError, Invalid
from api.platform.http.problems import field_errors_of
from api.platform.http.schemas import InputModel

T = TypeVar("T", bound=InputModel)


def content_of(shape: type[InputModel], row: Owned) -> dict[str, Any]:
    """The values of the row for the fields of `shape`."""
    return {name: getattr(row, name) for name in shape.model_fields}


def merged(stored: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Apply a merge-patch (RFC 7396). Unlike there, null is kept as a value."""
    result = dict(stored)
    for name, value in patch.items():
        before = result.get(name)
        result[name] = merged(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return result


def checked(shape: type[T], document: Mapping[str, Any]) -> tuple[T | None, list[FieldError]]:
    """The document as `shape`, or all its errors."""
    try:
        return shape.model_validate(document), []
    except ValidationError as error:
        return None, field_errors_of(error.errors(include_url=False), document)


def revised(shape: type[T], row: Owned, change: InputModel) -> T:
    """The row's content after a change, validated as a whole. Raises Invalid with every error."""
    content, errors = checked(shape, merged(content_of(shape, row), change.model_dump(exclude_unset=True)))
    if content is None:
        raise Invalid(errors=errors)
    return content


def write(row: Owned, content: InputModel) -> set[str]:
    """Write the content to the row; returns the names of the changed fields."""
    values = content.model_dump()
    changes = {name for name, value in values.items() if getattr(row, name) != value}
    for name in changes:
        setattr(row, name, values[name])
    return changes
