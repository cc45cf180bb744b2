"""Creating invoices and bills in Xero: the adapter of exports."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.sync.connections.service import XeroGateway
from api.sync.contacts.service import ContactLinkService
from api.sync.exports.comparing import remarks_on
from api.sync.exports.contact_checks import recheck_contacts
from api.sync.exports.models import ExportItem, ExportRun
from api.sync.exports.problems import DOCUMENT_ALIKE, problem
from api.sync.exports.recording import record
from api.sync.exports.refusals import from_xero, refused_without_reason
from api.sync.exports.repository import ExportItemRepository
from api.sync.exports.results import (
    Document,
    SentInvoice,
    assign,
    judge,
    looks_the_same,
    number_taken,
    own_documents,
    placed,
    sent_invoices,
    several_in_xero,
)
from api.sync.exports.runs.repository import ExportRunRepository
from api.sync.exports.states import IN_ATTEMPT
from api.sync.writes.service import Attempt, Held, Locked, Outcomes, WriteKind
from api.xero.client import XeroClient
from api.xero.errors import XeroBusy
from api.xero.limits import Priority
from api.xero.reply import Reply
from api.xero.wire import Invoice

# How far before Xero's last reply a look-up starts: Xero's machines may differ among each other.
_CLOCK_MARGIN = timedelta(minutes=5)
_VALUES_PER_CALL = 40


class InvoiceCreation:
    """Elements are the items of an export; the attempt belongs to its run."""

    kind = WriteKind.CREATE_INVOICES

    async def call(self, client: XeroClient, attempt: Attempt, *, before_sending: Callable[[], None]) -> Reply[Invoice]:
        """Create the invoices of an attempt."""
        return await client.create_invoices(attempt.body, attempt.key, before_sending=before_sending)

    async def judge(self, gateway: XeroGateway, attempt: Attempt, reply: Reply[Invoice]) -> Outcomes[Document]:
        """What the reply says; numbers that it calls taken are looked up, because ours may have taken them."""
        sent = sent_invoices(attempt)
        answers = assign(sent, reply.elements)
        numbers = {entry.number for entry in sent if entry.item_id in answers and number_taken(answers[entry.item_id])}
        taken = own_documents(await _documents_numbered(gateway.client(Priority.ESSENTIAL), sorted(numbers)))
        outcomes: Outcomes[Document] = Outcomes()
        for entry in sent:
            verdict = judge(entry, answers.get(entry.item_id), taken)
            if isinstance(verdict, Invoice):
                _accept(outcomes, entry, verdict)
            elif verdict is not None:
                outcomes.refused[entry.item_id] = verdict
        return outcomes

    async def look_up(
        self, gateway: XeroGateway, attempt: Attempt, is_quiet: Callable[[datetime], bool]
    ) -> Outcomes[Document]:
        """Search by marker what this app wrote since; a bill's absence needs a second read by other means."""
        client = gateway.client(Priority.ESSENTIAL)
        sent = sent_invoices(attempt)
        started = time.monotonic()
        listing = await client.invoices_marked_since(attempt.sent_after - _CLOCK_MARGIN)
        known, missing = placed(sent, listing.elements)
        asked_at = await gateway.xero_instant(started)
        outcomes: Outcomes[Document] = Outcomes(review=known.review, asked_at=asked_at)
        for entry in sent:
            if entry.item_id in known.accepted:
                _accept(outcomes, entry, known.accepted[entry.item_id])
        if not missing or not listing.complete or not is_quiet(asked_at):
            return outcomes
        outcomes.again = {entry.item_id for entry in missing if not entry.is_bill}
        await self._prove_absent(gateway, client, [entry for entry in missing if entry.is_bill], outcomes)
        return outcomes

    async def _prove_absent(
        self, gateway: XeroGateway, client: XeroClient, bills: Sequence[SentInvoice], outcomes: Outcomes[Document]
    ) -> None:
        """Read the bills' contacts on the bills' dates: what anyone wrote, at any time."""
        if not bills:
            return
        async with gateway.work() as work:
            merged = await ContactLinkService(work).merged(
                gateway.organisation_id, {UUID(entry.element["Contact"]["ContactID"]) for entry in bills}
            )
            totals = await ExportItemRepository(work).totals([entry.item_id for entry in bills])
        for day, contact_ids, entries in _days(bills, merged):
            listing = await client.invoices_of_contacts(contact_ids, day)
            marked = own_documents(listing.elements)
            for entry in entries:
                own = entry.own_among(marked)
                alike = [
                    document for document in listing.elements if looks_the_same(entry, document, totals[entry.item_id])
                ]
                if len(own) == 1:
                    _accept(outcomes, entry, own[0])
                elif own or alike:
                    outcomes.review[entry.item_id] = [_uncertain(own or alike)]
                elif listing.complete:
                    outcomes.again.add(entry.item_id)

    def refusal(self, attempt: Attempt, element_id: UUID, messages: Sequence[str]) -> Sequence[Problem]:
        """Xero's messages as problems."""
        element = attempt.elements[element_id]
        return [from_xero(message, (), element) for message in messages] or [refused_without_reason("Xero refused it.")]

    def failure(self, attempt: Attempt, element_id: UUID) -> Sequence[Problem]:
        """The problem of an invoice on which Xero fails."""
        detail = "Xero failed each time it was sent, and holds nothing of it. Change it, or send it again later."
        return [refused_without_reason(detail)]

    async def lock(self, work: UnitOfWork, attempt: Attempt) -> Locked:
        """Lock the run; after its cancellation nothing is sent any more."""
        assert attempt.group_id is not None, "an attempt to create invoices belongs to a run"
        run = await ExportRunRepository(work).get(attempt.group_id, locked=True)
        return Locked(may_be_sent=run.cancel_requested_at is None, group=run)

    async def waiting(self, work: UnitOfWork, attempt: Attempt) -> Mapping[UUID, ExportItem]:
        """The items that wait for the outcome of an attempt."""
        items = await ExportItemRepository(work).locked(attempt.element_ids)
        return {item_id: item for item_id, item in items.items() if item.state in IN_ATTEMPT}

    async def record(
        self,
        work: UnitOfWork,
        gateway: XeroGateway,
        attempt: Attempt,
        outcomes: Outcomes[Document],
        held: Held[ExportItem],
    ) -> None:
        """Write the results to items, invoices, links, jobs and the run."""
        run: ExportRun = held.locked.group
        for item_id, limit in outcomes.batch_limits.items():
            if item_id in held.waiting:
                held.waiting[item_id].batch_limit = limit
        await recheck_contacts(work, run, held.waiting, outcomes)
        await record(work, run, held.waiting, outcomes, gateway.short_code)


def _accept(outcomes: Outcomes[Document], entry: SentInvoice, invoice: Invoice) -> None:
    outcomes.accepted[entry.item_id] = Document.of(invoice)
    outcomes.remarks[entry.item_id] = remarks_on(entry.element, invoice)


async def _documents_numbered(client: XeroClient, numbers: Sequence[str]) -> list[Invoice]:
    """The documents with these numbers; XeroBusy if any of them cannot be read, because it could be ours."""
    documents: list[Invoice] = []
    for start in range(0, len(numbers), _VALUES_PER_CALL):
        listing = await client.invoices_by_numbers(numbers[start : start + _VALUES_PER_CALL])
        if not listing.complete:
            raise XeroBusy(None, "unavailable")
        documents += listing.elements
    return documents


def _days(
    bills: Sequence[SentInvoice], merged: dict[UUID, UUID]
) -> Iterator[tuple[date, list[UUID], list[SentInvoice]]]:
    """Bills by their date and up to 40 contacts; a contact that was merged is read under both ids."""
    by_day: dict[str, list[SentInvoice]] = defaultdict(list)
    for entry in bills:
        by_day[entry.element["Date"]].append(entry)
    for day, entries in by_day.items():
        for start in range(0, len(entries), _VALUES_PER_CALL // 2):
            part = entries[start : start + _VALUES_PER_CALL // 2]
            sent = {UUID(entry.element["Contact"]["ContactID"]) for entry in part}
            ids = sorted(sent | {merged[contact_id] for contact_id in sent if contact_id in merged})
            yield date.fromisoformat(day), ids, part


def _uncertain(documents: Sequence[Invoice]) -> Problem:
    if len(documents) > 1:
        return several_in_xero(documents)
    return problem(DOCUMENT_ALIKE, "Xero has a bill of the same supplier, date, number and total without our mark.")
