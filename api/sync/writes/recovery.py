"""Attempts in doubt: looked up, sent again while Xero keeps the key, looked up until the outcome is certain."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.log import get_logger
from api.platform.states import move
from api.sync.connections.service import XeroGateway
from api.sync.writes.adapter import Adapter, Attempt, Outcomes, R, T
from api.sync.writes.attempts import as_attempt, prepare_again
from api.sync.writes.lease import WriteLease
from api.sync.writes.models import WriteAttempt
from api.sync.writes.repository import WriteAttemptRepository
from api.sync.writes.sending import ENOUGH_ERRORS, hold, send
from api.sync.writes.states import STEP_TRANSITIONS, NextStep, WriteKind

# Each look-up that proves an absence costs the quiet period: two steps isolate one element of 50, with as many calls
# as halves would take.
_PARTS = 7
_logger = get_logger("jobtally.writes")


OpenAttempts = Sequence[tuple[WriteAttempt, Sequence[UUID]]]


async def open_attempts(work: UnitOfWork) -> OpenAttempts:
    """The open attempts of a business with their elements, the oldest first, locked."""
    attempts = WriteAttemptRepository(work)
    return [(row, await attempts.element_ids(row.id)) for row in await attempts.open()]


async def recover(
    gateway: XeroGateway, lease: WriteLease, adapters: Mapping[WriteKind, Adapter[Any, Any]], attempts: OpenAttempts
) -> int:
    """Go on with each of these open attempts that is due; gives the number that stay in doubt."""
    for row, element_ids in attempts:
        adapter = adapters[WriteKind(row.kind)]
        attempt = as_attempt(row, element_ids, was_uncertain=row.next_step != NextStep.SEND)
        instant = await gateway.now()  # for each attempt, because the one before may take a minute
        if instant < row.next_due <= instant + gateway.timing.longest_attempt_wait:
            lease.due_by(row.next_due)
            continue
        if row.next_step == NextStep.SEND or await _look_up(gateway, lease, adapter, attempt):
            again = await prepare_again(gateway, lease, adapter, attempt)
            if again is not None:
                await send(gateway, lease, adapter, again)
    if not attempts:
        return 0
    async with gateway.work() as work:
        left = await open_attempts(work)
    return sum(row.next_step != NextStep.SEND for row, _ in left if row.organisation_id == gateway.organisation_id)


async def _look_up(gateway: XeroGateway, lease: WriteLease, adapter: Adapter[T, R], attempt: Attempt) -> bool:
    """Record what Xero holds of the attempt; whether its bytes may be sent again now."""
    quiet_since = attempt.quiet_since

    def is_quiet(instant: datetime) -> bool:
        return quiet_since is not None and instant >= quiet_since + gateway.timing.quiet_period

    outcomes = await adapter.look_up(gateway, attempt, is_quiet)
    asked_at = outcomes.asked_at
    assert asked_at is not None, "a look-up says when it asked"
    async with lease.work() as work:
        held = await hold(work, adapter, attempt)
        if held is None:
            return False
        row, waiting = held.row, held.waiting
        outcomes = outcomes.only(waiting)
        row.quiet_since = quiet_since or asked_at
        if row.server_errors >= ENOUGH_ERRORS:
            _isolate(adapter, attempt, waiting, outcomes)
        may_replay = (
            held.locked.may_be_sent
            and row.next_step == NextStep.LOOK_UP
            and outcomes.unknown == set(attempt.element_ids)
            and asked_at - attempt.sent_after < gateway.timing.replay_window
        )
        if not outcomes.unknown:
            await WriteAttemptRepository(work).settle(row, "looked_up")
        elif not may_replay:
            move(row, STEP_TRANSITIONS, NextStep.PROVE)
            row.next_due = await work.now() + gateway.timing.look_up_wait
            lease.due_by(row.next_due)
        await adapter.record(work, gateway, attempt, outcomes, held)
    _logger.info(
        "attempt looked up", attempt_id=str(attempt.id), found=len(outcomes.accepted), absent=len(outcomes.again)
    )
    if outcomes.again:
        lease.due_now()  # what is certainly absent is sent in this turn or the next one
    return may_replay


def _isolate(adapter: Adapter[T, R], attempt: Attempt, waiting: Collection[UUID], outcomes: Outcomes[T]) -> None:
    """Make smaller batches to isolate an element on which Xero fails; give up one that was alone because of that."""
    if attempt.batch_limit == 1:
        for element_id in list(outcomes.again):
            outcomes.again.discard(element_id)
            outcomes.refused[element_id] = adapter.failure(attempt, element_id)
        return
    outcomes.batch_limits = dict.fromkeys(waiting, max(1, len(waiting) // _PARTS))
