"""Whom in Xero contacts go to, and how that was decided: from the mirror as it is now, without a call to Xero."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.sync.contacts.candidates import DecidedBy
from api.sync.contacts.differences import Difference, unequal
from api.sync.contacts.evidence import EvidenceKind, evidence_for
from api.sync.contacts.matching import Match, match_contact
from api.sync.contacts.models import ContactLink
from api.sync.contacts.problems import obstacle_of
from api.sync.contacts.reading import Sides, read_sides
from api.sync.contacts.repository import LINKED, MirrorContactRepository

# `will_link`: the next export links it; `new`: the next export creates it; `unchecked`: Xero was not read yet.
How = Literal["linked", "will_link", "new", "unsure", "archived", "unchecked"]


@dataclass(frozen=True)
class Destination:
    """Where the invoices of a contact go; `name` is the name there. With a problem, they go nowhere."""

    how: How
    name: str | None = None
    decided_by: DecidedBy | None = None
    evidence: tuple[EvidenceKind, ...] = ()
    differs: tuple[Difference, ...] = ()
    problem: Problem | None = None


async def read_destinations(
    work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID]
) -> dict[UUID, Destination]:
    """By contact. The number of statements does not depend on the number of contacts."""
    if not contact_ids:
        return {}
    is_read = await MirrorContactRepository(work).read_up_to(organisation_id) is not None
    sides = await read_sides(work, organisation_id, contact_ids)
    return {
        contact_id: destination_of(contact_id, sides, is_read=is_read)
        for contact_id in contact_ids
        if contact_id in sides.among.ours
    }


def destination_of(contact_id: UUID, sides: Sides, *, is_read: bool) -> Destination:
    """Where one of the contacts goes that the sides were read for."""
    ours, row = sides.among.ours[contact_id], sides.rows.get(contact_id)
    if row is not None and row.state == "linked" and row.xero_contact_id not in sides.mirrored:
        return Destination("linked", None, cast("DecidedBy", row.decided_by), _stored_evidence(row))
    if not is_read:
        return Destination("unchecked")
    match = match_contact(ours, sides.among)
    if match.obstacle is not None:
        how: How = "archived" if match.obstacle == "contact_archived" else "unsure"
        return Destination(how, problem=obstacle_of(match, ours, sides.among))
    if match.contact_id is None:
        by_person: DecidedBy | None = "person" if sides.among.is_decided_new(ours) else None
        return Destination("new", sides.among.new_name(ours), by_person)
    return _linked(match, match.contact_id, sides, contact_id)


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
    )


def _stored_evidence(row: ContactLink) -> tuple[EvidenceKind, ...]:
    return tuple(cast("list[EvidenceKind]", row.evidence))
