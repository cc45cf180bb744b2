"""What Xero stored otherwise than it was sent. Pure: the element of an attempt against Xero's answer."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from api.platform.problems import Problem
from api.sync.exports.problems import problem
from api.xero.wire import Invoice, LineItem

_FIELDS = (
    ("Date", "date", "date"),
    ("DueDate", "due_date", "due date"),
    ("InvoiceNumber", "invoice_number", "number"),
    ("Reference", "reference", "reference"),
    ("CurrencyCode", "currency_code", "currency"),
    ("LineAmountTypes", "line_amount_types", "amounts"),
    ("Status", "status", "status"),
)
_LINE_FIELDS = (
    ("AccountCode", "account_code", "code"),
    ("TaxType", "tax_type", "tax rate"),
    ("ItemCode", "item_code", "item"),
    ("Quantity", "quantity", "quantity"),
    ("UnitAmount", "unit_amount", "price"),
)
# What a person or a payment may do to a document between its creation and a look-up.
_LATER_STATUSES = ("SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")


def remarks_on(sent: Mapping[str, Any], document: Invoice) -> list[Problem]:
    """One remark for each difference; a field that the answer leaves out says nothing."""
    remarks = [
        problem("stored_differently", f"We sent the {name} {ours}, Xero has {theirs}.")
        for name, ours, theirs in _differences(sent, document)
    ]
    if len(document.line_items) != len(sent["LineItems"]):
        if document.line_items:
            count = len(sent["LineItems"])
            detail = f"We sent {count} {'line' if count == 1 else 'lines'}, Xero has {len(document.line_items)}."
            remarks.append(problem("stored_differently", detail))
        return remarks
    for number, (ours, theirs) in enumerate(zip(sent["LineItems"], document.line_items, strict=True), start=1):
        remarks += _line_remarks(number, ours, theirs)
    return remarks


def _differences(sent: Mapping[str, Any], document: Invoice) -> Iterator[tuple[str, str, str]]:
    contact = document.contact
    if contact is not None and contact.contact_id.int and str(contact.contact_id) != sent["Contact"]["ContactID"]:
        yield "contact", sent["Contact"]["ContactID"], f"{contact.name or contact.contact_id}"
    for wire_name, attribute, name in _FIELDS:
        ours, theirs = sent.get(wire_name), getattr(document, attribute)
        if ours is None or theirs is None or _same(ours, theirs):
            continue
        if name == "status" and theirs in _LATER_STATUSES and ours != "AUTHORISED":
            continue
        if name == "status" and theirs in ("PAID", "VOIDED", "DELETED"):
            continue
        yield name, str(ours), str(theirs)


def _line_remarks(number: int, ours: Mapping[str, Any], theirs: LineItem) -> Iterator[Problem]:
    for wire_name, attribute, name in _LINE_FIELDS:
        sent, stored = ours.get(wire_name), getattr(theirs, attribute)
        if sent is not None and stored is not None and not _same(sent, stored):
            detail = f"Line {number}: we sent the {name} {sent}, Xero has {stored}."
            yield problem("stored_differently", detail, pointer=f"#/lines/{number - 1}")
    wanted = {tracking["TrackingOptionID"] for tracking in ours.get("Tracking", ())}
    if wanted - {str(tracking.tracking_option_id) for tracking in theirs.tracking}:
        yield problem("tracking_dropped", f"Line {number} is in Xero without its cost centre.")


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, Decimal):
        return Decimal(str(ours)) == theirs
    return str(ours).strip() == str(theirs).strip()
