"""The unit of work: one transaction; tasks are woken only after its commit."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, func, make_url, select
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

    async def enter(self, scope: Scope, *, actor: str | None = None) -> None:
        """Restrict the transaction to a business, here and in the database's setting `app.business_id`."""
        self.actor = actor or self.actor
        self.entered(*(await self.session.execute(select(*self.entry(scope)))).one())

    def entry(self, scope: Scope) -> tuple[ColumnElement[str], ColumnElement[datetime]]:
        """What a statement has to select to restrict the transaction to a business; then call `entered` with it."""
        self.scope = scope
        setting = str(scope) if isinstance(scope, UUID) else ""
        return func.set_config("app.business_id", setting, True), app_now()

    def entered(self, setting: str, instant: datetime) -> None:
        """The transaction is restricted now; `instant` is its start by the database's clock."""
        self._instant = instant

    async def now(self) -> datetime:
        """One instant of the database's clock: of the start of this work, or of the first call for SYSTEM work."""
        if self._instant is None:
            connection = await self.session.connection()  # a statement of the session would flush unfinished rows
            self._instant = (await connection.execute(select(app_now()))).scalar_one()
        return self._instant

    def wake_after_commit(self, task: str, *ids: UUID | str) -> None:
        """Wake `task` for these ids after the commit; not at all if the transaction is rolled back."""
        wake_up = (task, tuple(str(row_id) for row_id in ids))
        if wake_up not in self.wake_ups:
            self.wake_ups.append(wake_up)


# Restricts a transaction to its scope with a statement of its own.
Enter = Callable[[UnitOfWork], Awaitable[None]] | None


def connection_options(url: str) -> str:
    """The options of a connection: the timeouts, then those of the address, which win."""
    timeouts = " ".join(f"-c {name}={value}" for name, value in TIMEOUTS.items())
    given = make_url(url).query.get("options", "")
    return " ".join([timeouts, *([given] if isinstance(given, str) else given)]).strip()


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
            hide_parameters=True,  # errors and logs name the statement, never passwords and hashes
            connect_args={"connect_timeout": 5, "prepare_threshold": None, "options": connection_options(url)},
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._queue = queue

    @asynccontextmanager
    async def work(self, scope: Scope, *, actor: str | None = None, enter: Enter = None) -> AsyncIterator[UnitOfWork]:
        """Commit on success, roll back on any exception, wake the tasks after the commit.

        `enter` restricts the transaction to the scope with a statement of its own.
        """
        async with self._sessions.begin() as session:
            unit = UnitOfWork(session, scope, actor)
            if enter is not None:
                await enter(unit)
            elif scope is not SYSTEM:
                await unit.enter(scope)
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
