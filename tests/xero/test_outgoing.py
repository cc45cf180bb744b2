"""The JSON that we send: exact amounts, plain dates, only our fields, the same bytes every time."""

import json
import os
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from api.xero.outgoing import (
    WrittenAddress,
    WrittenContact,
    WrittenContactReference,
    WrittenInvoice,
    WrittenLine,
    WrittenPhone,
    WrittenTracking,
    element_json,
    serialize,
)
from tests.spec_judge import judge_request

ID = UUID("aaaaaaaa-0000-4000-8000-000000000001")


def invoice(**changes: object) -> WrittenInvoice:
    line = WrittenLine(
        description="Tap, Küche ½ ″",
        quantity=Decimal("1.2500"),
        unit_amount=Decimal("99.9900"),
        discount_rate=Decimal("10.00"),
        account_code="200",
        tax_type="OUTPUT2",
        tracking=(WrittenTracking(tracking_category_id=ID, tracking_option_id=ID),),
    )
    fields: dict[str, object] = {
        "type": "ACCREC",
        "contact": WrittenContactReference(contact_id=ID),
        "date": date(2026, 9, 27),
        "due_date": date(2026, 10, 20),
        "line_amount_types": "Exclusive",
        "invoice_number": "INV-1",
        "reference": "J-7",
        "url": "https://jobtally.example/x/1",
        "status": "DRAFT",
        "line_items": (line,),
    }
    return WrittenInvoice.model_validate(fields | changes)


def contact() -> WrittenContact:
    return WrittenContact(
        contact_number="con_1",
        name="Ann O'Hara",
        first_name="Ann",
        last_name="O'Hara",
        email_address="ann@example.com",
        phones=(WrittenPhone(phone_number="+64 21 123"),),
        addresses=(WrittenAddress(address_line1="1 High St", city="Nelson", country="New Zealand"),),
    )


def test_an_invoice_is_written_with_exact_digits() -> None:
    assert serialize([invoice()]).decode() == (
        '{"Invoices":[{"Type":"ACCREC","Contact":{"ContactID":"aaaaaaaa-0000-4000-8000-000000000001"},'
        '"Date":"2026-09-27","DueDate":"2026-10-20","LineAmountTypes":"Exclusive","InvoiceNumber":"INV-1",'
        '"Reference":"J-7","Url":"https://jobtally.example/x/1","Status":"DRAFT","LineItems":[{"Description":'
        '"Tap, Küche ½ ″","Quantity":1.2500,"UnitAmount":99.9900,"DiscountRate":10.00,"AccountCode":"200",'
        '"TaxType":"OUTPUT2","Tracking":[{"TrackingCategoryID":"aaaaaaaa-0000-4000-8000-000000000001",'
        '"TrackingOptionID":"aaaaaaaa-0000-4000-8000-000000000001"}]}]}]}'
    )


def test_a_contact_contains_only_the_fields_we_own() -> None:
    assert json.loads(serialize([contact()])) == {
        "Contacts": [
            {
                "ContactNumber": "con_1",
                "Name": "Ann O'Hara",
                "FirstName": "Ann",
                "LastName": "O'Hara",
                "EmailAddress": "ann@example.com",
                "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "+64 21 123"}],
                "Addresses": [
                    {
                        "AddressType": "POBOX",
                        "AddressLine1": "1 High St",
                        "City": "Nelson",
                        "Country": "New Zealand",
                    }
                ],
            }
        ]
    }


@given(amount=st.decimals(min_value=-(10**13), max_value=10**13, places=4))
@example(amount=Decimal("1E+3"))
def test_an_amount_is_a_json_number_with_exactly_its_digits(amount: Decimal) -> None:
    line = WrittenLine(description="x", quantity=Decimal(1), unit_amount=amount)

    text = element_json(line)

    assert json.loads(text, parse_float=Decimal)["UnitAmount"] == amount
    assert "e" not in text.partition("UnitAmount")[2].lower()


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_is_sent_unchanged(text: str) -> None:
    assert json.loads(serialize([contact().model_copy(update={"name": text})]))["Contacts"][0]["Name"] == text


def test_the_json_of_one_element_is_contained_in_the_request_byte_for_byte() -> None:
    assert element_json(invoice()).encode() in serialize([invoice(invoice_number="INV-0"), invoice()])


@pytest.mark.parametrize(
    "changes",
    [
        {"total": Decimal("10.00")},
        {"url": "/x/1"},
        {"url": "https://xero.jobtally.example/x/1"},
        {"invoice_number": "9" * 256},
        {"line_amount_types": "exclusive"},
        {"status": "PAID"},
        {"line_items": [{"description": "x", "quantity": Decimal("NaN"), "unit_amount": 1}]},
        {"line_items": [{"description": "x" * 4001, "quantity": 1, "unit_amount": 1}]},
    ],
)
def test_values_that_xero_refuses_or_misreads_are_refused_before_sending(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        invoice(**changes)


@pytest.mark.skipif(not os.environ.get("XERO_SPEC"), reason="XERO_SPEC does not name Xero's OpenAPI file")
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/Invoices", serialize([invoice(), invoice(type="ACCPAY", reference=None)])),
        ("PUT", "/Contacts", serialize([contact()])),
        ("POST", "/Contacts", serialize([contact().model_copy(update={"contact_id": ID})])),
    ],
)
def test_xeros_own_specification_accepts_our_requests(method: str, path: str, body: bytes) -> None:
    headers = {"Accept": "application/json", "Content-Type": "application/json", "Xero-Tenant-Id": str(ID)}
    assert judge_request(method, f"/api.xro/2.0{path}", "summarizeErrors=false", headers, body) == []
