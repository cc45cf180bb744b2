"""Runs, items and attempts of one business."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select, update

from api.platform.clock import now
from api.platform.db.repository import Repository
from api.platform.errors import NotFound
from api.sync.exports.models import ExportAttempt, ExportAttemptItem, ExportItem, ExportRun, InvoiceLink

# What each state of an item counts as in its run.
COUNTED = {
    "pending": "waiting",
    "ready": "waiting",
    "sending": "waiting",
    "blocked": "waiting",
    "unknown": "unknown",
    "exported": "exported",
    "rejected": "rejected",
    "review": "rejected",
    "cancelled": "cancelled",
}
UNFINISHED = ("queued", "running", "waiting")


class UnknownExport(NotFound):
    code, title = "unknown_export", "There is no such export"


class ExportRunRepository(Repository[ExportRun]):
    """Runs, newest first."""

    model = ExportRun
    missing = UnknownExport

    async def unfinished(self) -> Sequence[ExportRun]:
        """Runs with work left, oldest first, locked."""
        statement = self.rows().where(ExportRun.state.in_(UNFINISHED)).order_by(ExportRun.id).with_for_update()
        return list((await self.session.execute(statement)).scalars())

    async def recount(self, run: ExportRun) -> None:
        """Bring a locked run's counts in line with its items."""
        counted = case(COUNTED, value=ExportItem.state)
        statement = select(counted, func.count()).where(ExportItem.run_id == run.id).group_by(counted)
        counts: dict[str, int] = dict((await self.session.execute(statement)).all())
        for name in ("exported", "rejected", "waiting", "unknown", "cancelled"):
            setattr(run, name, counts.get(name, 0))


class ExportItemRepository(Repository[ExportItem]):
    """Items, in the order they were chosen."""

    model = ExportItem

    async def locked(self, item_ids: Sequence[UUID]) -> dict[UUID, ExportItem]:
        """These items, locked in id order so that two writers never wait for each other."""
        statement = self.rows().where(ExportItem.id.in_(item_ids)).order_by(ExportItem.id).with_for_update()
        return {row.id: row for row in (await self.session.execute(statement)).scalars()}

    async def in_states(self, run_id: UUID, states: Sequence[str], limit: int) -> Sequence[ExportItem]:
        """Items of a run in these states, locked."""
        statement = (
            self.rows()
            .where(ExportItem.run_id == run_id, ExportItem.state.in_(states))
            .order_by(ExportItem.position)
            .limit(limit)
            .with_for_update()
        )
        return list((await self.session.execute(statement)).scalars())

    async def ready_contacts(self, run_id: UUID) -> Sequence[UUID]:
        """Whom the ready items of a run are for, each once."""
        statement = (
            select(ExportItem.contact_id)
            .where(ExportItem.business_id == self.business_id, ExportItem.run_id == run_id, ExportItem.state == "ready")
            .distinct()
        )
        return list((await self.session.execute(statement)).scalars())

    async def ready_for(self, run_id: UUID, contact_ids: Sequence[UUID]) -> Sequence[ExportItem]:
        """The ready items of a run for these contacts, locked."""
        statement = self.rows().where(
            ExportItem.run_id == run_id, ExportItem.state == "ready", ExportItem.contact_id.in_(contact_ids)
        )
        return list((await self.session.execute(statement.order_by(ExportItem.id).with_for_update())).scalars())

    async def open_runs_of(self, invoice_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """Invoices that stand in an open item, and its run."""
        statement = select(ExportItem.invoice_id, ExportItem.run_id).where(
            ExportItem.business_id == self.business_id,
            ExportItem.invoice_id.in_(invoice_ids),
            ExportItem.state.in_(("pending", "ready", "sending", "unknown", "blocked")),
        )
        return {row.invoice_id: row.run_id for row in await self.session.execute(statement)}

    async def move(self, run_id: UUID, states: Sequence[str], to: str) -> Sequence[UUID]:
        """Move every item of a run from these states; gives the invoices concerned."""
        statement = (
            update(ExportItem)
            .where(
                ExportItem.business_id == self.business_id,
                ExportItem.run_id == run_id,
                ExportItem.state.in_(states),
            )
            .values(state=to, updated_at=now())
            .returning(ExportItem.invoice_id)
            .execution_options(synchronize_session=False)
        )
        return list((await self.session.execute(statement)).scalars())


class ExportAttemptRepository(Repository[ExportAttempt]):
    """Attempts that are not settled yet."""

    model = ExportAttempt

    async def open(self) -> Sequence[ExportAttempt]:
        """Open attempts, oldest first."""
        statement = self.rows().where(ExportAttempt.state == "open").order_by(ExportAttempt.id)
        return list((await self.session.execute(statement)).scalars())

    async def item_ids(self, attempt_id: UUID) -> Sequence[UUID]:
        """The items of an attempt, in the order of its body."""
        statement = (
            select(ExportAttemptItem.item_id)
            .where(ExportAttemptItem.attempt_id == attempt_id)
            .order_by(ExportAttemptItem.position)
        )
        return list((await self.session.execute(statement)).scalars())

    async def settle(self, attempt: ExportAttempt, outcome: str) -> None:
        """Close an attempt: its items may stand in another one."""
        attempt.state, attempt.outcome, attempt.settled_at = "settled", outcome, now()
        await self.session.execute(
            update(ExportAttemptItem).where(ExportAttemptItem.attempt_id == attempt.id).values(open=False)
        )


class InvoiceLinkRepository(Repository[InvoiceLink]):
    """What is in Xero."""

    model = InvoiceLink

    def of(self, organisation_id: UUID, invoice_ids: Sequence[UUID]) -> Select[Any]:
        """Links of these invoices in one organisation."""
        return self.rows().where(
            InvoiceLink.organisation_id == organisation_id, InvoiceLink.invoice_id.in_(invoice_ids)
        )
