"""Xero's sentences become problems with a code, the field that they are about, and a fix."""

from typing import Any
from uuid import UUID

import pytest

from api.platform.ids import encode
from api.sync.exports.problems import PROBLEM_KINDS, at_contact, kind_named
from api.sync.exports.refusal_kinds import REFUSAL_KINDS
from api.sync.exports.refusals import from_xero, refused_without_reason, warning_from_xero
from api.sync.exports.sendable import with_fix

_CONTACT, _LINE, _TRACKING = ("Contact",), ("LineItems", 1), ("LineItems", 1, "Tracking", 0)
_NAME_TAKEN = (
    "The contact name {} is already assigned to another contact."
    " The contact name must be unique across all active contacts."
)
_ARCHIVED = (
    "The contact with the specified contact details has been archived."
    " The contact must be un-archived before creating new invoices or credit notes."
)
_ARCHIVED_ACCOUNT = (
    "Account code '999' has been archived or has been deleted. Each line item must reference a valid account."
)
_TAX_GONE = "The TaxType code 'X' does not exist or cannot be used for this type of transaction."
_ELEMENT: dict[str, Any] = {
    "LineItems": [
        {"Description": "Thanks"},
        {"AccountCode": "200", "TaxType": "OUTPUT2", "ItemCode": "PIPE15"},
        {"AccountCode": "999", "TaxType": "X", "ItemCode": "GONE"},
    ]
}
# Xero's sentence, its place in the element, the code, and the field of the invoice.
_SENTENCES: list[tuple[str, tuple[str | int, ...], str, str | None]] = [
    # about the contact
    (_NAME_TAKEN.format("Tui Cafe"), (), "contact_name_taken", "#/contact_id"),
    (_NAME_TAKEN.format("Discount Rate Plumbing"), (), "contact_name_taken", "#/contact_id"),
    (_NAME_TAKEN.format("Tui Cafe"), _CONTACT, "contact_name_taken", "#/contact_id"),
    (
        "The contact name already exists. Please enter a different contact name",
        (),
        "contact_name_taken",
        "#/contact_id",
    ),
    (
        "The Account Number already exists. Please enter a different Account Number.",
        (),
        "contact_refused",
        "#/contact_id",
    ),
    ("The contact number 7 is already assigned to another contact.", (), "contact_refused", "#/contact_id"),
    (_ARCHIVED, (), "contact_archived", "#/contact_id"),
    (_ARCHIVED, _CONTACT, "contact_archived", "#/contact_id"),
    (
        (
            "The specified contact details matched an archived contact. Archived"
            " contacts cannot currently be edited via the API."
        ),
        (),
        "contact_archived",
        "#/contact_id",
    ),
    ("Unable to assign an Archived contact.", (), "contact_archived", "#/contact_id"),
    ("The status 'ARCHIVED' is not valid for contacts", (), "contact_archived", "#/contact_id"),
    ("Contact Name cannot be empty.", (), "contact_refused", "#/contact_id"),
    (
        (
            "The Contact must contain at least 1 of the following elements"
            " to identify the contact: Name, ContactID, ContactNumber"
        ),
        (),
        "contact_refused",
        "#/contact_id",
    ),
    ("A Contact must be specified for this type of transaction", (), "contact_refused", "#/contact_id"),
    ("Paid to name cannot be empty.", (), "contact_refused", "#/contact_id"),
    ("Contact cannot be empty.", (), "contact_refused", "#/contact_id"),
    ("Email address must be valid.", (), "contact_email_refused", "#/contact_id"),
    ("Email address must be valid.", _CONTACT, "contact_email_refused", "#/contact_id"),
    ("Website must be valid", (), "contact_website_refused", "#/contact_id"),
    ("Website must be valid", ("Contact", "ContactPersons", 0), "contact_website_refused", "#/contact_id"),
    (
        "There is no ACTIVE tracking category with the name 'Region'",
        _CONTACT,
        "contact_tracking_missing",
        "#/contact_id",
    ),
    ("A sentence about the contact that nobody has seen", _CONTACT, "contact_refused", "#/contact_id"),
    # about a line
    (
        "Account code '999' is not a valid code for this document.",
        (),
        "account_code_unknown",
        "#/lines/2/accounting_code",
    ),
    ("Account code '998' is not a valid code for this document.", (), "account_code_unknown", "#/lines"),
    (
        "Account code '999' is not a valid code for this document.",
        _LINE,
        "account_code_unknown",
        "#/lines/1/accounting_code",
    ),
    (
        "Account code '999' does not exist or cannot be applied to Items.",
        (),
        "account_code_unknown",
        "#/lines/2/accounting_code",
    ),
    (
        "Account code '999' has been removed as it does not match a recognised account.",
        (),
        "account_code_unknown",
        "#/lines/2/accounting_code",
    ),
    ("Account must be valid.", (), "account_code_unknown", "#/lines"),
    (_ARCHIVED_ACCOUNT, (), "account_code_archived", "#/lines/2/accounting_code"),
    (
        _ARCHIVED_ACCOUNT.replace("archived or", "archived, or"),
        _LINE,
        "account_code_archived",
        "#/lines/1/accounting_code",
    ),
    ("Account code or ID must be specified.", _LINE, "account_code_missing", "#/lines/1/accounting_code"),
    ("Account code must be specified", (), "account_code_missing", "#/lines"),
    (
        "You cannot save this transaction using an inventory account type",
        _LINE,
        "account_code_wrong_type",
        "#/lines/1/accounting_code",
    ),
    ("The TaxType code 'X' cannot be used with account code '999'.", (), "tax_code_mismatch", "#/lines/2/tax_type"),
    (
        "The TaxType code 'OUTPUT2' cannot be used with account code '200'.",
        _LINE,
        "tax_code_mismatch",
        "#/lines/1/tax_type",
    ),
    (_TAX_GONE, (), "tax_type_unknown", "#/lines/2/tax_type"),
    (_TAX_GONE.replace("'", ""), (), "tax_type_unknown", "#/lines/2/tax_type"),
    ("Tax rate must be Active", _LINE, "tax_type_unknown", "#/lines/1/tax_type"),
    ("Tax rate must be valid.", (), "tax_type_unknown", "#/lines"),
    ("Tax rate must be valid.", ("LineItems", "LineItem", 0), "tax_type_unknown", "#/lines"),
    ("The TaxType field is mandatory", _LINE, "tax_type_missing", "#/lines/1/tax_type"),
    ("Item code 'GONE' is not valid", (), "item_unknown", "#/lines/2/item_code"),
    ("Item Code is invalid", _LINE, "item_unknown", "#/lines/1/item_code"),
    ("The quantity on hand of the item is too low. Insufficient stock.", _LINE, "stock_too_low", "#/lines/1/item_code"),
    (
        "There is no ACTIVE tracking category with the name 'Region'",
        _TRACKING,
        "cost_center_unmatched",
        "#/lines/1/cost_center_id",
    ),
    ("There is no ACTIVE tracking category with the name 'Region'", (), "cost_center_unmatched", "#/lines"),
    ("For each specified tracking option the name must be unique", (), "cost_center_unmatched", "#/lines"),
    ("A sentence about tracking that nobody has seen", _TRACKING, "cost_center_unmatched", "#/lines/1/cost_center_id"),
    ("The line total 10.00 does not match the expected line total 10.01", _LINE, "total_mismatch", "#/lines/1"),
    ("The invoice total does not equal the sum of the lines.", (), "total_mismatch", "#/lines"),
    ("The tax amount cannot be greater than the line amount!", _LINE, "total_mismatch", "#/lines/1"),
    (
        "The discount rate '120' is invalid. Discount must not be greater than the line total.",
        _LINE,
        "discount_refused",
        "#/lines/1/discount_percent",
    ),
    ("Description cannot be empty.", _LINE, "description_missing", "#/lines/1/description"),
    ("Description must be specified", (), "description_missing", "#/lines"),
    ("The line total must not exceed 9999999999.99.", _LINE, "amount_too_large", "#/lines/1"),
    ("One or more line items must be specified", (), "lines_missing", "#/lines"),
    # about the whole invoice
    ("Invoice # must be unique.", (), "invoice_number_taken", "#/number"),
    ("Due Date cannot be before the invoice date", (), "due_date_before_date", "#/due_on"),
    ("The document DueDate field must be specified.", (), "due_date_missing", "#/due_on"),
    ("Due date cannot be empty", (), "due_date_missing", "#/due_on"),
    (
        "The document date cannot be before the end of year lock date, currently set at 31-Jul-2013",
        (),
        "period_locked",
        "#/issued_on",
    ),
    (
        "The document date cannot be before the period lock date, currently set at 31-Jul-2013",
        (),
        "period_locked",
        "#/issued_on",
    ),
    ("Organisation is not subscribed to currency EUR", (), "currency_not_enabled", "#/currency"),
    ("The current organisation is not subscribed to currency 'EUR'.", (), "currency_not_enabled", "#/currency"),
    ("The Total for this document must be greater than or equal to zero.", (), "total_below_zero", "#/lines"),
    ("You have reached the limit of invoices you can approve", (), "plan_limit", None),
    ("The User specified does not have the correct permissions to perform this action", (), "role_too_low", None),
    ("Invoice not of valid status for modification", (), "document_closed", None),
    ("This document cannot be edited as it has a payment or credit note allocated to it.", (), "document_closed", None),
    ("An existing invoice with the specified ID could not be found", (), "document_closed", None),
    ("Url must be a valid absolute url", (), "link_refused", None),
    ("The field Reference exceeds the maximum length of 255.", (), "text_too_long", None),
    ("The string length of Description must be 4000 characters or less.", _LINE, "text_too_long", "#/lines/1"),
    (
        (
            "An error occurred in Xero. Check the API Status page http://status.developer.xero.com"
            " for current service status."
        ),
        (),
        "xero_failed",
        None,
    ),
    # what nobody has seen is kept as it is
    ("Invoice not of valid type for creation", (), "unknown_xero_error", None),
    ("Something Xero has never said before", (), "unknown_xero_error", None),
    ("Something Xero has never said of a line", _LINE, "unknown_xero_error", "#/lines/1"),
]


@pytest.mark.parametrize(("message", "path", "code", "pointer"), _SENTENCES, ids=range(len(_SENTENCES)))
def test_a_sentence_of_xero_gets_a_code_a_field_a_remedy_and_a_fix(
    message: str, path: tuple[str | int, ...], code: str, pointer: str | None
) -> None:
    problem = from_xero(message, path, _ELEMENT)
    assert (problem.code, problem.pointer) == (code, pointer)
    assert (problem.source, problem.xero_message) == ("xero", message)
    assert problem.detail == kind_named(code).remedy
    assert with_fix(problem, "customer", UUID(int=1)).fix is not None


def test_at_least_sixty_sentences_are_known_and_every_kind_of_refusal_is_raised_by_one() -> None:
    known = {message for message, _, code, _ in _SENTENCES if code != "unknown_xero_error"}
    assert len(known) >= 60
    assert {kind.code for kind in REFUSAL_KINDS} <= {code for _, _, code, _ in _SENTENCES}
    assert set(REFUSAL_KINDS) <= set(PROBLEM_KINDS)


def test_a_refusal_of_the_contact_leads_to_the_contact() -> None:
    contact_id = UUID(int=7)
    fix = at_contact(from_xero("Email address must be valid."), contact_id).fix
    assert fix is not None
    assert fix.href == f"/contacts/{encode('con', contact_id)}"
    of_a_line = from_xero("Tax rate must be Active", _LINE)
    assert at_contact(of_a_line, contact_id) == of_a_line


def test_a_warning_and_a_refusal_without_a_reason_have_kinds_of_their_own() -> None:
    warning = warning_from_xero("Only AUTHORISED invoices may have SentToContact updated.")
    assert (warning.code, warning.detail) == ("xero_warning", warning.xero_message)
    assert refused_without_reason("Xero refused it.").xero_message is None
