"""Documents that somebody else entered in Xero and that look like invoices of ours."""

from collections.abc import Collection, Mapping
from typing import TypeAlias
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.records.invoices.service import InvoiceDocument, StandingProblemService
from api.sync.contacts.service import ContactLinkService
from api.sync.documents.service import (
    Alike,
    Document,
    DocumentService,
    Sibling,
    Sought,
    without_those_of_siblings,
)

AlikeDocument: TypeAlias = Alike[Document]


async def entered_by_others(
    work: UnitOfWork, organisation_id: UUID, invoices: Collection[InvoiceDocument], places: Mapping[UUID, UUID]
) -> dict[UUID, list[AlikeDocument]]:
    """By invoice, the documents that look like it, the closest first. `places`: Xero's contact for each of ours.

    The mirror keeps documents of a merged contact at that contact until they are changed.
    """
    sought = [
        Sought(
            invoice.id,
            place,
            invoice.kind == "supplier",
            invoice.number,
            invoice.issued_on,
            invoice.total,
            invoice.currency,
        )
        for invoice in invoices
        if (place := places.get(invoice.contact_id)) is not None
    ]
    merged = ContactLinkService(work).all_merged(organisation_id)
    alike = await DocumentService(work).others_like(organisation_id, sought, merged)
    unnumbered = [id for id, own in alike.items() if any(each.evidence != "number" for each in own)]
    siblings = await StandingProblemService(work).siblings(unnumbered) if unnumbered else {}
    for invoice_id, rows in siblings.items():
        others = [Sibling(row.number, row.issued_on) for row in rows]
        alike[invoice_id] = without_those_of_siblings(alike[invoice_id], others)
    return {invoice_id: own for invoice_id, own in alike.items() if own}
