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
)
_LINE_FIELDS = (
    ("AccountCode", "account_code", "code"),
    ("TaxType", "tax_type", "tax rate"),
    ("ItemCode", "item_code", "item"),
    ("Quantity", "quantity", "quantity"),
    ("UnitAmount", "unit_amount", "price"),
)
_AMOUNTS = {"Exclusive": "excluding tax", "Inclusive": "including tax", "NoTax": "without any tax"}
# In the order of a document's life. Between its creation and a look-up a person may approve, pay or void it in Xero, so
# that only a status before the one that was sent is a difference.
_STATUSES = {"DRAFT": "a draft", "SUBMITTED": "waiting for approval", "AUTHORISED": "approved"}


def remarks_on(sent: Mapping[str, Any], document: Invoice) -> list[Problem]:
    """One remark for each difference; a field that the answer leaves out says nothing."""
    remarks = [problem("stored_differently", detail) for detail in _differences(sent, document)]
    lines = sent["LineItems"]
    if len(document.line_items) == len(lines):
        for number, (ours, theirs) in enumerate(zip(lines, document.line_items, strict=True), start=1):
            remarks += _line_remarks(number, ours, theirs)
    elif document.line_items:
        count = f"{len(lines)} {'line' if len(lines) == 1 else 'lines'}"
        remarks.append(problem("stored_differently", f"We sent {count}, Xero has {len(document.line_items)}."))
    return remarks


def _differences(sent: Mapping[str, Any], document: Invoice) -> Iterator[str]:
    contact = document.contact
    if contact is not None and contact.contact_id.int and str(contact.contact_id) != sent["Contact"]["ContactID"]:
        yield f"In Xero it belongs to {contact.name or 'a contact'}, which is not the contact that we sent."
    for wire_name, attribute, name in _FIELDS:
        ours, theirs = sent.get(wire_name), getattr(document, attribute)
        if _differ(ours, theirs):
            yield f"We sent the {name} {ours}, Xero has {theirs}."
    ours, theirs = sent["LineAmountTypes"], document.line_amount_types
    if _differ(ours, theirs):
        yield f"We sent the amounts {_AMOUNTS[ours]}, Xero has them {_AMOUNTS.get(theirs or '', theirs)}."
    if sent.get("SentToContact") and document.sent_to_contact is False:
        yield "We sent it marked as sent to the customer, Xero has it without this mark."
    order = list(_STATUSES)
    if document.status in order[: order.index(sent["Status"])]:
        yield f"We sent it as {_STATUSES[sent['Status']]}, Xero has it as {_STATUSES[document.status]}."


def _line_remarks(number: int, ours: Mapping[str, Any], theirs: LineItem) -> Iterator[Problem]:
    for wire_name, attribute, name in _LINE_FIELDS:
        sent, stored = ours.get(wire_name), getattr(theirs, attribute)
        if _differ(sent, stored):
            detail = f"Line {number}: we sent the {name} {sent}, Xero has {stored}."
            yield problem("stored_differently", detail, pointer=f"#/lines/{number - 1}")
    if ours.get("ItemCode") and theirs.line_item_id is not None and theirs.item_code is None:
        detail = f"Line {number}: we sent the item {ours['ItemCode']}, Xero has none."
        yield problem("stored_differently", detail, pointer=f"#/lines/{number - 1}")
    wanted = {tracking["TrackingOptionID"] for tracking in ours.get("Tracking", ())}
    stored_options = {str(tracking.tracking_option_id) for tracking in theirs.tracking}
    if "tracking" in theirs.model_fields_set and wanted - stored_options:
        yield problem("tracking_dropped", f"Line {number} is in Xero without its cost centre.")


def _differ(ours: Any, theirs: Any) -> bool:
    """Whether two values differ that are both there. Numbers are compared as numbers, text without blanks around it."""
    if ours is None or theirs is None:
        return False
    if isinstance(theirs, Decimal):
        return Decimal(str(ours)) != theirs
    return str(ours).strip() != str(theirs).strip()
