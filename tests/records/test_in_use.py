"""Rows that an invoice uses cannot be deleted."""

from tests.callers import Caller
from tests.records.invoicing import INVOICES, contact, draft, line
from tests.records.making import API, make


async def test_rows_that_an_invoice_uses_cannot_be_deleted_until_the_invoice_is_deleted(client: Caller) -> None:
    contact_id = await contact(client)
    job = await make(client, "jobs", number="J1")
    center = await make(client, "cost-centers", name="North")
    code = await make(client, "accounting-codes", code="200", name="Sales", kind="income")
    item = await make(client, "items", code="TAP", name="Tap")
    lines = [line(accounting_code="200", cost_center_id=center["id"], item_code="TAP"), line(accounting_code="200")]
    invoice = await draft(client, contact_id=contact_id, job_id=job["id"], lines=lines)
    named = {
        f"{API}/contacts/{contact_id}": "1 invoice.",
        f"{API}/jobs/{job['id']}": "1 invoice.",
        f"{API}/cost-centers/{center['id']}": "1 invoice line.",
        f"{API}/accounting-codes/{code['id']}": "2 invoice lines.",
        f"{API}/items/{item['id']}": "1 invoice line.",
    }

    for address, user in named.items():
        refused = await client.delete(address)
        assert (refused.status_code, refused.json()["code"]) == (409, "in_use"), address
        assert f"Used by {user}" in refused.json()["detail"]

    await client.delete(f"{INVOICES}/{invoice['id']}")
    assert {address: (await client.delete(address)).status_code for address in named} == dict.fromkeys(named, 204)
