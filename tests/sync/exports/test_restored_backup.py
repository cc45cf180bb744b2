"""A database that was restored from a backup sends nothing that it had sent before."""

import pytest

from sandbox.seeds import NZ_TENANT
from tests.clock import Clock
from tests.sync.connected_business import ConnectedBusiness

_FORGOTTEN = (
    "DELETE FROM invoice_links",
    "DELETE FROM write_attempt_elements",
    "DELETE FROM write_attempts WHERE kind = 'create_invoices'",
    "DELETE FROM notifications",
)


async def _forget(business: ConnectedBusiness, state: str, invoice_state: str) -> None:
    """The database as it was before the batch was sent."""
    for statement in _FORGOTTEN:
        await business.execute(statement)
    await business.execute("UPDATE export_items SET state = :state, xero_invoice_id = NULL", state=state)
    await business.execute(
        "UPDATE export_runs SET state = 'running', finished_at = NULL, exported = 0, waiting = total"
    )
    await business.execute("UPDATE invoices SET export_state = :state, exported_at = NULL", state=invoice_state)


async def test_a_bill_of_a_run_that_was_under_way_at_the_backup_is_recognised_by_its_marker(
    business: ConnectedBusiness, clock: Clock
) -> None:
    contact = await business.company("Pipeline Supplies Ltd")
    export_id = await business.export(*await business.bills_alike(contact, 2))
    await business.drain()
    await _forget(business, "ready", "queued")
    await business.execute("UPDATE write_queue SET next_due = app_now()")
    clock.shift(120)

    await business.drain()

    run = await business.run(export_id)
    assert (run["state"], run["exported"]) == ("done", 2)
    assert len(business.in_xero()) == 2
    links = await business.execute("SELECT xero_invoice_id FROM invoice_links")
    assert {str(link.xero_invoice_id) for link in links} == {document["InvoiceID"] for document in business.in_xero()}


async def test_all_of_a_run_is_recognised_although_it_is_more_than_a_batch(
    business: ConnectedBusiness, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = await business.company("Pipeline Supplies Ltd")
    bills = [await business.invoice(f"B-{number}", contact, "supplier") for number in range(5)]
    export_id = await business.export(*bills)
    await business.drain()
    await _forget(business, "ready", "queued")
    config = business.gateways.config.model_copy(update={"batch_size": 2})
    monkeypatch.setattr(business.gateways, "config", config)
    clock.shift(120)
    await business.execute("UPDATE write_queue SET next_due = app_now()")

    await business.drain()

    assert (await business.run(export_id))["exported"] == 5, "nobody would come back for the rest"
    assert len(business.in_xero()) == 5


async def test_a_bill_that_was_sent_after_the_backup_and_is_exported_again_is_recognised(
    business: ConnectedBusiness, clock: Clock
) -> None:
    bill = await business.invoice("B-1", await business.company("Pipeline Supplies Ltd"), "supplier")
    await business.export(bill)
    await business.drain()
    await _forget(business, "cancelled", "not_exported")
    await business.execute("UPDATE export_runs SET state = 'cancelled', waiting = 0, cancelled = total")
    clock.shift(5)

    export_id = await business.export(bill)
    await business.drain()

    (item,) = await business.items(export_id)
    (document,) = business.in_xero()
    assert item["state"] == "exported"
    assert item["external_url"].endswith(document["InvoiceID"]) or document["InvoiceID"] in item["external_url"]


async def test_a_document_that_was_voided_since_is_not_sent_again_either(
    business: ConnectedBusiness, clock: Clock
) -> None:
    bill = await business.invoice("B-1", await business.company("Pipeline Supplies Ltd"), "supplier")
    export_id = await business.export(bill)
    await business.drain()
    await _forget(business, "ready", "queued")
    await business.execute("UPDATE write_queue SET next_due = app_now()")
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    (document,) = ledger.invoices.values()
    ledger.invoices[document["InvoiceID"]] = {**document, "Status": "VOIDED"}
    clock.shift(120)

    await business.drain()

    assert (await business.run(export_id))["exported"] == 1
    assert len(business.in_xero()) == 1
