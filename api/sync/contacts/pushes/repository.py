"""Pushes and their contacts, and which businesses are due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import BIT, JSONB, insert

from api.platform.clock import app_now
from api.platform.db.repository import Repository, is_any_of
from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.platform.ids import uuid7
from api.records.preferences.service import pushing_businesses
from api.sync.connections.service import connected_businesses
from api.sync.contacts.models import ContactLink, MirrorContact
from api.sync.contacts.pushes.models import ContactPush, ContactPushItem
from api.sync.contacts.pushes.slots import ID_DIGITS, MINUTES, ORIGIN, PERIOD
from api.sync.contacts.pushes.states import UNFINISHED, PushAction, PushResult
from api.sync.contacts.repository import BaseRow
from api.sync.writes.models import WriteAttemptElement

_KEPT = timedelta(days=90)


class UnknownPush(NotFound):
    code, title = "unknown_contact_push", "There is no such push of contacts"


class ContactPushRepository(Repository[ContactPush]):
    """Pushes, newest first."""

    model = ContactPush
    missing = UnknownPush

    async def unfinished(self, *, locked: bool = False) -> ContactPush | None:
        """The push that is under way."""
        statement = self.rows().where(ContactPush.state.in_(UNFINISHED))
        if locked:
            statement = statement.with_for_update()
        push: ContactPush | None = (await self.session.execute(statement)).scalar_one_or_none()
        return push

    async def begin(self, organisation_id: UUID, **columns: Any) -> UUID | None:
        """Store a new push; None if another one is under way, or was made for this slot."""
        counts = {"total": 0, **dict.fromkeys(map(str, PushResult), 0)}
        values = {"id": uuid7(), "business_id": self.business_id, "organisation_id": organisation_id}
        statement = insert(ContactPush).values(**values, state="queued", compared=False, **counts, **columns)
        begun = await self.session.execute(statement.on_conflict_do_nothing().returning(ContactPush.id))
        return begun.scalar_one_or_none()

    async def latest(self, *, finished: bool = False) -> ContactPush | None:
        """The newest push."""
        statement = self.rows().order_by(ContactPush.created_at.desc(), ContactPush.id.desc()).limit(1)
        if finished:
            statement = statement.where(ContactPush.finished_at.is_not(None))
        push: ContactPush | None = (await self.session.execute(statement)).scalar_one_or_none()
        return push

    def listed(self) -> Select[*tuple[Any, ...]]:
        """Select the pushes as they are listed."""
        return select(*ContactPush.__table__.columns).where(ContactPush.business_id == self.business_id)

    async def recount(self, push: ContactPush) -> None:
        """Bring a locked push's counts in line with its contacts."""
        statement = select(ContactPushItem.result, func.count()).where(ContactPushItem.push_id == push.id)
        rows = (await self.session.execute(statement.group_by(ContactPushItem.result))).all()
        counts = {row.result: int(row[1]) for row in rows}
        for result in PushResult:
            setattr(push, result, counts.get(result, 0))
        push.total = sum(counts.values())

    async def forget_old(self) -> None:
        """Delete the pushes that ended long ago."""
        old = and_(ContactPush.business_id == self.business_id, ContactPush.finished_at < app_now() - _KEPT)
        await self.session.execute(delete(ContactPush).where(old))


class ContactPushItemRepository(Repository[ContactPushItem]):
    """The contacts of pushes, in the order in which they were compared."""

    model = ContactPushItem

    async def store(self, items: Sequence[ContactPushItem]) -> None:
        """Store contacts of a push."""
        for item in items:
            item.business_id = self.business_id
        self.session.add_all(items)
        await self.session.flush()

    def of_push(self, result: PushResult | None) -> Select[*tuple[Any, ...]]:
        """Select the contacts of the push that is the parameter `parent_id`, or those of them with a result."""
        own = select(*ContactPushItem.__table__.columns).where(
            ContactPushItem.business_id == self.business_id,
            ContactPushItem.push_id == bindparam("parent_id", type_=Uuid()),
        )
        return own if result is None else own.where(ContactPushItem.result == result)

    async def waiting_ids(self, push_id: UUID, action: PushAction | None = None) -> list[UUID]:
        """The contacts of a push that wait, in their order."""
        statement = select(ContactPushItem.contact_id).where(*self._waiting(push_id))
        if action is not None:
            statement = statement.where(ContactPushItem.action == action)
        return list((await self.session.execute(statement.order_by(ContactPushItem.id))).scalars())

    async def locked(self, push_id: UUID, contact_ids: Collection[UUID]) -> dict[UUID, ContactPushItem]:
        """These contacts of a push as far as they wait, locked, by contact."""
        own = self.rows().where(*self._waiting(push_id), is_any_of(ContactPushItem.contact_id, contact_ids))
        rows = (await self.session.execute(own.order_by(ContactPushItem.id).with_for_update())).scalars()
        return {row.contact_id: row for row in rows}

    async def to_change(self, push_id: UUID, organisation_id: UUID, limit: int) -> list[ContactPushItem]:
        """Contacts to be changed that are linked and stand in no open attempt, locked; the smallest batches last."""
        is_linked = exists().where(
            ContactLink.organisation_id == organisation_id,
            ContactLink.contact_id == ContactPushItem.contact_id,
            ContactLink.state == "linked",
        )
        in_attempt = exists().where(
            WriteAttemptElement.element_id == ContactPushItem.contact_id, WriteAttemptElement.open
        )
        statement = (
            self.rows()
            .where(*self._waiting(push_id), ContactPushItem.action == PushAction.UPDATE, is_linked, ~in_attempt)
            .order_by(ContactPushItem.batch_limit.desc(), ContactPushItem.id)
            .limit(limit)
            .with_for_update()
        )
        return list((await self.session.execute(statement)).scalars())

    async def count_with_problems(self, push_id: UUID) -> int:
        """How many contacts of a push deserve a look."""
        statement = select(func.count()).where(
            ContactPushItem.push_id == push_id, func.jsonb_array_length(ContactPushItem.problems) > 0
        )
        return int(await self.session.scalar(statement) or 0)

    async def drop(self, push_id: UUID, contact_ids: Collection[UUID]) -> None:
        """Remove contacts for which there is nothing to do any more."""
        statement = delete(ContactPushItem).where(
            *self._waiting(push_id), is_any_of(ContactPushItem.contact_id, contact_ids)
        )
        await self.session.execute(statement.execution_options(synchronize_session=False))

    def _waiting(self, push_id: UUID) -> tuple[ColumnElement[bool], ...]:
        return (
            ContactPushItem.business_id == self.business_id,
            ContactPushItem.push_id == push_id,
            ContactPushItem.result == PushResult.WAITING,
        )


class LinkedContactRepository(Repository[ContactLink]):
    """The links that a push compares and that keep what both sides agreed on."""

    model = ContactLink

    def __init__(self, work: UnitOfWork, organisation_id: UUID) -> None:
        super().__init__(work)
        self._organisation = ContactLink.organisation_id == organisation_id

    async def certain(self, contact_ids: Collection[UUID]) -> list[ContactLink]:
        """The links of these contacts that are not in doubt."""
        linked = self.rows().where(
            self._organisation, is_any_of(ContactLink.contact_id, contact_ids), ContactLink.state == "linked"
        )
        return list((await self.session.execute(linked)).scalars())

    async def save_refused_writes(self, writes: Mapping[UUID, str]) -> None:
        """Store the fingerprints of the changes whose name Xero refused, by our contact."""
        statement = update(ContactLink).where(
            ContactLink.business_id == self.business_id,
            self._organisation,
            is_any_of(ContactLink.contact_id, writes),
        )
        refused = case(dict(writes), value=ContactLink.contact_id)
        await self.session.execute(statement.values(refused_write=refused).execution_options(synchronize_session=False))

    async def save_bases(self, bases: Mapping[UUID, tuple[UUID, BaseRow]]) -> None:
        """Store what both sides agreed on, by our contact and Xero's; a link that leads elsewhere now is left out."""
        rows = {str(contact_id): {"to": str(xero_id), "base": base} for contact_id, (xero_id, base) in bases.items()}
        given = func.jsonb_each(literal(rows, JSONB)).table_valued("key", column("value", JSONB)).render_derived()
        statement = update(ContactLink).where(
            ContactLink.business_id == self.business_id,
            self._organisation,
            ContactLink.contact_id == cast(given.c.key, Uuid),
            ContactLink.xero_contact_id == cast(given.c.value["to"].astext, Uuid),
        )
        await self.session.execute(
            statement.values(base=given.c.value["base"]).execution_options(synchronize_session=False)
        )


async def due_businesses(work: UnitOfWork, limit: int) -> list[UUID]:
    """Businesses whose six hours have begun since they switched the push on and connected, without a push since."""
    pushing, connected = pushing_businesses(), connected_businesses()
    slot = _slot(pushing.c.business_id)
    has_push = exists().where(
        ContactPush.business_id == pushing.c.business_id,
        (ContactPush.slot >= slot) | ContactPush.state.in_(UNFINISHED),
    )
    statement = (
        select(pushing.c.business_id)
        .join(connected, connected.c.business_id == pushing.c.business_id)
        .where(slot > func.greatest(pushing.c.changed_at, connected.c.connected_at), ~has_push)
        .limit(limit)
    )
    return list((await work.session.execute(statement)).scalars())


async def renames(work: UnitOfWork, organisation_id: UUID, contacts: Subquery) -> list[tuple[UUID, str]]:
    """Xero's id and the new name of the persons of these views whose name in Xero is ours and would become another."""
    base, name = ContactLink.base, contacts.c.display_name
    statement = (
        select(MirrorContact.xero_contact_id, name)
        .select_from(contacts)
        .join(ContactLink, ContactLink.contact_id == contacts.c.id)
        .join(MirrorContact, MirrorContact.xero_contact_id == ContactLink.xero_contact_id)
        .where(
            ContactLink.organisation_id == organisation_id,
            MirrorContact.business_id == work.business_id,
            ContactLink.state == "linked",
            ContactLink.xero_name.is_(None),
            MirrorContact.status == "ACTIVE",
            contacts.c.kind == "person",
            base["theirs"]["name"].astext == MirrorContact.name,
            base["ours"]["name"].astext != name,
            MirrorContact.name != name,
        )
    )
    return [(row[0], row[1]) for row in await work.session.execute(statement)]


def _slot(business_id: ColumnElement[UUID]) -> ColumnElement[datetime]:
    """When the six hours of a business began; the same as `slot_at`."""
    digits = func.right(func.replace(cast(business_id, Text), "-", ""), ID_DIGITS)
    number = cast(cast(literal("x", Text).concat(digits), BIT(4 * ID_DIGITS)), BigInteger)
    begins = literal(ORIGIN) + (number % MINUTES) * literal(timedelta(minutes=1))
    return func.date_bin(literal(PERIOD), app_now(), begins)
