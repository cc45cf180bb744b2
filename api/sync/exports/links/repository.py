"""The links of the invoices of one business to their documents in Xero."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import Insert

from api.platform.db.repository import Repository
from api.platform.db.rows import insertion
from api.platform.ids import uuid7
from api.sync.exports.models import InvoiceLink
from api.sync.exports.results import Document


class InvoiceLinkRepository(Repository[InvoiceLink]):
    """The links of the invoices of one business."""

    model = InvoiceLink

    async def of(self, organisation_id: UUID, invoice_ids: Sequence[UUID]) -> dict[UUID, InvoiceLink]:
        """The links of these invoices in one organisation, by invoice."""
        statement = self.rows().where(
            InvoiceLink.organisation_id == organisation_id, InvoiceLink.invoice_id.in_(invoice_ids)
        )
        return {link.invoice_id: link for link in (await self.session.execute(statement)).scalars()}

    async def store(self, organisation_id: UUID, documents: Mapping[UUID, Document]) -> None:
        """Link each invoice to its document; an invoice that has a link keeps it."""
        await self.session.execute(self._insertion(organisation_id, documents).on_conflict_do_nothing())

    async def link_by_person(self, organisation_id: UUID, documents: Mapping[UUID, Document]) -> set[UUID]:
        """Link each invoice to its document as a person has decided; gives those that had no link, nor the document."""
        if not documents:
            return set()
        statement = self._insertion(organisation_id, documents, by_person=True).on_conflict_do_nothing()
        return set((await self.session.execute(statement.returning(InvoiceLink.invoice_id))).scalars())

    def _insertion(
        self, organisation_id: UUID, documents: Mapping[UUID, Document], *, by_person: bool = False
    ) -> Insert:
        links = [
            {
                "id": uuid7(),
                "invoice_id": invoice_id,
                "xero_invoice_id": document.xero_invoice_id,
                "xero_status": document.status,
                "xero_total": document.total,
                "line_item_ids": list(document.line_item_ids),
            }
            for invoice_id, document in documents.items()
        ]
        own = {"business_id": self.business_id, "organisation_id": organisation_id, "by_person": by_person}
        return insertion(InvoiceLink, links, **own)
