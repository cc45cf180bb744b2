"""Validation of an invoice's header: number, dates, status, currency. All messages are collected."""

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
_TRANSITIONS = {
    "DRAFT": ("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"),
    "SUBMITTED": ("SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"),
    "AUTHORISED": ("AUTHORISED", "VOIDED"),
}
_EDITABLE_WHEN_PAID = frozenset(
    {
        "InvoiceID",
        "Type",
        "Reference",
        "DueDate",
        "InvoiceNumber",
        "BrandingThemeID",
        "Contact",
        "Url",
        "LineItems",
        "PlannedPaymentDate",
        "Status",
    }
)
_ZONES = {
    "NEWZEALANDSTANDARDTIME": "Pacific/Auckland",
    "CHATHAMISLANDSSTANDARDTIME": "Pacific/Chatham",
    "AUSEASTERNSTANDARDTIME": "Australia/Sydney",
    "EAUSTRALIASTANDARDTIME": "Australia/Brisbane",
    "CENAUSTRALIASTANDARDTIME": "Australia/Adelaide",
    "AUSCENTRALSTANDARDTIME": "Australia/Darwin",
    "WAUSTRALIASTANDARDTIME": "Australia/Perth",
    "TASMANIASTANDARDTIME": "Australia/Hobart",
}
_STARTER_APPROVALS_PER_MONTH = {"ACCREC": 20, "ACCPAY": 5}


@dataclass
class Findings:
    """The errors and warnings of an invoice."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse_if(self, condition: Any, message: str) -> None:
        """Add `message` to the errors when the condition is true."""
        if condition:
            self.errors.append(message)


def today(ledger: Ledger, now: datetime) -> date:
    """The calendar day in the organisation's own time zone."""
    return now.astimezone(ZoneInfo(_ZONES.get(ledger.organisation["Timezone"], "UTC"))).date()


def check_status(findings: Findings, existing: Record, sent: Record, status: str) -> None:
    """Check the status transition; a new invoice may be a draft, submitted or authorised."""
    if not existing:
        is_invalid = status not in ("DRAFT", "SUBMITTED", "AUTHORISED")
        findings.refuse_if(is_invalid, "Invoice not of valid status for creation")
        return
    before = existing["Status"]
    paid = bool(existing["Payments"])
    if before == "PAID" and status == "PAID":
        status = "AUTHORISED"
    allowed = _TRANSITIONS.get("AUTHORISED" if before == "PAID" else before, ())
    findings.refuse_if(status not in allowed, WRONG_STATUS)
    if paid and status == "VOIDED":
        findings.refuse_if(True, HAS_PAYMENT)
    elif paid:
        findings.refuse_if(set(sent) - _EDITABLE_WHEN_PAID or _prices_change(existing, sent), HAS_PAYMENT)


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


def check_number(findings: Findings, ledger: Ledger, invoice: Record) -> None:
    """Check that the number is printable ASCII and, for a customer invoice, unique among those not deleted."""
    number = invoice.get("InvoiceNumber") or ""
    if invoice["Type"] == "ACCREC" and number:
        taken = any(
            other["InvoiceID"] != invoice["InvoiceID"]
            and other["Type"] == "ACCREC"
            and other["Status"] != "DELETED"
            and (other.get("InvoiceNumber") or "").casefold() == number.casefold()
            for other in ledger.invoices.values()
        )
        findings.refuse_if(taken, "Invoice # must be unique.")
    findings.refuse_if(not (number.isascii() and number.isprintable()), "InvoiceNumber must be printable ASCII.")
    findings.errors += fields.too_long(invoice, {"InvoiceNumber": 255, "Reference": 255})


def check_dates(findings: Findings, ledger: Ledger, existing: Record, invoice: Record) -> None:
    """Refuse dates on or before a lock date, early due dates, and an authorised invoice without a due date."""
    days = [row["Date"] for row in (existing, invoice) if row]
    is_adviser = ledger.actions.get("ApproveTransactionsBeforePeriodLockDate", False)
    for name, label in (
        ("EndOfYearLockDate", "end of year lock date"),
        ("PeriodLockDate", "period lock date"),
    ):
        locked: date | None = ledger.organisation.get(name)
        if locked and min(days) <= locked and not (is_adviser and name == "PeriodLockDate"):
            shown = locked.strftime("%d-%b-%Y")
            findings.refuse_if(True, f"The document date cannot be before the {label}, currently set at {shown}")
    approved = invoice["Status"] == "AUTHORISED"
    findings.refuse_if(approved and invoice["DueDate"] is None, "Due date cannot be empty")
    is_early = invoice["DueDate"] is not None and invoice["DueDate"] < invoice["Date"]
    findings.refuse_if(is_early, "Due Date cannot be before the invoice date")


def due_date(contact: Record, kind: str, issued: date) -> date | None:
    """The due date by the contact's payment terms, or None without terms."""
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


def check_header(findings: Findings, ledger: Ledger, invoice: Record) -> None:
    """Check currency, URL and branding theme."""
    currency = invoice["CurrencyCode"]
    subscribed = {row["Code"] for row in ledger.currencies}
    if not ledger.actions.get("UseMulticurrency", True):
        subscribed = {ledger.organisation["BaseCurrency"]}
    findings.refuse_if(currency not in subscribed, f"Organisation is not subscribed to currency {currency}")
    url = invoice.get("Url")
    if url:
        findings.refuse_if(not _absolute(url), "Url must be a valid absolute url")
        findings.refuse_if("xero" in url.lower(), "Url must not contain the word xero")
    theme = invoice.get("BrandingThemeID")
    known = {row["BrandingThemeID"] for row in ledger.branding_themes}
    findings.refuse_if(theme and theme not in known, "The BrandingThemeID is not valid.")


def _absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
    except ValueError:
        return False


def check_approval(findings: Findings, ledger: Ledger, existing: Record, invoice: Record) -> None:
    """Check the user's permission to enter or approve, and the monthly limit of the starter plan."""
    is_approval = invoice["Status"] == "AUTHORISED" and existing.get("Status") not in ("AUTHORISED", "PAID")
    if existing and not is_approval:
        return
    noun = "Invoice" if invoice["Type"] == "ACCREC" else "Bill"
    denied = not ledger.actions.get(f"Create{'Approved' if is_approval else 'Draft'}{noun}", True)
    findings.refuse_if(denied, "The User specified does not have the correct permissions to perform this action")
    if is_approval and ledger.organisation["Class"] == "STARTER":
        month = (invoice["Date"].year, invoice["Date"].month)
        approved = sum(
            other["Type"] == invoice["Type"]
            and other["Status"] in ("AUTHORISED", "PAID")
            and (other["Date"].year, other["Date"].month) == month
            for other in ledger.invoices.values()
        )
        full = approved >= _STARTER_APPROVALS_PER_MONTH[invoice["Type"]]
        findings.refuse_if(full, "You have reached the limit of invoices you can approve")
