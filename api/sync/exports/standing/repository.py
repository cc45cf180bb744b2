"""The work list of standing checks of one business, and the businesses that have one."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Row, Select, any_, delete, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from api.platform.db.work import UnitOfWork
from api.sync.exports.standing.models import StandingCheck

_CHANGES_AT_ONCE: Final = 10_000


class StandingCheckRepository:
    """Rows of `standing_checks`. What another worker has taken is left to it."""

    def __init__(self, work: UnitOfWork) -> None:
        self._session = work.session
        self._business_id = work.business_id

    async def take_changes(self) -> dict[str, set[UUID]]:
        """Take from the list everything that is not an invoice; gives the subjects by kind."""
        taken = (
            select(StandingCheck.id)
            .where(StandingCheck.business_id == self._business_id, StandingCheck.subject_kind != "invoice")
            .limit(_CHANGES_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        statement = delete(StandingCheck).where(StandingCheck.id.in_(taken))
        rows = await self._session.execute(statement.returning(StandingCheck.subject_kind, StandingCheck.subject_id))
        subjects: dict[str, set[UUID]] = {}
        for kind, subject_id in rows:
            subjects.setdefault(kind, set()).add(subject_id)
        return subjects

    async def add_invoices(self, invoice_ids: Sequence[UUID]) -> None:
        """Put these invoices on the list."""
        if invoice_ids:
            given = func.unnest(literal(list(invoice_ids), ARRAY(StandingCheck.subject_id.type))).column_valued("given")
            rows = select(literal(self._business_id), literal("invoice"), given)
            names = ["business_id", "subject_kind", "subject_id"]
            await self._session.execute(insert(StandingCheck).from_select(names, rows).on_conflict_do_nothing())

    async def invoices(self, after: int, limit: int) -> Sequence[Row[Any]]:
        """The next rows of invoices after this one, locked: their ids and those of the invoices."""
        columns: Select[*tuple[Any, ...]] = select(StandingCheck.id, StandingCheck.subject_id)
        own = columns.where(
            StandingCheck.business_id == self._business_id,
            StandingCheck.subject_kind == "invoice",
            StandingCheck.id > after,
        )
        locked = own.order_by(StandingCheck.id).limit(limit).with_for_update(skip_locked=True)
        return (await self._session.execute(locked)).all()

    async def remove(self, ids: Collection[int]) -> None:
        """Take these rows from the list."""
        is_done = StandingCheck.id == any_(literal(list(ids), ARRAY(BigInteger)))
        await self._session.execute(delete(StandingCheck).where(is_done))


async def businesses_to_check(work: UnitOfWork, limit: int) -> Sequence[UUID]:
    """Businesses with something on their list."""
    statement = select(StandingCheck.business_id).distinct().limit(limit)
    return (await work.session.execute(statement)).scalars().all()
