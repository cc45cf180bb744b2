"""What was voided or deleted in Xero is voided here once the documents are read."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from api.sync.documents.service import read_on
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

Sent = Callable[[str], Awaitable[str]]


@pytest.fixture
async def sent(business: ConnectedBusiness) -> Sent:
    """Sends an approved invoice with this number."""
    await business.prefer(customer_invoice_status="AUTHORISED")
    contact = await business.company("Rata Joinery")

    async def send(number: str) -> str:
        invoice = await business.invoice(number, contact)
        await business.export(invoice)
        await business.drain()
        return invoice

    return send


async def _shown(business: ConnectedBusiness, invoice: str) -> dict[str, Any]:
    return dict((await business.client.get(f"{API}/invoices/{invoice}")).json())


async def _void(business: ConnectedBusiness, number: str) -> None:
    async with business.controls() as controls:
        reply = await controls.post(f"/_ctl/invoices/{number}/void")
    assert reply.status_code == 200, reply.text
    await read_on(await business.gateway())


@pytest.mark.parametrize("change", [None, {"reference": "Gate 2"}])
async def test_an_invoice_that_was_voided_in_xero_needs_attention_and_can_be_left_out(
    business: ConnectedBusiness, sent: Sent, change: dict[str, str] | None
) -> None:
    invoice, other = await sent("INV-1"), await sent("INV-2")
    if change is not None:
        assert (await business.client.patch(f"{API}/invoices/{invoice}", json=change)).status_code == 200
    await _void(business, "INV-1")
    shown = await _shown(business, invoice)
    assert shown["export_state"] == "voided"
    assert shown["external_url"] is not None
    assert (await _shown(business, other))["export_state"] == "exported"
    assert await business.in_view("attention") == {"INV-1"}
    assert await business.in_view("exported") == {"INV-2"}
    counts = (await business.client.get(f"{API}/invoices/counts")).json()["customer"]
    assert (counts["needs_attention"], counts["exported"]) == (1, 1)
    history = (await business.client.get(f"{API}/invoices/{invoice}/history")).json()["items"]
    assert history[0]["action"] == "invoices.voided_in_xero"
    excluded = await business.client.put(f"{API}/invoices/{invoice}/exclusion")
    assert (excluded.status_code, excluded.json()["export_state"]) == (200, "excluded")
    assert await business.in_view("attention") == set()


async def test_a_void_that_is_read_again_changes_nothing_that_was_decided_since(
    business: ConnectedBusiness, sent: Sent
) -> None:
    invoice = await sent("INV-1")
    await _void(business, "INV-1")
    assert (await business.client.put(f"{API}/invoices/{invoice}/exclusion")).status_code == 200
    await read_on(await business.gateway())
    assert (await _shown(business, invoice))["export_state"] == "excluded"
