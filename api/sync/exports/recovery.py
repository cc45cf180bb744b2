"""Attempts whose outcome is unknown: they are replayed while Xero keeps the key, then looked up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from api.platform.log import get_logger
from api.sync.connections.service import XeroGateway
from api.sync.exports.lease import ExportLease
from api.sync.exports.models import ExportAttempt, ExportItem
from api.sync.exports.problems import problem, refused_without_reason
from api.sync.exports.recording import Outcomes, record
from api.sync.exports.replies import lost_tracking, marked_item
from api.sync.exports.repository import ExportAttemptRepository, ExportItemRepository, ExportRunRepository
from api.sync.exports.sending import ENOUGH_ERRORS, elements, send_attempt
from api.sync.exports.states import IN_ATTEMPT
from api.xero.wire import Invoice

# How far before the first sending a look-up starts, in case the clocks differ.
_CLOCK_MARGIN = timedelta(minutes=5)
_REMOVED = ("DELETED", "VOIDED")
_logger = get_logger("jobtally.exports")


async def recover(gateway: XeroGateway, lease: ExportLease) -> int:
    """Replay or look up each open attempt of this organisation that is due; gives the number that stay in doubt."""
    attempts = await _open_attempts(gateway)
    for attempt in attempts:
        instant = await gateway.now()  # for each attempt, because the one before may take a minute
        if instant < attempt.next_due <= instant + gateway.timing.longest_attempt_wait:
            lease.due_by(attempt.next_due)
        elif _may_replay(attempt, instant, gateway.timing.replay_window):
            await send_attempt(gateway, lease, attempt.id)
        else:
            await _look_up(gateway, lease, attempt)
    if not attempts:
        return 0
    return sum(attempt.may_have_written for attempt in await _open_attempts(gateway))


async def _open_attempts(gateway: XeroGateway) -> list[ExportAttempt]:
    async with gateway.work() as work:
        return [
            attempt
            for attempt in await ExportAttemptRepository(work).open()
            if attempt.organisation_id == gateway.organisation_id
        ]


def _may_replay(attempt: ExportAttempt, instant: datetime, replay_window: timedelta) -> bool:
    if not attempt.may_have_written or attempt.first_sent_at is None:
        return True
    # Before the first sending: the database's clock was set back, so the time since then is not known.
    return timedelta(0) <= instant - attempt.first_sent_at < replay_window and attempt.server_errors < ENOUGH_ERRORS


async def _look_up(gateway: XeroGateway, lease: ExportLease, attempt: ExportAttempt) -> None:
    first, last = attempt.first_sent_at, attempt.last_sent_at
    assert first is not None
    assert last is not None
    quiet_from = last + gateway.timing.quiet_period
    # Read before the look-up, which has to happen after the quiet period to prove an absence.
    absent_is_certain = await gateway.now() >= quiet_from
    documents = await gateway.client(essential=True).invoices_marked_since(first - _CLOCK_MARGIN)
    absent_is_certain = absent_is_certain and documents.complete
    async with gateway.work() as work:
        await lease.guard(work)
        attempts = ExportAttemptRepository(work)
        run = await ExportRunRepository(work).get(attempt.run_id, locked=True)
        locked = await attempts.get(attempt.id, locked=True)
        if locked.state != "open":
            return
        item_ids = await attempts.item_ids(attempt.id)
        items = await ExportItemRepository(work).locked(item_ids)
        waiting = {key: item for key, item in items.items() if item.state in IN_ATTEMPT}
        outcomes = _outcomes(waiting, documents.elements, absent_is_certain=absent_is_certain)
        sent = dict(zip(item_ids, elements(locked.body), strict=True))
        outcomes.remarks = {key: lost_tracking(sent[key], document) for key, document in outcomes.exported.items()}
        if locked.server_errors >= ENOUGH_ERRORS:
            _isolate(waiting, outcomes)
        if outcomes.unknown:
            instant = await work.now()
            again = instant + gateway.timing.look_up_wait
            locked.next_due = min(quiet_from, again) if quiet_from > instant else again
            lease.due_by(locked.next_due)
        else:
            await attempts.settle(locked, "looked_up")
        await record(work, run, waiting, outcomes)
    lease.due_in(gateway.timing.look_up_wait)
    _logger.info(
        "attempt looked up", attempt_id=str(attempt.id), documents=len(outcomes.exported), absent=len(outcomes.ready)
    )


def _isolate(waiting: Mapping[UUID, ExportItem], outcomes: Outcomes) -> None:
    """Halve the batches to isolate an invoice on which Xero fails; reject one that failed alone before."""
    alone = len(waiting) == 1
    for item_id in list(outcomes.ready):
        item = waiting[item_id]
        if alone and item.batch_limit == 1:
            outcomes.ready.discard(item_id)
            detail = "Xero failed each time it was sent, and holds nothing of it. Change it, or send it again later."
            outcomes.rejected[item_id] = [refused_without_reason(detail)]
        item.batch_limit = max(1, len(waiting) // 2)


def _outcomes(waiting: Iterable[UUID], documents: Sequence[Invoice], *, absent_is_certain: bool) -> Outcomes:
    outcomes = Outcomes()
    for item_id in waiting:
        marked = [document for document in documents if marked_item(document.url) == item_id]
        own = [document for document in marked if document.status not in _REMOVED] or marked
        if len(own) == 1:
            outcomes.exported[item_id] = own[0]
        elif own:
            # All of them: sending again makes a new one.
            detail = f"Xero has {len(own)} documents for it. Delete or void each of them there, then send it again."
            outcomes.review[item_id] = [problem("several_in_xero", detail)]
        elif absent_is_certain:
            outcomes.ready.add(item_id)
        else:
            outcomes.unknown.add(item_id)
    return outcomes
