"""With the connection, everything is read that says which of the approved invoices are in Xero already."""

from typing import Any

import pytest

from sandbox.seeds import NZ_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.queues import sweep_ledgers

_BOTH = ("customer", "supplier")


async def _older_tool(business: ConnectedBusiness) -> None:
    """Two contacts in Xero with a document each, from before the connection."""
    shared: dict[str, Any] = {"Date": "2026-11-20", "DueDate": "2026-12-20", "Status": "AUTHORISED"}
    documents = [
        {
            **shared,
            "Type": kind,
            "Contact": {"Name": contact},
            "InvoiceNumber": number,
            "LineItems": [{"Description": "Work", "Quantity": 1, "UnitAmount": 100, "AccountCode": code}],
        }
        for kind, contact, number, code in (
            ("ACCREC", "Rata Joinery", "INV-1", "200"),
            ("ACCPAY", "Napier Skip Hire", "B-1", "310"),
        )
    ]
    contacts = [{"Name": "Rata Joinery"}, {"Name": "Napier Skip Hire"}]
    seed = {"tenant": NZ_TENANT, "contacts": contacts, "invoices": documents}
    async with business.controls() as controls:
        reply = await controls.post("/_ctl/seed", json=seed)
    assert reply.status_code == 200, reply.text


async def _approve(business: ConnectedBusiness) -> None:
    """Of each kind, an invoice that the older tool has sent and one that it has not."""
    customer, supplier = [await business.company(name) for name in ("Rata Joinery", "Napier Skip Hire")]
    for number in (1, 2):
        await business.invoice(f"INV-{number}", customer)
        await business.invoice(f"B-{number}", supplier, "supplier")
    await business.check_standing()


async def _asked(business: ConnectedBusiness) -> dict[str, list[str]]:
    """The first answer that is offered for each invoice that is held."""
    listed = await business.client.get(f"{API}/invoices", params={"view": "attention"})
    return {
        each["number"]: [f"{problem['code']}: {problem['choices'][0]['label']}" for problem in each["problems"]]
        for each in listed.json()["items"]
    }


@pytest.mark.parametrize("is_approved_first", [True, False])
async def test_what_an_older_tool_has_sent_is_held_within_seconds_of_connecting_or_of_the_first_approval(
    business: ConnectedBusiness, is_approved_first: bool
) -> None:
    await business.client.delete(f"{API}/connections/xero")
    await _older_tool(business)
    if is_approved_first:
        await _approve(business)
    await business.connect()
    await sweep_ledgers(business.gateways)
    if not is_approved_first:
        await _approve(business)
        await sweep_ledgers(business.gateways)

    await business.check_standing()

    assert [await business.in_view("ready", kind) for kind in _BOTH] == [{"INV-2"}, {"B-2"}]
    assert await _asked(business) == {
        "INV-1": ["looks_entered_already: It is the same"],
        "B-1": ["looks_entered_already: It is the same"],
    }
    before = len(business.stand_in.world.calls)
    await sweep_ledgers(business.gateways)
    assert len(business.stand_in.world.calls) == before, "all is known now"


async def test_an_organisation_with_more_documents_than_are_read_at_once_is_read_to_the_end(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.sync.ledger.refresh.PAGES_OF_A_TURN", 2)
    await _older_tool(business)
    await _approve(business)
    for _ in range(3):
        await sweep_ledgers(business.gateways)
    await business.check_standing()
    last_sync = (await business.client.get(f"{API}/connections/xero")).json()["last_sync"]
    assert [row["at"] is not None for row in last_sync if row["kind"] == "documents"] == [True]
