"""The write of one invoice: match, validation in Xero's order, amounts, and storage when valid."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox import contact_rules, contacts, fields, invoice_rules, invoice_view, rounding
from sandbox.batch import Outcome, messages
from sandbox.call import Call
from sandbox.invoice_lines import Line, LineSetting, read_lines
from sandbox.invoice_rules import Findings
from sandbox.replies import bad_data, not_found
from sandbox.state import ZERO_ID, Ledger, Record, new_id

_AMOUNT_TYPES = {"exclusive": "Exclusive", "inclusive": "Inclusive", "notax": "NoTax"}
_NUMBER = re.compile(r"INV-(\d+)")
_ZERO = Decimal("0.00")


def save(call: Call, existing: Record, sent: Record) -> Outcome:
    """Create (`existing` empty) or change an invoice."""
    kind = fields.text(sent, "Type") or existing.get("Type") or ""
    if kind not in ("ACCREC", "ACCPAY") or (existing and kind != existing["Type"]):
        return Outcome(_echo(call, existing, sent, []), ["Invoice not of valid type for creation"])
    findings = Findings()
    contact, contact_errors = _contact(call, findings, existing, sent)
    invoice = _header(call, kind, contact, existing, sent)
    invoice_rules.check_status(findings, existing, sent, invoice["Status"])
    invoice_rules.check_number(findings, call.ledger, invoice)
    invoice_rules.check_dates(findings, call.ledger, existing, invoice)
    invoice_rules.check_header(findings, call.ledger, invoice)
    lines = _lines(call, findings, existing, invoice, sent)
    _mark_sent(findings, invoice, sent)
    invoice_rules.check_approval(findings, call.ledger, existing, invoice)
    if findings.errors or contact_errors:
        row = _echo(call, existing, sent, lines)
        if contact_errors:
            row["Contact"] = {**(row.get("Contact") or {}), "ValidationErrors": messages(contact_errors)}
        return Outcome(row, findings.errors + contact_errors, findings.warnings)
    if contact is not None:
        call.ledger.contacts[contact["ContactID"]] = contact
    stored = _complete(call, invoice)
    call.ledger.put_invoice(stored)
    return Outcome(invoice_view.full(call.ledger, stored, call.unit_places), [], findings.warnings)


def _contact(call: Call, findings: Findings, existing: Record, sent: Record) -> tuple[Record | None, list[str]]:
    """The contact, created or changed by the contact fields of the invoice, and the contact's errors."""
    ledger, sent_contact = call.ledger, fields.mapping(sent, "Contact")
    if sent_contact is None:
        findings.refuse_if(not existing, "A Contact must be specified for this type of transaction")
        contact = ledger.contacts[existing["_ContactID"]] if existing else None
        archived = contact is not None and contact["ContactStatus"] == "ARCHIVED" and sent.get("Status") == "VOIDED"
        findings.refuse_if(archived, invoice_rules.ARCHIVED_CONTACT)
        return contact, []
    if not any(fields.text(sent_contact, name) for name in ("ContactID", "ContactNumber", "Name")):
        findings.refuse_if(
            True,
            (
                "The Contact must contain at least 1 of the following elements to identify the contact:"
                " Name, ContactID, ContactNumber"
            ),
        )
        return None, []
    contact = contacts.match(ledger, sent_contact)
    if contact is not None and contact["ContactStatus"] == "ARCHIVED":
        findings.refuse_if(True, invoice_rules.ARCHIVED_CONTACT)
        return contact, []
    extra = {name: value for name, value in sent_contact.items() if value not in (None, [], "")}
    if contact is not None and not set(extra) - {
        "ContactID",
        "ContactNumber",
        "HasAttachments",
        "HasValidationErrors",
    }:
        invalid = not contact_rules.valid_email(contact.get("EmailAddress"))
        return contact, ["Email address must be valid."] if invalid else []
    changed, errors = contact_rules.apply({**(contact or contacts.blank()), "ContactPersons": []}, sent_contact)
    errors += contact_rules.clashes(contacts.known(ledger), changed, names_unique=call.world.options.names_unique)
    if not errors:
        changed = {**changed, "UpdatedDateUTC": call.now}
        if changed["ContactID"] == ZERO_ID:
            changed["ContactID"] = new_id()
    return changed, errors


def _header(call: Call, kind: str, contact: Record | None, existing: Record, sent: Record) -> Record:
    ledger = call.ledger
    blank: Record = {
        "InvoiceID": ZERO_ID,
        "Type": kind,
        "Reference": "",
        "Payments": [],
        "CreditNotes": [],
        "Prepayments": [],
        "Overpayments": [],
        "SentToContact": False,
        "HasAttachments": False,
        "AmountPaid": _ZERO,
        "AmountCredited": _ZERO,
        "LineItems": [],
        "Status": "DRAFT",
        "LineAmountTypes": "Exclusive",
        "DueDate": None,
        "CurrencyCode": ledger.organisation["BaseCurrency"],
        "CurrencyRate": Decimal("1.000000"),
        "_ClientID": call.client_id,
        "_ContactID": ZERO_ID,
        "Date": invoice_rules.today(ledger, call.now),
    }
    invoice = blank | existing
    for name in ("InvoiceNumber", "Url", "CurrencyCode", "Status"):
        invoice[name] = fields.text(sent, name) or invoice.get(name)
    if kind == "ACCREC" and (reference := fields.text(sent, "Reference")) is not None:
        invoice["Reference"] = reference
    for name in ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate"):
        invoice[name] = fields.day(sent, name) or invoice.get(name)
    invoice["BrandingThemeID"] = fields.guid(sent, "BrandingThemeID") or invoice.get("BrandingThemeID")
    rate = fields.number(sent, "CurrencyRate")
    invoice["CurrencyRate"] = rounding.places(rate, 6) if rate else invoice["CurrencyRate"]
    invoice["LineAmountTypes"] = _amount_types(sent) or invoice["LineAmountTypes"]
    if contact is not None:
        invoice["_ContactID"] = contact["ContactID"]
        issued: date = invoice["Date"]
        invoice["DueDate"] = invoice["DueDate"] or invoice_rules.due_date(contact, kind, issued)
    return invoice


def _amount_types(sent: Record) -> str | None:
    value = fields.text(sent, "LineAmountTypes")
    if value and value.lower() not in _AMOUNT_TYPES:
        raise bad_data(f"Error converting value \"{value}\" to type 'LineAmountTypes'. Path 'LineAmountTypes'.")
    return _AMOUNT_TYPES[value.lower()] if value else None


def _lines(call: Call, findings: Findings, existing: Record, invoice: Record, sent: Record) -> list[Line]:
    """The lines after the write. Without sent lines the stored lines stay; leaving draft validates them again."""
    approved = invoice["Status"] in ("SUBMITTED", "AUTHORISED")
    setting = LineSetting(call.ledger, invoice["Type"], approved, invoice["LineAmountTypes"], call.unit_places)
    entries = fields.objects(sent, "LineItems")
    if entries is None and existing:
        promoted = approved and existing["Status"] == "DRAFT"
        if not promoted and invoice["LineAmountTypes"] == existing["LineAmountTypes"]:
            return []
        entries = [{"LineItemID": line["LineItemID"]} for line in existing["LineItems"]]
        setting.unit_places = 4
    lines = read_lines(setting, entries or [], existing.get("LineItems", []))
    invoice["LineItems"] = [line.record for line in lines]
    findings.errors += [error for line in lines for error in line.errors]
    findings.refuse_if(approved and not lines, "One or more line items must be specified")
    _price(findings, invoice, sent)
    return lines


def _mark_sent(findings: Findings, invoice: Record, sent: Record) -> None:
    sent_flag = fields.flag(sent, "SentToContact")
    if sent_flag and invoice["Status"] != "AUTHORISED":
        findings.warnings.append("Only AUTHORISED invoices may have SentToContact updated.")
    elif sent_flag is not None:
        invoice["SentToContact"] = sent_flag


def _price(findings: Findings, invoice: Record, sent: Record) -> None:
    pairs = [(line["LineAmount"], line["TaxAmount"]) for line in invoice["LineItems"]]
    subtotal, tax, total = rounding.totals(pairs, invoice["LineAmountTypes"])
    invoice |= {"SubTotal": subtotal, "TotalTax": tax, "Total": total}
    stated = fields.number(sent, "Total")
    differs = stated is not None and rounding.cents(stated) != total
    findings.refuse_if(differs, "The invoice total does not equal the sum of the lines.")
    findings.refuse_if(total < 0, "The Total for this document must be greater than or equal to zero.")


def _complete(call: Call, invoice: Record) -> Record:
    """The invoice with its id, number, amount due, discount and time of change."""
    stored = {**invoice, "UpdatedDateUTC": call.now}
    if stored["InvoiceID"] == ZERO_ID:
        stored["InvoiceID"] = new_id()
    if stored["Type"] == "ACCREC" and not stored.get("InvoiceNumber"):
        stored["InvoiceNumber"] = _next_number(call.ledger)
    stored.setdefault("SubTotal", _ZERO)
    stored.setdefault("TotalTax", _ZERO)
    stored.setdefault("Total", _ZERO)
    is_void = stored["Status"] in ("VOIDED", "DELETED")
    stored["AmountDue"] = _ZERO if is_void else stored["Total"] - stored["AmountPaid"] - stored["AmountCredited"]
    discounts = [
        rounding.cents(line["Quantity"] * line["UnitAmount"]) - line["LineAmount"] for line in stored["LineItems"]
    ]
    stored["TotalDiscount"] = sum(discounts, _ZERO) or None
    return stored


def _next_number(ledger: Ledger) -> str:
    numbers = [_NUMBER.fullmatch(row.get("InvoiceNumber") or "") for row in ledger.invoices.values()]
    return f"INV-{max((int(match[1]) for match in numbers if match), default=0) + 1:04d}"


def _echo(call: Call, existing: Record, sent: Record, lines: list[Line]) -> Record:
    """The row of a refused invoice: the sent fields, and each line with its errors."""
    row: Record = {name: value for name, value in sent.items() if name not in ("ValidationErrors", "Warnings")}
    row |= {"InvoiceID": existing.get("InvoiceID", ZERO_ID), "HasErrors": True}
    for name in ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate"):
        moment: Any = fields.day(sent, name)
        if moment is not None:
            row[name] = moment
            if name in ("Date", "DueDate"):
                row[f"{name}String"] = invoice_view.day_string(moment)
    entries = fields.objects(sent, "LineItems")
    if entries is not None:
        line_errors = [line.errors for line in lines] or [[] for _ in entries]
        row["LineItems"] = [
            {**entry, "ValidationErrors": messages(errors)} for entry, errors in zip(entries, line_errors, strict=True)
        ]
    return row


def find(ledger: Ledger, key: str) -> Record | None:
    """The invoice with that id, otherwise with that number."""
    if (invoice_id := fields.as_guid(key)) and invoice_id in ledger.invoices:
        return ledger.invoices[invoice_id]
    return next((row for row in ledger.invoices.values() if row.get("InvoiceNumber") == key), None)


def match(ledger: Ledger, sent: Record) -> Record | None:
    """The invoice that a POST changes: by id, otherwise a customer invoice by number."""
    if invoice_id := fields.guid(sent, "InvoiceID"):
        if invoice_id not in ledger.invoices:
            raise not_found()
        return ledger.invoices[invoice_id]
    number = (fields.text(sent, "InvoiceNumber") or "").casefold()
    if not number or (fields.text(sent, "Type") or "ACCREC") != "ACCREC":
        return None
    return next(
        (
            row
            for row in ledger.invoices.values()
            if row["Type"] == "ACCREC" and (row.get("InvoiceNumber") or "").casefold() == number
        ),
        None,
    )
