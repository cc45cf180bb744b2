"""Which element of Xero's reply speaks of which item. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from api.xero.wire import Invoice

_MARKER = re.compile(r"/x/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$")


@dataclass(frozen=True)
class Sent:
    """An item as it stood in the request."""

    item_id: UUID
    kind: str
    number: str


def marker(base_url: str, item_id: UUID) -> str:
    """The address written into Xero's `Url`: unique per item, meaningless to others, leading to the invoice."""
    return f"{base_url}/x/{item_id}"


def marked_item(url: str | None) -> UUID | None:
    """The item a document in Xero carries the mark of."""
    match = _MARKER.search(url or "")
    return UUID(match[1]) if match else None


def assign(sent: Sequence[Sent], elements: Sequence[Invoice]) -> Mapping[UUID, Invoice]:
    """By mark first, then by kind and number where both are unique; position decides only what order has proven."""
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
    """Nothing in the element speaks against it."""
    return element.type in (None, _type(item)) and element.invoice_number in (None, "", item.number)


def _type(item: Sent) -> str:
    return "ACCREC" if item.kind == "customer" else "ACCPAY"
