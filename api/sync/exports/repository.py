"""Runs, items and attempts of one business."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select, update

from api.platform.clock import app_now
from api.platform.db.repository import Repository
from api.platform.errors import NotFound
from api.platform.states import require_transition
from api.sync.exports.models import ExportAttempt, ExportAttemptItem, ExportItem, ExportRun, InvoiceLink
from api.sync.exports.states import COUNTED_AS, ITEM_TRANSITIONS, OPEN_ITEMS, UNFINISHED_RUNS, ItemState, RunCount


class UnknownExport(NotFound):
    code, title = "unknown_export", "There is no such export"


class ExportRunRepository(Repository[ExportRun]):
    """Runs, newest first."""

    model = ExportRun
    missing = UnknownExport

    async def unfinished(self) -> Sequence[ExportRun]:
        """Runs with work left, oldest first, locked."""
        statement = self.rows().where(ExportRun.state.in_(UNFINISHED_RUNS)).order_by(ExportRun.id).with_for_update()
        return list((await self.session.execute(statement)).scalars())

    async def recount(self, run: ExportRun) -> None:
        """Bring a locked run's counts in line with its items."""
        counted = case({str(state): str(count) for state, count in COUNTED_AS.items()}, value=ExportItem.state)
        statement = select(counted, func.count()).where(ExportItem.run_id == run.id).group_by(counted)
        counts: dict[str, int] = dict((await self.session.execute(statement)).all())
        for count in RunCount:
            setattr(run, count, counts.get(count, 0))


class ExportItemRepository(Repository[ExportItem]):
    """Items, in the order they were chosen."""

    model = ExportItem

    async def locked(self, item_ids: Sequence[UUID]) -> dict[UUID, ExportItem]:
        """These items, locked in id order so that two writers never wait for each other."""
        statement = self.rows().where(ExportItem.id.in_(item_ids)).order_by(ExportItem.id).with_for_update()
        return {row.id: row for row in (await self.session.execute(statement)).scalars()}

    async def in_states(self, run_id: UUID, states: Sequence[ItemState], limit: int) -> Sequence[ExportItem]:
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
            .where(
                ExportItem.business_id == self.business_id,
                ExportItem.run_id == run_id,
                ExportItem.state == ItemState.READY,
            )
            .distinct()
        )
        return list((await self.session.execute(statement)).scalars())

    async def ready_for(self, run_id: UUID, contact_ids: Sequence[UUID]) -> Sequence[ExportItem]:
        """The ready items of a run for these contacts, locked."""
        statement = self.rows().where(
            ExportItem.run_id == run_id, ExportItem.state == ItemState.READY, ExportItem.contact_id.in_(contact_ids)
        )
        return list((await self.session.execute(statement.order_by(ExportItem.id).with_for_update())).scalars())

    async def exported_before(self, run: ExportRun, contact_ids: Sequence[UUID]) -> set[UUID]:
        """Those of the contacts that have an exported invoice of another run in the organisation of this one."""
        statement = (
            select(ExportItem.contact_id)
            .join(ExportRun, ExportRun.id == ExportItem.run_id)
            .where(
                ExportItem.business_id == self.business_id,
                ExportItem.contact_id.in_(contact_ids),
                ExportItem.state == ItemState.EXPORTED,
                ExportItem.run_id != run.id,
                ExportRun.organisation_id == run.organisation_id,
            )
        )
        return set((await self.session.execute(statement)).scalars())

    async def open_runs_of(self, invoice_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """Invoices that stand in an open item, and its run."""
        statement = select(ExportItem.invoice_id, ExportItem.run_id).where(
            ExportItem.business_id == self.business_id,
            ExportItem.invoice_id.in_(invoice_ids),
            ExportItem.state.in_(OPEN_ITEMS),
        )
        return {row.invoice_id: row.run_id for row in await self.session.execute(statement)}

    async def move(self, run_id: UUID, states: Sequence[ItemState], after: ItemState) -> Sequence[UUID]:
        """Move every item of a run from these states; gives the invoices concerned."""
        for before in states:
            require_transition(ITEM_TRANSITIONS, before, after)
        statement = (
            update(ExportItem)
            .where(
                ExportItem.business_id == self.business_id,
                ExportItem.run_id == run_id,
                ExportItem.state.in_(states),
            )
            .values(state=after, updated_at=app_now())
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
        attempt.state, attempt.outcome, attempt.settled_at = "settled", outcome, await self.work.now()
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
