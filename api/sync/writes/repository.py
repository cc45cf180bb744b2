"""Attempts of one business, and the queue of the businesses."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, func, inspect, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import app_now, is_in_future
from api.platform.db.lease import Lease, LeaseTiming, is_abandoned, take
from api.platform.db.repository import Repository, is_any_of
from api.platform.db.work import UnitOfWork
from api.sync.writes.models import WriteAttempt, WriteAttemptElement, WriteQueue
from api.sync.writes.states import AttemptState, NextStep


class WriteAttemptRepository(Repository[WriteAttempt]):
    """Attempts that are not settled yet."""

    model = WriteAttempt

    async def store(self, attempt: WriteAttempt, element_ids: Sequence[UUID]) -> None:
        """Store an attempt with its elements, in this order. The row is not read again."""
        attempt.business_id = self.business_id
        values = {column.key: getattr(attempt, column.key) for column in inspect(WriteAttempt).column_attrs}
        stored = insert(WriteAttempt).values({key: value for key, value in values.items() if value is not None})
        ids = func.unnest(literal(list(element_ids), ARRAY(Uuid)))
        listed = ids.table_valued("element_id", with_ordinality="position").render_derived()
        owners = (literal(attempt.id, Uuid), literal(self.business_id, Uuid))
        rows = select(*owners, listed.c.element_id, listed.c.position, literal(value=True))
        columns = ["attempt_id", "business_id", "element_id", "position", "open"]
        elements = insert(WriteAttemptElement).from_select(columns, rows)
        await self.session.execute(elements.add_cte(stored.cte("stored")))

    async def open(self) -> Sequence[WriteAttempt]:
        """The open attempts, oldest first, locked."""
        statement = self.rows().where(WriteAttempt.state == AttemptState.OPEN)
        return list((await self.session.execute(statement.order_by(WriteAttempt.id).with_for_update())).scalars())

    async def begin(self, attempt_id: UUID) -> WriteAttempt:
        """The attempt, locked; the work has begun at this statement, unless it has the instant of an earlier one."""
        statement = select(WriteAttempt, app_now()).where(
            WriteAttempt.business_id == self.business_id, WriteAttempt.id == attempt_id
        )
        row = (await self.session.execute(statement.with_for_update(of=WriteAttempt))).one()
        if not self.work.has_begun:
            self.work.entered(row[1])
        return row[0]

    async def unsent(self, group_id: UUID) -> Sequence[WriteAttempt]:
        """The open attempts of a group of which nothing was sent, locked."""
        statement = self.rows().where(
            WriteAttempt.state == AttemptState.OPEN,
            WriteAttempt.group_id == group_id,
            WriteAttempt.next_step == NextStep.SEND,
        )
        return list((await self.session.execute(statement.with_for_update())).scalars())

    async def open_with(self, element_id: UUID) -> WriteAttempt | None:
        """The open attempt in which an element stands, locked; None if there is none."""
        is_element = select(WriteAttemptElement.attempt_id).where(
            WriteAttemptElement.element_id == element_id, WriteAttemptElement.open
        )
        statement = self.rows().where(WriteAttempt.id.in_(is_element)).with_for_update()
        attempt: WriteAttempt | None = (await self.session.execute(statement)).scalar_one_or_none()
        return attempt

    async def last_sent(self, element_ids: Sequence[UUID]) -> dict[UUID, datetime]:
        """When the open attempt of each of these elements was sent last."""
        statement = (
            select(WriteAttemptElement.element_id, WriteAttempt.last_sent_at)
            .join(WriteAttempt, WriteAttempt.id == WriteAttemptElement.attempt_id)
            .where(
                WriteAttempt.business_id == self.business_id,
                is_any_of(WriteAttemptElement.element_id, element_ids),
                WriteAttemptElement.open,
            )
        )
        return {row.element_id: row.last_sent_at for row in await self.session.execute(statement)}

    async def latest_with(self, element_id: UUID) -> tuple[WriteAttempt, int] | None:
        """The last attempt in which an element stood, and its place there, from 1; None before it was sent."""
        statement = (
            self.rows()
            .join(WriteAttemptElement, WriteAttemptElement.attempt_id == WriteAttempt.id)
            .add_columns(WriteAttemptElement.position)
            .where(WriteAttemptElement.element_id == element_id, WriteAttempt.last_sent_at.is_not(None))
            .order_by(WriteAttempt.id.desc())
            .limit(1)
        )
        row = (await self.session.execute(statement)).one_or_none()
        return None if row is None else (row[0], row[1])

    async def element_ids(self, attempt_id: UUID) -> Sequence[UUID]:
        """The elements of an attempt, in the order of its body."""
        statement = (
            select(WriteAttemptElement.element_id)
            .where(WriteAttemptElement.attempt_id == attempt_id)
            .order_by(WriteAttemptElement.position)
        )
        return list((await self.session.execute(statement)).scalars())

    async def settle(
        self, attempt: WriteAttempt, outcome: str, http_status: int | None = None, correlation_id: str | None = None
    ) -> None:
        """Close an attempt, which is not read again: its elements may stand in another one."""
        answer = {"http_status": http_status, "correlation_id": correlation_id}
        closed = update(WriteAttempt).where(WriteAttempt.id == attempt.id)
        closed = closed.values(
            state=AttemptState.SETTLED,
            outcome=outcome,
            settled_at=app_now(),
            updated_at=app_now(),
            **{name: value for name, value in answer.items() if value is not None},
        )
        elements = update(WriteAttemptElement).where(WriteAttemptElement.attempt_id == attempt.id).values(open=False)
        await self.session.execute(
            elements.add_cte(closed.cte("closed")), execution_options={"synchronize_session": False}
        )


async def erase_bodies(work: UnitOfWork, age: timedelta) -> None:
    """Erase the bytes of the attempts, of all businesses, that were settled longer ago than this; the rows stay."""
    is_old = (WriteAttempt.state == AttemptState.SETTLED, WriteAttempt.settled_at < app_now() - age)
    erased = update(WriteAttempt).where(*is_old, WriteAttempt.body.is_not(None)).values(body=None)
    await work.session.execute(erased, execution_options={"synchronize_session": False})


class WriteQueueRepository:
    """When each business is due, and the lease of the worker that serves it."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._session = work.session

    async def make_due(self, business_id: UUID) -> None:
        """The business is due now."""
        values = {"next_due": app_now()}
        statement = insert(WriteQueue).values(business_id=business_id, fence=0, **values)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=[WriteQueue.business_id], set_=values)
        )

    async def due(self, timing: LeaseTiming, limit: int) -> list[UUID]:
        """Businesses that are due and that no worker serves, the least recently served first."""
        is_due = and_(
            WriteQueue.lease_until.is_(None),
            WriteQueue.next_due.is_not(None),
            or_(WriteQueue.next_due <= app_now(), is_in_future(WriteQueue.last_served_at)),
        )
        # A worker releases its lease also when the work fails: a lease that ended belongs to a worker that died.
        statement = (
            select(WriteQueue.business_id)
            .where(or_(is_due, is_abandoned(WriteQueue, timing)))
            .order_by(WriteQueue.last_served_at.asc().nulls_first())
            .limit(limit)
        )
        return list((await self._session.execute(statement)).scalars())

    async def claim(self, business_id: UUID, timing: LeaseTiming) -> Lease | None:
        """The lease on the business, which is served now; None if another worker holds it."""
        row = WriteQueue.business_id == business_id
        return await take(self._work, WriteQueue, row, timing, last_served_at=app_now(), next_due=None)

    async def release(self, lease: Lease, due_times: Sequence[datetime], waits: Sequence[timedelta]) -> bool:
        """Give the lease back unless it was taken over; gives whether it was not and the business is due again.

        New work may have set a due time: the earliest one stays.
        """
        times: list[Any] = [*due_times, *(app_now() + wait for wait in waits)]
        is_due = WriteQueue.next_due <= app_now()
        return await lease.release(self._work, is_due, next_due=func.least(WriteQueue.next_due, *times))
