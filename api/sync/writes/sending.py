"""Sends one attempt exactly as it was committed; reads and records its reply."""

import time
from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

from api.platform.db.lease import LeaseLost
from api.platform.db.work import UnitOfWork
from api.platform.log import get_logger
from api.platform.states import move
from api.sync.connections.service import XeroGateway
from api.sync.writes.adapter import Adapter, Attempt, Held, Outcomes, R, T
from api.sync.writes.attempts import prepare_again
from api.sync.writes.lease import WriteLease
from api.sync.writes.models import WriteAttempt
from api.sync.writes.repository import WriteAttemptRepository
from api.sync.writes.states import STEP_TRANSITIONS, AttemptState, NextStep
from api.sync.writes.turns import Flights
from api.xero.errors import XeroError, XeroRejected, XeroUnknownOutcome
from api.xero.limits import Priority
from api.xero.reply import Reply

ENOUGH_ERRORS = 2  # the second one may be Xero's stored reply to the first, so another replay says nothing new
_logger = get_logger("jobtally.writes")


async def send_beside(
    gateway: XeroGateway, lease: WriteLease, adapter: Adapter[T, R], attempt: Attempt, flights: Flights
) -> bool:
    """Send a committed attempt as `send` does, once fewer calls wait for Xero; not at all after one that failed.

    An attempt that has waited long is prepared once more, which sees a cancellation and a lost lease.
    """
    while not await flights.enter(gateway.timing.attempt_seconds / 2):
        await _record_unsent(gateway, lease, adapter, attempt)
        again = None if flights.are_closed else await prepare_again(gateway, lease, adapter, attempt)
        if again is None:
            lease.due_now()  # the next turn sends it, or frees its elements
            return False
        attempt = again
    return await send(gateway, lease, adapter, attempt, flights.flight())


async def send(
    gateway: XeroGateway,
    lease: WriteLease,
    adapter: Adapter[T, R],
    attempt: Attempt,
    flight: AbstractContextManager[None] | None = None,
) -> bool:
    """Send a committed attempt and record its reply; gives whether any of its elements is to be sent again.

    An error that leaves the outcome open is raised again.
    """
    client = gateway.client(Priority.ESSENTIAL if attempt.was_uncertain else Priority.NORMAL)
    try:
        with flight or nullcontext():
            reply = await adapter.call(client, attempt, before_sending=lambda: _require_fresh(gateway, lease, attempt))
    except XeroRejected as rejected:
        await _record_refusal(gateway, lease, adapter, attempt, rejected)
        return True
    except XeroUnknownOutcome as unknown:
        await _record_unknown(gateway, lease, adapter, attempt, unknown)
        raise
    except XeroError as unsent:
        await _record_unsent(gateway, lease, adapter, attempt, unsent)
        raise
    try:
        outcomes = await adapter.judge(gateway, attempt, reply)
    except XeroError as error:
        in_doubt = XeroUnknownOutcome("what Xero refused could not be looked up", http_status=reply.http_status)
        await _record_unknown(gateway, lease, adapter, attempt, in_doubt)
        raise in_doubt from error
    return await _record_answer(gateway, lease, adapter, attempt, reply, outcomes)


async def _record_answer(
    gateway: XeroGateway,
    lease: WriteLease,
    adapter: Adapter[T, R],
    attempt: Attempt,
    reply: Reply[Any],
    outcomes: Outcomes[T],
) -> bool:
    """Record what a reply says of each element that still waits; whether any is to be sent again."""
    async with gateway.work() as work:
        held = await hold(work, adapter, attempt)
        if held is None:
            return True
        outcomes = outcomes.only(held.waiting)
        if outcomes.unknown:
            held.row.http_status, held.row.correlation_id = reply.http_status, reply.correlation_id
            await look_up_later(work, gateway, lease, held.row)
        else:
            await WriteAttemptRepository(work).settle(held.row, "answered", reply.http_status, reply.correlation_id)
        await adapter.record(work, gateway, attempt, outcomes, held)
    _log(attempt, outcomes, correlation_id=reply.correlation_id)
    return bool(outcomes.again)


def _require_fresh(gateway: XeroGateway, lease: WriteLease, attempt: Attempt) -> None:
    """LeaseLost after a pause: another worker may have looked the attempt up and sent its elements again."""
    lease.lease.require_fresh()
    if time.monotonic() - attempt.prepared_at > gateway.timing.attempt_seconds:
        raise LeaseLost


async def hold(work: UnitOfWork, adapter: Adapter[T, R], attempt: Attempt) -> Held[R] | None:
    """Lock the attempt and the elements that wait for it; None if another worker recorded it meanwhile."""
    locked = await adapter.lock(work, attempt)
    row = await WriteAttemptRepository(work).begin(attempt.id)
    if row.state != AttemptState.OPEN:
        return None
    return Held(row, locked, await adapter.waiting(work, attempt))


async def look_up_later(work: UnitOfWork, gateway: XeroGateway, lease: WriteLease, row: WriteAttempt) -> None:
    """Make the attempt due after a wait that each sending doubles."""
    timing = gateway.timing
    doublings = min(row.sends - 1, 16)
    wait = min(timing.longest_look_up_wait, timing.shortest_look_up_wait * 2**doublings)
    row.next_due = await work.now() + wait
    lease.due_by(row.next_due)


async def _record_refusal(
    gateway: XeroGateway, lease: WriteLease, adapter: Adapter[T, R], attempt: Attempt, rejected: XeroRejected
) -> None:
    """The whole call was refused and wrote nothing: send halves until the bad element is alone."""
    async with gateway.work() as work:
        held = await hold(work, adapter, attempt)
        if held is None:
            return
        row, waiting = held.row, held.waiting
        http_status, correlation_id = rejected.http_status, rejected.correlation_id
        outcomes: Outcomes[T]
        if attempt.was_uncertain:
            # An earlier sending of these bytes may have written them: only a look-up can show it.
            row.http_status, row.correlation_id, row.server_errors = http_status, correlation_id, ENOUGH_ERRORS
            move(row, STEP_TRANSITIONS, NextStep.PROVE)
            outcomes = Outcomes(unknown=set(waiting))
        else:
            outcomes = _in_halves(adapter, attempt, waiting, rejected)
            await WriteAttemptRepository(work).settle(row, "refused", http_status, correlation_id)
        await adapter.record(work, gateway, attempt, outcomes, held)
    lease.due_now()


def _in_halves(
    adapter: Adapter[T, R], attempt: Attempt, waiting: Collection[UUID], rejected: XeroRejected
) -> Outcomes[T]:
    status = rejected.http_status
    if len(waiting) > 1:
        limits = dict.fromkeys(waiting, max(1, len(waiting) // 2))
        return Outcomes(again=set(waiting), batch_limits=limits, refused_status=status)
    refused = {element_id: adapter.refusal(attempt, element_id, rejected.messages) for element_id in waiting}
    return Outcomes(refused=refused, refused_status=status)


async def _record_unknown(
    gateway: XeroGateway, lease: WriteLease, adapter: Adapter[T, R], attempt: Attempt, unknown: XeroUnknownOutcome
) -> None:
    async with gateway.work() as work:
        held = await hold(work, adapter, attempt)
        if held is None:
            return
        row, waiting = held.row, held.waiting
        row.http_status, row.correlation_id = unknown.http_status, unknown.correlation_id
        row.server_errors += 1 if (unknown.http_status or 0) >= 500 else 0
        if row.server_errors >= ENOUGH_ERRORS:
            move(row, STEP_TRANSITIONS, NextStep.PROVE)
        await look_up_later(work, gateway, lease, row)
        await adapter.record(work, gateway, attempt, Outcomes(unknown=set(waiting)), held)
    _logger.warning("outcome unknown", kind=attempt.kind, attempt_id=str(attempt.id), reason=unknown.detail)


async def _record_unsent(
    gateway: XeroGateway, lease: WriteLease, adapter: Adapter[T, R], attempt: Attempt, unsent: XeroError | None = None
) -> None:
    """This sending wrote nothing; an earlier one may have, as before."""
    async with lease.work() as work:  # a worker that took over may have sent the same bytes meanwhile
        await adapter.lock(work, attempt)
        row = await WriteAttemptRepository(work).get(attempt.id, locked=True)
        if unsent is not None:
            row.http_status, row.correlation_id = unsent.http_status, unsent.correlation_id
        if not attempt.was_uncertain:
            move(row, STEP_TRANSITIONS, NextStep.SEND)


def _log(attempt: Attempt, outcomes: Outcomes[T], *, correlation_id: str | None) -> None:
    _logger.info(
        "batch recorded",
        kind=attempt.kind,
        group_id=str(attempt.group_id),
        attempt_id=str(attempt.id),
        correlation_id=correlation_id,
        accepted=len(outcomes.accepted),
        refused=len(outcomes.refused),
        unknown=len(outcomes.unknown),
    )
