"""Whom in Xero contacts go to, and how that was decided: from the mirror as it is now, without a call to Xero."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.sync.contacts.candidates import DecidedBy
from api.sync.contacts.differences import Difference, unequal
from api.sync.contacts.evidence import EvidenceKind, Ours, evidence_for
from api.sync.contacts.likenesses import Likenesses, details_in_common, likeness_of
from api.sync.contacts.matching import Match, match_contact
from api.sync.contacts.mirrored.cursors.repository import MirrorCursorRepository
from api.sync.contacts.models import ContactLink
from api.sync.contacts.problems import obstacle_of, reference_taken
from api.sync.contacts.reading import Sides, read_sides
from api.sync.contacts.refusals import refusal_of
from api.sync.contacts.repository import LINKED, ContactLinkRepository, MirrorContactRepository
from api.sync.contacts.same import same_as

# `will_link`: the next export links it; `new`: the next export creates it; `unchecked`: Xero was not read yet.
How = Literal["linked", "will_link", "new", "unsure", "archived", "unchecked"]


@dataclass(frozen=True)
class PossibleDuplicate:
    """A contact in Xero that may be the same as one to be created: a near name, or equal details."""

    xero_contact_id: UUID
    name: str
    agrees: tuple[EvidenceKind, ...]


@dataclass(frozen=True)
class Destination:
    """Where the invoices of a contact go; `name` is the name there. With a problem, they go nowhere.

    Of a contact to be created, `possible_duplicates` are shown and never linked. `remarks` are about what is left out.
    `same` are all contacts in Xero that may be this one, its own among them: what was entered there is compared.
    """

    how: How
    name: str | None = None
    decided_by: DecidedBy | None = None
    evidence: tuple[EvidenceKind, ...] = ()
    differs: tuple[Difference, ...] = ()
    problem: Problem | None = None
    possible_duplicates: tuple[PossibleDuplicate, ...] = ()
    remarks: tuple[Problem, ...] = ()
    email: str | None = None  # of the contact in Xero; of one to be created, the one that it will have
    xero_contact_id: UUID | None = None
    same: frozenset[UUID] = frozenset()


async def read_destinations(
    work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID]
) -> dict[UUID, Destination]:
    """By contact. The number of statements does not depend on the number of contacts."""
    if not contact_ids:
        return {}
    is_read = await MirrorCursorRepository(work, organisation_id).read_up_to() is not None
    sides = await read_sides(work, organisation_id, contact_ids)
    destinations = {
        contact_id: destination_of(contact_id, sides, is_read=is_read)
        for contact_id in contact_ids
        if contact_id in sides.among.ours
    }
    undecided = [id for id, each in destinations.items() if each.how == "new" and each.decided_by is None]
    duplicates = await _possible_duplicates(work, organisation_id, [sides.among.ours[id] for id in undecided])
    same = await same_as(work, [sides.among.ours[id] for id in destinations])
    return {
        contact_id: replace(
            destination,
            possible_duplicates=duplicates.get(contact_id, ()),
            same=frozenset({*same[contact_id], *(each.xero_contact_id for each in duplicates.get(contact_id, ()))}),
        )
        for contact_id, destination in destinations.items()
    }


async def _possible_duplicates(
    work: UnitOfWork, organisation_id: UUID, contacts: Sequence[Ours]
) -> dict[UUID, tuple[PossibleDuplicate, ...]]:
    """By our contact, what may be the same in Xero; what belongs to another of ours is not."""
    likenesses = [likeness_of(contact) for contact in contacts]
    mirrored = {each.id: each for each in await MirrorContactRepository(work).like(likenesses)}
    alike = Likenesses(mirrored.values(), likenesses)
    ids = {likeness.id: alike.of(likeness) for likeness in likenesses}
    wanted = {other for each in ids.values() for other in each}
    links = await ContactLinkRepository(work, organisation_id).leading_to(wanted, by_merge=True) if wanted else []
    linked = {link.xero_contact_id for link in links}
    return {
        likeness.id: tuple(
            PossibleDuplicate(other, mirrored[other].name, details_in_common(likeness, mirrored[other]))
            for other in ids[likeness.id]
            if other not in linked
        )
        for likeness in likenesses
    }


def destination_of(contact_id: UUID, sides: Sides, *, is_read: bool) -> Destination:
    """Where one of the contacts goes that the sides were read for."""
    ours, row = sides.among.ours[contact_id], sides.rows.get(contact_id)
    if row is not None and row.state == "linked" and row.xero_contact_id not in sides.mirrored:
        decided_by = cast("DecidedBy", row.decided_by)
        return Destination("linked", None, decided_by, _stored_evidence(row), xero_contact_id=row.xero_contact_id)
    if not is_read:
        return Destination("unchecked")
    match = match_contact(ours, sides.among)
    remarks: tuple[Problem, ...] = ()
    if match.reference_holder is not None and ours.account_number is not None:
        remarks = (reference_taken(contact_id, ours.account_number, match.reference_holder, is_sent=False),)
    if match.obstacle is not None:
        how: How = "archived" if match.obstacle == "contact_archived" else "unsure"
        return Destination(how, problem=obstacle_of(match, ours, sides.among))
    if match.contact_id is None:
        if (refusal := refusal_of(contact_id, sides)) is not None:
            return Destination("unsure", problem=refusal)
        by_person: DecidedBy | None = "person" if sides.among.is_decided_new(ours) else None
        return Destination("new", sides.among.new_name(ours), by_person, remarks=remarks, email=ours.email)
    return replace(_linked(match, match.contact_id, sides, contact_id), remarks=remarks)


def _linked(match: Match, xero_contact_id: UUID, sides: Sides, contact_id: UUID) -> Destination:
    row = sides.rows.get(contact_id)
    stands = row is not None and row.state in LINKED and row.xero_contact_id == xero_contact_id
    evidence = evidence_for(sides.among.ours[contact_id], sides.among.theirs[xero_contact_id])
    return Destination(
        "linked" if row is not None and row.state in LINKED else "will_link",
        sides.mirrored[xero_contact_id].name,
        match.decided_by,
        _stored_evidence(row) if row is not None and stands else evidence,
        unequal(sides.compare(contact_id, xero_contact_id)),
        email=sides.mirrored[xero_contact_id].email,
        xero_contact_id=xero_contact_id,
    )


def _stored_evidence(row: ContactLink) -> tuple[EvidenceKind, ...]:
    return tuple(cast("list[EvidenceKind]", row.evidence))
