"""Carrying out what a person decided about contacts: linking them, or noting that they are new in Xero."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from api.identity.audit.service import record_event
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid
from api.platform.ids import encode
from api.platform.problems import Fix
from api.records.contacts.service import ContactService, SyncMark, SyncState
from api.records.invoices.service import free_invoices
from api.records.text import name_key
from api.sync.contacts.decisions.errors import (
    ContactArchived,
    ContactBeingCreated,
    ContactNumberHeld,
    ContactTaken,
    XeroNameTaken,
)
from api.sync.contacts.decisions.naming import free_name
from api.sync.contacts.decisions.repository import DecisionRepository
from api.sync.contacts.decisions.schemas import LinkIn
from api.sync.contacts.decisions.viewing import Question, read_question, reserved_names, taken_by, taken_names
from api.sync.contacts.following import restate
from api.sync.contacts.linking import new_link
from api.sync.contacts.links import link
from api.sync.contacts.models import MirrorContact
from api.sync.contacts.problems import HELD_BY_CONTACT
from api.sync.contacts.reading import Sides
from api.sync.contacts.repository import LINKED


@dataclass(frozen=True)
class Decider:
    """The organisation that a decision is about, and the name of the user or API key that decides."""

    organisation_id: UUID
    user: str


async def decide(work: UnitOfWork, decider: Decider, contact_id: UUID, decision: LinkIn) -> None:
    """Decide for a contact, and on request for those with the same question."""
    organisation_id = decider.organisation_id
    also = [decision.xero_contact_id] if decision.xero_contact_id is not None else []
    question = await read_question(work, organisation_id, contact_id, *also)
    others = question.like_these if decision.same_for_all_like_these else ()
    decisions = DecisionRepository(work, organisation_id)
    await decisions.rows_of([contact_id, *others], locked=True)
    busy = await decisions.in_attempt([contact_id, *others])
    if contact_id in busy:
        raise ContactBeingCreated
    others = tuple(other for other in others if other not in busy)
    if decision.xero_contact_id is not None:
        chosen = await _chosen(work, organisation_id, question.sides, contact_id, decision.xero_contact_id)
        places = {contact_id: chosen, **_only_candidates(question, others, taken=chosen)}
        await _link(work, decider, question.sides, places)
    else:
        await _create(work, decider, question, decision, others)
    await restate(work, organisation_id, {contact_id, *others, *question.concerned})


async def _chosen(
    work: UnitOfWork, organisation_id: UUID, sides: Sides, contact_id: UUID, xero_contact_id: UUID
) -> UUID:
    """The contact of Xero, if it can be the counterpart."""
    row = sides.mirrored.get(xero_contact_id)
    if row is None or row.organisation_id != organisation_id:
        detail = "The organisation has no contact with this id. Choose another, or read the contacts of Xero again."
        raise Invalid(errors=[FieldError("unknown_xero_contact", detail, pointer="#/xero_contact_id")])
    if row.status != "ACTIVE":
        raise ContactArchived(f"{row.name} is archived in Xero. Restore it there, or choose another contact.")
    await _refuse_taken(work, organisation_id, contact_id, row)
    return xero_contact_id


async def _refuse_taken(work: UnitOfWork, organisation_id: UUID, contact_id: UUID, row: MirrorContact) -> None:
    owners = (await taken_by(work, organisation_id, [row])).get(row.xero_contact_id, {})
    for owner_id, name in sorted(owners.items()):
        if owner_id != contact_id:
            raise ContactTaken(
                f"{row.name} in Xero belongs to your contact {name}. Choose another contact, or unlink that one first.",
                fix=Fix(f"Open {name}", f"/contacts/{encode('con', owner_id)}#link"),
            )


def _only_candidates(question: Question, others: Sequence[UUID], *, taken: UUID) -> dict[UUID, UUID]:
    """Each of the others with the only free contact of its name; those with none or with several are left out."""
    among = question.sides.among
    places: dict[UUID, UUID] = {}
    for other in others:
        ours = among.ours[other]
        free = [each.id for each in among.named(ours) if among.is_free(each, ours) and each.id != taken]
        if len(free) == 1 and free[0] not in places.values():
            places[other] = free[0]
    return places


async def _link(work: UnitOfWork, decider: Decider, sides: Sides, places: Mapping[UUID, UUID]) -> None:
    """Link contacts to contacts of Xero."""
    elsewhere = [contact_id for contact_id, xero_id in places.items() if not _leads_to(sides, contact_id, xero_id)]
    await DecisionRepository(work, decider.organisation_id).release(elsewhere)
    rows = {contact_id: row for contact_id, row in sides.rows.items() if contact_id not in elsewhere}
    sides = replace(sides, rows=rows)
    links = {
        contact_id: replace(new_link(sides, contact_id, xero_id, "person"), decided_by_user=decider.user)
        for contact_id, xero_id in places.items()
    }
    await link(work, decider.organisation_id, links)
    for contact_id, xero_id in places.items():
        _record(work, contact_id, sides.mirrored[xero_id].name, xero_id)
    await free_invoices(work, places, HELD_BY_CONTACT)


def _leads_to(sides: Sides, contact_id: UUID, xero_contact_id: UUID) -> bool:
    row = sides.rows.get(contact_id)
    return row is not None and row.state in LINKED and row.xero_contact_id == xero_contact_id


async def _create(
    work: UnitOfWork, decider: Decider, question: Question, decision: LinkIn, others: Collection[UUID]
) -> None:
    """Note that contacts are new in Xero, each under a name that is free there."""
    contact_id, sides = question.contact_id, question.sides
    numbered = sides.among.numbered(sides.among.ours[contact_id])
    if numbered:
        detail = (
            f"{numbered[0].name} in Xero was made for this contact. Choose it; if it is archived, restore it first."
        )
        raise ContactNumberHeld(detail)
    wanted = decision.xero_name or sides.views[contact_id].display_name
    if await reserved_names(work, decider.organisation_id, {name_key(wanted)}, without={contact_id}):
        raise XeroNameTaken(
            f"Xero already has a contact called {wanted}. Choose that contact, or another name for the new one.",
            fix=Fix("Open the contact", f"/contacts/{encode('con', contact_id)}#link"),
        )
    free = [other for other in others if not sides.among.numbered(sides.among.ours[other])]
    taken = {name_key(wanted), *await taken_names(work, decider.organisation_id, sides, free)}
    names = {contact_id: wanted}
    for other in free:
        names[other] = free_name(sides.views[other], taken)
        taken.add(name_key(names[other]))
    chosen = {id: name if name != sides.views[id].display_name else None for id, name in names.items()}
    await DecisionRepository(work, decider.organisation_id).decide_new(chosen, decider.user)
    await ContactService(work).mark(dict.fromkeys(names, SyncMark(SyncState.NOT_SENT)))
    for each, name in names.items():
        _record(work, each, name)
    await free_invoices(work, names, HELD_BY_CONTACT)


def _record(work: UnitOfWork, contact_id: UUID, name: str, xero_contact_id: UUID | None = None) -> None:
    subject, known = encode("con", contact_id), str(xero_contact_id) if xero_contact_id else None
    record_event(work, "contacts.link", subject=subject, xero_name=name, xero_contact_id=known, decided_by="person")
