"""Deciding for contacts of ours which contact of Xero they are, or that one has to be created."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.records.contacts.service import ContactService
from api.records.preferences.service import PreferencesService
from api.records.text import name_key
from api.sync.connections.service import XeroGateway
from api.sync.contacts import mapping
from api.sync.contacts.candidates import Candidates
from api.sync.contacts.evidence import account_key
from api.sync.contacts.links import NewLink, link, refuse
from api.sync.contacts.matching import match_contact
from api.sync.contacts.mirror import read_again, read_changes, theirs
from api.sync.contacts.problems import differs, obstacle_of, reference_taken
from api.sync.contacts.repository import ContactLinkRepository, Intent, MirrorContactRepository

Refused = dict[UUID, Sequence[Problem]]


async def read_for_linking(gateway: XeroGateway, doubted: Collection[UUID]) -> bool:
    """Bring the mirror up to now, and read these contacts of Xero again, which links in doubt lead to."""
    await read_changes(gateway)
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
    among = await read_candidates(work, organisation_id, contact_ids)
    matches = Matches()
    for contact_id in contact_ids:
        ours = among.ours.get(contact_id)
        if ours is None:
            continue
        match = match_contact(ours, among)
        remarks: list[Problem] = []
        if match.reference_holder is not None and ours.account_number is not None:
            remarks.append(reference_taken(ours.name, ours.account_number, match.reference_holder))
        problem = obstacle_of(match, ours, among)
        if problem is not None:
            matches.refused[contact_id] = [problem]
        elif match.contact_id is None or match.decided_by is None:
            matches.intents[contact_id] = Intent(bool(remarks), remarks)
        else:
            if match.differs:
                remarks.append(differs(match.differs, ours, among.theirs[match.contact_id]))
            matches.links[contact_id] = NewLink(match.contact_id, match.decided_by, remarks)
    return matches


async def standing_doubts(
    work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID]
) -> dict[UUID, Problem]:
    """Those of these contacts that cannot be matched with the mirror as it is now, each with its problem."""
    if not contact_ids or await MirrorContactRepository(work).read_up_to(organisation_id) is None:
        return {}
    among = await read_candidates(work, organisation_id, contact_ids)
    wanted = [among.ours[contact_id] for contact_id in contact_ids if contact_id in among.ours]
    obstacles = {ours.id: obstacle_of(match_contact(ours, among), ours, among) for ours in wanted}
    return {contact_id: obstacle for contact_id, obstacle in obstacles.items() if obstacle is not None}


async def read_candidates(work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID]) -> Candidates:
    """Everything that can bear on the matching of these contacts."""
    contacts, links = ContactService(work), ContactLinkRepository(work, organisation_id)
    use_reference = (await PreferencesService(work).current()).send_payer_reference
    wanted = set(contact_ids)
    names = await contacts.names()
    keys = {contact.id: name_key(contact.display_name) for contact in names}
    accounts = {contact.id: account_key(contact.payer_reference) if use_reference else "" for contact in names}
    wanted_keys = {keys[contact_id] for contact_id in wanted & keys.keys()}
    wanted_accounts = {accounts[contact_id] for contact_id in wanted & keys.keys()} - {""}
    related = {
        contact_id for contact_id in keys if keys[contact_id] in wanted_keys or accounts[contact_id] in wanted_accounts
    }
    own_links = await links.of(related)
    rows = await MirrorContactRepository(work).candidates(
        name_keys=wanted_keys,
        contact_numbers=[mapping.contact_number(contact_id) for contact_id in related],
        account_keys=wanted_accounts,
        xero_contact_ids=[link.xero_contact_id for link in own_links],
    )
    owners = {mapping.contact_id_of(row.contact_number) for row in rows if row.contact_number}
    views = await contacts.views(related | {contact_id for contact_id in keys if contact_id in owners})
    ours = [mapping.ours(view, send_payer_reference=use_reference) for view in views.values()]
    all_links = [*own_links, *await links.leading_to([row.xero_contact_id for row in rows])]
    return Candidates(ours, map(theirs, rows), all_links)


async def read_all_candidates(work: UnitOfWork, organisation_id: UUID) -> Candidates:
    """Both sides whole, archived contacts of theirs included."""
    use_reference = (await PreferencesService(work).current()).send_payer_reference
    contacts = ContactService(work)
    views = await contacts.views([contact.id for contact in await contacts.names()])
    ours = [mapping.ours(view, send_payer_reference=use_reference) for view in views.values()]
    rows = await MirrorContactRepository(work).all()
    return Candidates(ours, map(theirs, rows), await ContactLinkRepository(work, organisation_id).links())
