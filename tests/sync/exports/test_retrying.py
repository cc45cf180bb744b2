"""Sending the refused invoices of an export again: once, and with a true reason when nothing is left to send."""

from typing import Any

import httpx2

from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

_UNKNOWN_CODE = {"description": "Pipe", "quantity": "1", "unit_price": "5.00", "accounting_code": "999"}


async def _retry(business: ConnectedBusiness, export_id: str) -> httpx2.Response:
    return await business.client.post(f"{API}/exports/{export_id}/retries")


async def _refused(business: ConnectedBusiness, count: int = 1) -> tuple[str, list[str]]:
    """A finished run whose invoices were all refused; gives it and them."""
    contact = await business.company("Hana Parata")
    ids = [await business.invoice(f"INV-{number}", contact, lines=[_UNKNOWN_CODE]) for number in range(count)]
    export_id = await business.export(*ids)
    await business.drain()
    assert (await business.run(export_id))["rejected"] == count
    return export_id, ids


def _conflict(reply: httpx2.Response) -> tuple[int, str, str]:
    answer: dict[str, Any] = reply.json()
    return reply.status_code, answer["code"], answer["detail"]


async def test_a_second_click_on_retry_gets_the_run_that_the_first_has_started(business: ConnectedBusiness) -> None:
    export_id, _ = await _refused(business, 2)

    first, second = await _retry(business, export_id), await _retry(business, export_id)

    assert (first.status_code, second.status_code) == (202, 200)
    assert second.json()["id"] == first.json()["id"] != export_id
    assert second.headers["Location"] == first.headers["Location"]
    assert len((await business.client.get(f"{API}/exports")).json()["items"]) == 2


async def test_a_retry_says_why_nothing_is_left_to_send(business: ConnectedBusiness) -> None:
    export_id, (first, second) = await _refused(business, 2)
    await business.export(first)
    await business.export(second)
    status, code, detail = _conflict(await _retry(business, export_id))
    assert (status, code) == (409, "nothing_to_retry")
    assert detail.startswith("Its refused invoices are being exported again, in several exports.")

    await business.drain()
    for invoice in (first, second):
        await business.client.put(f"{API}/invoices/{invoice}/exclusion")
    status, code, detail = _conflict(await _retry(business, export_id))
    assert (status, code) == (409, "nothing_to_retry")
    assert "they are excluded" in detail

    done = await business.export(await business.invoice("INV-9", await business.company("Corner Bakery Co")))
    await business.drain()
    assert _conflict(await _retry(business, done))[2].startswith("None of its invoices was refused.")


async def test_a_retry_decides_again_after_the_contact_has_been_corrected_in_xero(business: ConnectedBusiness) -> None:
    async with business.controls() as controls:
        seeded = [{"Name": "John Smith", "EmailAddress": "john@otago.example"}]
        assert (await controls.post("/_ctl/seed", json={"contacts": seeded})).is_success
        john = await business.person("John", "Smith", email="js@north.example")
        invoice = await business.invoice("INV-1", john)
        export_id = await business.export(invoice)
        await business.drain()
        assert (await business.contact(john))["sync_state"] == "unsure"
        corrected = {"EmailAddress": "js@north.example"}
        assert (await controls.post("/_ctl/contacts/John Smith", json=corrected)).is_success

    again = (await _retry(business, export_id)).json()["id"]
    await business.drain()

    assert (await business.run(again))["state"] == "done"
    assert (await business.contact(john))["sync_state"] == "in_step"
