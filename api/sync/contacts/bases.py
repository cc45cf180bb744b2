"""The bases of links: what our contacts and their contacts in Xero have when they are linked."""

from collections.abc import Mapping
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.records.contacts.service import ContactService
from api.records.preferences.service import PreferencesService
from api.sync.contacts.ownership import Base, Values, linked_base, our_values, their_values
from api.sync.contacts.repository import MirrorContactRepository


async def bases_of(work: UnitOfWork, links: Mapping[UUID, tuple[UUID, Values | None]]) -> dict[UUID, Base]:
    """By our contact, for new links to these contacts of Xero; with each, what Xero got of ours, if it was created.

    Without a base is what the mirror does not have.
    """
    views = await ContactService(work).views(links)
    use_reference = (await PreferencesService(work).current()).send_payer_reference
    mirrored = await MirrorContactRepository(work).of({xero_id for xero_id, _ in links.values()})
    return {
        contact_id: linked_base(
            our_values(views[contact_id], send_payer_reference=use_reference),
            their_values(mirrored[xero_id]),
            sent=sent,
        )
        for contact_id, (xero_id, sent) in links.items()
        if contact_id in views and xero_id in mirrored
    }
