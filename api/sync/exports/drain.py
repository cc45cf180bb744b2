"""One slice of work on a business's exports: recover, check, batch, send; then give others their turn."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

from api.platform.clock import now
from api.platform.db.work import UnitOfWork
from api.platform.log import bound_contextvars, get_logger
from api.sync.connections.service import LiveConnection, XeroDoor
from api.sync.exports.attempts import commit_attempt, place_contacts, validate
from api.sync.exports.lease import Lease, LeaseLost, leased
from api.sync.exports.models import ExportRun
from api.sync.exports.recording import Outcomes, close, record
from api.sync.exports.recovery import recover
from api.sync.exports.repository import (
    UNFINISHED,
    ExportAttemptRepository,
    ExportItemRepository,
    ExportRunRepository,
)
from api.sync.exports.sending import send_attempt
from api.sync.ledger.service import LedgerService
from api.xero.errors import XeroBusy, XeroDisconnected, XeroRejected, XeroUnknownOutcome

WaitingFor = Literal["rate", "day_limit", "xero", "connection"]
# One batch in doubt may be a bad one; two are Xero in trouble, and every further one would be in doubt as well.
_OUTAGE = 2
QUANTUM = 5  # calls a slice may make before others have their turn
_BLOCKED_LOOK = timedelta(seconds=60)
_LEDGER_LOOK = timedelta(seconds=2)
_PAUSE = 5.0
_PUZZLED = 60.0
_logger = get_logger("jobtally.exports")


async def drain(door: XeroDoor, business_id: UUID) -> None:
    """Give one business a slice, unless somebody else is at it."""
    async with leased(door.database, business_id) as lease:
        if lease is None:
            return
        try:
            await _slice(door, lease)
        except LeaseLost:
            lease.due_by(now())  # heeded only if the lease is still ours: too slow to send is not lost
            _logger.warning("lease lost, leaving the rest to its new holder", business_id=str(business_id))


async def _slice(door: XeroDoor, lease: Lease) -> None:
    live = await door.live(lease.business_id)
    runs = await _open_runs(door, lease, live)
    if live is None or not runs:
        return
    try:
        in_doubt = await recover(door, live, lease)
        if in_doubt >= _OUTAGE:
            await _wait(door, lease, "xero", _PAUSE)
            return
        for run in runs:
            with bound_contextvars(request_id=run.request_id):
                await _advance(door, live, lease, run.id)
        await door.note_answer(live)
    except XeroBusy as busy:
        if busy.limit == "unavailable":
            await door.note_silence(live)
        reasons: dict[str, WaitingFor] = {"day": "day_limit", "unavailable": "xero"}
        await _wait(door, lease, reasons.get(busy.limit, "rate"), busy.retry_after or _PAUSE)
    except XeroUnknownOutcome:
        await _wait(door, lease, "xero", 2.0)
    except XeroDisconnected as lost:
        await door.note_loss(live, lost)
        await _open_runs(door, lease, None)
    except XeroRejected as refused:  # of a look-up: nothing was written, and asking at once would not help
        _logger.warning("a look-up was refused", error=str(refused), correlation_id=refused.correlation_id)
        await _wait(door, lease, "xero", _PUZZLED)


async def _advance(door: XeroDoor, live: LiveConnection, lease: Lease, run_id: UUID) -> None:
    """Send this run's batches until it is done or the quantum is spent."""
    for _ in range(QUANTUM):
        while await validate(door, lease, run_id, 4 * door.config.batch_size):
            pass
        await place_contacts(door, live, lease, run_id)
        attempt_id = await commit_attempt(door, live, lease, run_id)
        if attempt_id is None:
            if not await _has_ready(door, lease, run_id):
                return
            continue
        await send_attempt(door, live, lease, attempt_id)
    lease.due_by(now())


async def _has_ready(door: XeroDoor, lease: Lease, run_id: UUID) -> bool:
    async with door.database.work(lease.business_id) as work:
        return bool(await ExportItemRepository(work).in_states(run_id, ("pending", "ready"), 1))


async def _open_runs(door: XeroDoor, lease: Lease, live: LiveConnection | None) -> Sequence[ExportRun]:
    """Unfinished runs that can go on now; those that cannot are told what they wait for."""
    async with door.database.work(lease.business_id) as work:
        await lease.guard(work)
        mirrored = live is not None and await LedgerService(work).mirrors(live.organisation_id)
        going: list[ExportRun] = []
        for run in await ExportRunRepository(work).unfinished():
            if run.cancel_requested_at is not None:
                await _take_apart(work, run)
                if run.state not in UNFINISHED:
                    continue
            if live is None or run.organisation_id != live.organisation_id:
                await _block(work, run)
                lease.due_by(now() + _BLOCKED_LOOK)
            elif not mirrored:
                run.state, run.waiting_for = "waiting", "xero"
                work.wake_after_commit("ledger.refresh", lease.business_id)
                lease.due_by(now() + _LEDGER_LOOK)
            else:
                # Checked once more: what was blocked may have waited for days.
                await ExportItemRepository(work).move(run.id, ("blocked",), "pending")
                run.state, run.waiting_for, run.resume_at = "running", None, None
                going.append(run)
        return going


async def _block(work: UnitOfWork, run: ExportRun) -> None:
    """Park a run until its own organisation is back."""
    run.state, run.waiting_for, run.resume_at = "waiting", "connection", None
    await _take_apart(work, run)
    await ExportItemRepository(work).move(run.id, ("pending", "ready"), "blocked")
    await close(work, run)


async def _take_apart(work: UnitOfWork, run: ExportRun) -> None:
    """Undo attempts of which no byte has left: their items are free again."""
    attempts = ExportAttemptRepository(work)
    for attempt in await attempts.open():
        if attempt.run_id == run.id and not attempt.may_have_written:
            unsent = await ExportItemRepository(work).locked(await attempts.item_ids(attempt.id))
            await attempts.settle(attempt, "not_sent")
            await record(work, run, unsent, Outcomes(ready=set(unsent)))


async def _wait(door: XeroDoor, lease: Lease, reason: WaitingFor, seconds: float) -> None:
    resume_at = now() + timedelta(seconds=seconds)
    async with door.database.work(lease.business_id) as work:
        for run in await ExportRunRepository(work).unfinished():
            if run.waiting_for != "connection":
                run.state, run.waiting_for, run.resume_at = "waiting", reason, resume_at
    lease.due_by(resume_at)
