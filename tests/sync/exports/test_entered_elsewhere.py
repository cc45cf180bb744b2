"""A document entered for the same supplier under another spelling: ours is held before it makes a second one."""

from typing import Any

import pytest

from api.sync.documents.service import read_on
from sandbox.seeds import NZ_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness


class OtherTool:
    """Enters bills in Xero for contacts of its own."""

    def __init__(self, business: ConnectedBusiness) -> None:
        self._business = business

    async def enters(self, supplier: str, number: str | None, kind: str = "ACCPAY", **contact: Any) -> None:
        """Enter a document of 115.00 for a contact of this name, and have both read."""
        document = {
            "Type": kind,
            "Contact": {"Name": supplier},
            "InvoiceNumber": number,
            "Date": "2026-11-20",
            "DueDate": "2026-12-20",
            "Status": "AUTHORISED",
            "LineItems": [{"Description": "Pipe", "Quantity": 1, "UnitAmount": 100, "AccountCode": "310"}],
        }
        own = {"tenant": NZ_TENANT, "contacts": [{"Name": supplier, **contact}], "invoices": [document]}
        async with self._business.controls() as controls:
            reply = await controls.post("/_ctl/seed", json=own)
        assert reply.status_code == 200, reply.text
        await self.is_read()

    async def is_read(self) -> None:
        await self._business.read_contacts()
        await read_on(await self._business.gateway())
        await self._business.check_standing()


@pytest.fixture
async def tool(business: ConnectedBusiness) -> OtherTool:
    """Another tool, and mirrors that were read before it did anything."""
    tool = OtherTool(business)
    await tool.is_read()
    await business.execute("UPDATE document_cursors SET created_at = '2026-11-01T00:00:00Z'")
    return tool


async def _checked(business: ConnectedBusiness, *invoices: str) -> dict[str, list[str]]:
    """What the check says against each of these invoices."""
    body = {"selection": {"mode": "ids", "ids": list(invoices)}}
    reply = (await business.client.post(f"{API}/export-checks", json=body)).json()
    held = {each["invoice_id"]: [problem["code"] for problem in each["problems"]] for each in reply["invoices"]}
    return {invoice: held.get(invoice, []) for invoice in invoices}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Reece Limited", "Reece Ltd"),
        ("Rata & Co", "Rata and Co"),
        ("Bunnings", "Bunnings Group Ltd"),
        ("Tāne Joinery", "Tane Joinery"),
        ("Kea Builders", "Kea Bulders"),
    ],
)
async def test_a_bill_entered_under_another_spelling_of_the_supplier_is_held_from_the_list_to_the_export(
    business: ConnectedBusiness, tool: OtherTool, ours: str, theirs: str
) -> None:
    bill = await business.invoice("B-1", await business.company(ours), "supplier")
    await business.check_standing()
    assert await business.problems(bill) == []
    await tool.enters(theirs, "B-1")
    contacts = len(business.stand_in.world.ledgers[NZ_TENANT].contacts)

    (problem,) = (await business.client.get(f"{API}/invoices/{bill}")).json()["problems"]
    assert problem["code"] == "looks_entered_already"
    assert problem["detail"] == (
        f"Xero has a bill of {theirs} that Jobtally didn't send: B-1, 20 Nov 2026, 115.00 NZD."
        f" Yours, of {ours}: B-1, 20 Nov 2026, 115.00 NZD."
    )
    assert await _checked(business, bill) == {bill: ["looks_entered_already"]}
    run = await business.export(bill)
    await business.drain()
    (item,) = await business.items(run)
    assert (item["state"], [problem["code"] for problem in item["problems"]]) == ("rejected", ["looks_entered_already"])
    assert len(business.in_xero()) == 1
    assert len(business.stand_in.world.ledgers[NZ_TENANT].contacts) == contacts, "no contact is made for nothing"

    answered = await business.client.put(
        f"{API}/invoices/{bill}/answers/looks_entered_already", json={"choice": "same"}
    )
    assert answered.json()["export_state"] == "exported"


async def test_a_bill_under_another_name_with_the_same_e_mail_is_held_and_sent_once_it_is_called_another(
    business: ConnectedBusiness, tool: OtherTool
) -> None:
    supplier = await business.company("Tradelink Nelson", email="ap@tradelink.example")
    bill, other = [await business.invoice(number, supplier, "supplier") for number in ("B-1", "B-2")]
    await tool.enters("TL Plumbing Supplies", "B-1", EmailAddress="AP@tradelink.example")
    assert await _checked(business, bill, other) == {bill: ["looks_entered_already"], other: []}

    answer = {"choice": "different"}
    assert (
        await business.client.put(f"{API}/invoices/{bill}/answers/looks_entered_already", json=answer)
    ).status_code == 200

    run = await business.export(bill, other)
    await business.drain()
    assert (await business.run(run))["exported"] == 2


async def test_a_contact_that_we_have_created_beside_its_duplicate_is_compared_with_that_later(
    business: ConnectedBusiness, tool: OtherTool
) -> None:
    supplier = await business.company("Reece Limited")
    first = await business.export(await business.invoice("B-1", supplier, "supplier"))
    await business.drain()
    assert (await business.run(first))["exported"] == 1
    later = await business.invoice("B-2", supplier, "supplier")
    run = await business.export(later)

    await tool.enters("Reece Ltd", "B-2")
    await business.drain()

    (item,) = await business.items(run)
    assert [problem["code"] for problem in item["problems"]] == ["looks_entered_already"]


async def test_a_bill_of_another_amount_or_of_another_supplier_is_not_held(
    business: ConnectedBusiness, tool: OtherTool
) -> None:
    dearer = {"description": "Pipe", "quantity": "1", "unit_price": "101.00"}
    alike = await business.company("Reece Limited")
    bills = [
        await business.invoice("B-1", alike, "supplier", lines=[dearer]),
        await business.invoice("B-1", await business.company("Mico Limited"), "supplier"),
        await business.invoice("C-7", alike, "supplier"),
    ]
    await tool.enters("Reece Ltd", "B-1")
    assert await _checked(business, *bills) == {bill: [] for bill in bills}


async def test_an_unnumbered_bill_of_a_branch_that_another_contact_of_ours_stands_for_is_not_held(
    business: ConnectedBusiness, tool: OtherTool
) -> None:
    nelson, napier = [
        await business.company(f"Kea Builders {place}", email="office@kea.example") for place in ("Nelson", "Napier")
    ]
    bill = await business.invoice(None, nelson, "supplier")
    await tool.enters("Kea Builders Napier", None, EmailAddress="office@kea.example")
    assert await _checked(business, bill) == {bill: ["looks_entered_already"]}

    sent = await business.export(await business.invoice("N-1", napier, "supplier", issued_on="2026-10-01"))
    await business.drain()

    assert (await business.run(sent))["exported"] == 1
    assert await _checked(business, bill) == {bill: []}
