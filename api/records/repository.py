"""SQL for the rows of any table: the filters that every list has, and the rows that use a value."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, func, inspect, literal, or_, select, union_all

from api.platform.db.base import Base, Owned
from api.platform.db.work import UnitOfWork


def conditions(model: type[Owned], **values: Any) -> list[ColumnElement[bool]]:
    """A condition for each column that has to equal a value, and for `updated_since`; None means any value."""
    since = values.pop("updated_since", None)
    equal = [getattr(model, name) == value for name, value in values.items() if value is not None]
    return equal if since is None else [*equal, model.updated_at >= since]


async def count_uses(work: UnitOfWork, columns: Iterable[Column[Any]], value: Any) -> dict[str, int]:
    """How many rows of the business have the value in one of these columns, by table; only tables that have some."""
    by_table: dict[str, list[Column[Any]]] = {}
    for column in columns:
        by_table.setdefault(column.table.name, []).append(column)
    counts = [
        select(literal(name).label("table"), func.count().label("count"))
        .select_from(referring[0].table)
        .where(referring[0].table.c.business_id == work.business_id, or_(*(column == value for column in referring)))
        for name, referring in by_table.items()
    ]
    if not counts:
        return {}
    return {name: count for name, count in await work.session.execute(union_all(*counts)) if count}


def columns_named(*names: str) -> list[Column[Any]]:
    """Columns by `table.column`, for values that are stored without a foreign key."""
    tables = Base.metadata.tables
    return [tables[table].c[column] for table, column in (name.split(".") for name in names)]


def referring_columns(model: type[Owned]) -> Iterator[Column[Any]]:
    """The columns whose foreign key to this table restricts deletion."""
    target = inspect(model).local_table
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is target and key.ondelete == "RESTRICT":
                yield key.parent
