"""Which of our contacts a change of contacts, ours or Xero's, may concern."""

from collections.abc import Collection
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.records.contacts.service import ContactService
from api.records.preferences.service import PreferencesService
from api.sync.contacts import mapping
from api.sync.contacts.decisions.repository import DecisionRepository
from api.sync.contacts.reading import keys_of
from api.sync.contacts.repository import ContactLinkRepository, MirrorContactRepository
from api.sync.contacts.same import ours_like


async def related_contacts(
    work: UnitOfWork,
    organisation_id: UUID,
    contact_ids: Collection[UUID],
    xero_contact_ids: Collection[UUID],
    waiting: Collection[UUID],
) -> set[UUID]:
    """These contacts, those with their names or account numbers, and those that are or may be these of Xero.

    Possible duplicates are looked for among `waiting`, ours that have invoices to be sent.
    """
    use_reference = (await PreferencesService(work).current()).send_payer_reference
    named = await DecisionRepository(work, organisation_id).named(ContactService(work).table())
    keys = {contact.id: keys_of(contact, use_reference=use_reference) for contact in named}
    mirrored = (await MirrorContactRepository(work).of(xero_contact_ids)).values() if xero_contact_ids else ()
    own = keys.keys() & set(contact_ids)
    names = {name for contact_id in own for name in keys[contact_id].names} | {row.name_key for row in mirrored}
    accounts = {keys[contact_id].account for contact_id in own} | {row.account_key or "" for row in mirrored}
    related = own | {id for id, key in keys.items() if key.names & names or key.account in accounts - {""}}
    numbered = {mapping.contact_id_of(row.contact_number) for row in mirrored if row.contact_number}
    leading = await ContactLinkRepository(work, organisation_id).leading_to(xero_contact_ids, by_merge=True)
    alike = await ours_like(work, waiting, mirrored)
    return related | (keys.keys() & numbered) | {link.contact_id for link in leading} | alike
