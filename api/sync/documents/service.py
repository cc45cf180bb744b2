"""The documents that an organisation holds: what other packages may use."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Subquery

from api.platform.db.work import UnitOfWork
from api.sync.documents.likeness import (
    Alike,
    Sibling,
    Sought,
    alike_documents,
    closest,
    without_those_of_siblings,
)
from api.sync.documents.mirror import PAGES_OF_A_TURN, read_on
from api.sync.documents.models import MirrorDocument
from api.sync.documents.others.repository import OtherDocumentRepository
from api.sync.documents.problems import PROBLEM_KINDS as DOCUMENT_PROBLEM_KINDS
from api.sync.documents.repository import DocumentCursorRepository, MirrorDocumentRepository

__all__ = [
    "DOCUMENT_PROBLEM_KINDS",
    "PAGES_OF_A_TURN",
    "Alike",
    "Document",
    "DocumentService",
    "MarkedDocuments",
    "Sibling",
    "Sought",
    "closest",
    "read_on",
    "without_those_of_siblings",
]


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice (ACCREC) or bill (ACCPAY) as the organisation held it at the last read."""

    xero_invoice_id: UUID
    marker_invoice_id: UUID | None
    type: str | None
    number: str | None
    reference: str | None
    xero_contact_id: UUID | None
    issued_on: date | None
    due_on: date | None
    currency: str | None
    status: str
    total: Decimal | None
    amount_paid: Decimal | None
    amount_credited: Decimal | None
    amount_due: Decimal | None
    is_live: bool  # neither voided nor deleted


@dataclass(frozen=True, slots=True)
class MarkedDocuments:
    """The documents whose marker names one invoice: the live ones, and those that were voided or deleted."""

    live: tuple[Document, ...]
    removed: tuple[Document, ...]


class DocumentService:
    """The mirrored documents of one business. `read_on` brings the mirror up to now first."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def is_complete(self, organisation_id: UUID) -> bool:
        """Whether the mirror lacks nothing that the organisation held at the last read."""
        return await DocumentCursorRepository(self._work, organisation_id).is_complete()

    async def is_unfinished(self, organisation_id: UUID) -> bool:
        """Whether reading on would bring more, but for what nobody can read."""
        return await DocumentCursorRepository(self._work, organisation_id).is_unfinished()

    async def progress(self, organisation_id: UUID) -> tuple[datetime | None, bool]:
        """When the last reading that ended began, by the database's clock, and whether another one has not ended.

        None, and True, before the first whole read.
        """
        return await DocumentCursorRepository(self._work, organisation_id).progress()

    async def by_marker(self, organisation_id: UUID, invoice_ids: Collection[UUID]) -> dict[UUID, MarkedDocuments]:
        """The documents marked with these invoices; an invoice without any is left out."""
        documents: dict[UUID, list[Document]] = {}
        for row in await MirrorDocumentRepository(self._work, organisation_id).by_markers(invoice_ids):
            if row.marker_invoice_id is not None:
                documents.setdefault(row.marker_invoice_id, []).append(_document(row))
        return {
            invoice_id: MarkedDocuments(
                live=tuple(document for document in marked if document.is_live),
                removed=tuple(document for document in marked if not document.is_live),
            )
            for invoice_id, marked in documents.items()
        }

    async def numbered(self, organisation_id: UUID, numbers: Collection[str]) -> dict[str, list[Document]]:
        """The customer invoices with these numbers, voided ones too, by number in lower case."""
        documents: dict[str, list[Document]] = {}
        keys = {number.lower() for number in numbers}
        for row in await MirrorDocumentRepository(self._work, organisation_id).numbered(keys):
            documents.setdefault((row.number or "").lower(), []).append(_document(row))
        return documents

    async def others_like(
        self, organisation_id: UUID, sought: Sequence[Sought], merged: Subquery
    ) -> dict[UUID, list[Alike[Document]]]:
        """By invoice, the documents that others have entered and that look like it, the closest first.

        `merged` has the contacts of Xero that were merged into another: `xero_contact_id`, `merged_to`.
        """
        repository = OtherDocumentRepository(self._work, organisation_id)
        rows = await repository.others_like(sought, merged) if sought else []
        documents_of: dict[UUID, list[Document]] = defaultdict(list)
        sought_at: dict[tuple[UUID, UUID], UUID] = {}
        history_ends: date | None = None
        for invoice_id, xero_contact_id, row, first_read_at in rows:
            documents_of[invoice_id].append(_document(row))
            sought_at[invoice_id, row.xero_invoice_id] = xero_contact_id
            history_ends = first_read_at.date() if first_read_at else None
        alike_by: dict[UUID, list[Alike[Document]]] = {}
        for own in sought:
            if own.invoice_id not in documents_of:
                continue
            is_history = history_ends is not None and own.issued_on <= history_ends
            alike = alike_documents(own, documents_of[own.invoice_id], is_bill=own.is_bill, is_history=is_history)
            alike_by[own.invoice_id] = [
                replace(each, sought_at=sought_at[own.invoice_id, each.document.xero_invoice_id]) for each in alike
            ]
        return {invoice_id: alike for invoice_id, alike in alike_by.items() if alike}

    async def note_different(self, organisation_id: UUID, documents: Mapping[UUID, Collection[UUID]]) -> None:
        """Note that these documents (Xero's ids) are not these invoices: they are never compared again."""
        await OtherDocumentRepository(self._work, organisation_id).note_different(documents)

    async def forget_different(self, organisation_id: UUID, invoice_id: UUID) -> bool:
        """Compare the invoice with all documents again; gives whether any was noted as different."""
        return await OtherDocumentRepository(self._work, organisation_id).forget_different(invoice_id)

    async def approved_in(self, organisation_id: UUID, months: Collection[date]) -> dict[tuple[str, date], int]:
        """How many documents of each type (ACCREC, ACCPAY) that are dated in these months (first days) are approved."""
        return await MirrorDocumentRepository(self._work, organisation_id).approved_in(months)

    async def by_xero_ids(self, organisation_id: UUID, xero_invoice_ids: Collection[UUID]) -> dict[UUID, Document]:
        """Those of these documents that the mirror has, by Xero's id."""
        rows = await MirrorDocumentRepository(self._work, organisation_id).by_xero_ids(xero_invoice_ids)
        return {row.xero_invoice_id: _document(row) for row in rows}


def _document(row: MirrorDocument) -> Document:
    return Document(**{name: getattr(row, name) for name in Document.__dataclass_fields__})
