"""Xero's messages become problems with a code, a pointer and a fix."""

import pytest

from api.sync.exports.problems import from_xero

_MESSAGES = {
    "The contact name Tui Cafe is already assigned to another contact."
    " The contact name must be unique across all active contacts.": "contact_name_taken",
    "The contact name already exists. Please enter a different contact name": "contact_name_taken",
    "The Account Number already exists. Please enter a different Account Number.": "contact_refused",
    "The contact number 7 is already assigned to another contact.": "contact_refused",
    "The contact with the specified contact details has been archived."
    " The contact must be un-archived before creating new invoices or credit notes.": "contact_archived",
    "The specified contact details matched an archived contact."
    " Archived contacts cannot currently be edited via the API.": "contact_archived",
    "Unable to assign an Archived contact.": "contact_archived",
    "The status 'ARCHIVED' is not valid for contacts": "contact_archived",
    "Contact Name cannot be empty.": "contact_refused",
    "The Contact must contain at least 1 of the following elements to authenticate the contact:"
    " Name, ContactID, ContactNumber": "contact_refused",
    "A Contact must be specified for this type of transaction": "contact_refused",
    "Paid to name cannot be empty.": "contact_refused",
    "Contact cannot be empty.": "contact_refused",
    "Email address must be valid.": "contact_refused",
    "Website must be valid": "contact_refused",
    "Invoice # must be unique.": "invoice_number_taken",
    "Invoice not of valid status for modification": "unknown_xero_error",
    "Invoice not of valid type for creation": "unknown_xero_error",
    "This document cannot be edited as it has a payment or credit note allocated to it.": "unknown_xero_error",
    "An existing invoice with the specified ID could not be found": "unknown_xero_error",
    "The document date cannot be before the end of year lock date, currently set at 31-Jul-2013": "period_locked",
    "The document date cannot be before the period lock date, currently set at 31-Jul-2013": "period_locked",
    "Account code '999' is not a valid code for this document.": "account_code_unknown",
    "Account code '999' has been archived or has been deleted."
    " Each line item must reference a valid account.": "account_code_archived",
    "Account code or ID must be specified.": "account_code_missing",
    "Account code '476' has been removed as it does not match a recognised account.": "account_code_unknown",
    "The TaxType code 'INPUT2' cannot be used with account code '200'.": "tax_code_mismatch",
    "Tax rate must be Active": "tax_type_unknown",
    "The line total 10.00 does not match the expected line total 10.01": "total_mismatch",
    "The invoice total does not equal the sum of the lines.": "total_mismatch",
    "The tax amount cannot be greater than the line amount!": "unknown_xero_error",
    "The discount rate '120' is invalid. Discount must not be greater than the line total.": "unknown_xero_error",
    "Url must be a valid absolute url": "unknown_xero_error",
    "Organisation is not subscribed to currency EUR": "currency_not_enabled",
    "The current organisation is not subscribed to currency 'EUR'.": "currency_not_enabled",
    "You have reached the limit of invoices you can approve": "plan_limit",
    "The User specified does not have the correct permissions to perform this action": "role_too_low",
    "There is no ACTIVE tracking category with the name 'Region'": "cost_center_unmatched",
    "For each specified tracking option the name must be unique": "cost_center_unmatched",
    "Due date cannot be empty": "due_date_missing",
    "One or more line items must be specified": "lines_missing",
    "Something Xero has never said before": "unknown_xero_error",
}


@pytest.mark.parametrize(("message", "code"), _MESSAGES.items(), ids=range(len(_MESSAGES)))
def test_a_message_of_xero_gets_a_code_and_a_remedy_and_is_kept_as_it_is(message: str, code: str) -> None:
    problem = from_xero(message)
    assert (problem.code, problem.source, problem.xero_message) == (code, "xero", message)
    assert problem.detail
    assert message not in problem.detail


def test_a_message_says_which_line_or_that_it_is_the_contact() -> None:
    assert from_xero("Tax rate must be Active", ("LineItems", 2)).pointer == "#/lines/2"
    assert from_xero("Email address must be valid.", ("Contact",)).pointer == "#/contact_id"
    assert from_xero("Invoice # must be unique.").pointer is None
