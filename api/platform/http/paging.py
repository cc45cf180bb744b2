"""Keyset paging with opaque, signed cursors."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request
from sqlalchemy import Integer, Row, Select, bindparam, literal_column, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from api.platform.crypto import Keyring
from api.platform.errors import FieldError, Invalid

_PURPOSE = "cursor"
_SIGNATURE_BYTES = 16


def sealed_cursor(keyring: Keyring, context: str, place: list[Any]) -> str:
    """A place in a list as opaque signed text that is valid for this context only."""
    body = json.dumps(place).encode()
    signature = keyring.sign(body + context.encode(), purpose=_PURPOSE)
    return base64.urlsafe_b64encode(signature + body).decode().rstrip("=")


def unverified_place(cursor: str) -> list[Any]:
    """The place in a cursor whose context is not known yet: verify it with `opened_cursor` before the answer."""
    place: list[Any] = json.loads(_raw_cursor(cursor)[_SIGNATURE_BYTES:])
    return place


def _raw_cursor(cursor: str) -> bytes:
    return base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))


def opened_cursor(keyring: Keyring, context: str, cursor: str) -> list[Any]:
    """The place in a cursor; ValueError when it is forged or belongs to another context."""
    raw = _raw_cursor(cursor)
    signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not keyring.verifies(body + context.encode(), signature, purpose=_PURPOSE):
        raise ValueError("the signature of the cursor is wrong")
    place: list[Any] = json.loads(body)
    return place


@dataclass(frozen=True)
class Position:
    """The end of a page: the sort value as text, and the id that orders equal values."""

    value: str
    id: UUID


class Paging:
    """How many items of a list are wanted, and after which one. The cursor is bound to path and filters."""

    def __init__(self, limit: int, after: Position | None, keyring: Keyring, context: str) -> None:
        self.limit = limit
        self.after = after
        self._keyring = keyring
        self._context = context

    def cursor(self, position: Position) -> str:
        """The cursor of the page after this position."""
        return sealed_cursor(self._keyring, self._context, [position.value, position.id.hex])

    @classmethod
    def read(cls, limit: int, cursor: str | None, keyring: Keyring, context: str) -> "Paging":
        """Read a cursor; Invalid when it is forged or belongs to another list or filter."""
        if cursor is None:
            return cls(limit, None, keyring, context)
        try:
            value, hexadecimal = opened_cursor(keyring, context, cursor)
            return cls(limit, Position(value, UUID(hexadecimal)), keyring, context)
        except ValueError:
            detail = "Send next_cursor unchanged with the same filters, or start again without it."
            raise Invalid(errors=[FieldError("cursor_unusable", detail, parameter="cursor")]) from None


async def paging_of(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=200, description="The most items on a page.")] = 50,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the previous page.")] = None,
) -> Paging:
    """The paging of a list request."""
    others = sorted((name, value) for name, value in request.query_params.items() if name not in {"limit", "cursor"})
    context = hashlib.sha256(json.dumps([request.url.path, others]).encode()).hexdigest()
    return Paging.read(limit, cursor, request.app.state.keyring, context)


PagingDep = Annotated[Paging, Depends(paging_of)]


def keyset_statement(
    statement: Select[*tuple[Any, ...]],
    limit: int,
    *,
    continued: bool,
    by: InstrumentedAttribute[Any],
    tie: InstrumentedAttribute[Any],
    descending: bool,
) -> Select[*tuple[Any, ...]]:
    """The statement of a page and one row more, the place in `after_value` and `after_id` if the list is `continued`.

    The limit is a part of the text, so that PostgreSQL plans the statement for it.
    """
    if continued:
        keys, last = (
            tuple_(by, tie),
            tuple_(bindparam("after_value", None, type_=by.type), bindparam("after_id", None, type_=tie.type)),
        )
        statement = statement.where(keys < last if descending else keys > last)
    order = (by.desc(), tie.desc()) if descending else (by.asc(), tie.asc())
    return statement.order_by(*order).limit(literal_column(str(limit + 1), Integer))


def place_of(paging: Paging, by: InstrumentedAttribute[Any]) -> Mapping[str, object]:
    """The parameters of `keyset_statement` for the cursor of a request."""
    if paging.after is None:
        return {}
    return {"after_value": _as_type(paging.after.value, by.type.python_type), "after_id": paging.after.id}


def one_page(
    rows: Sequence[Mapping[str, Any]], paging: Paging, by: InstrumentedAttribute[Any]
) -> tuple[Sequence[Mapping[str, Any]], str | None]:
    """The rows of `keyset_statement` without the row too many, and the cursor of the next page."""
    if len(rows) <= paging.limit:
        return rows, None
    end = rows[paging.limit - 1]
    return rows[: paging.limit], paging.cursor(Position(str(end[by.key]), end["id"]))


@dataclass(frozen=True)
class Slice:
    """One page of rows and the cursor of the next page."""

    rows: Sequence[Row[Any]]
    next_cursor: str | None


async def keyset_page(
    session: AsyncSession,
    statement: Select[*tuple[Any, ...]],
    paging: Paging,
    *,
    by: InstrumentedAttribute[Any],
    tie: InstrumentedAttribute[Any],
    descending: bool = False,
) -> Slice:
    """One page of `statement`, ordered by a column without nulls and the id; the statement selects both."""
    if paging.after is not None:
        last = (_as_type(paging.after.value, by.type.python_type), paging.after.id)
        keys = tuple_(by, tie)
        statement = statement.where(keys < last if descending else keys > last)
    order = (by.desc(), tie.desc()) if descending else (by.asc(), tie.asc())
    rows = (await session.execute(statement.order_by(*order).limit(paging.limit + 1))).all()
    if len(rows) <= paging.limit:
        return Slice(rows, None)
    rows = rows[: paging.limit]
    end = rows[-1]
    return Slice(rows, paging.cursor(Position(str(getattr(end, by.key)), getattr(end, tie.key))))


def _as_type(text: str, kind: type[Any]) -> Any:
    if issubclass(kind, datetime | date):
        return kind.fromisoformat(text)
    return kind(text) if kind in (int, Decimal, UUID) else text
