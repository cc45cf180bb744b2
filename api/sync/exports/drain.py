"""One slice of work on a business's exports: recover, check, batch, send; then give others their turn."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from api.platform.clock import now
from api.platform.db.work import UnitOfWork
from api.platform.log import bound_contextvars, get_logger
from api.sync.connections.service import XeroGateway, XeroGateways, note_answer, note_loss, note_silence
from api.sync.exports.attempts import commit_attempt, place_contacts, validate
from api.sync.exports.lease import Lease, LeaseLost, leased
from api.sync.exports.models import ExportRun
from api.sync.exports.recording import Outcomes, close, record
from api.sync.exports.recovery import recover
from api.sync.exports.repository import (
    ExportAttemptRepository,
    ExportItemRepository,
    ExportRunRepository,
)
from api.sync.exports.sending import send_attempt
from api.sync.exports.states import FINISHED_RUNS, ItemState, RunState, WaitingFor, move_run
from api.sync.ledger.service import LedgerService
from api.xero.errors import XeroBusy, XeroDisconnected, XeroRejected, XeroUnknownOutcome

# One batch in doubt may be a bad one; two are Xero in trouble, and every further one would be in doubt as well.
_OUTAGE = 2
QUANTUM = 5  # calls a slice may make before others have their turn
_BLOCKED_LOOK = timedelta(seconds=60)
_LEDGER_LOOK = timedelta(seconds=2)
_PAUSE = 5.0
_PUZZLED = 60.0
_logger = get_logger("jobtally.exports")


async def drain(gateways: XeroGateways, business_id: UUID) -> None:
    """Give one business a slice, unless somebody else is at it."""
    async with leased(gateways.database, business_id) as lease:
        if lease is None:
            return
        try:
            await _slice(gateways, lease)
        except LeaseLost:
            lease.due_by(now())  # heeded only if the lease is still ours: too slow to send is not lost
            _logger.warning("lease lost, leaving the rest to its new holder", business_id=str(business_id))


async def _slice(gateways: XeroGateways, lease: Lease) -> None:
    gateway = await gateways.open(lease.business_id)
    runs = await _open_runs(gateways, lease, gateway)
    if gateway is None or not runs:
        return
    try:
        in_doubt = await recover(gateway, lease)
        if in_doubt >= _OUTAGE:
            await _wait(gateway, lease, WaitingFor.XERO, _PAUSE)
            return
        for run in runs:
            with bound_contextvars(request_id=run.request_id):
                await _advance(gateway, lease, run.id)
        await note_answer(gateway)
    except XeroBusy as busy:
        if busy.limit == "unavailable":
            await note_silence(gateway)
        reasons: dict[str, WaitingFor] = {"day": WaitingFor.DAY_LIMIT, "unavailable": WaitingFor.XERO}
        await _wait(gateway, lease, reasons.get(busy.limit, WaitingFor.RATE), busy.retry_after or _PAUSE)
    except XeroUnknownOutcome:
        await _wait(gateway, lease, WaitingFor.XERO, 2.0)
    except XeroDisconnected as lost:
        await note_loss(gateway, lost)
        await _open_runs(gateways, lease, None)
    except XeroRejected as refused:  # of a look-up: nothing was written, and asking at once would not help
        _logger.warning("a look-up was refused", error=str(refused), correlation_id=refused.correlation_id)
        await _wait(gateway, lease, WaitingFor.XERO, _PUZZLED)


async def _advance(gateway: XeroGateway, lease: Lease, run_id: UUID) -> None:
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
    lease.due_by(now())


async def _has_ready(gateway: XeroGateway, run_id: UUID) -> bool:
    async with gateway.work() as work:
        return bool(await ExportItemRepository(work).in_states(run_id, (ItemState.PENDING, ItemState.READY), 1))


async def _open_runs(gateways: XeroGateways, lease: Lease, gateway: XeroGateway | None) -> Sequence[ExportRun]:
    """Unfinished runs that can go on now; those that cannot are told what they wait for."""
    async with gateways.database.work(lease.business_id) as work:
        await lease.guard(work)
        mirrored = gateway is not None and await LedgerService(work).mirrors(gateway.organisation_id)
        going: list[ExportRun] = []
        for run in await ExportRunRepository(work).unfinished():
            if run.cancel_requested_at is not None:
                await _take_apart(work, run)
                if run.state in FINISHED_RUNS:
                    continue
            if gateway is None or run.organisation_id != gateway.organisation_id:
                await _block(work, run)
                lease.due_by(now() + _BLOCKED_LOOK)
            elif not mirrored:
                move_run(run, RunState.WAITING)
                run.waiting_for = WaitingFor.XERO
                work.wake_after_commit("ledger.refresh", lease.business_id)
                lease.due_by(now() + _LEDGER_LOOK)
            else:
                # Checked once more: what was blocked may have waited for days.
                await ExportItemRepository(work).move(run.id, (ItemState.BLOCKED,), ItemState.PENDING)
                move_run(run, RunState.RUNNING)
                run.waiting_for, run.resume_at = None, None
                going.append(run)
        return going


async def _block(work: UnitOfWork, run: ExportRun) -> None:
    """Park a run until its own organisation is back."""
    move_run(run, RunState.WAITING)
    run.waiting_for, run.resume_at = WaitingFor.CONNECTION, None
    await _take_apart(work, run)
    await ExportItemRepository(work).move(run.id, (ItemState.PENDING, ItemState.READY), ItemState.BLOCKED)
    await close(work, run)


async def _take_apart(work: UnitOfWork, run: ExportRun) -> None:
    """Undo attempts of which no byte has left: their items are free again."""
    attempts = ExportAttemptRepository(work)
    for attempt in await attempts.open():
        if attempt.run_id == run.id and not attempt.may_have_written:
            unsent = await ExportItemRepository(work).locked(await attempts.item_ids(attempt.id))
            await attempts.settle(attempt, "not_sent")
            await record(work, run, unsent, Outcomes(ready=set(unsent)))


async def _wait(gateway: XeroGateway, lease: Lease, reason: WaitingFor, seconds: float) -> None:
    resume_at = now() + timedelta(seconds=seconds)
    async with gateway.work() as work:
        for run in await ExportRunRepository(work).unfinished():
            if run.waiting_for != WaitingFor.CONNECTION:
                move_run(run, RunState.WAITING)
                run.waiting_for, run.resume_at = reason, resume_at
    lease.due_by(resume_at)
