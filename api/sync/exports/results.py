"""What Xero holds of invoices: which element of a reply belongs to which item, and what it says about it. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.platform.problems import Choice, LedgerDocument, Problem
from api.sync.documents.service import Document as MirroredDocument
from api.sync.exports.problems import KEEP, LOOK_AGAIN, SEVERAL, problem
from api.sync.exports.refusals import from_xero, refused_without_reason
from api.sync.markers import marked_invoice
from api.sync.writes.service import Attempt, Outcomes
from api.xero.wire import Invoice

_NUMBER_TAKEN = "invoice # must be unique"
_REMOVED = ("DELETED", "VOIDED")
_MOST_SHOWN = 5
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class SentInvoice:
    """An item as it stands in the body of an attempt. `element` is the JSON object that was sent."""

    item_id: UUID
    invoice_id: UUID | None  # of the marker
    element: Mapping[str, Any]

    @property
    def type(self) -> str:
        """ACCREC or ACCPAY."""
        return str(self.element["Type"])

    @property
    def number(self) -> str:
        """The InvoiceNumber, empty where there is none."""
        return str(self.element.get("InvoiceNumber") or "")

    @property
    def is_bill(self) -> bool:
        """Whether Xero would take it twice: it refuses only the second customer invoice of a number."""
        return self.type == "ACCPAY"

    def own_among(self, marked: Mapping[UUID, list[Invoice]]) -> list[Invoice]:
        """Its documents among what `own_documents` gives."""
        return marked.get(self.invoice_id, []) if self.invoice_id is not None else []


@dataclass(frozen=True)
class Document:
    """What is kept of an invoice or bill that Xero has."""

    xero_invoice_id: UUID
    status: str | None
    total: Decimal | None
    line_item_ids: Sequence[UUID]
    warnings: Sequence[str]

    @classmethod
    def of(cls, invoice: Invoice) -> "Document":
        """What is kept of Xero's element."""
        lines = [line.line_item_id for line in invoice.line_items if line.line_item_id is not None]
        warnings = [warning.text for warning in invoice.warnings]
        return cls(invoice.invoice_id, invoice.status, invoice.total, lines, warnings)

    @classmethod
    def mirrored(cls, document: MirroredDocument) -> "Document":
        """What is kept of a document of the mirror, which has no lines."""
        return cls(document.xero_invoice_id, document.status, document.total, (), ())


def sent_invoices(attempt: Attempt) -> list[SentInvoice]:
    """The items of an attempt, in the order of its body."""
    return [
        SentInvoice(item_id, marked_invoice(element.get("Url")), element)
        for item_id, element in attempt.elements.items()
    ]


def assign(sent: Sequence[SentInvoice], elements: Sequence[Invoice]) -> dict[UUID, Invoice]:
    """Assign by marker, then by kind and number where they are unique, then by position if the order is proven."""
    by_marker = {entry.invoice_id: entry for entry in sent if entry.invoice_id is not None}
    assigned: dict[UUID, Invoice] = {}
    rest: list[tuple[int, Invoice]] = []
    in_order = len(sent) == len(elements)
    for position, element in enumerate(elements):
        marked = marked_invoice(element.url)
        own = by_marker.get(marked) if marked is not None else None
        if own is not None and own.item_id not in assigned:
            assigned[own.item_id] = element
            in_order = in_order and sent[position].item_id == own.item_id
        elif marked is None:
            rest.append((position, element))
    waiting = [entry for entry in sent if entry.item_id not in assigned]
    for position, element in rest:
        alike = [entry for entry in waiting if _same(entry, element)]
        twins = [other for _, other in rest if alike and _same(alike[0], other)]
        if len(alike) == 1 and len(twins) == 1:
            assigned[alike[0].item_id] = element
        elif in_order and sent[position] in waiting and _compatible(sent[position], element):
            assigned[sent[position].item_id] = element
    return assigned


def _same(entry: SentInvoice, element: Invoice) -> bool:
    return element.type == entry.type and (element.invoice_number or "") == entry.number


def _compatible(entry: SentInvoice, element: Invoice) -> bool:
    """Whether no field of the element contradicts the item."""
    return element.type in (None, entry.type) and element.invoice_number in (None, "", entry.number)


def judge(
    entry: SentInvoice, answer: Invoice | None, taken: Mapping[UUID, list[Invoice]]
) -> Invoice | list[Problem] | None:
    """The document that Xero holds for the item, or why Xero refused it; None if the outcome is unknown.

    `taken` are our documents in Xero with the numbers that Xero says are taken.
    """
    if answer is None:
        return None
    if answer.accepted:
        return answer
    if number_taken(answer):
        return next(iter(entry.own_among(taken)), None) or _refusals(entry, answer)
    return _refusals(entry, answer) if answer.refused else None


def number_taken(answer: Invoice) -> bool:
    """Whether Xero refused the invoice because a document with its number exists."""
    return answer.refused and any(_NUMBER_TAKEN in error.text.casefold() for error in answer.errors)


def own_documents(documents: Iterable[Invoice]) -> dict[UUID, list[Invoice]]:
    """By invoice of ours, the documents that carry its marker: those that stand, else those that were removed."""
    marked: dict[UUID, list[Invoice]] = defaultdict(list)
    for document in documents:
        if (invoice_id := marked_invoice(document.url)) is not None:
            marked[invoice_id].append(document)
    return {
        invoice_id: [each for each in own if each.status not in _REMOVED] or own for invoice_id, own in marked.items()
    }


def placed(sent: Sequence[SentInvoice], documents: Sequence[Invoice]) -> tuple[Outcomes[Invoice], list[SentInvoice]]:
    """What a look-up says: items with a document, or with several; and those that have none."""
    outcomes: Outcomes[Invoice] = Outcomes()
    missing: list[SentInvoice] = []
    marked = own_documents(documents)
    for entry in sent:
        own = entry.own_among(marked)
        if len(own) == 1:
            outcomes.accepted[entry.item_id] = own[0]
        elif own:
            outcomes.review[entry.item_id] = [several_in_xero(own)]
        else:
            missing.append(entry)
    return outcomes, missing


def several_in_xero(documents: Sequence[Invoice | MirroredDocument]) -> Problem:
    """The question which one is kept of the documents that Xero holds for an invoice."""
    live = [each for each in documents if each.status not in _REMOVED]
    keep = [_keep(each) for each in live[:_MOST_SHOWN]]
    detail = f"Xero has {len(documents)} documents for it. Delete or void each of them there, then send it again."
    if keep:
        detail += " Or keep one, and delete or void the others."
    return replace(problem(SEVERAL, detail), choices=(*keep, Choice(LOOK_AGAIN, "Look again")))


def _keep(document: Invoice | MirroredDocument) -> Choice:
    if isinstance(document, Invoice):
        id, number, dated = document.invoice_id, document.invoice_number, document.date
        currency = document.currency_code
    else:
        id, number, dated = document.xero_invoice_id, document.number, document.issued_on
        currency = document.currency
    total = f"{document.total:.2f}" if document.total is not None else None
    shown = LedgerDocument(number or None, dated.isoformat() if dated else None, total, currency, None)
    return Choice(f"{KEEP}{id}", f"Keep {number or 'the one'} ({str(id)[:8]})", shown)


def looks_the_same(entry: SentInvoice, document: Invoice, total: Decimal) -> bool:
    """Whether a document without a marker could be this bill: same kind, number and total."""
    return (
        not document.url
        and document.status not in _REMOVED
        and _same(entry, document)
        and document.total is not None
        and abs(document.total - total) < _CENT
    )


def _refusals(entry: SentInvoice, answer: Invoice) -> list[Problem]:
    by_text = {error.text: from_xero(error.text, error.path, entry.element) for error in reversed(answer.errors)}
    return list(reversed(by_text.values())) or [refused_without_reason("Xero refused it and gave no reason.")]
