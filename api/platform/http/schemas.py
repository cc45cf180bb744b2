"""Bases of every shape that crosses the API."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator
from starlette.responses import Response

T = TypeVar("T", bound=BaseModel)


class InputModel(BaseModel):
    """What a caller sends: unknown fields are refused, text is trimmed and free of NUL."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="after")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        if isinstance(value, str) and "\x00" in value:
            raise ValueError("Text may not contain the NUL character.")
        return value


def omissible(description: str | None = None) -> Any:
    """A merge-patch field that may be left out but not null: `name: Text = omissible()`; read `model_fields_set`."""
    return Field(default_factory=lambda: None, description=description)


class OutputModel(BaseModel):
    """What we answer: every field always there, read from rows or objects."""

    model_config = ConfigDict(from_attributes=True, extra="ignore", json_schema_serialization_defaults_required=True)


class Page(OutputModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None


def page_response(shape: type[T], rows: Sequence[Any], next_cursor: str | None) -> Response:
    """A page dumped in one pass: rows are read and written once, without a second validation."""
    adapter: TypeAdapter[Page[T]] = TypeAdapter(Page[shape])  # type: ignore[valid-type]
    page = Page[shape](  # type: ignore[valid-type]
        items=[shape.model_validate(row) for row in rows], next_cursor=next_cursor
    )
    return Response(adapter.dump_json(page), media_type="application/json")
