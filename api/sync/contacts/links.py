"""Recording the results of contacts: linked, with or without remarks, or refused."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.records.contacts.service import ContactService, ContactView, SyncState
from api.sync.connections.service import XeroGateway
from api.sync.contacts.candidates import DecidedBy
from api.sync.contacts.mapping import contact_link
from api.sync.contacts.problems import CONTACT_DIFFERS, CONTACT_UNSURE
from api.sync.contacts.repository import ContactLinkRepository
from api.sync.ledger.service import LedgerService
from api.xero.errors import XeroBusy


@dataclass
class Linked:
    """The result for each contact: its id in Xero, or its problems, or (in neither) not known yet.

    `clashing` are contacts whose name or number Xero says is taken, until they have been looked up; `remarks` are
    kept on contacts once they are linked; those in `without_reference` are created without their payer reference.
    """

    ids: dict[UUID, UUID] = field(default_factory=dict)
    refused: dict[UUID, Sequence[Problem]] = field(default_factory=dict)
    clashing: dict[UUID, Problem] = field(default_factory=dict)
    remarks: dict[UUID, Sequence[Problem]] = field(default_factory=dict)
    without_reference: set[UUID] = field(default_factory=set)


async def pause_between_attempts(work: UnitOfWork, gateway: XeroGateway, contact_ids: Collection[UUID]) -> timedelta:
    """For how long it has been tried to create any of these; XeroBusy until as much time has passed again."""
    first, last = await ContactLinkRepository(work, gateway.organisation_id).attempts(contact_ids)
    if first is None or last is None:
        return timedelta(0)
    age = last - first
    timing = gateway.timing
    pause = min(max(age, timing.shortest_contact_wait), timing.longest_contact_wait)
    wait = min(last + pause - await work.now(), pause)
    if wait > timedelta(0):
        raise XeroBusy(wait.total_seconds(), "unavailable")
    return age


async def link(
    work: UnitOfWork,
    gateway: XeroGateway,
    pairs: Mapping[UUID, tuple[UUID, DecidedBy]],
    linked: Linked,
    sent: Mapping[UUID, ContactView] = {},
) -> None:
    """Record links, our id to Xero's id and how it was decided; a contact changed since it was `sent` is `changed`."""
    if not pairs:
        return
    await ContactLinkRepository(work, gateway.organisation_id).link(pairs)
    short_code = await LedgerService(work).short_code()
    contacts = ContactService(work)
    for contact_id, (xero_contact_id, _) in pairs.items():
        remarks = linked.remarks.get(contact_id, ())
        is_different = any(remark.code == CONTACT_DIFFERS.code for remark in remarks)
        await contacts.mark(
            contact_id,
            sync_state=SyncState.CHANGED if is_different else SyncState.IN_STEP,
            external_url=contact_link(short_code, xero_contact_id) if short_code else None,
            remarks=remarks,
            sent=sent.get(contact_id),
        )
        linked.ids[contact_id] = xero_contact_id


async def refuse(
    work: UnitOfWork, gateway: XeroGateway, contact_id: UUID, problems: Sequence[Problem], linked: Linked
) -> None:
    """Store the problems on the contact, and take back the intent to create it."""
    await ContactLinkRepository(work, gateway.organisation_id).withdraw([contact_id])
    is_unsure = any(problem.code == CONTACT_UNSURE.code for problem in problems)
    state = SyncState.UNSURE if is_unsure else SyncState.FAILED
    await ContactService(work).mark(contact_id, sync_state=state, external_url=None, problems=problems)
    linked.refused[contact_id] = problems


async def withdraw(work: UnitOfWork, gateway: XeroGateway, contact_ids: Collection[UUID]) -> None:
    """Take back intents to create, after Xero has said that it created nothing."""
    await ContactLinkRepository(work, gateway.organisation_id).withdraw(contact_ids)
