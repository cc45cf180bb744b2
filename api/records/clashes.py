"""Conflicts of a write: a value that another row has, and a row that is still in use."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Column, func, inspect, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from api.platform.db.base import Base, Owned
from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, FieldError


class ExternalIdTaken(Conflict):
    code, title = "external_id_taken", "Something else here has this external_id"
    remedy = "Send another external_id, or change what has it: the address that ends in /batch does so by external_id."


class CodeTaken(Conflict):
    code, title = "code_taken", "This code is here already"
    remedy = "Choose another code, or change the one that is here."


class NameTaken(Conflict):
    code, title = "name_taken", "This name is here already"
    remedy = "Choose another name, or use the one that is here."


class InUse(Conflict):
    code, title = "in_use", "Something still uses this"
    remedy = "Choose something else there first."


async def refuse_taken(
    rows: Repository[Any],
    column: InstrumentedAttribute[Any],
    value: Any,
    error: type[Conflict],
    *,
    owner: UUID | None = None,
) -> None:
    """Raise `error` when a row other than `owner` has this value. The unique index catches concurrent writes."""
    if value is None:
        return
    row = (await rows.by(column, {value})).get(value)
    if row is not None and row.id != owner:
        raise error(errors=[FieldError(error.code, error.remedy, pointer=f"#/{column.key}")])


async def refuse_used(work: UnitOfWork, row: Owned) -> None:
    """Raise InUse when rows refer to this row by a foreign key that restricts deletion."""
    await refuse_referenced(work.session, work.business_id, _referring_columns(type(row)), row.id)


async def refuse_referenced(
    session: AsyncSession, business_id: UUID, columns: Iterable[Column[Any]], value: Any
) -> None:
    """Raise InUse with the counts when rows of the business have this value in one of these columns."""
    by_table: dict[str, list[Column[Any]]] = {}
    for column in columns:
        by_table.setdefault(column.table.name, []).append(column)
    counts = [
        select(literal(name).label("table"), func.count().label("count"))
        .select_from(referring[0].table)
        .where(referring[0].table.c.business_id == business_id, or_(*(column == value for column in referring)))
        for name, referring in by_table.items()
    ]
    used = [(name, count) for name, count in await session.execute(union_all(*counts)) if count] if counts else []
    if used:
        users = " and ".join(_counted(name, count) for name, count in used)
        raise InUse(f"Used by {users}. {InUse.remedy}")


def columns_named(*names: str) -> list[Column[Any]]:
    """Columns by `table.column`, for values that are stored without a foreign key."""
    tables = Base.metadata.tables
    return [tables[table].c[column] for table, column in (name.split(".") for name in names)]


def _referring_columns(model: type[Owned]) -> Iterator[Column[Any]]:
    target = inspect(model).local_table
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is target and key.ondelete == "RESTRICT":
                yield key.parent


def _counted(table: str, count: int) -> str:
    words = table.replace("_", " ")
    return f"{count} {words.removesuffix('s') if count == 1 else words}"
