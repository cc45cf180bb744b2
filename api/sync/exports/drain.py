"""One slice of work on a business's exports: recover, check, batch and send, until the quantum is spent."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from api.platform.db.lease import LeaseLost
from api.platform.db.work import UnitOfWork
from api.platform.log import bound_contextvars, get_logger
from api.platform.states import move
from api.sync.connections.service import XeroGateway, XeroGateways, note_answer, note_loss, note_silence
from api.sync.exports.attempts import commit_attempt, place_contacts, validate
from api.sync.exports.lease import ExportLease, leased
from api.sync.exports.models import ExportRun
from api.sync.exports.recording import Outcomes, close, record
from api.sync.exports.recovery import recover
from api.sync.exports.repository import (
    ExportAttemptRepository,
    ExportItemRepository,
    ExportRunRepository,
)
from api.sync.exports.sending import send_attempt
from api.sync.exports.states import FINISHED_RUNS, RUN_TRANSITIONS, ItemState, RunState, WaitingFor
from api.sync.ledger.service import LedgerService
from api.xero.errors import XeroBusy, XeroDisconnected, XeroRejected, XeroUnknownOutcome

# One batch in doubt may have a bad invoice; with two, Xero itself fails, and another batch would be in doubt too.
_OUTAGE_ATTEMPTS = 2
QUANTUM = 5  # batches of a run in one slice
_logger = get_logger("jobtally.exports")


async def drain(gateways: XeroGateways, business_id: UUID) -> None:
    """Give one business a slice, unless another worker has its lease."""
    async with leased(gateways.database, business_id, gateways.timing) as lease:
        if lease is None:
            return
        try:
            await _slice(gateways, lease)
        except LeaseLost:
            lease.due_now()  # stored only if no other worker has the lease: this one may just have been too slow
            _logger.warning("lease lost or too old, the rest is left to the next slice", business_id=str(business_id))


async def _slice(gateways: XeroGateways, lease: ExportLease) -> None:
    gateway = await gateways.open(lease.business_id)
    runs = await _open_runs(gateways, lease, gateway)
    if gateway is None or not runs:
        return
    try:
        in_doubt = await recover(gateway, lease)
        if in_doubt >= _OUTAGE_ATTEMPTS:
            await _wait(gateway, lease, WaitingFor.XERO, gateway.timing.busy_wait)
            return
        for run in runs:
            with bound_contextvars(request_id=run.request_id):
                await _advance(gateway, lease, run.id)
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
        await _open_runs(gateways, lease, None)
    except XeroRejected as refused:  # by a look-up: nothing was written, and the same request would be refused again
        _logger.warning("a look-up was refused", error=str(refused), correlation_id=refused.correlation_id)
        await _wait(gateway, lease, WaitingFor.XERO, gateway.timing.refused_look_up_wait)


async def _advance(gateway: XeroGateway, lease: ExportLease, run_id: UUID) -> None:
    """Send this run's batches until it is done or the quantum is spent."""
    checked_at_once = 4 * gateway.config.batch_size
    for _ in range(QUANTUM):
        while await validate(gateway, lease, run_id, checked_at_once) == checked_at_once:
            pass
        await place_contacts(gateway, lease, run_id)
        attempt_id = await commit_attempt(gateway, lease, run_id)
        if attempt_id is not None:
            await send_attempt(gateway, lease, attempt_id)
        if not await _has_ready(gateway, run_id):
            return
    lease.due_now()


async def _has_ready(gateway: XeroGateway, run_id: UUID) -> bool:
    async with gateway.work() as work:
        return bool(await ExportItemRepository(work).in_states(run_id, (ItemState.PENDING, ItemState.READY), 1))


async def _open_runs(gateways: XeroGateways, lease: ExportLease, gateway: XeroGateway | None) -> Sequence[ExportRun]:
    """Unfinished runs that can continue now; the others get the reason why they wait."""
    async with gateways.database.work(lease.business_id) as work:
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
            elif not mirrored:
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
    await close(work, run)


async def _undo_unsent(work: UnitOfWork, run: ExportRun) -> None:
    """Settle the attempts that were never sent, so that their items are ready again."""
    attempts = ExportAttemptRepository(work)
    for attempt in await attempts.open():
        if attempt.run_id == run.id and not attempt.may_have_written:
            unsent = await ExportItemRepository(work).locked(await attempts.item_ids(attempt.id))
            await attempts.settle(attempt, "not_sent")
            await record(work, run, unsent, Outcomes(ready=set(unsent)))


async def _wait(gateway: XeroGateway, lease: ExportLease, reason: WaitingFor, wait: timedelta) -> None:
    async with gateway.work() as work:
        resume_at = await work.now() + wait
        for run in await ExportRunRepository(work).unfinished():
            if run.waiting_for != WaitingFor.CONNECTION:
                move(run, RUN_TRANSITIONS, RunState.WAITING)
                run.waiting_for, run.resume_at = reason, resume_at
    lease.due_by(resume_at)
