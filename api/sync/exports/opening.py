"""Which exports of a business can go on now; the others wait, and say for what."""

from collections.abc import Sequence

from api.platform.db.work import UnitOfWork
from api.platform.states import move
from api.sync.connections.service import XeroGateway, XeroGateways
from api.sync.exports.answers import ask_about_outcomes, withdraw_questions
from api.sync.exports.models import ExportRun
from api.sync.exports.recording import close, record
from api.sync.exports.repository import ExportItemRepository
from api.sync.exports.runs.repository import ExportRunRepository
from api.sync.exports.states import FINISHED_RUNS, RUN_TRANSITIONS, ItemState, RunState
from api.sync.ledger.service import LEDGER, LedgerService
from api.sync.writes.service import Outcomes, WaitingFor, WriteAttemptRepository, WriteLease


async def open_runs(
    work: UnitOfWork, gateways: XeroGateways, lease: WriteLease, gateway: XeroGateway | None
) -> Sequence[ExportRun]:
    """Unfinished runs that can continue now; the others get the reason why they wait."""
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
            # The checks run again, because a blocked item may have waited for days.
            await ExportItemRepository(work).move(run.id, (ItemState.BLOCKED,), ItemState.PENDING)
        if not gateway.has_ledger or await _waits_for_ledger(work, run, gateway):
            move(run, RUN_TRANSITIONS, RunState.WAITING)
            run.waiting_for = WaitingFor.XERO
            work.wake_after_commit("ledger.refresh", lease.business_id)
            lease.due_in(gateways.timing.ledger_wait)
        else:
            move(run, RUN_TRANSITIONS, RunState.RUNNING)
            run.waiting_for, run.resume_at = None, None
            ready_runs.append(run)
    return ready_runs


async def _waits_for_ledger(work: UnitOfWork, run: ExportRun, gateway: XeroGateway) -> bool:
    """Whether a run that begins has to wait, because the ledger is too old to be compared with."""
    if run.state == RunState.QUEUED:
        return await LedgerService(work).freshen(
            gateway.organisation_id, gateway.connected_at, LEDGER, gateway.ceilings
        )
    return run.waiting_for == WaitingFor.XERO and await LedgerService(work).is_being_read(LEDGER)


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
