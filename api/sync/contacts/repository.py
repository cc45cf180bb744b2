"""The links of the contacts of one business."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, case, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import app_now
from api.platform.db.repository import Repository, is_any_of
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.platform.problems import Problem, as_rows
from api.records.contacts.models import Contact
from api.records.contacts.service import SyncState
from api.sync.contacts.candidates import DecidedBy, Link
from api.sync.contacts.evidence import EvidenceKind
from api.sync.contacts.mirrored.repository import MirrorContactRepository, MirrorContactRow, among
from api.sync.contacts.models import ContactLink, MirrorContact
from api.sync.writes.models import WriteAttemptElement

__all__ = [
    "LINKED",
    "ContactLinkRepository",
    "Intent",
    "Linked",
    "MirrorContactRepository",
    "MirrorContactRow",
    "is_in_attempt",
]

LINKED = ("linked", "doubted")
_FULL_BATCH = 50
_OF_THE_DECISION = {"evidence", "decided_by_user", "decided_at"}
BaseRow = dict[str, dict[str, str]]  # of each side, its values by field
_DECISION_AGE = timedelta(minutes=10)  # of the decision to create a contact, until it is made again


@dataclass(frozen=True)
class Linked:
    """The contact of Xero that a contact is, how that was decided, what agreed, and the user who decided."""

    xero_contact_id: UUID
    decided_by: DecidedBy
    evidence: Sequence[EvidenceKind] = ()
    decided_by_user: str | None = None


@dataclass(frozen=True)
class Intent:
    """How a contact is to be created."""

    without_reference: bool = False
    remarks: Sequence[Problem] = ()


class ContactLinkRepository(Repository[ContactLink]):
    """The links of a business in one organisation."""

    model = ContactLink

    def __init__(self, work: UnitOfWork, organisation_id: UUID) -> None:
        super().__init__(work)
        self._organisation_id = organisation_id
        self._own = (ContactLink.business_id == work.business_id, ContactLink.organisation_id == organisation_id)

    async def linked(self, contact_ids: Collection[UUID]) -> dict[UUID, UUID]:
        """Xero's ids of those of our contacts whose link is not in doubt."""
        statement = select(ContactLink.contact_id, ContactLink.xero_contact_id).where(
            *self._own, among(ContactLink.contact_id, contact_ids), ContactLink.state == "linked"
        )
        return {row.contact_id: row.xero_contact_id for row in await self.session.execute(statement)}

    def places(self) -> Subquery:
        """By contact: whether it has a place, is to be created, is linked for certain; and what its link leads to.

        A contact without a row has no place. A decision to create one is made again after a while, because somebody may
        have typed the contact into Xero.
        """
        is_recent = or_(ContactLink.updated_at > app_now() - _DECISION_AGE, is_in_attempt())
        is_linked, is_to_be_created = ContactLink.state == "linked", ContactLink.state == "creating"
        return (
            select(
                ContactLink.contact_id,
                ContactLink.xero_contact_id,
                or_(is_linked, and_(is_to_be_created, is_recent)).label("has_place"),
                is_linked.label("is_linked"),
                is_to_be_created.label("is_to_be_created"),
            )
            .where(*self._own)
            .subquery("contact_places")
        )

    async def without_place(self, contact_ids: Collection[UUID]) -> tuple[list[UUID], list[UUID]]:
        """Those of these contacts that have no place, and the contacts of Xero that their links in doubt lead to."""
        places = self.places()
        rows = (await self.session.execute(select(places).where(places.c.contact_id.in_(contact_ids)))).all()
        placed = {row.contact_id for row in rows if row.has_place}
        doubted = [row.xero_contact_id for row in rows if not row.has_place and row.xero_contact_id is not None]
        return [contact_id for contact_id in contact_ids if contact_id not in placed], doubted

    async def of(self, contact_ids: Collection[UUID]) -> list[Link]:
        """The links of these contacts of ours, in doubt or not."""
        return await self._links(among(ContactLink.contact_id, contact_ids))

    async def leading_to(self, xero_contact_ids: Collection[UUID], *, by_merge: bool = False) -> list[Link]:
        """The links that lead to these contacts of Xero's, in doubt or not; those by a merge only if wanted."""
        leading = among(ContactLink.xero_contact_id, xero_contact_ids)
        return await self._links(leading if by_merge else and_(leading, ContactLink.decided_by != "merge"))

    async def _links(self, condition: ColumnElement[bool]) -> list[Link]:
        wanted = select(ContactLink.contact_id, ContactLink.xero_contact_id, ContactLink.decided_by)
        statement = wanted.where(*self._own, condition, ContactLink.state.in_(LINKED))
        rows = await self.session.execute(statement)
        return [Link(row.contact_id, row.xero_contact_id, row.decided_by) for row in rows]

    async def intend(self, intents: Mapping[UUID, Intent]) -> None:
        """Note that these contacts have to be created."""
        values = [
            self._row(
                contact_id,
                state="creating",
                batch_limit=_FULL_BATCH,
                without_reference=intent.without_reference,
                remarks=as_rows(intent.remarks),
            )
            for contact_id, intent in intents.items()
        ]
        await self._upsert(values, ("state", "without_reference", "remarks"))

    async def creating(self, contact_ids: Collection[UUID]) -> dict[UUID, ContactLink]:
        """Those of these contacts that are to be created, locked."""
        statement = self.rows().where(
            *self._own, among(ContactLink.contact_id, contact_ids), ContactLink.state == "creating"
        )
        rows = (await self.session.execute(statement.order_by(ContactLink.id).with_for_update())).scalars()
        return {row.contact_id: row for row in rows}

    async def to_create(self, contact_ids: Collection[UUID], limit: int) -> Sequence[ContactLink]:
        """Those of these contacts to be created that stand in no open attempt, locked; the smallest batches last."""
        statement = (
            self.rows()
            .where(
                *self._own,
                among(ContactLink.contact_id, contact_ids),
                ContactLink.state == "creating",
                ~is_in_attempt(),
            )
            .order_by(ContactLink.batch_limit.desc(), ContactLink.id)
            .limit(limit)
            .with_for_update()
        )
        return list((await self.session.execute(statement)).scalars())

    async def link(self, links: Mapping[UUID, Linked], bases: Mapping[UUID, BaseRow] | None = None) -> None:
        """Store links by our contact.

        A link that stays, or was merged, keeps its base. How and when it was decided stays with the same decision.
        """
        instant = await self.work.now()
        values = [
            self._row(
                contact_id,
                state="linked",
                xero_contact_id=new.xero_contact_id,
                decided_by=new.decided_by,
                evidence=list(new.evidence),
                decided_by_user=new.decided_by_user,
                decided_at=instant,
                base=(bases or {}).get(contact_id),
                refused_write=None,
            )
            for contact_id, new in links.items()
        ]
        await self._upsert(
            values, ("state", "xero_contact_id", "decided_by", "base", "refused_write", *_OF_THE_DECISION)
        )

    async def doubt(self, contact_ids: Collection[UUID]) -> None:
        """Have these links checked before they are used again."""
        statement = update(ContactLink).where(
            *self._own, ContactLink.contact_id.in_(contact_ids), ContactLink.state == "linked"
        )
        await self.session.execute(statement.values(state="doubted"))

    async def concerned(self, xero_contact_ids: Collection[UUID]) -> set[UUID]:
        """Our contacts that are linked to these contacts of Xero, and all that are unsure or failed."""
        return await self._linked_or_waiting(among(ContactLink.xero_contact_id, xero_contact_ids))

    async def linked_or_waiting(self) -> set[UUID]:
        """Our contacts that are linked, in doubt or not, and all that are unsure or failed."""
        return await self._linked_or_waiting()

    async def _linked_or_waiting(self, *conditions: ColumnElement[bool]) -> set[UUID]:
        is_own = ContactLink.contact_id == Contact.id
        leads = exists().where(*self._own, is_own, ContactLink.state.in_(LINKED), *conditions)
        waits = Contact.sync_state.in_((SyncState.UNSURE, SyncState.FAILED))
        statement = select(Contact.id).where(Contact.business_id == self.business_id, or_(leads, waits))
        return set((await self.session.execute(statement)).scalars())

    async def all_linked(self) -> set[UUID]:
        """Our contacts that are linked, in doubt or not."""
        statement = select(ContactLink.contact_id).where(*self._own, ContactLink.state.in_(LINKED))
        return set((await self.session.execute(statement)).scalars())

    async def settle(self, contact_ids: Collection[UUID]) -> None:
        """Take the doubt from these links."""
        doubted = (*self._own, is_any_of(ContactLink.contact_id, contact_ids), ContactLink.state == "doubted")
        await self.session.execute(update(ContactLink).where(*doubted).values(state="linked"))

    async def forget(self, xero_contact_ids: Collection[UUID]) -> None:
        """Remove the links to contacts that Xero no longer has."""
        await self.session.execute(
            delete(ContactLink).where(*self._own, ContactLink.xero_contact_id.in_(xero_contact_ids))
        )

    async def merged(self, xero_contact_ids: Collection[UUID]) -> dict[UUID, UUID]:
        """The contacts of Xero that these were merged into, as the mirror knows them."""
        statement = select(MirrorContact.xero_contact_id, MirrorContact.merged_to).where(
            MirrorContact.business_id == self.business_id,
            MirrorContact.organisation_id == self._organisation_id,
            among(MirrorContact.xero_contact_id, xero_contact_ids),
            MirrorContact.merged_to.is_not(None),
        )
        return {row.xero_contact_id: row.merged_to for row in await self.session.execute(statement)}

    def all_merged(self) -> Subquery:
        """For statements to join: `xero_contact_id` of each contact that was merged, and `merged_to`."""
        merged = select(MirrorContact.xero_contact_id, MirrorContact.merged_to).where(
            MirrorContact.business_id == self.business_id,
            MirrorContact.organisation_id == self._organisation_id,
            MirrorContact.merged_to.is_not(None),
        )
        return merged.subquery("merged")

    async def withdraw(self, contact_ids: Collection[UUID], refused_writes: Mapping[UUID, str] | None = None) -> None:
        """Take back the decision to create these; what a person decided stays, to be looked at again.

        `refused_writes` has the fingerprints of those whose name Xero refused.
        """
        creating = (*self._own, ContactLink.contact_id.in_(contact_ids), ContactLink.state == "creating")
        is_decided = or_(ContactLink.decided_by == "person", ContactLink.xero_contact_id.is_not(None))
        if refused_writes:
            refused = update(ContactLink).where(*creating, ContactLink.contact_id.in_(refused_writes))
            state = case((is_decided, "decided"), else_="refused")
            write = case(dict(refused_writes), value=ContactLink.contact_id)
            await self.session.execute(refused.values(state=state, refused_write=write))
        await self.session.execute(update(ContactLink).where(*creating, is_decided).values(state="decided"))
        await self.session.execute(delete(ContactLink).where(*creating))

    def _row(self, contact_id: UUID, **columns: Any) -> dict[str, Any]:
        own = {"id": uuid7(), "business_id": self.business_id, "organisation_id": self._organisation_id}
        return {**own, "contact_id": contact_id, **columns}

    async def _upsert(self, values: Sequence[dict[str, Any]], changed: Sequence[str]) -> None:
        statement = insert(ContactLink)
        new = statement.excluded
        changes: dict[str, Any] = {name: new[name] for name in changed} | {"updated_at": app_now()}
        led_elsewhere = ContactLink.xero_contact_id.is_distinct_from(new.xero_contact_id)
        if "base" in changes:
            is_new = and_(led_elsewhere, new.decided_by != "merge")
            changes["base"] = case((is_new, new.base), else_=func.coalesce(ContactLink.base, new.base))
        decided_otherwise = or_(led_elsewhere, ContactLink.decided_by.is_distinct_from(new.decided_by))
        for name in changes.keys() & _OF_THE_DECISION:
            changes[name] = case((decided_otherwise, new[name]), else_=ContactLink.__table__.c[name])
        upsert = statement.on_conflict_do_update(index_elements=["organisation_id", "contact_id"], set_=changes)
        await self.session.execute(upsert, list(values))


def is_in_attempt() -> ColumnElement[bool]:
    """The condition that the contact of a link stands in an open attempt."""
    return exists().where(WriteAttemptElement.element_id == ContactLink.contact_id, WriteAttemptElement.open)
