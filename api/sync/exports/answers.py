"""The answers that people give to problems of invoices; and the question whether an invoice in doubt was sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from api.identity.audit.service import record_events
from api.identity.businesses.service import home_time_zone
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, FieldError, Invalid, NotFound
from api.platform.ids import encode
from api.records.invoices.service import (
    UNKNOWN_INVOICE,
    ExportMark,
    ExportState,
    InvoiceDocument,
    InvoiceService,
    Result,
    Results,
    Selection,
)
from api.sync.exports.linking import LinkService
from api.sync.exports.models import ExportItem, ExportRun
from api.sync.exports.problems import (
    ASKED,
    ENTERED_TWICE,
    LOOKS_ENTERED,
    SEVERAL,
    WAS_IT_SENT,
    WAS_SENT,
    outcome_unknown,
)
from api.sync.exports.recording import close, move_item, move_jobs, store_items
from api.sync.exports.repository import ExportItemRepository
from api.sync.exports.runs.repository import ExportRunRepository
from api.sync.exports.several import answer_several
from api.sync.exports.states import IN_ATTEMPT, ItemState
from api.sync.exports.twin_bills import tell_twins_apart
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
    await store_items(work, unasked)


async def withdraw_questions(work: UnitOfWork, run: ExportRun) -> None:
    """Take the problem away from the items of a locked run: Xero can be asked again."""
    in_doubt = await ExportItemRepository(work).in_states(run.id, (ItemState.UNKNOWN,), run.total)
    for item in in_doubt:
        item.problems = []
    if in_doubt:
        await store_items(work, in_doubt)


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
        if problem_code not in ASKED:
            raise NotFound("No problem with this code has choices.")
        if problem_code == LOOKS_ENTERED:
            is_decided = await LinkService(self._work).answer(invoice_id, choice)
        elif problem_code == SEVERAL:
            is_decided = await answer_several(self._work, invoice_id, choice)
        elif problem_code == ENTERED_TWICE:
            is_decided = bool(await tell_twins_apart(self._work, [invoice_id], choice))
        else:
            is_decided = bool(await self._decide_outcomes([invoice_id], problem_code, choice))
        if not is_decided:
            raise NotAsked
        return await InvoiceService(self._work).get(invoice_id)

    async def answer_all(self, selection: Selection, problem_code: str, choice: str) -> Results:
        """Decide a problem of every selected invoice that has it. Raises Invalid for an unknown problem or choice."""
        if problem_code not in ASKED or problem_code == SEVERAL:
            detail = f"Choose {' or '.join(code for code in ASKED if code != SEVERAL)}."
            raise Invalid(errors=[FieldError("unknown_problem", detail, pointer="#/problem_code")])
        invoices = InvoiceService(self._work)
        ids = await invoices.chosen(selection)
        numbers = {summary.id: summary.number for summary in await invoices.summaries(ids)}
        reasons: Mapping[UUID, FieldError | None]
        if problem_code == LOOKS_ENTERED:
            reasons = await LinkService(self._work).answer_all(ids, choice)
        elif problem_code == ENTERED_TWICE:
            reasons = dict.fromkeys(await tell_twins_apart(self._work, ids, choice))
        else:
            reasons = dict.fromkeys(await self._decide_outcomes(ids, problem_code, choice))
        return Results([_result(invoice_id, numbers, reasons) for invoice_id in ids])

    async def _decide_outcomes(self, invoice_ids: Sequence[UUID], problem_code: str, choice: str) -> set[UUID]:
        """Decide for those of the invoices that are asked about; gives these. Raises Invalid for an unknown choice."""
        known = [each.code for each in WAS_IT_SENT]
        if choice not in known:
            raise Invalid(errors=[FieldError("unknown_choice", f"Choose {' or '.join(known)}.", pointer="#/choice")])
        decided: set[UUID] = set()
        in_doubt = await self._items.items_of(invoice_ids, IN_ATTEMPT)
        for run_id, held in groupby(in_doubt, key=lambda row: row.run_id):
            decided |= await self._decide_in_run(run_id, {row.id for row in held}, was_sent=choice == WAS_SENT)
        subjects = [encode("inv", invoice_id) for invoice_id in invoice_ids if invoice_id in decided]
        await record_events(self._work, "invoices.answer", subjects, problem=problem_code, choice=choice)
        return decided

    async def _decide_in_run(self, run_id: UUID, item_ids: set[UUID], *, was_sent: bool) -> set[UUID]:
        """Locks the run, the attempts and their items in the order of those who record replies."""
        run = await self._runs.get(run_id, locked=True)
        decided: set[UUID] = set()
        left = set(item_ids)
        while left:
            item_id = left.pop()
            attempt = await self._attempts.open_with(item_id)
            if attempt is None:
                continue
            element_ids = await self._attempts.element_ids(attempt.id)
            items = await self._items.locked(element_ids)
            answered = [items[each] for each in element_ids if each in item_ids and items[each].problems]
            left -= set(element_ids)
            for item in answered:
                move_item(item, ItemState.EXPORTED if was_sent else ItemState.CANCELLED)
            await self._mark(answered, was_sent=was_sent, sent_at=attempt.last_sent_at)
            if answered and all(other.state not in IN_ATTEMPT for other in items.values()):
                await self._attempts.settle(attempt, "decided")
            decided |= {item.invoice_id for item in answered}
        await close(self._work, run)
        return decided

    async def _mark(self, items: Sequence[ExportItem], *, was_sent: bool, sent_at: datetime | None) -> None:
        """An invoice that was sent has no link: only Xero could name its document."""
        if was_sent:
            mark = ExportMark(ExportState.EXPORTED, exported_at=sent_at)
            await move_jobs(self._work, items)
        else:
            mark = ExportMark(ExportState.NOT_EXPORTED)
        await InvoiceService(self._work).mark({item.invoice_id: mark for item in items})


def _result(invoice_id: UUID, numbers: Mapping[UUID, str | None], reasons: Mapping[UUID, FieldError | None]) -> Result:
    """The result for one invoice; `reasons` has those that are asked about, each with why nothing was done."""
    if invoice_id not in numbers:
        return Result(invoice_id, None, "refused", errors=[UNKNOWN_INVOICE])
    reason = reasons.get(invoice_id, FieldError(NotAsked.code, NotAsked.remedy))
    if reason is not None:
        return Result(invoice_id, numbers[invoice_id], "refused", errors=[reason])
    return Result(invoice_id, numbers[invoice_id], "done")
