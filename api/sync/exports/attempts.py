"""Prepares attempts: items are checked, their contacts linked, and the batch is serialised once and committed."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.platform.problems import Problem
from api.platform.states import move
from api.sync.connections.service import XeroGateway
from api.sync.contacts.service import ContactLinkService, ensure_contacts
from api.sync.exports import mapping
from api.sync.exports.checks import problems_of
from api.sync.exports.inputs import ExportContext, ExportInput, read_context, read_inputs
from api.sync.exports.lease import ExportLease
from api.sync.exports.models import ExportAttempt, ExportAttemptItem, ExportItem, ExportRun
from api.sync.exports.problems import problem
from api.sync.exports.recording import Outcomes, mark_invoices, record
from api.sync.exports.replies import marker
from api.sync.exports.repository import ExportItemRepository, ExportRunRepository, InvoiceLinkRepository
from api.sync.exports.sendable import UNKNOWN_INVOICE
from api.sync.exports.states import ITEM_TRANSITIONS, ItemState
from api.xero.outgoing import WrittenInvoice, element_json, serialize

LARGEST_BODY = 3_500_000  # bytes; what Xero advises, a third of what it takes


async def validate(gateway: XeroGateway, lease: ExportLease, run_id: UUID, limit: int) -> int:
    """Check pending items; gives the number that was checked."""
    async with gateway.work() as work:
        await lease.guard(work)
        run = await ExportRunRepository(work).get(run_id, locked=True)
        items = await ExportItemRepository(work).in_states(run_id, (ItemState.PENDING,), limit)
        if not items:
            return 0
        by_id = {item.id: item for item in items}
        context = await read_context(work, run.organisation_id)
        inputs = await read_inputs(work, [item.invoice_id for item in items])
        outcomes = Outcomes()
        for item in items:
            if obstacles := _obstacles(inputs.get(item.invoice_id), context):
                outcomes.rejected[item.id] = obstacles
            else:
                outcomes.ready.add(item.id)
        for item_id in await _already_linked(work, run, items):
            outcomes.rejected.pop(item_id, None)
            outcomes.ready.discard(item_id)
        await record(work, run, by_id, outcomes)
        return len(items)


async def place_contacts(gateway: XeroGateway, lease: ExportLease, run_id: UUID) -> None:
    """Link or create the contacts of all ready items of the run; reject the items whose contact is refused."""
    async with gateway.work() as work:
        wanted = await ExportItemRepository(work).ready_contacts(run_id)
    refused = (await ensure_contacts(gateway, wanted)).refused if wanted else {}
    if not refused:
        return
    async with gateway.work() as work:
        await lease.guard(work)
        run = await ExportRunRepository(work).get(run_id, locked=True)
        items = await ExportItemRepository(work).ready_for(run_id, list(refused))
        rejected: dict[UUID, Sequence[Problem]] = {
            item.id: [replace(refusal, pointer="#/contact_id") for refusal in refused[item.contact_id]]
            for item in items
        }
        await record(work, run, {item.id: item for item in items}, Outcomes(rejected=rejected))


async def commit_attempt(gateway: XeroGateway, lease: ExportLease, run_id: UUID) -> UUID | None:
    """Build and commit the next attempt of items whose contacts are linked; None when there is none."""
    async with gateway.work() as work:
        await lease.guard(work)
        run = await ExportRunRepository(work).get(run_id, locked=True)
        items = _batch(
            await ExportItemRepository(work).in_states(run_id, (ItemState.READY,), gateway.config.batch_size)
        )
        return await _commit(work, gateway, run, items) if items else None


async def _commit(work: UnitOfWork, gateway: XeroGateway, run: ExportRun, items: Sequence[ExportItem]) -> UUID | None:
    """Serialise the batch and store bytes and key before anything is sent."""
    context = await read_context(work, run.organisation_id)
    inputs = await read_inputs(work, [item.invoice_id for item in items])
    contacts = await ContactLinkService(work).linked(gateway.organisation_id, {item.contact_id for item in items})
    outcomes = Outcomes()
    elements: dict[UUID, WrittenInvoice] = {}
    size = 0
    for item in items:
        export_input = inputs.get(item.invoice_id)
        # Asked once more here: what was ready may have been changed while it waited.
        if obstacles := _obstacles(export_input, context):
            outcomes.rejected[item.id] = obstacles
            continue
        assert export_input is not None
        contact_id = contacts.get(item.contact_id)
        if contact_id is None:
            continue
        url = marker(gateway.base_url, item.id)
        element = mapping.to_xero(export_input, context, contact_id=contact_id, url=url)
        size += len(element_json(element).encode())
        if size > LARGEST_BODY and elements:
            break
        elements[item.id] = element
    if outcomes.rejected:
        await record(work, run, {item.id: item for item in items}, outcomes)
    if not elements:
        return None
    return await _store(work, gateway, run, [item for item in items if item.id in elements], list(elements.values()))


async def _store(
    work: UnitOfWork,
    gateway: XeroGateway,
    run: ExportRun,
    items: Sequence[ExportItem],
    elements: Sequence[WrittenInvoice],
) -> UUID:
    attempt_id = uuid7()
    body = serialize(elements)
    attempt = ExportAttempt(
        id=attempt_id,
        business_id=work.business_id,
        run_id=run.id,
        organisation_id=gateway.organisation_id,
        # Keys are kept per app, so the organisation has to be part of them.
        idempotency_key=hashlib.sha256(f"{gateway.organisation_id}:{attempt_id}".encode()).hexdigest(),
        body=body,
        body_sha256=hashlib.sha256(body).hexdigest(),
        next_due=await work.now(),
    )
    work.session.add(attempt)
    await work.session.flush()
    work.session.add_all(
        ExportAttemptItem(attempt_id=attempt_id, item_id=item.id, position=position)
        for position, item in enumerate(items)
    )
    for item in items:
        move(item, ITEM_TRANSITIONS, ItemState.SENDING)
    await mark_invoices(work, items)
    return attempt_id


def _batch(ready: Sequence[ExportItem]) -> list[ExportItem]:
    """The first items, as many as the smallest `batch_limit` among them allows in one call."""
    batch: list[ExportItem] = []
    for item in ready:
        if len(batch) >= min([item.batch_limit, *(other.batch_limit for other in batch)]):
            break
        batch.append(item)
    return batch


def _obstacles(export_input: ExportInput | None, context: ExportContext) -> list[Problem]:
    if export_input is None:
        return [problem(*UNKNOWN_INVOICE)]
    return problems_of(export_input, context)


async def _already_linked(work: UnitOfWork, run: ExportRun, items: Sequence[ExportItem]) -> list[UUID]:
    """Mark the items whose invoice has a link in the organisation as exported; gives their ids."""
    links = await InvoiceLinkRepository(work).of(run.organisation_id, [item.invoice_id for item in items])
    done = [item for item in items if item.invoice_id in links]
    for item in done:
        move(item, ITEM_TRANSITIONS, ItemState.EXPORTED)
        item.xero_invoice_id = links[item.invoice_id].xero_invoice_id
    if done:
        await mark_invoices(work, done)
    return [item.id for item in done]
