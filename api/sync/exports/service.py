"""Starting, following, stopping and repeating the export runs of one business."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from api.identity.audit.service import record_event
from api.identity.lists import RowList
from api.platform.db.reads import STATEMENTS
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, FieldError, Invalid, limited_errors
from api.platform.http.versions import ANY_VERSION, ExpectedVersion
from api.platform.ids import encode
from api.platform.log import current_request_id
from api.platform.problems import Fix
from api.records.invoices.service import (
    ExportMark,
    ExportState,
    InvoiceService,
    InvoiceState,
    SelectedIds,
    SelectedMatching,
    Selection,
)
from api.records.preferences.service import PreferencesService
from api.sync.connections.service import ConnectionService
from api.sync.exports.models import ExportItem, ExportRun
from api.sync.exports.recording import close
from api.sync.exports.repository import ExportItemRepository
from api.sync.exports.runs.repository import ExportRunRepository, UnknownExport
from api.sync.exports.schemas import ExportFilter, ExportItemOut, ExportOut, values_of_run
from api.sync.exports.sendable import UNKNOWN_INVOICE, invoice_page, reason_against
from api.sync.exports.states import FINISHED_RUNS, NOT_SENT, REFUSED, ItemState
from api.sync.writes.service import queue_writes

__all__ = [
    "EXPORT_ITEM_LIST",
    "EXPORT_LIST",
    "REFUSED",
    "DefaultCodesUnset",
    "ExportFinished",
    "ExportService",
    "NothingToRetry",
    "SomeAlreadyQueued",
    "Started",
    "UnknownExport",
]


_NO_HOLD = timedelta(0)


class DefaultCodesUnset(Conflict):
    code, title = "default_codes_unset", "Choose your default codes first"
    remedy = "Choose a default income code and a default expense code in Settings, Accounting."


class SomeAlreadyQueued(Conflict):
    code, title = "already_queued", "Some of these are being exported already"
    remedy = "Leave out the invoices named in `errors`, or wait for their export to finish."


class NothingToRetry(Conflict):
    code, title = "nothing_to_retry", "Nothing in this export is left to be sent again"
    remedy = "None of its invoices was refused. To send a stopped invoice, start a new export with it."


_SETTLED = (
    "Its refused invoices have been exported since, or they are excluded, drafts or deleted. Open the invoices to see"
    " which; start a new export with those that you approve or include again."
)
_BEING_RETRIED = "Its refused invoices are being exported again, in several exports. Wait until those are done."


class ExportFinished(Conflict):
    code, title = "export_finished", "This export is finished already"
    remedy = "Nothing is left to stop."


@dataclass(frozen=True)
class Skipped:
    """An invoice that was left out of an export, and why."""

    invoice_id: UUID
    code: str
    detail: str


@dataclass(frozen=True)
class Started:
    """A run, whether it was there before, and what was left out of it."""

    run: ExportRun
    is_new: bool
    skipped: Sequence[Skipped] = ()


class ExportService:
    """The exports of the business at work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._runs = ExportRunRepository(work)
        self._items = ExportItemRepository(work)

    async def start(
        self, selection: Selection, *, started_by: str, retry_of: UUID | None = None, hold: timedelta = _NO_HOLD
    ) -> Started:
        """Queue the selected invoices. Of ids, all of them or none; of a filter, those that can be sent now."""
        connection = await ConnectionService(self._work).require_live()
        await self._require_default_codes()
        ids = await InvoiceService(self._work).chosen(selection)
        states = await InvoiceService(self._work).locked_states(ids)
        if (under_way := await self._under_way(ids, states, selection)) is not None:
            return Started(under_way, is_new=False)
        skipped: Sequence[Skipped] = ()
        if isinstance(selection, SelectedMatching):
            skipped = _skipped(ids, states)
            ids = _without(ids, skipped)
        elif errors := _field_errors(ids, states):
            raise Invalid(errors=errors)
        run = await self._runs.add(
            ExportRun(
                number=await self._runs.next_number(),
                organisation_id=connection.organisation_id,
                organisation_name=connection.organisation_name,
                started_by=started_by,
                request_id=current_request_id(),
                retry_of=retry_of,
                hold_until=await self._work.now() + hold if hold else None,
                total=len(ids),
                waiting=len(ids),
            )
        )
        await self._items.add_all(run, ids, InvoiceService(self._work).table(ids))
        await InvoiceService(self._work).queue(ids)
        record_event(self._work, "export.started", subject=encode("exp", run.id), invoices=len(ids))
        await queue_writes(self._work, self._work.business_id)
        return Started(run, is_new=True, skipped=skipped)

    async def cancel(self, run_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> ExportRun:
        """Cancel the items that were not sent; sent items are still followed to their result."""
        run = await self._runs.get(run_id, locked=True)
        await expected.check(ExportOut, lambda: self._described(run_id))
        if run.state in FINISHED_RUNS:
            raise ExportFinished
        run.cancel_requested_at = run.cancel_requested_at or await self._work.now()
        stopped = await self._items.move(run_id, NOT_SENT, ItemState.CANCELLED)
        await InvoiceService(self._work).mark(
            {invoice_id: ExportMark(export_state=ExportState.NOT_EXPORTED, problems=None) for invoice_id in stopped}
        )
        record_event(self._work, "export.cancelled", subject=encode("exp", run_id), invoices=len(stopped))
        await close(self._work, run)
        return run

    async def retry(self, run_id: UUID, *, started_by: str) -> Started:
        """A new run of the refused invoices of this one that can be sent; the open run that contains the rest."""
        await self._runs.get(run_id)
        ids = await self._items.invoices_in_states(run_id, REFUSED)
        states = await InvoiceService(self._work).locked_states(ids)
        again = [invoice_id for invoice_id in ids if invoice_id in states and states[invoice_id].is_waiting]
        if again:
            return await self.start(SelectedIds(mode="ids", ids=again), started_by=started_by, retry_of=run_id)
        open_runs = set((await self._items.open_runs_of(ids)).values())
        if len(open_runs) == 1:
            return Started(await self._runs.get(open_runs.pop()), is_new=False)
        raise NothingToRetry(_BEING_RETRIED if open_runs else _SETTLED if ids else None)

    async def page_behind(self, invoice_id: UUID) -> str | None:
        """The app's page of the invoice that a marker in Xero names, if it is this business's."""
        documents = await InvoiceService(self._work).summaries([invoice_id])
        return invoice_page(documents[0].kind, invoice_id) if documents else None

    async def _described(self, run_id: UUID) -> ExportOut:
        return ExportOut.of(await self._runs.get(run_id))

    async def _require_default_codes(self) -> None:
        preferences = await PreferencesService(self._work).current()
        if preferences.default_income_code is None or preferences.default_expense_code is None:
            raise DefaultCodesUnset(fix=Fix("Choose codes", "/settings/accounting#default-codes"))

    async def _under_way(
        self, ids: Sequence[UUID], states: dict[UUID, InvoiceState], selection: Selection
    ) -> ExportRun | None:
        """The open run that contains all of the invoices, if any; SomeAlreadyQueued if it contains only some ids."""
        held = await self._items.open_runs_of(ids)
        if not held:
            return None
        if len(held) == len(ids) and len(set(held.values())) == 1:
            return await self._runs.get(next(iter(held.values())))
        if isinstance(selection, SelectedMatching):
            return None
        raise SomeAlreadyQueued(errors=_field_errors(ids, states, only=held))


EXPORT_LIST: Final = RowList(
    ExportOut,
    ExportRunRepository(STATEMENTS).filtered,
    ExportFilter(),
    by=ExportRun.created_at,
    descending=True,
    values=values_of_run,
    missing=UnknownExport,
)
EXPORT_ITEM_LIST: Final = RowList[ItemState | None](
    ExportItemOut, ExportItemRepository(STATEMENTS).of_run, None, by=ExportItem.position
)


def _field_errors(
    ids: Sequence[UUID], states: dict[UUID, InvoiceState], *, only: Collection[UUID] | None = None
) -> list[FieldError]:
    """Why ids cannot be exported, each with its place in the list."""
    reasons = [
        (index, reason)
        for index, invoice_id in enumerate(ids)
        if (only is None or invoice_id in only) and (reason := _reason(states.get(invoice_id))) is not None
    ]
    return limited_errors(reasons, lambda entry: FieldError(*entry[1], pointer=f"#/selection/ids/{entry[0]}"))


def _skipped(ids: Sequence[UUID], states: dict[UUID, InvoiceState]) -> list[Skipped]:
    """The invoices that cannot be exported. Raises Invalid if none is left."""
    reasons = {invoice_id: reason for invoice_id in ids if (reason := _reason(states.get(invoice_id))) is not None}
    if len(reasons) == len(ids):
        detail = "No invoice that matches can be exported now: each is a draft, excluded, in Xero or on its way."
        raise Invalid(errors=[FieldError("nothing_selected", detail, pointer="#/selection/filter")])
    return [Skipped(invoice_id, *reason) for invoice_id, reason in reasons.items()]


def _without(ids: Sequence[UUID], skipped: Sequence[Skipped]) -> list[UUID]:
    left_out = {each.invoice_id for each in skipped}
    return [invoice_id for invoice_id in ids if invoice_id not in left_out]


def _reason(state: InvoiceState | None) -> tuple[str, str] | None:
    if state is None:
        return UNKNOWN_INVOICE
    if reason := reason_against(state.export_state, subject=state.label):
        return reason
    if state.status != "approved":
        return "invoice_not_approved", f"{state.label} is a draft. Approve it first."
    return None
