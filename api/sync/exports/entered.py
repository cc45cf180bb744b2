"""Documents that somebody else entered in Xero and that look like invoices of ours."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeAlias
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.records.invoices.service import InvoiceDocument, StandingProblemService
from api.sync.contacts.service import ContactLinkService, Destination, OtherContact
from api.sync.documents.service import (
    Alike,
    Document,
    DocumentService,
    Sibling,
    Sought,
    without_those_of_siblings,
)

AlikeDocument: TypeAlias = Alike[Document]


def places_of(destinations: Mapping[UUID, Destination]) -> dict[UUID, UUID]:
    """Xero's contact for each of ours whose destination is certain and there already."""
    return {
        contact_id: each.xero_contact_id
        for contact_id, each in destinations.items()
        if each.xero_contact_id is not None and each.problem is None
    }


def same_of(destinations: Mapping[UUID, Destination]) -> dict[UUID, frozenset[UUID]]:
    """By our contact, those of Xero that may be the same."""
    return {contact_id: each.same for contact_id, each in destinations.items()}


async def entered_by_others(
    work: UnitOfWork,
    organisation_id: UUID,
    invoices: Collection[InvoiceDocument],
    places: Mapping[UUID, UUID],
    same: Mapping[UUID, Collection[UUID]],
) -> dict[UUID, list[AlikeDocument]]:
    """By invoice, the documents that look like it, the closest first.

    `places`: Xero's contact for each of ours that has one for certain. `same`: those that may be the same as ours. The
    mirror keeps documents of a merged contact at that contact until they are changed.
    """
    sought = [
        Sought(
            invoice.id,
            contact_ids,
            invoice.kind == "supplier",
            invoice.number,
            invoice.issued_on,
            invoice.total,
            invoice.currency,
        )
        for invoice in invoices
        if (contact_ids := _sought_at(invoice.contact_id, places, same))
    ]
    merged = ContactLinkService(work).all_merged(organisation_id)
    alike = await DocumentService(work).others_like(organisation_id, sought, merged)
    own_places = {invoice.id: places.get(invoice.contact_id) for invoice in invoices}
    alike = await _with_names(work, organisation_id, alike, own_places)
    unnumbered = [id for id, own in alike.items() if any(each.evidence != "number" for each in own)]
    siblings = await StandingProblemService(work).siblings(unnumbered) if unnumbered else {}
    for invoice_id, rows in siblings.items():
        others = [Sibling(row.number, row.issued_on) for row in rows]
        alike[invoice_id] = without_those_of_siblings(alike[invoice_id], others)
    return {invoice_id: own for invoice_id, own in alike.items() if own}


def _sought_at(
    contact_id: UUID, places: Mapping[UUID, UUID], same: Mapping[UUID, Collection[UUID]]
) -> tuple[UUID, ...]:
    """Xero's contacts where an invoice of this contact may have been entered, each once."""
    certain = [places[contact_id]] if contact_id in places else []
    return tuple(dict.fromkeys([*certain, *sorted(same.get(contact_id, ()))]))


async def _with_names(
    work: UnitOfWork,
    organisation_id: UUID,
    alike: Mapping[UUID, list[AlikeDocument]],
    places: Mapping[UUID, UUID | None],
) -> dict[UUID, list[AlikeDocument]]:
    """The same; those at a contact that may be another one only if they are close, and with the name of that."""
    elsewhere = {
        each.sought_at
        for id, own in alike.items()
        for each in own
        if each.sought_at is not None and each.sought_at != places[id]
    }
    described = await ContactLinkService(work).described(organisation_id, elsewhere) if elsewhere else {}
    named: dict[UUID, list[AlikeDocument]] = {}
    for invoice_id, own in alike.items():
        others = {other: contact for other, contact in described.items() if other != places[invoice_id]}
        named[invoice_id] = [_named(each, others) for each in own if _is_close(each, others)]
    return named


def _named(alike: AlikeDocument, others: Mapping[UUID, OtherContact]) -> AlikeDocument:
    other = others.get(alike.sought_at) if alike.sought_at else None
    return replace(alike, elsewhere=other.name) if other else alike


def _is_close(alike: AlikeDocument, others: Mapping[UUID, OtherContact]) -> bool:
    """Whether the document is asked about: at a contact that may be another one only if its total is the same.

    The contact of another of ours has bills of its own: there the number has to be the same too.
    """
    other = others.get(alike.sought_at) if alike.sought_at else None
    return other is None or (alike.same_total and (alike.evidence == "number" or not other.is_taken))
