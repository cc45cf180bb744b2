"""What Xero has refused stands in the list and in the check alike, until its cause is seen to be gone."""

import json
from typing import Any

import pytest

from sandbox.faults import Fault
from sandbox.seeds import AU_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

_CODED = [{"description": "Labour", "quantity": "1", "unit_price": "100.00", "accounting_code": "200"}]


@pytest.fixture
async def checked(business: ConnectedBusiness) -> ConnectedBusiness:
    """A business that sends approved invoices and whose list is worked off."""
    await business.prefer(customer_invoice_status="AUTHORISED", supplier_invoice_status="AUTHORISED")
    await business.check_standing()
    return business


async def _refused(business: ConnectedBusiness, message: str, number: str = "INV-1", **fields: Any) -> str:
    """The id of an invoice that Xero has refused with this message."""
    invoice = await business.invoice(number, await business.company(f"Rata {number}"), **fields)
    elements = [{"Type": "ACCREC", "ValidationErrors": [{"Message": message}]}]
    refusal = {"ErrorNumber": 10, "Type": "ValidationException", "Message": "Validation", "Elements": elements}
    fault = {"kind": "status", "method": "PUT", "path": "Invoices", "status": 400, "text": json.dumps(refusal)}
    business.stand_in.faults.waiting.append(Fault.model_validate(fault))
    await business.export(invoice)
    await business.drain()
    await business.check_standing()
    return invoice


async def _check(business: ConnectedBusiness, *invoice_ids: str) -> dict[str, Any]:
    selection = {"mode": "ids", "ids": list(invoice_ids)}
    return dict((await business.client.post(f"{API}/export-checks", json={"selection": selection})).json())


async def _refresh(business: ConnectedBusiness) -> None:
    assert (await business.client.post(f"{API}/ledger/refreshes")).status_code == 202
    await business.refresh_ledger()
    await business.check_standing()


async def test_an_invoice_that_xero_has_refused_is_not_ready_in_the_check_either(checked: ConnectedBusiness) -> None:
    refused = await _refused(checked, "The moon is in the wrong quarter")
    sound = await checked.invoice("INV-2", await checked.company("Kauri Homes"))
    await checked.check_standing()
    assert await checked.in_view("attention") == {"INV-1"}
    check = await _check(checked, refused, sound)
    assert (check["ready_ids"], check["needs_fix"]) == ([sound], 1)
    (problem,) = check["invoices"][0]["problems"]
    assert (problem["code"], problem["source"]) == ("unknown_xero_error", "xero")
    assert problem["xero_message"] == "The moon is in the wrong quarter"
    assert [(group["code"], group["invoice_ids"]) for group in check["groups"]] == [("unknown_xero_error", [refused])]


async def test_an_invoice_with_two_documents_in_xero_is_not_ready_in_the_check(checked: ConnectedBusiness) -> None:
    invoice = await checked.invoice("INV-1", await checked.company("Kauri Homes"))
    await checked.execute(
        'UPDATE invoices SET problems = \'[{"code": "several_in_xero", "title": "t", "detail": "d", "pointer": null,'
        ' "fix": null, "source": "check", "xero_message": null, "choices": []}]\''
    )
    assert (await _check(checked, invoice))["ready_ids"] == []


async def test_an_invoice_with_an_unknown_refusal_can_be_sent_again(checked: ConnectedBusiness) -> None:
    refused = await _refused(checked, "The moon is in the wrong quarter")
    assert (await _check(checked, refused))["resendable_ids"] == [refused]
    await checked.export(refused)
    await checked.drain()
    assert await checked.in_view("exported") == {"INV-1"}


async def test_an_invoice_that_also_needs_a_fix_is_not_offered_to_be_sent_again(checked: ConnectedBusiness) -> None:
    refused = await _refused(checked, "The moon is in the wrong quarter")
    await checked.prefer(send_from_date="2026-11-25")
    check = await _check(checked, refused)
    assert [problem["code"] for problem in check["invoices"][0]["problems"]] == [
        "unknown_xero_error",
        "before_send_from_date",
    ]
    assert check["resendable_ids"] == []


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("You have reached the limit of invoices you can approve", "plan_limit"),
        ("Account code '200' has been archived or has been deleted.", "account_code_archived"),
        ("The document date cannot be before the period lock date", "period_locked"),
    ],
)
async def test_a_refusal_goes_when_xero_was_read_since_and_does_not_show_its_cause(
    checked: ConnectedBusiness, message: str, code: str
) -> None:
    refused = await _refused(checked, message, lines=_CODED)
    assert await checked.problems(refused) == [code]
    await _refresh(checked)
    assert await checked.problems(refused) == []
    assert (await _check(checked, refused))["ready_ids"] == [refused]


async def test_a_refusal_that_no_check_can_find_stays_until_the_invoice_is_edited(checked: ConnectedBusiness) -> None:
    refused = await _refused(checked, "The moon is in the wrong quarter")
    await _refresh(checked)
    assert await checked.problems(refused) == ["unknown_xero_error"]
    edited = await checked.client.patch(f"{API}/invoices/{refused}", json={"reference": "Gate 2"})
    assert edited.status_code == 200
    await checked.check_standing()
    assert await checked.problems(refused) == []


async def test_a_refusal_stays_while_what_it_contradicts_was_not_read_since(checked: ConnectedBusiness) -> None:
    refused = await _refused(checked, "You have reached the limit of invoices you can approve")
    await checked.execute("UPDATE mirror_reads SET read_at = app_now() WHERE part <> 'documents'")
    await checked.execute("UPDATE mirror_reads SET read_at = app_now() - interval '1 day' WHERE part = 'documents'")
    await checked.check_standing()
    assert await checked.problems(refused) == ["plan_limit"]
    assert (await _check(checked, refused))["ready_ids"] == []


async def test_what_another_organisation_has_refused_is_no_problem_in_the_one_that_is_connected_now(
    checked: ConnectedBusiness,
) -> None:
    refused = await _refused(checked, "The moon is in the wrong quarter")
    await checked.connect(AU_TENANT)
    body = {"organisation_id": AU_TENANT, "confirm_switch": "Wattle Electrical Pty Ltd"}
    assert (await checked.client.put(f"{API}/connections/xero/organisation", json=body)).status_code == 200
    await checked.refresh_ledger()
    await checked.check_standing()
    assert "unknown_xero_error" not in await checked.problems(refused)
    assert (await _check(checked, refused))["resendable_ids"] == []
