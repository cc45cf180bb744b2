"""The problems that only Xero's refusals raise: our checks prevent them, or cannot know them. Pure."""

from collections.abc import Mapping
from typing import Final

from api.platform.problems import Fix, ProblemKind

_ITEM_CODES: Final = Fix("Open item codes", "/settings/accounting#items")
_CONNECTION: Final = Fix("Open the connection", "/settings/connections/xero")

REFUSAL_KINDS: Final = (
    ProblemKind(
        "due_date_before_date",
        "It is due before its date",
        "Correct the due date or the date of the invoice, then send it again.",
    ),
    ProblemKind("total_below_zero", "The total is below zero", "Correct the lines, so that the total is zero or more."),
    ProblemKind("tax_type_missing", "A line has no tax rate", "Choose a tax rate for the line."),
    ProblemKind(
        "description_missing", "A line has no description", "Describe the line: Xero wants it on what is approved."
    ),
    ProblemKind("discount_refused", "Xero refuses the discount", "Choose a discount from 0 to 100 percent."),
    ProblemKind(
        "amount_too_large", "An amount is too large for Xero", "Divide the line or the invoice into smaller ones."
    ),
    ProblemKind("text_too_long", "A text is too long for Xero", "Shorten the text that the message names."),
    ProblemKind(
        "stock_too_low",
        "Xero has too little stock of an item",
        "Add the stock in Xero, or stop sending item codes. Then send it again.",
    ),
    ProblemKind(
        "contact_email_refused",
        "Xero cannot use the contact's e-mail address",
        "Correct or remove the address of the contact, here and in Xero. Then send it again.",
    ),
    ProblemKind(
        "contact_website_refused",
        "Xero cannot use the contact's website",
        "Correct or remove the website of the contact in Xero, then send it again.",
    ),
    ProblemKind(
        "contact_tracking_missing",
        "The contact has a tracking category that isn't in Xero",
        "Remove the default tracking of the contact in Xero, then send it again.",
    ),
    ProblemKind(
        "document_closed",
        "The document in Xero cannot be changed any more",
        "Open it in Xero: it may be paid, voided or deleted. Exclude this invoice if it is the same one.",
    ),
    ProblemKind(
        "link_refused",
        "Xero refuses the link back to Jobtally",
        "Ask the operator of Jobtally for a public address that is absolute and does not contain the name Xero.",
    ),
    ProblemKind(
        "xero_failed", "Xero had a fault of its own", "Nothing is wrong with the invoice. Send it again later."
    ),
)
REFUSAL_FIXES: Final[Mapping[str, Fix]] = {
    "item_unknown": _ITEM_CODES,
    "stock_too_low": _ITEM_CODES,
    "link_refused": _CONNECTION,
}
# About the contact and not about a field of the invoice.
ABOUT_CONTACT: Final = ("contact_email_refused", "contact_website_refused", "contact_tracking_missing")
