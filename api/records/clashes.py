"""What stands in the way of a write: a value that is taken, a row that something still uses."""

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
    """Raise `error` when a row other than `owner` has this value; the unique index stays the last guard."""
    if value is None:
        return
    found = (await rows.by(column, {value})).get(value)
    if found is not None and found.id != owner:
        raise error(errors=[FieldError(error.code, error.remedy, pointer=f"#/{column.key}")])


async def refuse_used(work: UnitOfWork, row: Owned) -> None:
    """Raise InUse when rows point at this one and could not live without it."""
    await refuse_held(work.session, work.business_id, _holders(type(row)), row.id)


async def refuse_held(session: AsyncSession, business_id: UUID, columns: Iterable[Column[Any]], value: Any) -> None:
    """Raise InUse, with counts, when the business has rows with this value in one of these columns."""
    by_table: dict[str, list[Column[Any]]] = {}
    for column in columns:
        by_table.setdefault(column.table.name, []).append(column)
    counts = [
        select(literal(name).label("holder"), func.count().label("count"))
        .select_from(held[0].table)
        .where(held[0].table.c.business_id == business_id, or_(*(column == value for column in held)))
        for name, held in by_table.items()
    ]
    found = [(name, count) for name, count in await session.execute(union_all(*counts)) if count] if counts else []
    if found:
        users = " and ".join(_counted(name, count) for name, count in found)
        raise InUse(f"Used by {users}. {InUse.remedy}")


def columns_named(*names: str) -> list[Column[Any]]:
    """Columns by `table.column`, as foreign keys name theirs: for values that are kept without one."""
    tables = Base.metadata.tables
    return [tables[table].c[column] for table, column in (name.split(".") for name in names)]


def _holders(model: type[Owned]) -> Iterator[Column[Any]]:
    target = inspect(model).local_table
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is target and key.ondelete == "RESTRICT":
                yield key.parent


def _counted(table: str, count: int) -> str:
    words = table.replace("_", " ")
    return f"{count} {words.removesuffix('s') if count == 1 else words}"
