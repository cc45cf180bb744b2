"""What Xero stored otherwise than it was sent is said in plain words; what is equal, or left out, is not."""

from typing import Any

import pytest

from api.sync.exports.comparing import remarks_on
from api.xero.json_types import parse_json
from api.xero.wire import Invoice

_CONTACT, _OTHER = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
_NORTH, _SOUTH = "00000000-0000-4000-8000-000000000003", "00000000-0000-4000-8000-000000000004"
_LINE: dict[str, Any] = {
    "Description": "Labour",
    "Quantity": 10,
    "UnitAmount": 95,
    "ItemCode": "LAB",
    "AccountCode": "200",
    "TaxType": "OUTPUT2",
    "Tracking": [{"TrackingOptionID": _NORTH}],
}
_SENT: dict[str, Any] = {
    "Contact": {"ContactID": _CONTACT},
    "Date": "2026-11-20",
    "DueDate": "2026-12-20",
    "LineAmountTypes": "Exclusive",
    "InvoiceNumber": "INV-1",
    "Reference": "PO 9",
    "Status": "SUBMITTED",
    "CurrencyCode": "NZD",
    "LineItems": [_LINE],
}


def _details(answer: dict[str, Any], **sent: Any) -> list[str]:
    remarks = remarks_on({**_SENT, **sent}, Invoice.model_validate(answer))
    return [remark.detail for remark in remarks if remark.code == "stored_differently"]


@pytest.mark.parametrize(
    ("stored", "detail"),
    [
        (
            {"Contact": {"ContactID": _OTHER, "Name": "Tui Cafe"}},
            "In Xero it belongs to Tui Cafe, which is not the contact that we sent.",
        ),
        ({"DateString": "2026-11-21T00:00:00"}, "We sent the date 2026-11-20, Xero has 2026-11-21."),
        ({"DueDateString": "2027-01-20T00:00:00"}, "We sent the due date 2026-12-20, Xero has 2027-01-20."),
        ({"InvoiceNumber": "INV-2"}, "We sent the number INV-1, Xero has INV-2."),
        ({"Reference": "PO 10"}, "We sent the reference PO 9, Xero has PO 10."),
        ({"CurrencyCode": "AUD"}, "We sent the currency NZD, Xero has AUD."),
        ({"LineAmountTypes": "Inclusive"}, "We sent the amounts excluding tax, Xero has them including tax."),
        ({"LineAmountTypes": "NoTax"}, "We sent the amounts excluding tax, Xero has them without any tax."),
        ({"Status": "DRAFT"}, "We sent it as waiting for approval, Xero has it as a draft."),
        ({"LineItems": [_LINE, _LINE]}, "We sent 1 line, Xero has 2."),
        ({"SentToContact": False}, "We sent it marked as sent to the customer, Xero has it without this mark."),
    ],
)
def test_another_value_in_xero_is_a_remark(stored: dict[str, Any], detail: str) -> None:
    assert _details({**_SENT, **stored}, SentToContact=True) == [detail]


@pytest.mark.parametrize(
    ("stored", "detail"),
    [
        ({"AccountCode": "400"}, "we sent the code 200, Xero has 400."),
        ({"TaxType": "NONE"}, "we sent the tax rate OUTPUT2, Xero has NONE."),
        ({"ItemCode": "PIPE"}, "we sent the item LAB, Xero has PIPE."),
        ({"ItemCode": None, "LineItemID": _NORTH}, "we sent the item LAB, Xero has none."),
        ({"Quantity": 11}, "we sent the quantity 10, Xero has 11."),
        ({"UnitAmount": 9.5}, "we sent the price 95, Xero has 9.5."),
    ],
)
def test_another_value_on_a_line_is_a_remark_that_points_to_the_line(stored: dict[str, Any], detail: str) -> None:
    answer = {**_SENT, "LineItems": [_LINE, {**_LINE, **stored}]}
    (remark,) = remarks_on({**_SENT, "LineItems": [_LINE, _LINE]}, Invoice.model_validate(answer))
    assert (remark.code, remark.detail) == ("stored_differently", f"Line 2: {detail}")
    assert remark.pointer == "#/lines/1"


@pytest.mark.parametrize("tracking", [[], [{"TrackingOptionID": _SOUTH}]])
def test_a_line_without_its_cost_centre_is_a_remark_of_its_own(tracking: list[dict[str, str]]) -> None:
    answer = {**_SENT, "LineItems": [{**_LINE, "Tracking": tracking}]}
    (remark,) = remarks_on(_SENT, Invoice.model_validate(answer))
    assert (remark.code, remark.detail) == ("tracking_dropped", "Line 1 is in Xero without its cost centre.")


def test_equal_values_in_another_form_are_no_difference() -> None:
    answer = parse_json(
        f"""{{
          "Contact": {{"ContactID": "{_CONTACT.upper()}", "Name": "Tui Cafe"}},
          "Date": "/Date(1795132800000+0000)/",
          "DueDateString": "2026-12-20T00:00:00",
          "LineAmountTypes": "Exclusive", "InvoiceNumber": "INV-1 ", "Reference": " PO 9",
          "Status": "SUBMITTED", "CurrencyCode": "NZD",
          "LineItems": [{{
            "Quantity": 10.0000, "UnitAmount": 95.00, "ItemCode": "LAB", "AccountCode": "200 ", "TaxType": "OUTPUT2",
            "Tracking": [{{"Name": "Region", "Option": "North", "TrackingOptionID": "{_NORTH}"}}]
          }}]
        }}""".encode()
    )
    assert remarks_on(_SENT, Invoice.model_validate(answer)) == []


@pytest.mark.parametrize("answer", [{}, {"LineItems": [{}]}, {"Contact": {}, "LineItems": [{"Description": "Labour"}]}])
def test_what_the_answer_leaves_out_is_no_difference(answer: dict[str, Any]) -> None:
    assert remarks_on(_SENT, Invoice.model_validate(answer)) == []


@pytest.mark.parametrize("status", ["AUTHORISED", "PAID", "VOIDED", "DELETED"])
@pytest.mark.parametrize("sent", ["DRAFT", "SUBMITTED", "AUTHORISED"])
def test_a_document_that_was_approved_paid_or_voided_meanwhile_is_no_difference(sent: str, status: str) -> None:
    assert _details({**_SENT, "Status": status}, Status=sent) == []


def test_a_document_that_did_not_become_approved_is_a_difference() -> None:
    expected = "We sent it as approved, Xero has it as waiting for approval."
    assert _details({**_SENT, "Status": "SUBMITTED"}, Status="AUTHORISED") == [expected]
