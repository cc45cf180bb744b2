"""Marking invoices as sent to the customer: what Xero gets, and why an invoice is not marked."""

import json
from typing import Any

import pytest

from api.sync.exports.mapping import to_xero
from api.sync.exports.marking import is_wanted, reason_not_marked
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.exports.documents import CONTACT, context, export_input, preferences

_ONLY_APPROVED = "Xero marks approved invoices only, and your customer invoices arrive there as"


@pytest.mark.parametrize(
    ("kind", "own", "preferred", "status", "reason"),
    [
        ("customer", None, True, "AUTHORISED", None),
        ("customer", True, False, "AUTHORISED", None),
        ("customer", None, False, "AUTHORISED", "Marking invoices as sent is switched off in the preferences."),
        ("customer", False, True, "AUTHORISED", "This invoice says that it is not."),
        ("customer", None, True, "DRAFT", f"{_ONLY_APPROVED} drafts."),
        ("customer", True, False, "SUBMITTED", f"{_ONLY_APPROVED} invoices that wait for approval."),
        ("supplier", True, True, "AUTHORISED", "A supplier invoice is never sent to a customer."),
    ],
)
def test_only_approved_customer_invoices_are_marked_and_others_say_why_not(
    kind: str, own: bool | None, preferred: bool, status: str, reason: str | None
) -> None:
    chosen = preferences(mark_as_sent=preferred, customer_invoice_status=status, supplier_invoice_status=status)
    given = export_input(kind, mark_as_sent=own)
    written = to_xero(given, context(preferences=chosen), contact_id=CONTACT, url="https://jobs.example.nz/x/0")

    assert reason_not_marked(given.invoice, chosen) == reason
    assert written.sent_to_contact is (True if reason is None else None)


def test_the_preference_asks_nothing_of_bills() -> None:
    chosen = preferences(mark_as_sent=True)
    assert not is_wanted(export_input("supplier").invoice, chosen)
    assert is_wanted(export_input("supplier", mark_as_sent=True).invoice, chosen)


async def _check(business: ConnectedBusiness, *ids: str) -> dict[str, Any]:
    selection = {"mode": "ids", "ids": list(ids)}
    return dict((await business.client.post(f"{API}/export-checks", json={"selection": selection})).json())


async def test_an_approved_invoice_is_marked_in_xero_and_a_draft_says_why_not(business: ConnectedBusiness) -> None:
    await business.prefer(mark_as_sent=True)
    contact = await business.company("Hana Parata")
    usual = await business.invoice("INV-1", contact)
    own = await business.invoice("INV-2", contact, mark_as_sent=False)
    check = await _check(business, usual, own)
    (draft,) = check["not_marked_as_sent"]
    assert (check["marked_as_sent"], draft["invoice_ids"]) == (0, [usual])
    assert draft["reason"].endswith("arrive there as drafts.")

    await business.prefer(customer_invoice_status="AUTHORISED")
    check = await _check(business, usual, own)
    assert (check["marked_as_sent"], check["not_marked_as_sent"]) == (1, [])
    preview = (await business.client.get(f"{API}/invoices/{own}/xero-preview")).json()
    assert preview["not_marked_as_sent"] == "This invoice says that it is not."
    await business.export(usual, own)
    await business.drain()

    (call,) = business.calls("PUT", "/api.xro/2.0/Invoices")
    sent = {each["InvoiceNumber"]: each.get("SentToContact") for each in json.loads(call["body"])["Invoices"]}
    assert sent == {"INV-1": True, "INV-2": None}
    assert {row["InvoiceNumber"]: row["SentToContact"] for row in business.in_xero()} == {"INV-1": True, "INV-2": False}


async def test_marking_an_invoice_that_is_in_xero_already_is_no_change_of_it(business: ConnectedBusiness) -> None:
    invoice = await business.invoice("INV-1", await business.company("Hana Parata"))
    await business.export(invoice)
    await business.drain()

    changed = await business.client.patch(f"{API}/invoices/{invoice}", json={"mark_as_sent": True})

    assert (changed.json()["mark_as_sent"], changed.json()["export_state"]) == (True, "exported")
    assert (changed.json()["status"], changed.json()["approval_withdrawn"]) == ("approved", False)
