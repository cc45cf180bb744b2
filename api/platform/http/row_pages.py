"""Rows as the database gives them, and pages of them, written without an object for each row."""

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache, reduce
from operator import or_
from types import GenericAlias, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response
from typing_extensions import TypedDict


def row_page_response(shape: type[BaseModel], rows: Sequence[Mapping[str, Any]], next_cursor: str | None) -> Response:
    """A page as a response. Each row has the values of the fields of `shape`; what else it has is left out.

    Nothing is validated: an answer refuses no stored value, and the columns have the types of the fields.
    """
    page = {"items": rows, "next_cursor": next_cursor}
    return Response(_page_of(shape).dump_json(page, warnings=False), media_type="application/json")


def row_response(shape: type[BaseModel], row: Mapping[str, Any]) -> Response:
    """One row as a response, like a row of `row_page_response`."""
    return Response(_writer_of(shape).dump_json(row, warnings=False), media_type="application/json")


@cache
def _writer_of(shape: type[BaseModel]) -> TypeAdapter[Any]:
    return TypeAdapter(_row_type(shape))


@cache
def _page_of(shape: type[BaseModel]) -> TypeAdapter[Any]:
    return TypeAdapter(_dictionary("RowPage", {"items": _list_of(_row_type(shape)), "next_cursor": str | None}))


def _row_type(shape: type[BaseModel]) -> Any:
    """The dictionary whose values are written as the fields of the shape are."""
    fields = {name: (_value_type(field.annotation), field.metadata) for name, field in shape.model_fields.items()}
    types = {name: Annotated[(kind, *notes)] if notes else kind for name, (kind, notes) in fields.items()}
    return _dictionary(shape.__name__, types)


def _dictionary(name: str, types: Mapping[str, Any]) -> Any:
    make: Any = TypedDict  # its types are known at run time only
    return make(name, types)


def _list_of(kind: Any) -> Any:
    return GenericAlias(list, (kind,))


def _value_type(annotation: Any) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (UnionType, Union):
        return reduce(or_, map(_value_type, arguments))
    if origin is list:
        return _list_of(_value_type(arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _row_type(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return str  # stored as its text
    return annotation
