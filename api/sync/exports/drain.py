"""A business's turn: what is in doubt is looked up, and its exports are checked and sent, several calls at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from api.platform.db.lease import LeaseLost
from api.platform.db.work import UnitOfWork
from api.platform.log import bound_contextvars, get_logger
from api.platform.states import move
from api.sync.connections.service import XeroGateway, XeroGateways, note_answer, note_loss, note_silence
from api.sync.contacts.service import ContactCreation, ContactLinkService, read_for_linking
from api.sync.documents.service import PAGES_OF_A_TURN, DocumentService, read_on
from api.sync.exports.answers import ask_about_outcomes, withdraw_questions
from api.sync.exports.creation import InvoiceCreation
from api.sync.exports.models import ExportRun
from api.sync.exports.preparing import next_batch, place, reject_items_of, validate
from api.sync.exports.recording import close, record
from api.sync.exports.repository import ExportItemRepository, ExportRunRepository
from api.sync.exports.states import FINISHED_RUNS, RUN_TRANSITIONS, ItemState, RunState, WaitingFor
from api.sync.ledger.service import LedgerService
from api.sync.writes.service import (
    CALLS,
    Adapter,
    Attempt,
    Outcomes,
    Turn,
    WriteAttemptRepository,
    WriteKind,
    WriteLease,
    commit_attempt,
    leased,
    open_attempts,
    recover,
    send,
)
from api.xero.errors import XeroBusy, XeroDisconnected, XeroRejected, XeroUnknownOutcome

# One batch in doubt may have a bad element; with two, Xero itself fails, and another batch would be in doubt too.
_OUTAGE_ATTEMPTS = 2
_READS = 2
_CLOCK_STEP = timedelta(seconds=1)  # of the dates of Xero's replies
_CONTACTS = ContactCreation(reject_items_of)
_ADAPTERS: dict[WriteKind, Adapter[Any, Any]] = {
    WriteKind.CREATE_CONTACTS: _CONTACTS,
    WriteKind.CREATE_INVOICES: InvoiceCreation(),
}
_logger = get_logger("jobtally.exports")


async def drain(gateways: XeroGateways, business_id: UUID) -> None:
    """Give one business a turn, unless another worker has its lease."""
    async with leased(gateways.database, business_id, gateways.timing) as lease:
        if lease is None:
            return
        try:
            await _turn(gateways, lease)
        except LeaseLost:
            lease.due_now()  # stored only if no other worker has the lease: this one may just have been too slow
            _logger.warning("lease lost or too old, the rest is left to the next turn", business_id=str(business_id))


async def _turn(gateways: XeroGateways, lease: WriteLease) -> None:
    async with gateways.database.work(lease.business_id) as work:
        gateway = await gateways.open_within(work)
        runs = await _open_runs(work, gateways, lease, gateway)
        if gateway is not None:
            await _CONTACTS.abandon_elsewhere(work, gateway.organisation_id)
        attempts = await open_attempts(work, gateway.organisation_id) if gateway else ()
    if gateway is None:
        return
    try:
        in_doubt = await recover(gateway, lease, _ADAPTERS, attempts)
        if in_doubt >= _OUTAGE_ATTEMPTS:
            await _wait(gateway, lease, WaitingFor.XERO, gateway.timing.busy_wait)
            return
        if runs:
            await _advance(gateway, lease, runs, in_doubt)
        await note_answer(gateway)
    except XeroBusy as busy:
        if busy.limit == "unavailable":
            await note_silence(gateway)
        reasons: dict[str, WaitingFor] = {"day": WaitingFor.DAY_LIMIT, "unavailable": WaitingFor.XERO}
        wait = timedelta(seconds=busy.retry_after) if busy.retry_after else gateway.timing.busy_wait
        await _wait(gateway, lease, reasons.get(busy.limit, WaitingFor.RATE), wait)
    except XeroUnknownOutcome:
        await _wait(gateway, lease, WaitingFor.XERO, gateway.timing.unknown_wait)
    except XeroDisconnected as lost:
        await note_loss(gateway, lost)
        async with gateways.database.work(lease.business_id) as work:
            await _open_runs(work, gateways, lease, None)
    except XeroRejected as refused:  # by a look-up: nothing was written, and the same request would be refused again
        _logger.warning("a look-up was refused", error=str(refused), correlation_id=refused.correlation_id)
        await _wait(gateway, lease, WaitingFor.XERO, gateway.timing.refused_look_up_wait)


async def _advance(gateway: XeroGateway, lease: WriteLease, runs: Sequence[ExportRun], in_doubt: int) -> None:
    """Send the batches of these runs in rotation, beside each other, until they are done or the turn is over."""
    if not await _prepare(gateway, lease, runs):
        lease.due_now()
        return
    waiting = list(runs)
    at_once = gateway.config.concurrency - 1
    in_flight = max(1, at_once // 2) if in_doubt else at_once
    async with Turn(in_flight=in_flight, seconds=gateway.timing.turn_seconds, calls=CALLS - gateway.calls) as turn:
        is_ready = True  # whether items are ready, for all that is known
        while turn.may_start:
            await turn.wait_for_capacity()
            if not turn.may_start:
                break
            if not is_ready and not turn.freed:
                if not await turn.wait_for_an_end():
                    return
                continue
            turn.freed = False
            # A batch that is not full may become so with the contacts that are being created.
            only_full = turn.is_in_flight(WriteKind.CREATE_CONTACTS)
            attempt, is_ready = await _next_attempt(gateway, lease, waiting, only_full=only_full)
            if attempt is not None:
                turn.start(attempt.kind, _send(gateway, lease, attempt, runs))
            elif is_ready and not await turn.wait_for_an_end() and not await _place_again(gateway, lease, runs):
                return
    lease.due_now()


@dataclass(frozen=True)
class _Needs:
    """What has to be read before a turn: the documents, and contacts that have no place yet."""

    documents: bool
    is_reading: bool  # a large organisation is read over several turns
    contact_ids: Sequence[UUID]
    doubted: Collection[UUID]  # contacts of Xero that links in doubt lead to


async def _prepare(gateway: XeroGateway, lease: WriteLease, runs: Sequence[ExportRun]) -> bool:
    """Check the pending items while the mirrors are brought up to now as far as this is needed, then place contacts.

    Gives whether nothing is left to be read.
    """
    needs = await _needs(gateway, runs, (ItemState.PENDING, ItemState.READY))
    async with Turn(in_flight=_READS, seconds=gateway.timing.turn_seconds, calls=_READS) as reads:
        if needs.documents:
            reads.start(None, read_on(gateway, max_pages=PAGES_OF_A_TURN))
        if needs.contact_ids:
            reads.start(None, read_for_linking(gateway, needs.doubted))
        for run in runs:
            with bound_contextvars(request_id=run.request_id):
                await validate(gateway, lease, run.id)
    placing = await _needs(gateway, runs, (ItemState.READY,))
    if placing.contact_ids:
        await place(gateway, lease, placing.contact_ids)
    return not (needs.documents and placing.is_reading)


async def _place_again(gateway: XeroGateway, lease: WriteLease, runs: Sequence[ExportRun]) -> bool:
    """Place contacts whose link Xero has put in doubt meanwhile; whether there were any."""
    needs = await _needs(gateway, runs, (ItemState.READY,))
    if needs.contact_ids:
        await read_for_linking(gateway, needs.doubted)
        await place(gateway, lease, needs.contact_ids)
    return bool(needs.contact_ids)


async def _needs(gateway: XeroGateway, runs: Sequence[ExportRun], states: Sequence[ItemState]) -> _Needs:
    """The documents are known if they were read a short time ago, by this process, and after these runs were started.

    What was sent before the database was restored from a backup is recognised in the mirror.
    """
    async with gateway.work() as work:
        documents = DocumentService(work)
        read_up_to = await documents.read_up_to(gateway.organisation_id)
        is_reading = await documents.is_reading(gateway.organisation_id)
        age = await gateway.xero_now_within(work) - read_up_to if read_up_to is not None else None
        items = await ExportItemRepository(work).count_by_contact([run.id for run in runs], states)
        contact_ids, doubted = await ContactLinkService(work).without_place(gateway.organisation_id, items)
        instant = await work.now()
    ages = [gateway.timing.documents_age, gateway.gateways.age, *(instant - run.created_at for run in runs)]
    is_recent = age is not None and -_CLOCK_STEP <= age < min(ages) + _CLOCK_STEP
    return _Needs(not is_recent, is_reading, contact_ids, doubted)


async def _send(gateway: XeroGateway, lease: WriteLease, attempt: Attempt, runs: Sequence[ExportRun]) -> bool:
    request_id = next((run.request_id for run in runs if run.id == attempt.group_id), None)
    with bound_contextvars(request_id=request_id):
        is_left = await send(gateway, lease, _ADAPTERS[attempt.kind], attempt)
    return is_left or attempt.kind == WriteKind.CREATE_CONTACTS  # their invoices can be sent now


async def _next_attempt(
    gateway: XeroGateway, lease: WriteLease, waiting: list[ExportRun], *, only_full: bool
) -> tuple[Attempt | None, bool]:
    """Commit the next attempt: contacts to be created first, then a batch of the run whose turn it is.

    Gives with it whether more items are ready.
    """
    async with gateway.work() as work:
        await lease.guard(work)
        ready = await ExportItemRepository(work).count_by_contact([run.id for run in waiting], (ItemState.READY,))
        contacts = await _CONTACTS.next_batch(work, gateway, ready) if ready else None
        if contacts is not None:
            attempt = await commit_attempt(work, gateway, WriteKind.CREATE_CONTACTS, contacts)
            return attempt, len(contacts.element_ids) < len(ready)
        for run in list(waiting) if ready else ():
            waiting.remove(run)
            waiting.append(run)
            batch = await next_batch(work, gateway, run.id, only_full=only_full)
            if batch is not None:
                is_ready = sum(ready.values()) > len(batch.element_ids)
                attempt = await commit_attempt(work, gateway, WriteKind.CREATE_INVOICES, batch, group_id=run.id)
                return attempt, is_ready
        return None, bool(ready)


async def _open_runs(
    work: UnitOfWork, gateways: XeroGateways, lease: WriteLease, gateway: XeroGateway | None
) -> Sequence[ExportRun]:
    """Unfinished runs that can continue now; the others get the reason why they wait."""
    await lease.guard(work)
    mirrored = gateway is not None and await LedgerService(work).mirrors(gateway.organisation_id)
    ready_runs: list[ExportRun] = []
    for run in await ExportRunRepository(work).unfinished():
        if run.cancel_requested_at is not None:
            await _undo_unsent(work, run)
            if run.state in FINISHED_RUNS:
                continue
        if run.hold_until is not None and run.hold_until > await work.now():
            lease.due_by(run.hold_until)
            continue
        if gateway is None or run.organisation_id != gateway.organisation_id:
            await _block(work, run)
            lease.due_in(gateways.timing.blocked_wait)
            continue
        if run.waiting_for == WaitingFor.CONNECTION:
            await withdraw_questions(work, run)
        if not mirrored:
            move(run, RUN_TRANSITIONS, RunState.WAITING)
            run.waiting_for = WaitingFor.XERO
            work.wake_after_commit("ledger.refresh", lease.business_id)
            lease.due_in(gateways.timing.ledger_wait)
        else:
            # The checks run again, because a blocked item may have waited for days.
            await ExportItemRepository(work).move(run.id, (ItemState.BLOCKED,), ItemState.PENDING)
            move(run, RUN_TRANSITIONS, RunState.RUNNING)
            run.waiting_for, run.resume_at = None, None
            ready_runs.append(run)
    return ready_runs


async def _block(work: UnitOfWork, run: ExportRun) -> None:
    """Make a run wait until its own organisation is connected again."""
    move(run, RUN_TRANSITIONS, RunState.WAITING)
    run.waiting_for, run.resume_at = WaitingFor.CONNECTION, None
    await _undo_unsent(work, run)
    await ExportItemRepository(work).move(run.id, (ItemState.PENDING, ItemState.READY), ItemState.BLOCKED)
    await ask_about_outcomes(work, run)
    await close(work, run)


async def _undo_unsent(work: UnitOfWork, run: ExportRun) -> None:
    """Settle the attempts that were never sent, so that their items are ready again."""
    attempts = WriteAttemptRepository(work)
    for attempt in await attempts.unsent(run.id):
        unsent = await ExportItemRepository(work).locked(await attempts.element_ids(attempt.id))
        await attempts.settle(attempt, "not_sent")
        await record(work, run, unsent, Outcomes(again=set(unsent)))


async def _wait(gateway: XeroGateway, lease: WriteLease, reason: WaitingFor, wait: timedelta) -> None:
    async with gateway.work() as work:
        resume_at = await work.now() + wait
        for run in await ExportRunRepository(work).unfinished():
            if run.waiting_for != WaitingFor.CONNECTION:
                move(run, RUN_TRANSITIONS, RunState.WAITING)
                run.waiting_for, run.resume_at = reason, resume_at
    lease.due_by(resume_at)
