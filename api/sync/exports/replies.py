"""Reading a reply: which element belongs to which item, and what it says about the item. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict
from uuid import UUID

from api.platform.problems import Problem
from api.sync.exports.problems import from_xero, problem, refused_without_reason
from api.xero.wire import Invoice

_NUMBER_TAKEN = "invoice # must be unique"
_MARKER = re.compile(r"/x/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$")


class SentTracking(TypedDict):
    """The cost center of a line in the bytes of an attempt."""

    TrackingOptionID: str


class SentLine(TypedDict):
    """What is read back of a line in the bytes of an attempt."""

    Tracking: NotRequired[list[SentTracking]]


class SentInvoice(TypedDict):
    """What is read back of an invoice in the bytes of an attempt."""

    Type: Literal["ACCREC", "ACCPAY"]
    InvoiceNumber: NotRequired[str]
    LineItems: list[SentLine]


@dataclass(frozen=True)
class Sent:
    """An item as it stood in the request."""

    item_id: UUID
    kind: str
    number: str


def marker(base_url: str, item_id: UUID) -> str:
    """The address written into Xero's `Url`: unique per item, without a secret, and a link to the invoice."""
    return f"{base_url}/x/{item_id}"


def marked_item(url: str | None) -> UUID | None:
    """The item that the marker of a document in Xero names; None without a marker of ours."""
    match = _MARKER.search(url or "")
    return UUID(match[1]) if match else None


def assign(sent: Sequence[Sent], elements: Sequence[Invoice]) -> Mapping[UUID, Invoice]:
    """Assign by marker, then by kind and number where they are unique, then by position if the order is proven."""
    by_id = {item.item_id for item in sent}
    assigned: dict[UUID, Invoice] = {}
    rest: list[tuple[int, Invoice]] = []
    in_order = len(sent) == len(elements)
    for position, element in enumerate(elements):
        item_id = marked_item(element.url)
        if item_id in by_id and item_id not in assigned:
            assigned[item_id] = element
            in_order = in_order and sent[position].item_id == item_id
        elif item_id is None:
            rest.append((position, element))
    waiting = [item for item in sent if item.item_id not in assigned]
    for position, element in rest:
        alike = [item for item in waiting if _same(item, element)]
        twins = [other for _, other in rest if alike and _same(alike[0], other)]
        if len(alike) == 1 and len(twins) == 1:
            assigned[alike[0].item_id] = element
        elif in_order and sent[position] in waiting and _compatible(sent[position], element):
            assigned[sent[position].item_id] = element
    return assigned


def _same(item: Sent, element: Invoice) -> bool:
    return element.type == _type(item) and (element.invoice_number or "") == item.number


def _compatible(item: Sent, element: Invoice) -> bool:
    """Whether no field of the element contradicts the item."""
    return element.type in (None, _type(item)) and element.invoice_number in (None, "", item.number)


def _type(item: Sent) -> str:
    return "ACCREC" if item.kind == "customer" else "ACCPAY"


def judge(item_id: UUID, answer: Invoice | None, taken: Sequence[Invoice]) -> Invoice | list[Problem] | None:
    """The document that Xero holds for the item, or why Xero refused it; None if the outcome is unknown.

    `taken` are the documents in Xero with the numbers that Xero says are taken.
    """
    if answer is None:
        return None
    if answer.accepted:
        return answer
    if number_taken(answer):
        own = next((document for document in taken if marked_item(document.url) == item_id), None)
        return own or _refusals(answer)
    return _refusals(answer) if answer.refused else None


def number_taken(answer: Invoice) -> bool:
    """Whether Xero refused the invoice because a document with its number exists."""
    return answer.refused and any(_NUMBER_TAKEN in error.text.casefold() for error in answer.errors)


def lost_tracking(sent: SentInvoice, document: Invoice) -> list[Problem]:
    """Remarks for lines that Xero stored without their cost center; Xero reports no error for them."""
    if len(document.line_items) != len(sent["LineItems"]):
        return []
    lost = []
    for number, (ours, theirs) in enumerate(zip(sent["LineItems"], document.line_items, strict=True), start=1):
        wanted = {tracking["TrackingOptionID"] for tracking in ours.get("Tracking", ())}
        if wanted - {str(tracking.tracking_option_id) for tracking in theirs.tracking}:
            lost.append(problem("tracking_dropped", f"Line {number} is in Xero without its cost centre."))
    return lost


def _refusals(answer: Invoice) -> list[Problem]:
    by_text = {error.text: from_xero(error.text, error.path) for error in reversed(answer.errors)}
    return list(reversed(by_text.values())) or [refused_without_reason("Xero refused it and gave no reason.")]
