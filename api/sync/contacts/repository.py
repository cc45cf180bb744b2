"""Links and mirrored contacts of one business."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Subquery,
    Text,
    Uuid,
    and_,
    any_,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import InstrumentedAttribute

from api.platform.clock import app_now
from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.platform.problems import Problem, as_rows
from api.sync.contacts.candidates import DecidedBy, Link
from api.sync.contacts.models import ContactLink, MirrorContact, MirrorCursor
from api.sync.writes.models import WriteAttemptElement

_FULL_BATCH = 50
BaseRow = dict[str, dict[str, str]]  # of each side, its values by field
_DECISION_AGE = timedelta(minutes=10)  # of the decision to create a contact, until it is made again


class MirrorContactRow(TypedDict):
    """A row of `mirror_contacts` as it is read from Xero; the business is added when it is stored."""

    id: UUID
    organisation_id: UUID
    xero_contact_id: UUID
    name: str
    name_key: str
    contact_number: str | None
    account_number: str | None
    account_key: str | None
    email: str | None
    phones: list[str]
    first_name: str | None
    last_name: str | None
    address_slots: list[dict[str, str]]
    phone_slots: list[dict[str, str]]
    tax_number: str | None
    status: str
    merged_to: UUID | None
    is_customer: bool
    is_supplier: bool


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
            *self._own, _among(ContactLink.contact_id, contact_ids), ContactLink.state == "linked"
        )
        return {row.contact_id: row.xero_contact_id for row in await self.session.execute(statement)}

    def places(self) -> Subquery:
        """By contact: whether it has a place, is to be created, is linked for certain; and what its link leads to.

        A contact without a row has no place. A decision to create one is made again after a while, because somebody may
        have typed the contact into Xero.
        """
        is_recent = or_(ContactLink.updated_at > app_now() - _DECISION_AGE, _is_in_attempt())
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
        return await self._links(_among(ContactLink.contact_id, contact_ids))

    async def leading_to(self, xero_contact_ids: Collection[UUID]) -> list[Link]:
        """The links that lead to these contacts of Xero's other than by a merge, in doubt or not."""
        leading = _among(ContactLink.xero_contact_id, xero_contact_ids)
        return await self._links(and_(leading, ContactLink.decided_by != "merge"))

    async def links(self) -> list[Link]:
        """Every link, in doubt or not."""
        return await self._links(true())

    async def _links(self, condition: ColumnElement[bool]) -> list[Link]:
        wanted = select(ContactLink.contact_id, ContactLink.xero_contact_id, ContactLink.decided_by)
        statement = wanted.where(*self._own, condition, ContactLink.state != "creating")
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
            *self._own, _among(ContactLink.contact_id, contact_ids), ContactLink.state == "creating"
        )
        rows = (await self.session.execute(statement.order_by(ContactLink.id).with_for_update())).scalars()
        return {row.contact_id: row for row in rows}

    async def to_create(self, contact_ids: Collection[UUID], limit: int) -> Sequence[ContactLink]:
        """Those of these contacts to be created that stand in no open attempt, locked; the smallest batches last."""
        statement = (
            self.rows()
            .where(
                *self._own,
                _among(ContactLink.contact_id, contact_ids),
                ContactLink.state == "creating",
                ~_is_in_attempt(),
            )
            .order_by(ContactLink.batch_limit.desc(), ContactLink.id)
            .limit(limit)
            .with_for_update()
        )
        return list((await self.session.execute(statement)).scalars())

    async def link(
        self, pairs: Mapping[UUID, tuple[UUID, DecidedBy]], bases: Mapping[UUID, BaseRow] | None = None
    ) -> None:
        """Store links: our id to Xero's id and how it was decided. A link that stays, or was merged, keeps its base."""
        values = [
            self._row(
                contact_id,
                state="linked",
                xero_contact_id=xero_contact_id,
                decided_by=decided_by,
                base=(bases or {}).get(contact_id),
            )
            for contact_id, (xero_contact_id, decided_by) in pairs.items()
        ]
        await self._upsert(values, ("state", "xero_contact_id", "decided_by", "base"))

    async def doubt(self, contact_ids: Collection[UUID]) -> None:
        """Have these links checked before they are used again."""
        statement = update(ContactLink).where(
            *self._own, ContactLink.contact_id.in_(contact_ids), ContactLink.state == "linked"
        )
        await self.session.execute(statement.values(state="doubted"))

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
            _among(MirrorContact.xero_contact_id, xero_contact_ids),
            MirrorContact.merged_to.is_not(None),
        )
        return {row.xero_contact_id: row.merged_to for row in await self.session.execute(statement)}

    async def withdraw(self, contact_ids: Collection[UUID]) -> None:
        """Take back the decision to create these."""
        await self.session.execute(
            delete(ContactLink).where(
                *self._own, ContactLink.contact_id.in_(contact_ids), ContactLink.state == "creating"
            )
        )

    def _row(self, contact_id: UUID, **columns: Any) -> dict[str, Any]:
        own = {"id": uuid7(), "business_id": self.business_id, "organisation_id": self._organisation_id}
        return {**own, "contact_id": contact_id, **columns}

    async def _upsert(self, values: Sequence[dict[str, Any]], changed: Sequence[str]) -> None:
        statement = insert(ContactLink).values(values)
        changes: dict[str, Any] = {name: statement.excluded[name] for name in changed} | {"updated_at": app_now()}
        if "base" in changes:
            led_elsewhere = ContactLink.xero_contact_id.is_distinct_from(statement.excluded.xero_contact_id)
            is_new = and_(led_elsewhere, statement.excluded.decided_by != "merge")
            kept = func.coalesce(ContactLink.base, statement.excluded.base)
            changes["base"] = case((is_new, statement.excluded.base), else_=kept)
        await self.session.execute(
            statement.on_conflict_do_update(index_elements=["organisation_id", "contact_id"], set_=changes)
        )


class MirrorContactRepository(Repository[MirrorContact]):
    """The mirror of the contacts of the connected organisation."""

    model = MirrorContact

    async def read_up_to(self, organisation_id: UUID) -> datetime | None:
        """The change up to which this organisation has been read; None before the first whole read."""
        cursor = await self.session.get(MirrorCursor, self.business_id)
        return cursor.read_up_to if cursor and cursor.organisation_id == organisation_id else None

    async def set_read_up_to(self, organisation_id: UUID, instant: datetime) -> None:
        """Note that the organisation has been read up to this change."""
        values = {"organisation_id": organisation_id, "read_up_to": instant}
        statement = insert(MirrorCursor).values(business_id=self.business_id, **values)
        await self.session.execute(
            statement.on_conflict_do_update(index_elements=[MirrorCursor.business_id], set_=values)
        )

    async def clear(self) -> None:
        """Remove every mirrored contact."""
        await self.session.execute(delete(MirrorContact).where(MirrorContact.business_id == self.business_id))

    async def remove(self, xero_contact_ids: Collection[UUID]) -> None:
        """Remove contacts that Xero no longer has."""
        await self.session.execute(
            delete(MirrorContact).where(
                MirrorContact.business_id == self.business_id, MirrorContact.xero_contact_id.in_(xero_contact_ids)
            )
        )

    async def store(self, rows: Sequence[MirrorContactRow]) -> None:
        """Insert or replace contacts."""
        statement = insert(MirrorContact).values([{**row, "business_id": self.business_id} for row in rows])
        changes = {name: statement.excluded[name] for name in rows[0] if name not in ("id", "xero_contact_id")}
        await self.session.execute(
            statement.on_conflict_do_update(index_elements=["business_id", "xero_contact_id"], set_=changes)
        )

    async def of(self, xero_contact_ids: Collection[UUID]) -> dict[UUID, MirrorContact]:
        """Contacts by Xero's id."""
        rows = await self.session.execute(self.rows().where(_among(MirrorContact.xero_contact_id, xero_contact_ids)))
        return {row.xero_contact_id: row for row in rows.scalars()}

    async def numbered(self, contact_numbers: Collection[str]) -> Sequence[MirrorContact]:
        """The contacts with one of these numbers of ours that stand, or that were archived or merged."""
        statement = self.rows().where(_among(MirrorContact.contact_number, contact_numbers))
        return list((await self.session.execute(statement)).scalars())

    async def candidates(
        self,
        *,
        name_keys: Collection[str],
        contact_numbers: Collection[str],
        account_keys: Collection[str],
        xero_contact_ids: Collection[UUID],
    ) -> list[MirrorContact]:
        """Contacts with any of these, and those that they were merged into."""
        condition = or_(
            _among(MirrorContact.name_key, name_keys),
            _among(MirrorContact.contact_number, contact_numbers),
            _among(MirrorContact.account_key, account_keys),
            _among(MirrorContact.xero_contact_id, xero_contact_ids),
        )
        rows: dict[UUID, MirrorContact] = {}
        new = list((await self.session.execute(self.rows().where(condition))).scalars())
        while new:
            rows |= {row.xero_contact_id: row for row in new}
            targets = {row.merged_to for row in new if row.merged_to} - rows.keys()
            merged = self.rows().where(_among(MirrorContact.xero_contact_id, targets))
            new = list((await self.session.execute(merged)).scalars()) if targets else []
        return list(rows.values())


def _is_in_attempt() -> ColumnElement[bool]:
    """The condition that the contact of a link stands in an open attempt."""
    return exists().where(WriteAttemptElement.element_id == ContactLink.contact_id, WriteAttemptElement.open)


def _among(column: InstrumentedAttribute[Any], values: Collection[str] | Collection[UUID]) -> ColumnElement[bool]:
    """A condition with one parameter, however many values there are: a run has up to 10,000 contacts."""
    kind = Uuid() if isinstance(column.type, Uuid) else Text()
    condition: ColumnElement[bool] = column == any_(literal(list(values), ARRAY(kind)))
    return condition
