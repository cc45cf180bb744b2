"""Mistakes that the code may make, and that change nothing in Xero or here all the same."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from api.sync.exports.links.repository import InvoiceLinkRepository
from api.sync.exports.results import Document
from tests.sync.connected_business import ConnectedBusiness, invoice_id_of

_COPY_OF_THE_ITEM = (
    "INSERT INTO export_items (id, business_id, run_id, position, invoice_id, contact_id, invoice_version, kind,"
    " contact_name, total, currency, state, batch_limit, contact_rechecked, problems, remarks)"
    " SELECT gen_random_uuid(), business_id, run_id, position + 1, invoice_id, contact_id, invoice_version, kind,"
    " contact_name, total, currency, state, batch_limit, contact_rechecked, problems, remarks FROM export_items"
)
_COPY_OF_THE_ATTEMPT = (
    "INSERT INTO write_attempts (id, business_id, kind, organisation_id, idempotency_key, body, body_sha256,"
    " batch_limit, state, next_step, sends, server_errors, next_due)"
    " VALUES (:id, :business_id, 'create_invoices', :id, :id, '', '', 1, 'open', 'look_up', 1, 0, app_now())"
)
_ELEMENT = (
    "INSERT INTO write_attempt_elements (attempt_id, business_id, element_id, position, open)"
    " VALUES (:attempt, :business_id, :item, 1, true)"
)


async def _invoices(business: ConnectedBusiness, *numbers: str) -> list[str]:
    contact = await business.company("Hana Parata")
    return [await business.invoice(number, contact) for number in numbers]


async def _link(business: ConnectedBusiness, invoice: str, xero_invoice_id: UUID) -> None:
    gateway = await business.gateway()
    async with gateway.work() as work:
        document = Document(xero_invoice_id, None, None, (), ())
        await InvoiceLinkRepository(work).store(gateway.organisation_id, {invoice_id_of(invoice): document})


async def _links(business: ConnectedBusiness) -> list[tuple[UUID, UUID]]:
    rows = await business.execute("SELECT invoice_id, xero_invoice_id FROM invoice_links")
    return [(row.invoice_id, row.xero_invoice_id) for row in rows]


async def test_an_invoice_is_linked_once(business: ConnectedBusiness) -> None:
    (invoice,) = await _invoices(business, "INV-1")
    first, second = uuid4(), uuid4()
    await _link(business, invoice, first)
    await _link(business, invoice, second)
    assert await _links(business) == [(invoice_id_of(invoice), first)]


async def test_a_document_is_linked_once(business: ConnectedBusiness) -> None:
    first, second = await _invoices(business, "INV-1", "INV-2")
    document = uuid4()
    await _link(business, first, document)
    await _link(business, second, document)
    assert await _links(business) == [(invoice_id_of(first), document)]


async def test_an_invoice_stands_in_one_open_export(business: ConnectedBusiness) -> None:
    await business.export(*await _invoices(business, "INV-1"))
    with pytest.raises(IntegrityError, match="uq_export_items_open_invoice"):
        await business.execute(_COPY_OF_THE_ITEM)


async def test_an_invoice_stands_in_one_open_attempt(business: ConnectedBusiness) -> None:
    first, second, item = uuid4(), uuid4(), uuid4()
    for attempt in (first, second):
        await business.execute(_COPY_OF_THE_ATTEMPT, id=attempt, business_id=business.business_id)
    await business.execute(_ELEMENT, attempt=first, business_id=business.business_id, item=item)
    with pytest.raises(IntegrityError, match="uq_write_attempt_elements_open"):
        await business.execute(_ELEMENT, attempt=second, business_id=business.business_id, item=item)


async def test_an_invoice_that_has_a_link_is_not_sent(business: ConnectedBusiness) -> None:
    (invoice,) = await _invoices(business, "INV-1")
    await _link(business, invoice, uuid4())
    export_id = await business.export(invoice)
    await business.drain()
    (item,) = await business.items(export_id)
    assert item["state"] == "exported"
    assert business.in_xero() == []


async def test_the_end_of_an_export_is_notified_once(business: ConnectedBusiness) -> None:
    await business.export(*await _invoices(business, "INV-1"))
    await business.drain()
    await business.execute("UPDATE export_runs SET state = 'running', exported = 0, waiting = 1")
    await business.execute("UPDATE export_items SET state = 'pending'")
    await business.execute("UPDATE write_queue SET next_due = app_now()")
    await business.drain()
    ((state,),) = await business.execute("SELECT state FROM export_runs")
    assert state == "done"
    assert len(await business.notifications("export.finished")) == 1
