"""Reading a contact again, and comparing contacts again after something changed that is compared."""

from uuid import UUID

from api.records.contacts.service import ContactService, SyncState
from api.sync.connections.service import XeroGateways
from api.sync.contacts.decisions.repository import DecisionRepository
from api.sync.contacts.following import restate
from api.sync.contacts.mirror import read_again, read_changes
from api.sync.contacts.repository import ContactLinkRepository


async def refresh_contact(gateways: XeroGateways, business_id: UUID, contact_id: UUID) -> None:
    """Bring the mirror up to now, and read the contact of Xero again that ours is linked to."""
    gateway = await gateways.open(business_id, although_held=True)
    if gateway is None:
        return
    await read_changes(gateway)
    async with gateway.work() as work:
        row = (await DecisionRepository(work, gateway.organisation_id).rows_of([contact_id])).get(contact_id)
        linked = [row.xero_contact_id] if row is not None and row.xero_contact_id is not None else []
    await read_again(gateway, linked)
    async with gateway.work() as work:
        await restate(work, gateway.organisation_id, [contact_id])


async def restate_all(gateways: XeroGateways, business_id: UUID) -> None:
    """Store how every linked contact stands: how persons are named, or what is sent, has changed."""
    gateway = await gateways.open(business_id, although_held=True)
    if gateway is not None:
        async with gateway.work() as work:
            linked = await ContactLinkRepository(work, gateway.organisation_id).all_linked()
            await restate(work, gateway.organisation_id, linked)


async def restate_in(gateways: XeroGateways, business_id: UUID, state: SyncState) -> None:
    """Store how the contacts in this state stand by the mirror as it is now: Xero is not asked."""
    gateway = await gateways.open(business_id, although_held=True)
    if gateway is not None:
        async with gateway.work() as work:
            await restate(work, gateway.organisation_id, await ContactService(work).ids_in(state))
