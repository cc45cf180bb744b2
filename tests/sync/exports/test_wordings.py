"""Sentences of Xero in wordings that no list has: plurals, other quotes, another order of the words."""

import pytest

from api.sync.exports.refusals import from_xero

_ELEMENT = {
    "LineItems": [
        {"AccountCode": "200", "TaxType": "OUTPUT2", "ItemCode": "A"},
        {"AccountCode": "999", "TaxType": "TAX7", "ItemCode": "PUMP-1"},
    ]
}
_LINE, _CONTACT = ("LineItems", 1), ("Contact",)
_WORDINGS = [
    ("Account codes '998' and '999' are not valid codes for this document.", (), "account_code_unknown", "#/lines"),
    (
        'The account code "999" is not a valid code for this document',
        (),
        "account_code_unknown",
        "#/lines/1/accounting_code",
    ),
    (
        "Account code \u2018999\u2019 has been archived or deleted. Each line item must reference a valid account.",
        (),
        "account_code_archived",
        "#/lines/1/accounting_code",
    ),
    ("The account with code 999 has been archived", _LINE, "account_code_archived", "#/lines/1/accounting_code"),
    ("AccountCode 999 could not be found", (), "account_code_unknown", "#/lines/1/accounting_code"),
    ("AccountID is not valid for this document", ("LineItems", 0), "account_code_unknown", "#/lines/0/accounting_code"),
    ("Account codes must be specified for all line items.", (), "account_code_missing", "#/lines"),
    ("TaxType 'TAX7' cannot be used with account code '999'", (), "tax_code_mismatch", "#/lines/1/tax_type"),
    ('The TaxType code "TAX7" can not be used with account "999".', (), "tax_code_mismatch", "#/lines/1/tax_type"),
    ("The tax type TAX7 is not valid", (), "tax_type_unknown", "#/lines/1/tax_type"),
    ("The tax rate 'Old GST' is archived", _LINE, "tax_type_unknown", "#/lines/1/tax_type"),
    ("Tax rates must be active", (), "tax_type_unknown", "#/lines"),
    (
        "The contact name Bob's Archived Records Ltd is already assigned to another contact.",
        (),
        "contact_name_taken",
        "#/contact_id",
    ),
    ("Invoice number must be unique.", (), "invoice_number_taken", "#/number"),
    ("Invoice numbers must be unique", (), "invoice_number_taken", "#/number"),
    ("InvoiceNumber 'INV-7' has already been used. Invoice # must be unique.", (), "invoice_number_taken", "#/number"),
    ("The invoice number already exists", (), "invoice_number_taken", "#/number"),
    ("An invoice with number INV-7 already exists.", (), "invoice_number_taken", "#/number"),
    ("The due date must not be before the invoice date", (), "due_date_before_date", "#/due_on"),
    ("DueDate must be on or after the Date", (), "due_date_before_date", "#/due_on"),
    ("DueDate cannot be earlier than Date.", (), "due_date_before_date", "#/due_on"),
    ("A due date is required for approved invoices", (), "due_date_missing", "#/due_on"),
    ("Please enter a due date.", (), "due_date_missing", "#/due_on"),
    (
        "The document date cannot be on or before the period lock date, currently set at 31-Mar-2026",
        (),
        "period_locked",
        "#/issued_on",
    ),
    ("Documents dated before the end of year lock date cannot be created", (), "period_locked", "#/issued_on"),
    ("This organisation is not subscribed to the currency 'EUR'.", (), "currency_not_enabled", "#/currency"),
    ("The current organisation is not subscribed to currency 'EUR'.", (), "currency_not_enabled", "#/currency"),
    ("The currency code EUR is not enabled for this organisation", (), "currency_not_enabled", "#/currency"),
    ("You have reached your limit of bills you can approve.", (), "plan_limit", None),
    ("The user does not have the correct permission to perform this action", (), "role_too_low", None),
    ("You do not have permission to approve invoices.", (), "role_too_low", None),
    ("Email addresses must be valid", (), "contact_email_refused", "#/contact_id"),
    ("The email address 'none' is not valid.", _CONTACT, "contact_email_refused", "#/contact_id"),
    ("Contacts with the specified details have been archived.", (), "contact_archived", "#/contact_id"),
    ("The contact Kauri Ltd is archived and cannot be used", (), "contact_archived", "#/contact_id"),
    ("Item codes 'PUMP-1' are not valid", (), "item_unknown", "#/lines/1/item_code"),
    ("The item with code PUMP-1 was not found", (), "item_unknown", "#/lines/1/item_code"),
    ("Descriptions cannot be empty", ("LineItems", 0), "description_missing", "#/lines/0/description"),
    ("A description is required for each line item", (), "description_missing", "#/lines"),
    ("The field Description must be at most 4000 characters.", _LINE, "text_too_long", "#/lines/1"),
    ("Reference exceeds the maximum length of 255 characters", (), "text_too_long", None),
    ("The total for this document must be zero or more", (), "total_below_zero", "#/lines"),
    ("The totals of the document cannot be negative", (), "total_below_zero", "#/lines"),
    ("At least one line item is required.", (), "lines_missing", "#/lines"),
    (
        "The tracking option 'North' is archived",
        ("LineItems", 1, "Tracking", 0),
        "cost_center_unmatched",
        "#/lines/1/cost_center_id",
    ),
    ("Tracking categories 'Region' not found", (), "cost_center_unmatched", "#/lines"),
    (
        "There is no ACTIVE tracking category with the name 'Region'",
        _CONTACT,
        "contact_tracking_missing",
        "#/contact_id",
    ),
    (
        "Discounts must not be greater than the line total",
        ("LineItems", 0),
        "discount_refused",
        "#/lines/0/discount_percent",
    ),
    ("The line totals do not match the expected line total 10.00", (), "total_mismatch", "#/lines"),
    ("Quantity must be a number between -1 and 1, for the flux capacitor", (), "unknown_xero_error", None),
]


@pytest.mark.parametrize(("message", "path", "code", "pointer"), _WORDINGS, ids=range(len(_WORDINGS)))
def test_another_wording_has_the_same_cure_and_xeros_own_words_are_kept(
    message: str, path: tuple[str | int, ...], code: str, pointer: str | None
) -> None:
    refusal = from_xero(message, path, _ELEMENT)
    assert (refusal.code, refusal.pointer, refusal.xero_message) == (code, pointer, message)


def test_a_wording_that_nothing_is_like_keeps_the_place_that_xero_names() -> None:
    refusal = from_xero("The flux of the line is out of range.", _LINE, _ELEMENT)
    assert (refusal.code, refusal.pointer) == ("unknown_xero_error", "#/lines/1")
    assert refusal.xero_message == "The flux of the line is out of range."
