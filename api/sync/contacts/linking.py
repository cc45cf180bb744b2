"""Having every contact of a batch in Xero before its invoices: linked or created, each exactly once."""

from collections.abc import Collection
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.records.contacts.service import ContactService, ContactView
from api.records.preferences.service import PreferencesService
from api.records.text import name_key
from api.sync.connections.service import XeroGateway
from api.sync.contacts import mapping
from api.sync.contacts.candidates import Candidates, DecidedBy
from api.sync.contacts.creating import create
from api.sync.contacts.evidence import account_key
from api.sync.contacts.links import Linked, link, refuse
from api.sync.contacts.matching import match_contact
from api.sync.contacts.mirror import read_again, read_changes, theirs
from api.sync.contacts.problems import differs, obstacle_of, reference_taken
from api.sync.contacts.repository import ContactLinkRepository, MirrorContactRepository


async def ensure_contacts(gateway: XeroGateway, contact_ids: Collection[UUID]) -> Linked:
    """Link or create these contacts. The gateway's four errors pass through; a repeated call goes on from there."""
    linked = Linked()
    async with gateway.work() as work:
        links = ContactLinkRepository(work, gateway.organisation_id)
        linked.ids, doubted = await links.linked_and_doubted(contact_ids)
    missing = [contact_id for contact_id in contact_ids if contact_id not in linked.ids]
    if not missing:
        return linked
    await read_changes(gateway)
    await read_again(gateway, doubted.values())
    to_create = await _match(gateway, missing, linked)
    for start in range(0, len(to_create), gateway.config.batch_size):
        await create(gateway, to_create[start : start + gateway.config.batch_size], linked)
    if linked.clashing:
        await _look_up(gateway, linked)
    return linked


async def _look_up(gateway: XeroGateway, linked: Linked) -> None:
    """Xero says "already assigned": to a contact of a lost reply, or to one that was typed in just now."""
    await read_changes(gateway)
    still_unknown = await _match(gateway, list(linked.clashing), linked)
    async with gateway.work() as work:
        for view in still_unknown:
            await refuse(work, gateway, view.id, [linked.clashing[view.id]], linked)


async def _match(gateway: XeroGateway, contact_ids: Collection[UUID], linked: Linked) -> list[ContactView]:
    """Link what the mirror knows, refuse what is in doubt, and give those to be created."""
    async with gateway.work() as work:
        among, views = await read_candidates(work, gateway.organisation_id, contact_ids)
        to_create: list[ContactView] = []
        pairs: dict[UUID, tuple[UUID, DecidedBy]] = {}
        for contact_id in contact_ids:
            ours = among.ours.get(contact_id)
            if ours is None:  # deleted meanwhile
                continue
            match = match_contact(ours, among)
            remarks: list[Problem] = []
            if match.reference_holder is not None and ours.account_number is not None:
                remarks.append(reference_taken(ours.name, ours.account_number, match.reference_holder))
                linked.without_reference.add(contact_id)
            problem = obstacle_of(match, ours, among)
            if problem is not None:
                await refuse(work, gateway, contact_id, [problem], linked)
            elif match.contact_id is None or match.decided_by is None:
                to_create.append(views[contact_id])
            else:
                pairs[contact_id] = match.contact_id, match.decided_by
                if match.differs:
                    remarks.append(differs(match.differs, ours, among.theirs[match.contact_id]))
            if remarks:
                linked.remarks[contact_id] = remarks
        await link(work, gateway, pairs, linked)
        return to_create


async def standing_doubts(
    work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID]
) -> dict[UUID, Problem]:
    """Those of these contacts that cannot be matched with the mirror as it is now, each with its problem."""
    if not contact_ids or await MirrorContactRepository(work).read_up_to(organisation_id) is None:
        return {}
    among, _ = await read_candidates(work, organisation_id, contact_ids)
    wanted = [among.ours[contact_id] for contact_id in contact_ids if contact_id in among.ours]
    obstacles = {ours.id: obstacle_of(match_contact(ours, among), ours, among) for ours in wanted}
    return {contact_id: obstacle for contact_id, obstacle in obstacles.items() if obstacle is not None}


async def read_candidates(
    work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID]
) -> tuple[Candidates, dict[UUID, ContactView]]:
    """Everything that can bear on the matching of these contacts, and our contacts among it."""
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
    return Candidates(ours, map(theirs, rows), all_links), views
