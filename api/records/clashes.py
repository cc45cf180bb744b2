"""Conflicts of a write: a value that another row has, and a row that is still in use."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.orm import InstrumentedAttribute

from api.platform.db.base import Owned
from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, FieldError
from api.records.repository import count_uses, referring_columns


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
    await refuse_referenced(work, referring_columns(type(row)), row.id)


async def refuse_referenced(work: UnitOfWork, columns: Iterable[Column[Any]], value: Any) -> None:
    """Raise InUse with the counts when rows of the business have this value in one of these columns."""
    uses = await count_uses(work, columns, value)
    if uses:
        users = " and ".join(_counted(name, count) for name, count in uses.items())
        raise InUse(f"Used by {users}. {InUse.remedy}")


def _counted(table: str, count: int) -> str:
    words = table.replace("_", " ")
    return f"{count} {words.removesuffix('s') if count == 1 else words}"
