"""Contacts on both sides: what other packages may use."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Subquery

from api.platform.db.work import UnitOfWork
from api.sync.contacts.creation import ContactCreation
from api.sync.contacts.destinations import Destination, How, read_destinations
from api.sync.contacts.linking import place_contacts, read_for_linking
from api.sync.contacts.mirror import Position, position, read_changes
from api.sync.contacts.problems import PROBLEM_KINDS as CONTACT_PROBLEM_KINDS
from api.sync.contacts.pushes.service import ContactChange, ContactPush, delay_push, open_push, push_contacts
from api.sync.contacts.relating import related_contacts
from api.sync.contacts.repository import ContactLinkRepository
from api.sync.contacts.same import OtherContact, described, same_as_these, same_or_near

__all__ = [
    "CONTACT_PROBLEM_KINDS",
    "ContactChange",
    "ContactCreation",
    "ContactLinkService",
    "ContactPush",
    "Destination",
    "How",
    "OtherContact",
    "Position",
    "delay_push",
    "open_push",
    "place_contacts",
    "position",
    "push_contacts",
    "read_changes",
    "read_for_linking",
    "related_contacts",
]


class ContactLinkService:
    """The links of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def linked(self, organisation_id: UUID, contact_ids: Collection[UUID]) -> dict[UUID, UUID]:
        """Xero's ids of those of our contacts that are linked."""
        return await ContactLinkRepository(self._work, organisation_id).linked(contact_ids)

    def places(self, organisation_id: UUID) -> Subquery:
        """For statements to join, by `contact_id`: `has_place`, `is_linked`, `is_to_be_created`, `xero_contact_id`.

        A contact that is not in it is neither linked nor to be created.
        """
        return ContactLinkRepository(self._work, organisation_id).places()

    async def without_place(
        self, organisation_id: UUID, contact_ids: Collection[UUID]
    ) -> tuple[list[UUID], list[UUID]]:
        """Those of these contacts that are neither linked for certain nor to be created.

        With them, the contacts of Xero that their links in doubt lead to.
        """
        return await ContactLinkRepository(self._work, organisation_id).without_place(contact_ids)

    async def merged(self, organisation_id: UUID, xero_contact_ids: Collection[UUID]) -> dict[UUID, UUID]:
        """The contacts of Xero that these were merged into, as the mirror knows them."""
        return await ContactLinkRepository(self._work, organisation_id).merged(xero_contact_ids)

    def all_merged(self, organisation_id: UUID) -> Subquery:
        """For statements to join: `xero_contact_id` of each contact of Xero that was merged, and `merged_to`."""
        return ContactLinkRepository(self._work, organisation_id).all_merged()

    async def doubt(self, organisation_id: UUID, contact_ids: Collection[UUID]) -> None:
        """Have these links checked against Xero before they are used again."""
        await ContactLinkRepository(self._work, organisation_id).doubt(contact_ids)

    async def destinations(self, organisation_id: UUID, contact_ids: Collection[UUID]) -> dict[UUID, Destination]:
        """Whom in Xero these contacts go to, and how that was decided; with a problem where they go nowhere."""
        return await read_destinations(self._work, organisation_id, contact_ids)

    async def same(self, contact_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
        """By our contact, those of Xero that may be the same by their name or a detail, certain or not."""
        return await same_as_these(self._work, contact_ids)

    async def same_or_near(self, contact_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
        """By our contact, active ones of Xero that may be the same, those with nearly its name among them."""
        return await same_or_near(self._work, contact_ids)

    async def described(self, organisation_id: UUID, xero_contact_ids: Collection[UUID]) -> dict[UUID, OtherContact]:
        """The names of these contacts of Xero, and whether they belong to any of ours."""
        return await described(self._work, organisation_id, xero_contact_ids)
