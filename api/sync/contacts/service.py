"""Contacts on both sides: what other rooms may ask of it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete

from api.platform.db.work import UnitOfWork
from api.sync.contacts.linking import ensure_contacts
from api.sync.contacts.links import Linked, Refusal, known
from api.sync.contacts.models import ContactLink

__all__ = ["ContactLinkService", "Linked", "Refusal", "ensure_contacts"]


class ContactLinkService:
    """The links of the business at work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def linked(self, organisation_id: UUID, contact_ids: Collection[UUID]) -> dict[UUID, UUID]:
        """Their ids of those of ours that are linked."""
        return await known(self._work, organisation_id, contact_ids)

    async def forget(self, organisation_id: UUID, contact_ids: Collection[UUID]) -> None:
        """Unlink these: who they are in Xero has to be found out anew."""
        await self._work.session.execute(
            delete(ContactLink).where(
                ContactLink.business_id == self._work.business_id,
                ContactLink.organisation_id == organisation_id,
                ContactLink.contact_id.in_(contact_ids),
            )
        )
