"""Rows that bind our contacts to theirs, and what was found out about those that are not bound."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import now
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.records.contacts.service import ContactService, ContactView, SyncState
from api.sync.connections.service import XeroGateway
from api.sync.contacts.mapping import contact_link
from api.sync.contacts.matching import Obstacle, Theirs
from api.sync.contacts.models import ContactLink
from api.sync.ledger.service import LedgerService
from api.xero.errors import XeroBusy

_SHORTEST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=5)


@dataclass(frozen=True)
class Refusal:
    """Why a contact is not in Xero; `messages` are Xero's own words."""

    code: Obstacle | str
    messages: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """As it is kept on the contact."""
        return {"code": self.code, "messages": list(self.messages)}


@dataclass
class Linked:
    """Where each contact stands: its id in Xero, why not, or (in neither) not known yet."""

    ids: dict[UUID, UUID] = field(default_factory=dict)
    refused: dict[UUID, Refusal] = field(default_factory=dict)
    clashing: dict[UUID, Refusal] = field(default_factory=dict)
    unreferenced: dict[UUID, Refusal] = field(default_factory=dict)


async def known(work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Their ids of those of ours that are linked."""
    statement = select(ContactLink.contact_id, ContactLink.xero_contact_id).where(
        ContactLink.business_id == work.business_id,
        ContactLink.organisation_id == organisation_id,
        ContactLink.contact_id.in_(contact_ids),
        ContactLink.state == "linked",
    )
    return {row.contact_id: row.xero_contact_id for row in await work.session.execute(statement)}


async def taken(work: UnitOfWork, gateway: XeroGateway, theirs: Collection[Theirs]) -> dict[UUID, UUID]:
    """Which of these is the counterpart of which of ours."""
    statement = select(ContactLink.xero_contact_id, ContactLink.contact_id).where(
        ContactLink.business_id == gateway.business_id,
        ContactLink.organisation_id == gateway.organisation_id,
        ContactLink.xero_contact_id.in_([one.id for one in theirs]),
    )
    return {row.xero_contact_id: row.contact_id for row in await work.session.execute(statement)}


async def tried_for(work: UnitOfWork, gateway: XeroGateway, contact_ids: Collection[UUID]) -> timedelta:
    """For how long it was tried to create any of these; XeroBusy before it has waited as long again."""
    statement = select(func.min(ContactLink.created_at), func.max(ContactLink.attempted_at)).where(
        ContactLink.business_id == gateway.business_id,
        ContactLink.organisation_id == gateway.organisation_id,
        ContactLink.contact_id.in_(contact_ids),
        ContactLink.state == "creating",
    )
    first, last = (await work.session.execute(statement)).one()
    if first is None or last is None:
        return timedelta(0)
    age: timedelta = last - first
    wait = last + min(max(age, _SHORTEST_PAUSE), _LONGEST_PAUSE) - now()
    if wait > timedelta(0):
        raise XeroBusy(wait.total_seconds(), "unavailable")
    return age


async def link(
    work: UnitOfWork,
    gateway: XeroGateway,
    pairs: Mapping[UUID, UUID],
    linked: Linked,
    sent: Mapping[UUID, ContactView] = {},
) -> None:
    """Record counterparts, ours to theirs; a contact changed since it was `sent` is not in step."""
    if not pairs:
        return
    statement = insert(ContactLink).values(
        [
            {
                "id": uuid7(),
                "business_id": gateway.business_id,
                "organisation_id": gateway.organisation_id,
                "contact_id": contact_id,
                "state": "linked",
                "xero_contact_id": xero_contact_id,
            }
            for contact_id, xero_contact_id in pairs.items()
        ]
    )
    changes = {name: statement.excluded[name] for name in ("state", "xero_contact_id")}
    await work.session.execute(
        statement.on_conflict_do_update(index_elements=["organisation_id", "contact_id"], set_=changes)
    )
    short_code = await LedgerService(work).short_code()
    contacts = ContactService(work)
    for contact_id, xero_contact_id in pairs.items():
        url = contact_link(short_code, xero_contact_id) if short_code else None
        view = sent.get(contact_id)
        remark = linked.unreferenced.get(contact_id)
        problem = remark.told() if remark else None
        await contacts.mark(contact_id, sync_state=SyncState.IN_STEP, external_url=url, problem=problem, sent=view)
    linked.ids.update(pairs)


async def refuse(work: UnitOfWork, contact_id: UUID, refusal: Refusal, linked: Linked) -> None:
    """Note it on the contact; an intent that came to nothing is withdrawn."""
    await work.session.execute(
        delete(ContactLink).where(
            ContactLink.business_id == work.business_id,
            ContactLink.contact_id == contact_id,
            ContactLink.state == "creating",
        )
    )
    await ContactService(work).mark(contact_id, sync_state=SyncState.FAILED, external_url=None, problem=refusal.told())
    linked.refused[contact_id] = refusal


async def withdraw(work: UnitOfWork, gateway: XeroGateway, contact_ids: Collection[UUID]) -> None:
    """Take back intents of which Xero has said that nothing came."""
    await work.session.execute(
        delete(ContactLink).where(
            ContactLink.business_id == gateway.business_id,
            ContactLink.organisation_id == gateway.organisation_id,
            ContactLink.contact_id.in_(contact_ids),
            ContactLink.state == "creating",
        )
    )
