"""Invoices in doubt whose organisation is not connected: the question whether they were sent, and its answer."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from api.identity.audit.service import record_event
from api.identity.businesses.service import home_time_zone
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, FieldError, Invalid, NotFound
from api.platform.ids import encode
from api.records.invoices.service import ExportMark, ExportState, InvoiceDocument, InvoiceService
from api.sync.exports.models import ExportItem, ExportRun
from api.sync.exports.problems import CHOICES, WAS_SENT, outcome_unknown
from api.sync.exports.recording import close, mark_invoices, move_item, move_jobs
from api.sync.exports.repository import ExportItemRepository, ExportRunRepository
from api.sync.exports.states import IN_ATTEMPT, ItemState
from api.sync.writes.service import WriteAttemptRepository


class NotAsked(Conflict):
    code, title = "not_asked", "The invoice doesn't have this problem any more"
    remedy = "Read the invoice again. It may have been answered, or looked up in Xero, meanwhile."


async def ask_about_outcomes(work: UnitOfWork, run: ExportRun) -> None:
    """Give each item in doubt of a locked run the problem that asks whether Xero took it."""
    in_doubt = await ExportItemRepository(work).in_states(run.id, IN_ATTEMPT, run.total)
    unasked = [item for item in in_doubt if not item.problems]
    if not unasked:
        return
    sent_at = await WriteAttemptRepository(work).last_sent([item.id for item in unasked])
    zone = ZoneInfo(await home_time_zone(work))
    for item in unasked:
        question = outcome_unknown(run.organisation_name, sent_at[item.id].astimezone(zone))
        move_item(item, ItemState.UNKNOWN, [question])
    await mark_invoices(work, unasked)


async def withdraw_questions(work: UnitOfWork, run: ExportRun) -> None:
    """Take the problem away from the items of a locked run: Xero can be asked again."""
    in_doubt = await ExportItemRepository(work).in_states(run.id, (ItemState.UNKNOWN,), run.total)
    for item in in_doubt:
        item.problems = []
    if in_doubt:
        await mark_invoices(work, in_doubt)


class AnswerService:
    """The answers that people give to problems of the invoices of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._runs = ExportRunRepository(work)
        self._items = ExportItemRepository(work)
        self._attempts = WriteAttemptRepository(work)

    async def answer(self, invoice_id: UUID, problem_code: str, choice: str) -> InvoiceDocument:
        """Decide a problem of an invoice by one of its choices. Raises NotFound, NotAsked, Invalid."""
        await InvoiceService(self._work).get(invoice_id)
        if problem_code not in CHOICES:
            raise NotFound("No problem with this code has choices.")
        known = [each.code for each in CHOICES[problem_code]]
        if choice not in known:
            detail = f"Choose {' or '.join(known)}."
            raise Invalid(errors=[FieldError("unknown_choice", detail, pointer="#/choice")])
        await self._decide_outcome(invoice_id, was_sent=choice == WAS_SENT)
        subject = encode("inv", invoice_id)
        record_event(self._work, "invoices.answer", subject=subject, problem=problem_code, choice=choice)
        return await InvoiceService(self._work).get(invoice_id)

    async def _decide_outcome(self, invoice_id: UUID, *, was_sent: bool) -> None:
        """Locks the run, the attempt and its items in the order of those who record replies."""
        held = await self._items.open_item(invoice_id)
        if held is None:
            raise NotAsked
        run = await self._runs.get(held.run_id, locked=True)
        attempt = await self._attempts.open_with(held.id)
        if attempt is None:
            raise NotAsked
        items = await self._items.locked(await self._attempts.element_ids(attempt.id))
        item = items[held.id]
        if not item.problems:
            raise NotAsked
        move_item(item, ItemState.EXPORTED if was_sent else ItemState.CANCELLED)
        await self._mark(item, was_sent=was_sent, sent_at=attempt.last_sent_at)
        if all(other.state not in IN_ATTEMPT for other in items.values()):
            await self._attempts.settle(attempt, "decided")
        await close(self._work, run)

    async def _mark(self, item: ExportItem, *, was_sent: bool, sent_at: datetime | None) -> None:
        """An invoice that was sent has no link: only Xero could name its document."""
        if was_sent:
            mark = ExportMark(ExportState.EXPORTED, exported_at=sent_at)
            await move_jobs(self._work, [item])
        else:
            mark = ExportMark(ExportState.NOT_EXPORTED)
        await InvoiceService(self._work).mark({item.invoice_id: mark})
