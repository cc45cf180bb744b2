"""An invoice with two documents in Xero: a person keeps one of them, or looks again."""

from typing import Any

import httpx2
import pytest

from api.sync.documents.service import read_on
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness, invoice_id_of
from tests.sync.documents.documents import Books


@pytest.fixture
async def asked(business: ConnectedBusiness) -> str:
    """An invoice that was not sent, because Xero has two documents with its marker."""
    invoice = await business.invoice("INV-1", await business.company("Kauri Homes"))
    books = Books(business)
    for _ in range(2):
        books.add(marker=invoice_id_of(invoice))
    await business.export(invoice)
    await business.drain()
    await business.check_standing()
    return invoice


async def _shown(business: ConnectedBusiness, invoice: str) -> dict[str, Any]:
    return dict((await business.client.get(f"{API}/invoices/{invoice}")).json())


async def _answer(business: ConnectedBusiness, invoice: str, choice: str) -> httpx2.Response:
    return await business.client.put(f"{API}/invoices/{invoice}/answers/several_in_xero", json={"choice": choice})


async def _choices(business: ConnectedBusiness, invoice: str) -> list[str]:
    (problem,) = (await _shown(business, invoice))["problems"]
    assert problem["code"] == "several_in_xero"
    return [choice["code"] for choice in problem["choices"]]


async def test_each_document_can_be_kept_which_links_it_and_sends_nothing(
    business: ConnectedBusiness, asked: str
) -> None:
    ids = {str(document["InvoiceID"]) for document in business.in_xero()}
    assert set(await _choices(business, asked)) == {*(f"keep:{id}" for id in ids), "look_again"}
    kept = min(ids)
    answered = await _answer(business, asked, f"keep:{kept}")
    assert answered.status_code == 200, answered.text
    assert (answered.json()["export_state"], answered.json()["problems"]) == ("exported", [])
    link = (await business.client.get(f"{API}/invoices/{asked}/link")).json()
    assert (link["xero_invoice_id"], link["made_by"]) == (kept, "person")
    assert business.calls("PUT", "/Invoices") == []
    again = await _answer(business, asked, f"keep:{kept}")
    assert (again.status_code, again.json()["code"]) == (409, "not_asked")


async def test_a_document_that_was_not_offered_cannot_be_kept(business: ConnectedBusiness, asked: str) -> None:
    refused = await _answer(business, asked, "keep:11111111-1111-4111-8111-111111111111")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_choice")
    assert (await _shown(business, asked))["export_state"] == "not_exported"


async def test_looking_again_links_the_document_that_is_left(business: ConnectedBusiness, asked: str) -> None:
    assert (await _answer(business, asked, "look_again")).json()["export_state"] == "not_exported"
    voided, left = business.in_xero()
    async with business.controls() as controls:
        assert (await controls.post(f"/_ctl/invoices/{voided['InvoiceID']}/void")).status_code == 200
    await read_on(await business.gateway())
    await business.check_standing()
    answered = (await _answer(business, asked, "look_again")).json()
    assert (answered["export_state"], answered["problems"]) == ("exported", [])
    link = (await business.client.get(f"{API}/invoices/{asked}/link")).json()
    assert link["xero_invoice_id"] == str(left["InvoiceID"])
