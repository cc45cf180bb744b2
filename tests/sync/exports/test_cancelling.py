"""Stopping an export: what has not left stays here, what may be in Xero is followed to its end."""

from datetime import timedelta

import pytest

from sandbox.faults import Fault
from tests.clock import Clock
from tests.records.making import API
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


async def test_an_invoice_whose_reply_was_lost_is_not_sent_again_after_the_export_was_stopped(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    business.stand_in.faults.waiting.append(Fault(kind="timeout", method="PUT", path="Invoices"))
    await business.drain()
    await _cancel(business, export_id)
    for _ in range(2):  # absent at the first look-up, and absent when nothing can be on its way any more
        clock.shift(timedelta(minutes=11))
        await business.drain()
    run = await business.run(export_id)
    assert (run["state"], run["cancelled"], run["unknown"]) == ("cancelled", 1, 0)
    assert len(business.calls("PUT", "/api.xro/2.0/Invoices")) == 1


async def test_what_is_in_doubt_is_only_looked_up_after_the_export_was_stopped(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    business.stand_in.faults.waiting.append(Fault(kind="timeout", method="PUT", path="Invoices"))
    await business.drain()
    await _cancel(business, export_id)
    clock.shift(timedelta(seconds=10))  # without the cancellation the same bytes would be sent again now
    await business.drain()
    assert (await business.run(export_id))["unknown"] == 1
    assert business.in_xero() == []


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


@pytest.mark.parametrize("has_begun", [False, True])
async def test_what_stood_against_an_invoice_stays_when_its_next_export_is_stopped_before_it_is_sent(
    business: ConnectedBusiness, has_begun: bool
) -> None:
    first, second = await business.company("Tui Cafe"), await business.company("Tui Cafe")
    invoice = await business.invoice("INV-1", first)
    await business.export(invoice)
    await business.drain()
    if has_begun:
        await business.client.patch(f"{API}/contacts/{second}", json={"name": "Tui Cafe Ōtaki"})
        business.stand_in.faults.waiting.append(Fault(kind="rate_limit", method="PUT", path="Contacts", retry_after=60))

    again = await business.export(invoice)
    if has_begun:
        await business.drain()
    await _cancel(business, again)

    assert (await business.run(again))["state"] == "cancelled"
    stopped = (await business.client.get(f"{API}/invoices/{invoice}")).json()
    assert stopped["export_state"] == "not_exported"
    assert [problem["code"] for problem in stopped["problems"]] == ["contact_unsure"]


async def test_an_export_that_somebody_stopped_meanwhile_is_not_stopped_by_its_old_version(
    business: ConnectedBusiness,
) -> None:
    invoice = await business.invoice("INV-1", await business.company("Hana Parata"))
    export_id = await business.export(invoice)
    address = f"{API}/exports/{export_id}"
    business.stand_in.faults.waiting.append(Fault(kind="timeout", method="PUT", path="Invoices"))
    read = (await business.client.get(address)).headers["ETag"]
    await business.drain()
    going_on = await business.client.get(address)
    assert (going_on.json()["unknown"], going_on.headers["ETag"]) == (1, read), "its progress is no change of it"

    first = await business.client.post(f"{address}/cancellation", headers={"If-Match": read})
    second = await business.client.post(f"{address}/cancellation", headers={"If-Match": read})

    assert (first.status_code, first.json()["cancel_requested"]) == (200, True)
    assert (second.status_code, second.json()["code"]) == (412, "changed_meanwhile")
    assert second.headers["ETag"] == first.headers["ETag"]
