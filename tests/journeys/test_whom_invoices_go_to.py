"""No invoice goes to a contact that is not certainly the right one, whatever the order of invoices and runs."""

from typing import Any

import pytest

from tests.journeys.office import Office

OTAGO, NORTH = "john.smith@otago.example", "js@north.example"


async def _export(office: Office, *invoice_ids: str) -> dict[str, dict[str, Any]]:
    """Export these in one run; gives its items by invoice number."""
    run = await office.exported(*invoice_ids)
    return {item["number"]: item for item in await office.items(run["id"])}


def _codes(item: dict[str, Any], field: str) -> list[str]:
    return [problem["code"] for problem in item[field]]


def _contact_of(office: Office, number: str) -> str:
    """The name of the contact that has the document of this number in Xero."""
    (document,) = [document for document in office.in_xero() if document["InvoiceNumber"] == number]
    return str(office.contact_in_xero(document["_ContactID"])["Name"])


async def test_a_payer_reference_of_another_company_in_xero_does_not_put_the_invoice_on_that_company(office: Office):
    await office.prefer(send_payer_reference=True)
    await office.in_xeros_screens("seed", contacts=[{"Name": "Kea Freight Ltd", "AccountNumber": "PAY002"}])
    contact = await office.company("Kererū Café & Roastery", payer_reference="PAY002")

    items = await _export(office, await office.invoice("I-1", contact))

    assert _codes(items["I-1"], "remarks") == ["payer_reference_taken"]
    assert _contact_of(office, "I-1") == "Kererū Café & Roastery"
    (created,) = office.contacts_in_xero("Kererū Café & Roastery")
    assert not created.get("AccountNumber")
    view = await office.read(f"contacts/{contact}")
    assert (view["sync_state"], _codes(view, "remarks")) == ("in_step", ["payer_reference_taken"])

    items = await _export(office, await office.invoice("I-2", contact))
    assert _codes(items["I-2"], "remarks") == [], "the first run has said it"
    assert _contact_of(office, "I-2") == "Kererū Café & Roastery"


@pytest.mark.parametrize(
    "runs", [["I-north I-otago"], ["I-otago I-north"], ["I-north", "I-otago"], ["I-otago", "I-north"]]
)
async def test_of_two_people_of_one_name_the_equal_email_address_links_and_the_other_asks(
    office: Office, runs: list[str]
):
    await office.in_xeros_screens("seed", contacts=[{"Name": "John Smith", "EmailAddress": OTAGO}])
    contacts = {email: await office.person("John", "Smith", email=email) for email in (NORTH, OTAGO)}
    ids = {
        "I-north": await office.invoice("I-north", contacts[NORTH]),
        "I-otago": await office.invoice("I-otago", contacts[OTAGO]),
    }

    items: dict[str, dict[str, Any]] = {}
    for run in runs:
        items |= await _export(office, *(ids[number] for number in run.split()))

    assert items["I-otago"]["state"] == "exported"
    assert _contact_of(office, "I-otago") == "John Smith"
    assert items["I-north"]["state"] == "rejected"
    (problem,) = items["I-north"]["problems"]
    assert problem["code"] == "contact_unsure"
    assert "Choose which contact in Xero this is" in problem["detail"]
    assert problem["fix"]["href"] == f"/contacts/{contacts[NORTH]}#link"
    assert (await office.read(f"contacts/{contacts[NORTH]}"))["sync_state"] == "unsure"
    assert len(office.contacts_in_xero("John Smith")) == 1


async def test_a_person_of_the_same_name_with_another_email_address_gets_no_invoice_and_the_others_go(office: Office):
    await office.in_xeros_screens("seed", contacts=[{"Name": "John Smith", "EmailAddress": OTAGO}])
    john, other = await office.person("John", "Smith", email=NORTH), await office.company("Tui Cafe")

    items = await _export(office, await office.invoice("I-1", john), await office.invoice("I-2", other))

    assert (items["I-1"]["state"], _codes(items["I-1"], "problems")) == ("rejected", ["contact_unsure"])
    assert items["I-2"]["state"] == "exported"
    assert await office.messages() == ["1 of 2 invoices has been exported to Xero. 1 needs a fix."]


async def test_a_company_linked_to_a_person_with_another_email_address_has_a_remark_on_contact_and_invoice(
    office: Office,
):
    await office.in_xeros_screens("seed", contacts=[{"Name": "John Smith", "LastName": "Smith", "EmailAddress": OTAGO}])
    company = await office.company("John Smith", email=NORTH)

    items = await _export(office, await office.invoice("I-1", company))

    (remark,) = items["I-1"]["remarks"]
    assert (remark["code"], remark["pointer"]) == ("contact_differs", "#/contact_id")
    assert remark["detail"] == f"John Smith has the e-mail address {OTAGO} in Xero and {NORTH} here."
    assert (await office.read("exports"))["items"][0]["with_remarks"] == 1
    assert await office.messages() == ["1 of 1 invoice has been exported to Xero. 1 needs a look."]
    assert _contact_of(office, "I-1") == "John Smith"
    assert _codes(await office.read(f"contacts/{company}"), "remarks") == ["contact_differs"]

    items = await _export(office, await office.invoice("I-2", company))
    assert _codes(items["I-2"], "remarks") == [], "the first run has said it"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (2, 1, 0)], ids=str)
async def test_branches_with_one_payer_reference_are_all_created_in_every_run(office: Office, order: tuple[int, ...]):
    await office.prefer(send_payer_reference=True)
    names = ("Bunnings Napier", "Bunnings Nelson", "Bunnings Gore")
    branches = [await office.company(name, payer_reference="BUNN-01") for name in names]
    ids = [await office.invoice(f"I-{number}", branch) for number, branch in enumerate(branches)]

    items = await _export(office, ids[order[0]], ids[order[1]])
    items |= await _export(office, ids[order[2]])

    assert {item["state"] for item in items.values()} == {"exported"}
    assert [_contact_of(office, f"I-{number}") for number in range(3)] == list(names)
    remarks = [_codes(items[f"I-{number}"], "remarks") for number in range(3)]
    assert remarks == [[], ["payer_reference_taken"], ["payer_reference_taken"]]
    numbers = [office.contacts_in_xero(name)[0].get("AccountNumber") or "" for name in names]
    assert numbers == ["BUNN-01", "", ""]
