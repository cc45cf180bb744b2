"""What is done before an invoice is sent: it is checked, its contact is placed, and it is put into a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.platform.states import move
from api.records.invoices.service import StandingProblemService
from api.sync.connections.service import XeroGateway
from api.sync.contacts.service import ContactLinkService, place_contacts
from api.sync.documents.service import DocumentService
from api.sync.exports import mapping
from api.sync.exports.asking import looks_entered
from api.sync.exports.checks import NOTHING_AROUND, problems_of
from api.sync.exports.entered import entered_by_others
from api.sync.exports.head_checks import LARGEST_BODY
from api.sync.exports.inputs import ContextReader, ExportContext, ExportInput, Surroundings, read_inputs
from api.sync.exports.models import ExportItem, ExportRun
from api.sync.exports.problems import problem
from api.sync.exports.recording import record, store_items
from api.sync.exports.repository import ExportItemRepository
from api.sync.exports.results import Document, several_in_xero
from api.sync.exports.runs.repository import ExportRunRepository
from api.sync.exports.sendable import UNKNOWN_INVOICE
from api.sync.exports.states import ITEM_TRANSITIONS, ItemState
from api.sync.ledger.service import LedgerService
from api.sync.markers import marker
from api.sync.writes.service import Batch, Outcomes, WriteLease
from api.xero.outgoing import WrittenInvoice, enclose

_CHECKED_AT_ONCE = 500


async def validate(gateway: XeroGateway, lease: WriteLease, run_id: UUID, contexts: ContextReader) -> None:
    """Check every pending item of a run."""
    while await _validate_some(gateway, lease, run_id, contexts) == _CHECKED_AT_ONCE:
        pass


async def _validate_some(gateway: XeroGateway, lease: WriteLease, run_id: UUID, contexts: ContextReader) -> int:
    async with lease.work() as work:
        run = await ExportRunRepository(work).get(run_id, locked=True)
        pending = await ExportItemRepository(work).pending(run_id, run.organisation_id, _CHECKED_AT_ONCE)
        if not pending:
            return 0
        items = list(pending)
        context = await contexts.current(work)
        inputs = await read_inputs(work, [item.invoice_id for item in items])
        outcomes: Outcomes[Document] = Outcomes()
        linked = {item: document_id for item, document_id in pending.items() if document_id is not None}
        await _mark_linked(work, linked)
        for item in items:
            if item in linked:
                continue
            if obstacles := _obstacles(inputs.get(item.invoice_id), context):
                outcomes.refused[item.id] = obstacles
            else:
                outcomes.again.add(item.id)
        if len(outcomes.again) == len(items) and run.cancel_requested_at is None:
            await ExportItemRepository(work).make_ready(list(outcomes.again))  # nothing else changes
        else:
            await record(work, run, {item.id: item for item in items}, outcomes)
        return len(items)


async def place(work: UnitOfWork, organisation_id: UUID, contact_ids: Sequence[UUID]) -> None:
    """Link these contacts as the mirror knows them, note that they are to be created, or reject their items.

    A contact is not created for invoices that may have been entered at another contact of Xero.
    """
    emptied = await _reject_entered(work, organisation_id, contact_ids)
    left = [contact_id for contact_id in contact_ids if contact_id not in emptied]
    if refused := await place_contacts(work, organisation_id, left):
        await reject_items_of(work, refused)


async def _reject_entered(work: UnitOfWork, organisation_id: UUID, contact_ids: Sequence[UUID]) -> set[UUID]:
    """Reject ready items of contacts without a place whose invoice looks like a document of one that may be the same.

    Gives the contacts that have no ready item any more.
    """
    same = await ContactLinkService(work).same_or_near(contact_ids)
    seen: set[UUID] = set()
    kept: set[UUID] = set()
    for run in await ExportRunRepository(work).unfinished() if same else ():
        items = {item.id: item for item in await ExportItemRepository(work).ready_for(run.id, list(same))}
        inputs = await read_inputs(work, [item.invoice_id for item in items.values()])
        invoices = [each.invoice for each in inputs.values()]
        alike = await entered_by_others(work, organisation_id, invoices, {}, same)
        short_code = await LedgerService(work).short_code() if alike else None
        refused: dict[UUID, Sequence[Problem]] = {
            item.id: [looks_entered(inputs[item.invoice_id].invoice, alike[item.invoice_id], short_code)]
            for item in items.values()
            if item.invoice_id in alike
        }
        if refused:
            await record(work, run, items, Outcomes(refused=refused))
        seen |= {item.contact_id for item in items.values()}
        kept |= {item.contact_id for item in items.values() if item.id not in refused}
    return seen - kept


async def reject_items_of(work: UnitOfWork, refused: dict[UUID, Sequence[Problem]]) -> None:
    """Reject the ready items of contacts that are refused, in every open run."""
    runs = await ExportRunRepository(work).unfinished()
    for run in runs:
        items = await ExportItemRepository(work).ready_for(run.id, list(refused))
        rejected: dict[UUID, Sequence[Problem]] = {
            item.id: [replace(refusal, pointer="#/contact_id") for refusal in refused[item.contact_id]]
            for item in items
        }
        if rejected:
            await record(work, run, {item.id: item for item in items}, Outcomes(refused=rejected))


async def next_batch(
    work: UnitOfWork, gateway: XeroGateway, run_id: UUID, contexts: ContextReader, *, only_full: bool
) -> tuple[Batch | None, bool]:
    """The next items of a run whose contacts are linked, as they are now; None when there are none, or too few.

    Gives with them whether they are the last ones.
    """
    run = await ExportRunRepository(work).get(run_id, locked=True)
    repository, size = ExportItemRepository(work), gateway.config.batch_size
    places = ContactLinkService(work).places(gateway.organisation_id)
    # Items that are in Xero already or are rejected here are ready no more: the next ones follow.
    while sendable := dict(await repository.sendable(run_id, places, size)):
        items = _first(list(sendable))
        if only_full and len(items) < size:
            return None, False
        items = await _not_in_xero(work, gateway, run, items)
        context = await contexts.current(work)
        elements = await _elements(work, gateway, run, context, {item: sendable[item] for item in items})
        if elements:
            sending = [item for item in items if item.id in elements]
            for item in sending:
                move(item, ITEM_TRANSITIONS, ItemState.SENDING)
            await store_items(work, sending)
            limit = min(item.batch_limit for item in sending)
            batch = Batch(list(elements), enclose(WrittenInvoice.envelope, elements.values()), limit)
            return batch, len(elements) == len(sendable) < size
        await work.session.flush()
    return None, True


async def _not_in_xero(
    work: UnitOfWork, gateway: XeroGateway, run: ExportRun, items: Sequence[ExportItem]
) -> list[ExportItem]:
    """The items whose invoice has no document there; the others are recorded as in Xero.

    A database that was restored from a backup knows less than Xero about what it has sent.
    """
    documents = DocumentService(work)
    marked = await documents.by_marker(run.organisation_id, [item.invoice_id for item in items])
    outcomes: Outcomes[Document] = Outcomes()
    for item in items:
        if item.invoice_id not in marked:
            continue
        own = marked[item.invoice_id].live or marked[item.invoice_id].removed
        if len(own) == 1:
            outcomes.accepted[item.id] = Document.mirrored(own[0])
        else:
            outcomes.review[item.id] = [several_in_xero(own)]
    if outcomes.ids:
        await record(work, run, {item.id: item for item in items}, outcomes, gateway.short_code)
    return [item for item in items if item.invoice_id not in marked]


async def _elements(
    work: UnitOfWork,
    gateway: XeroGateway,
    run: ExportRun,
    context: ExportContext,
    items: Mapping[ExportItem, UUID],
) -> dict[UUID, str]:
    """The JSON of items, given with Xero's contacts; those that cannot be sent any more are rejected."""
    inputs = await read_inputs(work, [item.invoice_id for item in items])
    around = await _around(work, gateway.organisation_id, inputs, items)
    refused: dict[UUID, Sequence[Problem]] = {}
    elements: dict[UUID, str] = {}
    size = 0
    for item, xero_contact_id in items.items():
        export_input = inputs.get(item.invoice_id)
        if obstacles := _obstacles(export_input, context, around):
            refused[item.id] = obstacles
            continue
        assert export_input is not None
        url = marker(gateway.base_url, item.invoice_id)
        element, refusal = mapping.element_or_problem(export_input, context, contact_id=xero_contact_id, url=url)
        if element is None:
            refused[item.id] = [refusal] if refusal is not None else []
            continue
        size += len(element.encode())
        if size > LARGEST_BODY and elements:
            break
        elements[item.id] = element
    if refused:
        await record(work, run, {item.id: item for item in items}, Outcomes(refused=refused))
    return elements


def _first(ready: Sequence[ExportItem]) -> list[ExportItem]:
    """The first items, as many as the smallest `batch_limit` among them allows in one call."""
    batch: list[ExportItem] = []
    for item in ready:
        if len(batch) >= min([item.batch_limit, *(other.batch_limit for other in batch)]):
            break
        batch.append(item)
    return batch


async def _around(
    work: UnitOfWork, organisation_id: UUID, inputs: Mapping[UUID, ExportInput], items: Mapping[ExportItem, UUID]
) -> Surroundings:
    """Bills that somebody else has entered meanwhile, at the contacts that these items go to or at contacts that may be
    the same, and other ones of ours.

    Of two customer invoices with one number, Xero itself refuses the second.
    """
    invoices = [each.invoice for each in inputs.values() if each.invoice.kind == "supplier"]
    if not invoices:
        return NOTHING_AROUND
    places = {item.contact_id: xero_contact_id for item, xero_contact_id in items.items()}
    twins = await StandingProblemService(work).twins([each.id for each in invoices])
    same = await ContactLinkService(work).same({each.contact_id for each in invoices})
    alike = await entered_by_others(work, organisation_id, invoices, places, same)
    return Surroundings(twins=twins, alike=alike)


def _obstacles(
    export_input: ExportInput | None, context: ExportContext, around: Surroundings = NOTHING_AROUND
) -> list[Problem]:
    if export_input is None:
        return [problem(*UNKNOWN_INVOICE)]
    return problems_of(export_input, context, around)


async def _mark_linked(work: UnitOfWork, linked: Mapping[ExportItem, UUID]) -> None:
    """Mark items whose invoice has a link in the organisation, to this document, as exported."""
    for item, document_id in linked.items():
        move(item, ITEM_TRANSITIONS, ItemState.EXPORTED)
        item.xero_invoice_id = document_id
    if linked:
        await store_items(work, list(linked))
