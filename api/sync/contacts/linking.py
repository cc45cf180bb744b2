"""Deciding for contacts of ours which contact of Xero they are, or that one has to be created."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.records.contacts.service import SyncState
from api.sync.connections.service import XeroGateway
from api.sync.contacts.candidates import DecidedBy
from api.sync.contacts.differences import remarkable, state_of
from api.sync.contacts.evidence import evidence_for
from api.sync.contacts.links import NewLink, link, refuse
from api.sync.contacts.matching import match_contact
from api.sync.contacts.mirror import Position, read_again, read_from
from api.sync.contacts.problems import differs, obstacle_of, reference_taken
from api.sync.contacts.reading import Sides, read_sides
from api.sync.contacts.refusals import refusal_of
from api.sync.contacts.repository import ContactLinkRepository, Intent

Refused = dict[UUID, Sequence[Problem]]


async def read_for_linking(gateway: XeroGateway, reading: Position, doubted: Collection[UUID]) -> bool:
    """Bring the mirror up to now, and read these contacts of Xero again, which links in doubt lead to."""
    await read_from(gateway, reading)
    await read_again(gateway, doubted)
    return True


async def place_contacts(work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID]) -> Refused:
    """Link what the mirror knows and note what has to be created; gives what is refused or in doubt."""
    matches = await match_contacts(work, organisation_id, contact_ids)
    await link(work, organisation_id, matches.links)
    await refuse(work, organisation_id, matches.refused)
    if matches.intents:
        await ContactLinkRepository(work, organisation_id).intend(matches.intents)
    return matches.refused


@dataclass(frozen=True)
class Matches:
    """What the mirror says of contacts: linked, in doubt, or to be created."""

    links: dict[UUID, NewLink] = field(default_factory=dict)
    refused: Refused = field(default_factory=dict)
    intents: dict[UUID, Intent] = field(default_factory=dict)


async def match_contacts(work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID]) -> Matches:
    """Match contacts with the mirror as it is now; a contact that was deleted meanwhile is left out."""
    sides = await read_sides(work, organisation_id, contact_ids)
    among, matches = sides.among, Matches()
    for contact_id in contact_ids:
        ours = among.ours.get(contact_id)
        if ours is None:
            continue
        match = match_contact(ours, among)
        remarks: list[Problem] = []
        if match.reference_holder is not None and ours.account_number is not None:
            remarks.append(reference_taken(contact_id, ours.account_number, match.reference_holder))
        problem = obstacle_of(match, ours, among)
        is_new = match.contact_id is None or match.decided_by is None
        if problem is None and is_new:
            problem = refusal_of(contact_id, sides)
        if problem is not None:
            matches.refused[contact_id] = [problem]
        elif match.contact_id is None or match.decided_by is None:
            matches.intents[contact_id] = Intent(bool(remarks), remarks)
        else:
            matches.links[contact_id] = new_link(sides, contact_id, match.contact_id, match.decided_by, remarks)
    return matches


def new_link(
    sides: Sides, contact_id: UUID, xero_contact_id: UUID, decided_by: DecidedBy, remarks: Sequence[Problem] = ()
) -> NewLink:
    """The link with what agreed, and with a remark on what differs."""
    ours, theirs = sides.among.ours[contact_id], sides.among.theirs[xero_contact_id]
    differences = sides.compare(contact_id, xero_contact_id)
    different = remarkable(differences)
    return NewLink(
        xero_contact_id,
        decided_by,
        evidence_for(ours, theirs),
        remarks=[*remarks, *([differs(different, contact_id, ours.name)] if different else [])],
        is_changed=state_of(differences) == SyncState.CHANGED,
        base=sides.base_of_new_link(contact_id, xero_contact_id),
    )
