"""What people decided about contacts of one business, in one organisation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Subquery, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import app_now
from api.platform.db.repository import Repository, is_any_of
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.sync.contacts.candidates import Decision
from api.sync.contacts.models import ContactLink
from api.sync.contacts.repository import is_in_attempt

_BY_PERSON = ContactLink.decided_by == "person"
_IS_UNDONE = and_(ContactLink.decided_by.is_(None), ContactLink.xero_contact_id.is_not(None))
_IS_DECISION = and_(ContactLink.state.in_(("decided", "creating")), or_(_BY_PERSON, _IS_UNDONE))
_DECISION = (ContactLink.contact_id, _BY_PERSON.label("is_new"), ContactLink.xero_name, ContactLink.xero_contact_id)


@dataclass(frozen=True)
class NamedContact:
    """A contact of ours by its name, its payer reference, and what a person was asked and decided about it."""

    id: UUID
    display_name: str
    payer_reference: str | None
    asked_as: str | None
    decision: Decision | None


class DecisionRepository(Repository[ContactLink]):
    """Rows of `contact_links` that hold a decision, and the rows of single contacts."""

    model = ContactLink

    def __init__(self, work: UnitOfWork, organisation_id: UUID) -> None:
        super().__init__(work)
        self._organisation_id = organisation_id
        self._own = (ContactLink.business_id == work.business_id, ContactLink.organisation_id == organisation_id)

    async def decisions(self) -> list[Decision]:
        """All that stand: a contact that is linked has none."""
        rows = await self.session.execute(select(*_DECISION).where(*self._own, _IS_DECISION))
        return [_decision(row) for row in rows]

    async def named(self, contacts: Subquery) -> list[NamedContact]:
        """Every contact of ours (`ContactService.table`) by its name, with the decision about it."""
        columns = (contacts.c[name] for name in ("id", "display_name", "payer_reference", "asked_as"))
        statement = select(*columns, *_DECISION).outerjoin_from(
            contacts, ContactLink, and_(ContactLink.contact_id == contacts.c.id, *self._own, _IS_DECISION)
        )
        return [
            NamedContact(*row[:4], _decision(row) if row.contact_id else None)
            for row in await self.session.execute(statement)
        ]

    async def rows_of(self, contact_ids: Collection[UUID], *, locked: bool = False) -> dict[UUID, ContactLink]:
        """The rows of these contacts, whatever their state."""
        statement = self.rows().where(*self._own, is_any_of(ContactLink.contact_id, contact_ids))
        if locked:
            statement = statement.order_by(ContactLink.id).with_for_update()
        rows = (await self.session.execute(statement.execution_options(populate_existing=True))).scalars()
        return {row.contact_id: row for row in rows}

    async def in_attempt(self, contact_ids: Collection[UUID]) -> set[UUID]:
        """Those of these contacts that are being created in Xero at the moment."""
        statement = select(ContactLink.contact_id).where(
            *self._own, is_any_of(ContactLink.contact_id, contact_ids), is_in_attempt()
        )
        return set((await self.session.execute(statement)).scalars())

    async def elsewhere(self, contact_id: UUID) -> bool:
        """Whether this contact is linked in an organisation that is not connected now."""
        statement = self.rows().where(
            ContactLink.contact_id == contact_id,
            ContactLink.organisation_id != self._organisation_id,
            ContactLink.state == "linked",
        )
        return (await self.session.execute(statement.limit(1))).first() is not None

    async def decide_new(self, names: Mapping[UUID, str | None], user: str) -> None:
        """Store that these contacts are new in Xero, each with the name chosen for it there."""
        decision = {"state": "decided", "decided_by": "person", "decided_by_user": user, "decided_at": app_now()}
        fresh: dict[str, object] = {"xero_contact_id": None, "evidence": [], "base": None, "refused_write": None}
        values = [
            {
                "id": uuid7(),
                "business_id": self.business_id,
                "organisation_id": self._organisation_id,
                "contact_id": contact_id,
                "xero_name": name,
                **decision,
                **fresh,
            }
            for contact_id, name in names.items()
        ]
        statement = insert(ContactLink).values(values)
        changed = {name: statement.excluded[name] for name in ("xero_name", *decision, *fresh)}
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["organisation_id", "contact_id"], set_={**changed, "updated_at": app_now()}
            )
        )

    async def release(self, contact_ids: Collection[UUID]) -> None:
        """Forget every link and decision of these contacts."""
        await self.session.execute(
            delete(ContactLink).where(*self._own, is_any_of(ContactLink.contact_id, contact_ids))
        )

    async def undo(self, contact_id: UUID) -> None:
        """Turn the link of a contact into the decision that it is not that contact of Xero."""
        statement = update(ContactLink).where(*self._own, ContactLink.contact_id == contact_id)
        await self.session.execute(
            statement.values(
                state="decided", decided_by=None, decided_by_user=None, evidence=[], base=None, updated_at=app_now()
            )
        )


def _decision(row: Row[*tuple[Any, ...]]) -> Decision:
    undone = None if row.is_new else row.xero_contact_id
    return Decision(row.contact_id, is_new=bool(row.is_new), xero_name=row.xero_name, undone=undone)
