"""Stopping an export: what has not left stays here, what may be in Xero is followed to its end."""

from datetime import timedelta

import time_machine

from sandbox.faults import Fault
from tests.sync.shop import Shop


async def _cancel(shop: Shop, export_id: str) -> None:
    reply = await shop.client.post(f"/api/v1/exports/{export_id}/cancellation")
    assert reply.status_code == 200, reply.text


async def test_a_batch_that_waits_for_xeros_limit_is_not_sent_after_the_export_was_stopped(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    export_id = await shop.export(await shop.invoice("INV-1", await shop.company("Hana Parata")))
    shop.stand_in.faults.waiting.append(Fault(kind="rate_limit", method="PUT", path="Invoices", retry_after=60))
    await shop.drain()
    await _cancel(shop, export_id)
    clock.shift(timedelta(seconds=70))
    await shop.drain()
    run = await shop.run(export_id)
    assert (run["state"], run["cancelled"], run["waiting"]) == ("cancelled", 1, 0)
    assert shop.in_xero() == []
    (invoice,) = await shop.execute("SELECT export_state FROM invoices")
    assert invoice.export_state == "not_exported"


async def test_an_invoice_whose_reply_was_lost_is_not_sent_anew_after_the_export_was_stopped(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    export_id = await shop.export(await shop.invoice("INV-1", await shop.company("Hana Parata")))
    shop.stand_in.faults.waiting.append(Fault(kind="timeout", method="PUT", path="Invoices"))
    await shop.drain()
    await _cancel(shop, export_id)
    clock.shift(timedelta(minutes=11))  # past the replay and past the quiet period: not found means not there
    await shop.drain()
    run = await shop.run(export_id)
    assert (run["state"], run["cancelled"], run["unknown"]) == ("cancelled", 1, 0)
    assert len(shop.calls("PUT", "/api.xro/2.0/Invoices")) == 1


async def test_an_invoice_that_reached_xero_before_the_export_was_stopped_counts_as_exported(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    export_id = await shop.export(await shop.invoice("INV-1", await shop.company("Hana Parata")))
    shop.stand_in.faults.waiting.append(Fault(kind="timeout", method="PUT", path="Invoices", when="after"))
    await shop.drain()
    await _cancel(shop, export_id)
    clock.shift(timedelta(minutes=6))
    await shop.drain()
    run = await shop.run(export_id)
    assert (run["state"], run["exported"], run["cancelled"]) == ("done", 1, 0)
    assert len(shop.in_xero()) == 1
