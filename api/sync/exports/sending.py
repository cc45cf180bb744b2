"""Sends one attempt exactly as it was committed; reads and records its reply."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from api.platform.db.lease import LeaseLost
from api.platform.db.work import UnitOfWork
from api.platform.log import get_logger
from api.sync.connections.service import XeroGateway
from api.sync.exports.contact_checks import recheck_contacts
from api.sync.exports.lease import ExportLease
from api.sync.exports.models import ExportAttempt, ExportItem, ExportRun
from api.sync.exports.problems import from_xero, refused_without_reason
from api.sync.exports.recording import Outcomes, record
from api.sync.exports.replies import Sent, SentInvoice, assign, judge, lost_tracking, number_taken
from api.sync.exports.repository import ExportAttemptRepository, ExportItemRepository, ExportRunRepository
from api.sync.exports.states import IN_ATTEMPT
from api.xero.errors import XeroError, XeroRejected, XeroUnknownOutcome
from api.xero.reply import Reply
from api.xero.wire import Invoice

ENOUGH_ERRORS = 2  # the second one may be Xero's stored reply to the first, so another replay says nothing new
_logger = get_logger("jobtally.exports")


@dataclass(frozen=True)
class Outgoing:
    """An attempt that is ready to be sent."""

    attempt_id: UUID
    run_id: UUID
    body: bytes
    key: str
    item_ids: Sequence[UUID]
    was_uncertain: bool
    prepared_at: float  # of the monotonic clock

    @property
    def sent(self) -> list[Sent]:
        """The items as they stand in the body."""
        return [
            Sent(item_id, "customer" if entry["Type"] == "ACCREC" else "supplier", entry.get("InvoiceNumber") or "")
            for item_id, entry in zip(self.item_ids, elements(self.body), strict=True)
        ]


def elements(body: bytes) -> list[SentInvoice]:
    """The elements of an attempt's body, in order."""
    parsed: list[SentInvoice] = json.loads(body)["Invoices"]
    return parsed


async def send_attempt(gateway: XeroGateway, lease: ExportLease, attempt_id: UUID) -> None:
    """Send an open attempt and record its reply; an error that leaves the outcome open is raised again."""
    outgoing = await _prepare(gateway, lease, attempt_id)
    if outgoing is None:
        return
    client = gateway.client(essential=outgoing.was_uncertain)
    try:
        reply = await client.create_invoices(
            outgoing.body, outgoing.key, before_sending=lambda: _require_fresh(gateway, lease, outgoing)
        )
        taken = await _documents_of_taken_numbers(gateway, outgoing, reply)
    except XeroRejected as rejected:
        await _record_refusal(gateway, lease, outgoing, rejected)
        return
    except XeroUnknownOutcome as unknown:
        await _record_unknown(gateway, lease, outgoing, unknown)
        raise
    except XeroError as unsent:
        await _record_unsent(gateway, lease, outgoing, unsent)
        raise
    await _record_reply(gateway, lease, outgoing, reply, taken)


def _require_fresh(gateway: XeroGateway, lease: ExportLease, outgoing: Outgoing) -> None:
    """LeaseLost after a pause: another worker may have looked the attempt up and sent its invoices again."""
    lease.lease.require_fresh()
    if time.monotonic() - outgoing.prepared_at > gateway.timing.attempt_seconds:
        raise LeaseLost


async def _prepare(gateway: XeroGateway, lease: ExportLease, attempt_id: UUID) -> Outgoing | None:
    """Commit that the attempt may be in Xero from now on; None if it was settled meanwhile."""
    prepared_at = time.monotonic()
    async with gateway.work() as work:
        await lease.guard(work)
        attempts = ExportAttemptRepository(work)
        attempt = await attempts.get(attempt_id, locked=True)
        if attempt.state != "open":
            return None
        outgoing = Outgoing(
            attempt.id,
            attempt.run_id,
            attempt.body,
            attempt.idempotency_key,
            await attempts.item_ids(attempt.id),
            attempt.may_have_written,
            prepared_at,
        )
        attempt.sends += 1
        attempt.last_sent_at = await work.now()
        attempt.first_sent_at = attempt.first_sent_at or attempt.last_sent_at
        attempt.may_have_written = True
        return outgoing


async def _documents_of_taken_numbers(gateway: XeroGateway, outgoing: Outgoing, reply: Reply[Invoice]) -> list[Invoice]:
    """The documents with the numbers that Xero says are taken: ours from a lost reply, or other ones."""
    answers = assign(outgoing.sent, reply.elements)
    ordered = sorted(
        {entry.number for entry in outgoing.sent if entry.item_id in answers and number_taken(answers[entry.item_id])}
    )
    documents: list[Invoice] = []
    for start in range(0, len(ordered), 40):
        client = gateway.client(essential=True)
        try:
            listing = await client.invoices_by_numbers(ordered[start : start + 40])
        except XeroError as error:
            raise XeroUnknownOutcome("the documents with these numbers could not be read") from error
        if not listing.complete:
            raise XeroUnknownOutcome("not every document with these numbers could be read")
        documents += listing.elements
    return documents


async def _record_reply(
    gateway: XeroGateway, lease: ExportLease, outgoing: Outgoing, reply: Reply[Invoice], taken: Sequence[Invoice]
) -> None:
    answers = assign(outgoing.sent, reply.elements)
    sent_elements = dict(zip(outgoing.item_ids, elements(outgoing.body), strict=True))
    async with gateway.work() as work:
        held = await _hold(work, outgoing)
        if held is None:
            return
        attempt, run, items = held
        outcomes = Outcomes()
        for item_id in items:
            verdict = judge(item_id, answers.get(item_id), taken)
            if verdict is None:
                outcomes.unknown.add(item_id)
            elif isinstance(verdict, Invoice):
                outcomes.exported[item_id] = verdict
            else:
                outcomes.rejected[item_id] = verdict
        for item_id, document in outcomes.exported.items():
            outcomes.remarks[item_id] = lost_tracking(sent_elements[item_id], document)
        attempt.http_status, attempt.correlation_id = reply.http_status, reply.correlation_id
        if outcomes.unknown:
            await _replay_later(work, gateway, lease, attempt)
        else:
            await ExportAttemptRepository(work).settle(attempt, "answered")
        await recheck_contacts(work, run, items, outcomes)
        await record(work, run, items, outcomes)
    _logger.info(
        "batch recorded",
        export_id=str(outgoing.run_id),
        attempt_id=str(outgoing.attempt_id),
        correlation_id=reply.correlation_id,
        exported=len(outcomes.exported),
        rejected=len(outcomes.rejected),
        unknown=len(outcomes.unknown),
    )


async def _record_refusal(gateway: XeroGateway, lease: ExportLease, outgoing: Outgoing, rejected: XeroRejected) -> None:
    """The whole call was refused and wrote nothing: send halves until the bad invoice is alone."""
    async with gateway.work() as work:
        held = await _hold(work, outgoing)
        if held is None:
            return
        attempt, run, items = held
        attempt.http_status, attempt.correlation_id = rejected.http_status, rejected.correlation_id
        if outgoing.was_uncertain:
            # An earlier sending of these bytes may have written them: only a look-up can show it.
            attempt.server_errors = ENOUGH_ERRORS
            outcomes = Outcomes(unknown=set(items))
        else:
            outcomes = _smaller(items, rejected)
            await recheck_contacts(
                work, run, items, outcomes, is_not_found=rejected.http_status == HTTPStatus.NOT_FOUND
            )
            await ExportAttemptRepository(work).settle(attempt, "refused")
        await record(work, run, items, outcomes)
    lease.due_now()


def _smaller(items: Mapping[UUID, ExportItem], rejected: XeroRejected) -> Outcomes:
    if len(items) > 1:
        for item in items.values():
            item.batch_limit = max(1, len(items) // 2)
        return Outcomes(ready=set(items))
    problems = [from_xero(message) for message in rejected.messages]
    return Outcomes(rejected=dict.fromkeys(items, problems or [refused_without_reason("Xero refused it.")]))


async def _record_unknown(
    gateway: XeroGateway, lease: ExportLease, outgoing: Outgoing, unknown: XeroUnknownOutcome
) -> None:
    async with gateway.work() as work:
        held = await _hold(work, outgoing)
        if held is None:
            return
        attempt, run, items = held
        attempt.http_status, attempt.correlation_id = unknown.http_status, unknown.correlation_id
        attempt.server_errors += 1 if (unknown.http_status or 0) >= 500 else 0
        await _replay_later(work, gateway, lease, attempt)
        await record(work, run, items, Outcomes(unknown=set(items)))
    _logger.warning(
        "outcome unknown", export_id=str(outgoing.run_id), attempt_id=str(outgoing.attempt_id), reason=unknown.detail
    )


async def _replay_later(work: UnitOfWork, gateway: XeroGateway, lease: ExportLease, attempt: ExportAttempt) -> None:
    """Make the attempt due after a wait that each sending doubles."""
    timing = gateway.timing
    doublings = min(attempt.sends - 1, 16)
    wait = min(timing.longest_replay_wait, timing.shortest_replay_wait * 2**doublings)
    attempt.next_due = await work.now() + wait
    lease.due_by(attempt.next_due)


async def _record_unsent(gateway: XeroGateway, lease: ExportLease, outgoing: Outgoing, unsent: XeroError) -> None:
    """This sending wrote nothing; an earlier one may have, as before."""
    async with gateway.work() as work:
        await lease.guard(work)  # a worker that took over may have sent the same bytes meanwhile
        attempt = await ExportAttemptRepository(work).get(outgoing.attempt_id, locked=True)
        attempt.may_have_written = outgoing.was_uncertain
        if not outgoing.was_uncertain:
            attempt.first_sent_at = None
        attempt.http_status, attempt.correlation_id = unsent.http_status, unsent.correlation_id


async def _hold(work: UnitOfWork, outgoing: Outgoing) -> tuple[ExportAttempt, ExportRun, dict[UUID, ExportItem]] | None:
    """Lock run, attempt and the items that wait for it; None if another worker recorded it meanwhile."""
    run = await ExportRunRepository(work).get(outgoing.run_id, locked=True)
    attempt = await ExportAttemptRepository(work).get(outgoing.attempt_id, locked=True)
    if attempt.state != "open":
        return None
    items = await ExportItemRepository(work).locked(outgoing.item_ids)
    return attempt, run, {key: item for key, item in items.items() if item.state in IN_ATTEMPT}
