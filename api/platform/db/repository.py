"""SQL restricted to one business."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Dialect, Select, Uuid, any_, bindparam, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import UserDefinedType

from api.platform.db.base import Owned
from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound

M = TypeVar("M", bound=Owned)
EXACT_UP_TO = 10_000


@dataclass(frozen=True)
class Count:
    """How many rows a statement has: exact up to 10,000; `more` when there are more."""

    count: int
    more: bool


class _Listed(UserDefinedType[Collection[Any]]):
    """Values of one type, written as one text: the driver would look at each of them to find out how to write it."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, element: str) -> None:
        self.element = element

    def get_col_spec(self, **_: Any) -> str:
        return f"{self.element}[]"

    def bind_processor(self, dialect: Dialect) -> Callable[[Collection[Any] | None], str]:
        return lambda values: f"{{{','.join(_quoted(str(value)) for value in values or ())}}}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def is_any_of(
    column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None], ids: Collection[UUID]
) -> ColumnElement[bool]:
    """The condition that the column is one of these ids, as one parameter: thousands of ids take no time to compile."""
    return column == any_(ids_parameter(ids))


def ids_parameter(ids: Collection[UUID]) -> BindParameter[Collection[UUID]]:
    """These ids as one parameter, which PostgreSQL reads as an array."""
    return literal(ids, _Listed("UUID"))


def texts_parameter(texts: Collection[str]) -> BindParameter[Collection[str]]:
    """These texts as one parameter, which PostgreSQL reads as an array."""
    return literal(texts, _Listed("TEXT"))


def counting(statement: Select[*tuple[Any, ...]], row_id: InstrumentedAttribute[UUID]) -> Select[*tuple[Any, ...]]:
    """The statement that counts the rows of this one, and stops at the first that `count_of` does not count."""
    limited = statement.with_only_columns(row_id).order_by(None).limit(EXACT_UP_TO + 1).subquery()
    return select(func.count().label("count")).select_from(limited)


def count_of(number: int) -> Count:
    """What is said of this number of rows."""
    return Count(min(number, EXACT_UP_TO), number > EXACT_UP_TO)


def with_id(statement: Select[*tuple[Any, ...]], row_id: InstrumentedAttribute[UUID]) -> Select[*tuple[Any, ...]]:
    """The row of the statement whose id is the parameter `row_id`."""
    return statement.where(row_id == bindparam("row_id", type_=Uuid()))


class Repository(Generic[M]):
    """The rows of one table that belong to one business."""

    model: type[M]
    missing: type[NotFound] = NotFound

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.session = work.session
        self.business_id = work.business_id

    def rows(self) -> Select[Any]:
        """A statement for every row of this business; other statements start from it."""
        return select(self.model).where(self.model.business_id == self.business_id)

    async def get(self, row_id: UUID, *, locked: bool = False) -> M:
        """One row, `FOR UPDATE` if `locked`; the id of another business's row is as unknown as any other."""
        statement = self.rows().where(self.model.id == row_id)
        if locked:
            statement = statement.with_for_update()
        row: M | None = (await self.session.execute(statement)).scalar_one_or_none()
        if row is None:
            raise self.missing()
        return row

    async def all(self) -> Sequence[M]:
        """Every row of this business, in no particular order."""
        rows: Sequence[M] = (await self.session.execute(self.rows())).scalars().all()
        return rows

    async def by(self, column: InstrumentedAttribute[Any], values: set[Any]) -> dict[Any, M]:
        """The rows whose `column` has one of these values, by that value."""
        if not values:
            return {}
        rows = (await self.session.execute(self.rows().where(column.in_(values)))).scalars()
        return {getattr(row, column.key): row for row in rows}

    async def add(self, row: M) -> M:
        """Store a new row for this business, then read the values that the database filled in."""
        row.business_id = self.business_id
        self.session.add(row)
        await self.session.flush()
        await self.session.refresh(row)
        return row

    async def save(self, row: M) -> M:
        """Store the changes of a row and read when it was changed."""
        await self.session.flush()
        await self.session.refresh(row, ["updated_at"])
        return row

    async def delete(self, row: M) -> None:
        """Delete the row; foreign keys decide what happens to rows that refer to it."""
        await self.session.delete(row)
        await self.session.flush()
