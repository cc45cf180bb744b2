"""An invoice as Xero's JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from sandbox import contact_view, rounding, tracking
from sandbox.state import Ledger, Record

_PLAIN = (
    "Type",
    "InvoiceID",
    "InvoiceNumber",
    "Reference",
    "Payments",
    "CreditNotes",
    "Prepayments",
    "Overpayments",
    "AmountDue",
    "AmountPaid",
    "AmountCredited",
    "CurrencyRate",
    "SentToContact",
    "Url",
    "BrandingThemeID",
    "TotalDiscount",
    "HasAttachments",
    "Status",
    "LineAmountTypes",
    "SubTotal",
    "TotalTax",
    "Total",
    "UpdatedDateUTC",
    "CurrencyCode",
    "FullyPaidOnDate",
    "ExpectedPaymentDate",
    "PlannedPaymentDate",
)
_NOT_IN_SUMMARY = ("Payments", "HasAttachments", "LineItems", "CISDeduction")


def day_string(moment: object) -> str:
    """The organisation's calendar day as `2019-03-11T00:00:00`."""
    return f"{moment}T00:00:00"


def full(ledger: Ledger, invoice: Record, unit_places: int) -> Record:
    """All fields, with lines and the full contact."""
    row = _header(invoice)
    row["Contact"] = contact_view.full(ledger, ledger.contacts[invoice["_ContactID"]])
    row["LineItems"] = [_line(ledger, line, unit_places) for line in invoice["LineItems"]]
    return row


def unpaged(ledger: Ledger, invoice: Record) -> Record:
    """The fields in a list without `page`: no lines and a short contact."""
    contact = contact_view.reference(ledger.contacts[invoice["_ContactID"]])
    return {**_header(invoice), "Contact": contact, "LineItems": []}


def summary(ledger: Ledger, invoice: Record, *, with_url: bool) -> Record:
    """The fields with `summaryOnly=true`."""
    row = unpaged(ledger, invoice)
    left_out = _NOT_IN_SUMMARY if with_url else (*_NOT_IN_SUMMARY, "Url")
    return {name: value for name, value in row.items() if name not in left_out}


def _header(invoice: Record) -> Record:
    row = {name: invoice[name] for name in _PLAIN if invoice.get(name) is not None}
    row["HasErrors"] = False
    row["IsDiscounted"] = bool(invoice.get("TotalDiscount"))
    for name in ("Date", "DueDate"):
        if invoice.get(name):
            row[f"{name}String"] = day_string(invoice[name])
            row[name] = invoice[name]
    moment: datetime = invoice["UpdatedDateUTC"]
    row["UpdatedDateUTCString"] = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return row


def _line(ledger: Ledger, line: Record, unit_places: int) -> Record:
    unit: Decimal = line["UnitAmount"]
    return {
        **line,
        "UnitAmount": rounding.places(unit, unit_places),
        "Tracking": tracking.current(ledger, line["Tracking"]),
        "ValidationErrors": [],
    }
