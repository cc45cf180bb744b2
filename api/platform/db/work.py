"""The unit of work: one transaction; tasks are woken only after its commit."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, event, func, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from api.platform.clock import app_now

# Of each connection of the application, not of migrations: nothing may hang or hold a lock for long.
TIMEOUTS = {
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "5s",
}


class TaskQueue(Protocol):
    """Wakes a worker for a task. `wake` never raises: the sweep finds the rows of a lost wake-up."""

    async def wake(self, task: str, *ids: str) -> None: ...


class _System:
    """The scope of work that belongs to no business."""

    def __repr__(self) -> str:
        return "SYSTEM"


SYSTEM: Final = _System()
Scope = UUID | _System
# What `app.business_id` has in SYSTEM work: the policies of the tables then allow the rows of every business.
EVERY_BUSINESS = "system"
_BEGIN = "jobtally_begin"


class UnitOfWork:
    """One open transaction for one business (or SYSTEM), and the tasks to wake after its commit."""

    def __init__(self, session: AsyncSession, scope: Scope, actor: str | None) -> None:
        self.session = session
        self.actor = actor
        self.scope: Scope = scope
        self.wake_ups: list[tuple[str, tuple[str, ...]]] = []
        self._instant: datetime | None = None

    @property
    def business_id(self) -> UUID:
        """The business of this work; LookupError for SYSTEM work."""
        if isinstance(self.scope, UUID):
            return self.scope
        raise LookupError("this unit of work belongs to no business")

    async def begin(self, scope: Scope, *, actor: str | None = None) -> None:
        """Begin the transaction, restricted to a business. Nothing has been read or written before."""
        self.actor = actor or self.actor
        self.scope = scope
        await self.session.connection(execution_options={_BEGIN: _beginning(scope)})

    async def enter(self, scope: Scope, *, actor: str | None = None) -> None:
        """Restrict a transaction that has begun to a business, here and in the database's setting `app.business_id`."""
        self.actor = actor or self.actor
        self.scope = scope
        row = (await self.session.execute(select(_set_business(scope), app_now()))).one()
        self.entered(row[1])

    @property
    def has_begun(self) -> bool:
        """Whether `now` has its instant."""
        return self._instant is not None

    def entered(self, instant: datetime) -> None:
        """The work has begun; `instant` is its start by the database's clock."""
        self._instant = instant

    @asynccontextmanager
    async def across_businesses(self) -> AsyncIterator[None]:
        """Let the statements of the block see and change the rows of every business; `business_id` stays as it is.

        For what one person owns in several businesses, and for questions about the others.
        """
        if self.scope is SYSTEM:
            yield
            return
        await self.session.execute(select(_set_business(SYSTEM)))
        try:
            yield
        except BaseException:
            with suppress(SQLAlchemyError):  # of a transaction that ended with the exception
                await self.session.execute(select(_set_business(self.scope)))
            raise
        await self.session.execute(select(_set_business(self.scope)))

    @asynccontextmanager
    async def tentatively(self) -> AsyncIterator[None]:
        """Take back everything that the block writes or wants woken, when it ends."""
        wake_ups = list(self.wake_ups)
        savepoint = await self.session.begin_nested()
        try:
            yield
        finally:
            await savepoint.rollback()
            self.wake_ups[:] = wake_ups

    async def now(self) -> datetime:
        """One instant of the database's clock: of the statement that began this work, else of the first call."""
        if self._instant is None:
            connection = await self.session.connection()  # a statement of the session would flush unfinished rows
            self._instant = (await connection.execute(select(app_now()))).scalar_one()
        return self._instant

    def wake_after_commit(self, task: str, *ids: UUID | str) -> None:
        """Wake `task` for these ids after the commit; not at all if the transaction is rolled back."""
        wake_up = (task, tuple(str(row_id) for row_id in ids))
        if wake_up not in self.wake_ups:
            self.wake_ups.append(wake_up)


def _setting(scope: Scope) -> str:
    return EVERY_BUSINESS if scope is SYSTEM else str(scope)


def _set_business(scope: Scope) -> ColumnElement[str]:
    return func.set_config("app.business_id", _setting(scope), True)


# Restricts a transaction to its scope with a statement of its own.
Enter = Callable[[UnitOfWork], Awaitable[None]] | None


def connection_options(url: str) -> str:
    """The options of a connection: the timeouts, then those of the address, which win."""
    timeouts = " ".join(f"-c {name}={value}" for name, value in TIMEOUTS.items())
    given = make_url(url).query.get("options", "")
    return " ".join([timeouts, *([given] if isinstance(given, str) else given)]).strip()


def _beginning(scope: Scope) -> str:
    return f"BEGIN; SET LOCAL app.business_id = '{_setting(scope)}'"


def _begin(connection: Connection) -> None:
    """Begin a transaction, and restrict it in the same round trip. Without its setting no policy allows any row."""
    connection.exec_driver_sql(str(connection.get_execution_options().get(_BEGIN, "BEGIN")))


class Database:
    """The engine; opens units of work."""

    def __init__(self, url: str, queue: TaskQueue, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=5,
            pool_pre_ping=True,
            json_deserializer=from_json,
            hide_parameters=True,  # errors and logs name the statement, never passwords and hashes
            connect_args={
                "connect_timeout": 5,
                "options": connection_options(url),
                "autocommit": True,  # `_begin` begins the transactions
            },
        )
        event.listen(self.engine.sync_engine, "begin", _begin)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        every = self.engine.execution_options(**{_BEGIN: _beginning(SYSTEM)})
        self._system_sessions = async_sessionmaker(every, expire_on_commit=False)
        self._queue = queue

    @asynccontextmanager
    async def work(self, scope: Scope, *, actor: str | None = None, enter: Enter = None) -> AsyncIterator[UnitOfWork]:
        """Commit on success, roll back on any exception, wake the tasks after the commit.

        `enter` restricts the transaction to the scope with a statement of its own.
        """
        sessions = self._system_sessions if scope is SYSTEM else self._sessions
        async with sessions.begin() as session:
            unit = UnitOfWork(session, scope, actor)
            if scope is not SYSTEM:
                await unit.begin(scope)
            if enter is not None:
                await enter(unit)
            yield unit
        for task, ids in unit.wake_ups:
            await self._queue.wake(task, *ids)

    async def now(self) -> datetime:
        """The present instant by the database's clock."""
        async with self.work(SYSTEM) as unit:
            return await unit.now()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
