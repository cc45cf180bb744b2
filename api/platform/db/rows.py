"""Inserting and updating many rows with one statement of constant size."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import TableValuedAlias, Text, cast, func, inspect, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import JSON, Insert, insert
from sqlalchemy.orm.attributes import set_committed_value

from api.platform.clock import app_now
from api.platform.db.base import Base
from api.platform.db.work import UnitOfWork


def insertion(model: type[Base], rows: Sequence[Mapping[str, Any]], **fixed: Any) -> Insert:
    """The insertion of at least one row; all have the same columns, and `fixed` is the same in each.

    The rows are one JSON parameter: a statement with thousands of values would take long to compile and to parse.
    """
    names = list(rows[0])
    given = _given(model, names, rows)
    values = [literal(value, model.__table__.c[name].type) for name, value in fixed.items()]
    return insert(model).from_select([*fixed, *names], select(*values, *given.c))


async def insert_rows(work: UnitOfWork, model: type[Base], rows: Sequence[Mapping[str, Any]], **fixed: Any) -> None:
    """Insert rows as `insertion` describes them."""
    if rows:
        await work.session.execute(insertion(model, rows, **fixed))


async def update_rows(work: UnitOfWork, rows: Sequence[Base]) -> None:
    """Store what was changed in locked rows of one table of businesses. A flush would send a statement for each row.

    No statement may be executed between the changes and this: it would flush them.
    """
    columns = {column.key for column in inspect(type(rows[0])).column_attrs} if rows else set()
    names = sorted({name for row in rows for name in columns - inspect(row).unmodified})
    if not names:
        return
    model, own = type(rows[0]), type(rows[0]).__table__.c
    given = _given(model, ["id", *names], [{name: getattr(row, name) for name in ("id", *names)} for row in rows])
    statement = update(model).where(own.id == given.c.id, own.business_id == work.business_id)
    for row in rows:
        for name in names:
            set_committed_value(row, name, getattr(row, name))
    await work.session.execute(
        statement.values(updated_at=app_now(), **{name: given.c[name] for name in names}),
        execution_options={"synchronize_session": False},
    )


def _given(model: type[Base], names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> TableValuedAlias:
    record = func.json_populate_recordset(
        literal_column(f"NULL::{model.__tablename__}"), cast(literal(json.dumps(rows, default=str), Text()), JSON)
    )
    return record.table_valued(*(model.__table__.c[name] for name in names), name="given")
