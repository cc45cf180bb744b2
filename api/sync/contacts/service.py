"""Contacts on both sides: what other packages may use."""

from collections.abc import Collection
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.sync.contacts.linking import ensure_contacts
from api.sync.contacts.links import Linked
from api.sync.contacts.problems import PAYER_REFERENCE_TAKEN
from api.sync.contacts.problems import PROBLEM_KINDS as CONTACT_PROBLEM_KINDS
from api.sync.contacts.repository import ContactLinkRepository

__all__ = [
    "CONTACT_PROBLEM_KINDS",
    "PAYER_REFERENCE_TAKEN",
    "ContactLinkService",
    "Linked",
    "ensure_contacts",
]


class ContactLinkService:
    """The links of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def linked(self, organisation_id: UUID, contact_ids: Collection[UUID]) -> dict[UUID, UUID]:
        """Xero's ids of those of our contacts that are linked."""
        return await ContactLinkRepository(self._work, organisation_id).linked(contact_ids)

    async def doubt(self, organisation_id: UUID, contact_ids: Collection[UUID]) -> None:
        """Have these links checked against Xero before they are used again."""
        await ContactLinkRepository(self._work, organisation_id).doubt(contact_ids)
