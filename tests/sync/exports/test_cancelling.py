"""Stopping an export: what has not left stays here, what may be in Xero is followed to its end."""

from datetime import timedelta

from sandbox.faults import Fault
from tests.clock import Clock
from tests.sync.connected_business import ConnectedBusiness


async def _cancel(business: ConnectedBusiness, export_id: str) -> None:
    reply = await business.client.post(f"/api/v1/exports/{export_id}/cancellation")
    assert reply.status_code == 200, reply.text


async def test_a_batch_that_waits_for_xeros_limit_is_not_sent_after_the_export_was_stopped(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    business.stand_in.faults.waiting.append(Fault(kind="rate_limit", method="PUT", path="Invoices", retry_after=60))
    await business.drain()
    await _cancel(business, export_id)
    clock.shift(timedelta(seconds=70))
    await business.drain()
    run = await business.run(export_id)
    assert (run["state"], run["cancelled"], run["waiting"]) == ("cancelled", 1, 0)
    assert business.in_xero() == []
    (invoice,) = await business.execute("SELECT export_state FROM invoices")
    assert invoice.export_state == "not_exported"


async def test_an_invoice_whose_reply_was_lost_is_not_sent_anew_after_the_export_was_stopped(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    business.stand_in.faults.waiting.append(Fault(kind="timeout", method="PUT", path="Invoices"))
    await business.drain()
    await _cancel(business, export_id)
    clock.shift(timedelta(minutes=11))  # past the replay and past the quiet period: not found means not there
    await business.drain()
    run = await business.run(export_id)
    assert (run["state"], run["cancelled"], run["unknown"]) == ("cancelled", 1, 0)
    assert len(business.calls("PUT", "/api.xro/2.0/Invoices")) == 1


async def test_an_invoice_that_reached_xero_before_the_export_was_stopped_counts_as_exported(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    business.stand_in.faults.waiting.append(Fault(kind="timeout", method="PUT", path="Invoices", when="after"))
    await business.drain()
    await _cancel(business, export_id)
    clock.shift(timedelta(minutes=6))
    await business.drain()
    run = await business.run(export_id)
    assert (run["state"], run["exported"], run["cancelled"]) == ("done", 1, 0)
    assert len(business.in_xero()) == 1
