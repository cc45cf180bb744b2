"""Inserting many rows with one statement of constant size."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Text, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import JSON, Insert, insert

from api.platform.db.base import Base
from api.platform.db.work import UnitOfWork


def insertion(model: type[Base], rows: Sequence[Mapping[str, Any]], **fixed: Any) -> Insert:
    """The insertion of at least one row; all have the same columns, and `fixed` is the same in each.

    The rows are one JSON parameter: a statement with thousands of values would take long to compile and to parse.
    """
    table = model.__table__
    names = list(rows[0])
    record = func.json_populate_recordset(
        literal_column(f"NULL::{model.__tablename__}"), cast(literal(json.dumps(rows, default=str), Text()), JSON)
    )
    given = record.table_valued(*(table.c[name] for name in names), name="given")
    values = [literal(value, table.c[name].type) for name, value in fixed.items()]
    return insert(model).from_select([*fixed, *names], select(*values, *given.c))


async def insert_rows(work: UnitOfWork, model: type[Base], rows: Sequence[Mapping[str, Any]], **fixed: Any) -> None:
    """Insert rows as `insertion` describes them."""
    if rows:
        await work.session.execute(insertion(model, rows, **fixed))
