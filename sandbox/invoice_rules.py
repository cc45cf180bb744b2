"""What Xero accepts of an invoice's head: contact, number, dates, status, currency. Collects every message."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sandbox import fields
from sandbox.state import Ledger, Record

ARCHIVED_CONTACT = (
    "The contact with the specified contact details has been archived."
    " The contact must be un-archived before creating new invoices or credit notes."
)
WRONG_STATUS = "Invoice not of valid status for modification"
HAS_PAYMENT = "This document cannot be edited as it has a payment or credit note allocated to it."
_MOVES = {
    "DRAFT": ("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"),
    "SUBMITTED": ("SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"),
    "AUTHORISED": ("AUTHORISED", "VOIDED"),
}
_EDITABLE_WHEN_PAID = frozenset({
    "InvoiceID", "Type", "Reference", "DueDate", "InvoiceNumber", "BrandingThemeID", "Contact", "Url", "LineItems",
    "PlannedPaymentDate", "Status",
})  # fmt: skip
_ZONES = {
    "NEWZEALANDSTANDARDTIME": "Pacific/Auckland", "CHATHAMISLANDSSTANDARDTIME": "Pacific/Chatham",
    "AUSEASTERNSTANDARDTIME": "Australia/Sydney", "EAUSTRALIASTANDARDTIME": "Australia/Brisbane",
    "CENAUSTRALIASTANDARDTIME": "Australia/Adelaide", "AUSCENTRALSTANDARDTIME": "Australia/Darwin",
    "WAUSTRALIASTANDARDTIME": "Australia/Perth", "TASMANIASTANDARDTIME": "Australia/Hobart",
}  # fmt: skip
_APPROVAL_CAP = {"ACCREC": 20, "ACCPAY": 5}


@dataclass
class Findings:
    """Messages gathered on the way; nothing stops at the first."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse_if(self, wrong: Any, message: str) -> None:
        """Note the message when the condition holds."""
        if wrong:
            self.errors.append(message)


def today(ledger: Ledger, now: datetime) -> date:
    """The calendar day in the organisation's own time zone."""
    return now.astimezone(ZoneInfo(_ZONES.get(ledger.organisation["Timezone"], "UTC"))).date()


def check_status(found: Findings, existing: Record, sent: Record, status: str) -> None:
    """The status machine; an unknown or new invoice may start as draft, submitted or approved."""
    if not existing:
        found.refuse_if(status not in ("DRAFT", "SUBMITTED", "AUTHORISED"), "Invoice not of valid status for creation")
        return
    before = existing["Status"]
    paid = bool(existing["Payments"])
    if before == "PAID" and status == "PAID":
        status = "AUTHORISED"
    allowed = _MOVES.get("AUTHORISED" if before == "PAID" else before, ())
    found.refuse_if(status not in allowed, WRONG_STATUS)
    if paid and status == "VOIDED":
        found.refuse_if(True, HAS_PAYMENT)
    elif paid:
        found.refuse_if(set(sent) - _EDITABLE_WHEN_PAID or _prices_change(existing, sent), HAS_PAYMENT)


def _prices_change(existing: Record, sent: Record) -> bool:
    lines = fields.objects(sent, "LineItems")
    if lines is None:
        return False
    known = {line["LineItemID"]: line for line in existing["LineItems"]}
    if {fields.guid(line, "LineItemID") for line in lines} != set(known):
        return True
    for line in lines:
        kept = known[fields.guid(line, "LineItemID") or ""]
        for name in ("Quantity", "UnitAmount", "LineAmount", "TaxAmount", "DiscountRate"):
            value = fields.number(line, name)
            if value is not None and value != kept.get(name):
                return True
        if (fields.text(line, "TaxType") or kept["TaxType"]) != kept["TaxType"]:
            return True
    return False


def check_number(found: Findings, ledger: Ledger, invoice: Record) -> None:
    """Sales invoice numbers are unique until the document is deleted; bills may repeat theirs."""
    number = invoice.get("InvoiceNumber") or ""
    if invoice["Type"] == "ACCREC" and number:
        taken = any(
            other["InvoiceID"] != invoice["InvoiceID"]
            and other["Type"] == "ACCREC"
            and other["Status"] != "DELETED"
            and (other.get("InvoiceNumber") or "").casefold() == number.casefold()
            for other in ledger.invoices.values()
        )
        found.refuse_if(taken, "Invoice # must be unique.")
    found.refuse_if(not (number.isascii() and number.isprintable()), "InvoiceNumber must be printable ASCII.")
    found.errors += fields.too_long(invoice, {"InvoiceNumber": 255, "Reference": 255})


def check_dates(found: Findings, ledger: Ledger, existing: Record, invoice: Record) -> None:
    """Nothing on or before a lock date is written or changed; an approved invoice needs a due date."""
    days = [row["Date"] for row in (existing, invoice) if row]
    for name, words in (
        ("EndOfYearLockDate", "end of year lock date"),
        ("PeriodLockDate", "period lock date"),
    ):
        locked: date | None = ledger.organisation.get(name)
        if locked and min(days) <= locked:
            shown = locked.strftime("%d-%b-%Y")
            found.refuse_if(True, f"The document date cannot be before the {words}, currently set at {shown}")
    approved = invoice["Status"] == "AUTHORISED"
    found.refuse_if(approved and invoice["DueDate"] is None, "Due date cannot be empty")


def due_date(contact: Record, kind: str, issued: date) -> date | None:
    """The due date that the contact's payment terms give, or None when it has none."""
    term = (contact.get("PaymentTerms") or {}).get("Sales" if kind == "ACCREC" else "Bills")
    if not term:
        return None
    number, rule = term["Day"], term["Type"]
    first = issued.replace(day=1)
    next_month = (first + timedelta(days=32)).replace(day=1)
    if rule == "DAYSAFTERBILLDATE":
        return issued + timedelta(days=number)
    if rule == "DAYSAFTERBILLMONTH":
        return next_month - timedelta(days=1) + timedelta(days=number)
    start = first if rule == "OFCURRENTMONTH" else next_month
    end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return min(start + timedelta(days=max(number, 1) - 1), end)


def check_head(found: Findings, ledger: Ledger, invoice: Record) -> None:
    """Currency, address of the document, amount type and branding."""
    currency = invoice["CurrencyCode"]
    subscribed = {row["Code"] for row in ledger.currencies}
    found.refuse_if(currency not in subscribed, f"Organisation is not subscribed to currency {currency}")
    url = invoice.get("Url")
    if url:
        found.refuse_if(not _absolute(url), "Url must be a valid absolute url")
        found.refuse_if("xero" in url.lower(), "Url must not contain the word xero")
    theme = invoice.get("BrandingThemeID")
    known = {row["BrandingThemeID"] for row in ledger.branding_themes}
    found.refuse_if(theme and theme not in known, "The BrandingThemeID is not valid.")


def _absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
    except ValueError:
        return False


def check_approval(found: Findings, ledger: Ledger, existing: Record, invoice: Record) -> None:
    """Who may approve, and how many a month a starter plan lets through."""
    if invoice["Status"] != "AUTHORISED" or existing.get("Status") in ("AUTHORISED", "PAID"):
        return
    action = "CreateApprovedInvoice" if invoice["Type"] == "ACCREC" else "CreateApprovedBill"
    denied = not ledger.actions.get(action, True)
    found.refuse_if(denied, "The User specified does not have the correct permissions to perform this action")
    if ledger.organisation["Class"] == "STARTER":
        month = (invoice["Date"].year, invoice["Date"].month)
        approved = sum(
            other["Type"] == invoice["Type"]
            and other["Status"] in ("AUTHORISED", "PAID")
            and (other["Date"].year, other["Date"].month) == month
            for other in ledger.invoices.values()
        )
        full = approved >= _APPROVAL_CAP[invoice["Type"]]
        found.refuse_if(full, "You have reached the limit of invoices you can approve")
