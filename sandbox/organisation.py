"""The organisation, the actions its user may perform, its currencies, branding themes and payments."""

from __future__ import annotations

from sandbox import listing
from sandbox.call import Call, Route, settings_scopes
from sandbox.fields import as_guid
from sandbox.replies import Reply, not_found

ACTIONS = (
    "CreateApprovedInvoice",
    "CreateDraftPurchaseOrder",
    "CreateApprovedBill",
    "AttachFilesIntoInvoice",
    "UseMulticurrency",
    "CreateDraftInvoice",
    "CreateRepeatingInvoice",
    "CreateRepeatingBill",
    "CreateSentQuote",
    "CreateInvoicePayment",
    "CreateApprovedPurchaseOrder",
    "CreateDraftQuote",
    "CreateDraftBill",
)
_PAYMENT_SCOPES = ("accounting.payments", "accounting.payments.read")
_PAYMENT_FIELDS = {
    "PaymentID": "guid",
    "Date": "day",
    "Amount": "number",
    "Status": "text",
    "PaymentType": "text",
    "UpdatedDateUTC": "day",
    "Reference": "text",
    "Invoice.InvoiceID": "guid",
    "Invoice.InvoiceNumber": "text",
}


def get_organisation(call: Call) -> Reply:
    """The connected organisation, as a list of one."""
    shown = {name: value for name, value in call.ledger.organisation.items() if value is not None}
    return call.reply("Organisations", [shown])


def get_actions(call: Call) -> Reply:
    """The actions and whether the connected user may perform them."""
    allowed = dict.fromkeys(ACTIONS, True) | call.ledger.actions
    rows = [
        {"Name": name, "Status": "ALLOWED" if is_allowed else "NOT-ALLOWED"} for name, is_allowed in allowed.items()
    ]
    return call.reply("Actions", rows)


def get_currencies(call: Call) -> Reply:
    """The currencies the organisation subscribes to."""
    rows = listing.select(call, call.ledger.currencies, {"Code": "text", "Description": "text"})
    return call.reply("Currencies", rows)


def get_branding_themes(call: Call) -> Reply:
    """Branding themes; the default theme has SortOrder 0."""
    return call.reply("BrandingThemes", call.ledger.branding_themes)


def get_payments(call: Call) -> Reply:
    """The list of payments; only the control routes create them."""
    selected = listing.select(call, call.ledger.payments, _PAYMENT_FIELDS, ("UpdatedDateUTC", "PaymentID"))
    if not listing.wants_page(call):
        return call.reply("Payments", selected)
    shown, pagination = listing.page(call, selected)
    return call.reply("Payments", shown, pagination)


def get_payment(call: Call) -> Reply:
    wanted = as_guid(call.path["key"])
    payment = next((row for row in call.ledger.payments if row["PaymentID"] == wanted), None)
    if payment is None:
        raise not_found()
    return call.reply("Payments", [payment])


ROUTES = [
    Route("GET", "/Organisation", settings_scopes(), get_organisation),
    Route("GET", "/Organisation/Actions", settings_scopes(), get_actions),
    Route("GET", "/Currencies", settings_scopes(), get_currencies),
    Route("GET", "/BrandingThemes", settings_scopes(), get_branding_themes),
    Route("GET", "/Payments", _PAYMENT_SCOPES, get_payments),
    Route("GET", "/Payments/{key}", _PAYMENT_SCOPES, get_payment),
]
