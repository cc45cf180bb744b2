"""Reads without a unit of work: prepared statements, sent together in one round trip.

The statements of a round trip see one transaction, which ends with it. They are limited to the business that the first
of them puts into `app.business_id`: OWN_BUSINESS is that business, so a statement is the same for every business.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, OperationalError
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool
from pydantic_core import from_json
from sqlalchemy import ColumnElement, Select, Uuid, literal_column, make_url, select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from api.platform.db.work import EVERY_BUSINESS, SYSTEM, UnitOfWork, connection_options

ReadRow = Mapping[str, Any]


def _setting(name: str) -> ColumnElement[UUID]:
    # In a subquery, which PostgreSQL evaluates once for a statement and not once for a row.
    return select(literal_column(f"nullif(current_setting('app.{name}', true), '')::uuid", Uuid)).scalar_subquery()


OWN_BUSINESS: Final = _setting("business_id")
OWN_USER: Final = _setting("user_id")  # null for an API key
_DIALECT: Final = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy does not annotate it
_MOST_CONNECTIONS: Final = 10
_WAIT_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Read:
    """A statement that only reads, compiled once; `values` are those of its parameters."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, statement: Select[*tuple[Any, ...]]) -> "Read":
        """Compile a statement. It must not contain the id of a business: it names OWN_BUSINESS."""
        compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        return cls(str(compiled), dict(compiled.params))

    def with_values(self, **values: Any) -> "Read":
        """The same statement with these values of its named parameters."""
        return Read(self.text, {**self.values, **values})


class _Statements(UnitOfWork):
    """Stands for the unit of work of a repository that builds statements for `Read.of` and runs none."""

    def __init__(self) -> None:
        super().__init__(AsyncSession(), SYSTEM, None)  # without an engine: it can run nothing

    @property
    def business_id(self) -> Any:
        """The business of the caller, as SQL."""
        return OWN_BUSINESS


STATEMENTS: Final = _Statements()
# The statements after it in a round trip see the rows of every business: a person may belong to several.
ACROSS_BUSINESSES: Final = Read(f"SELECT set_config('app.business_id', '{EVERY_BUSINESS}', true)")


class Reads:
    """Connections for reads. A statement is planned once for each connection."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[ReadRow]]) -> None:
        self._pool = pool

    async def fetch(self, *reads: Read) -> list[Sequence[ReadRow]]:
        """The rows of each statement, in one round trip. Reads again if the database has closed the connection."""
        async with self._pool.connection() as connection:
            try:
                return await _fetched(connection, reads)
            except OperationalError:
                if not connection.closed:
                    raise
        await self._pool.check()  # replaces what the database has closed
        async with self._pool.connection() as connection:
            return await _fetched(connection, reads)


async def _fetched(connection: AsyncConnection[ReadRow], reads: Sequence[Read]) -> list[Sequence[ReadRow]]:
    async with connection.pipeline():
        cursors = [await connection.execute(read.text, read.values, prepare=True) for read in reads]
    return [await cursor.fetchall() for cursor in cursors]


async def _read_json_quickly(connection: AsyncConnection[ReadRow]) -> None:
    set_json_loads(from_json, connection)


@asynccontextmanager
async def open_reads(url: str) -> AsyncIterator[Reads]:
    """The connections of one process; they are opened when they are needed."""
    address = make_url(url).set(drivername="postgresql").difference_update_query(["options"])
    pool: AsyncConnectionPool[AsyncConnection[ReadRow]] = AsyncConnectionPool(
        address.render_as_string(hide_password=False),
        min_size=0,
        max_size=_MOST_CONNECTIONS,
        timeout=_WAIT_SECONDS,
        open=False,
        configure=_read_json_quickly,
        kwargs={
            "autocommit": True,  # the statements of a pipeline are one transaction
            "row_factory": dict_row,
            "connect_timeout": 5,
            # It is no id: OWN_BUSINESS fails in a round trip whose first statement has not limited it.
            "options": f"{connection_options(url)} -c app.business_id={EVERY_BUSINESS}",
        },
    )
    async with pool:
        yield Reads(pool)
