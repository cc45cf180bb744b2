"""Keeping the mirror of an organisation's contacts: one call a page, only what changed since the last read."""

import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.sync.connections.service import XeroGateway
from api.sync.contacts.following import follow, lose
from api.sync.contacts.mirrored.rows import row_of
from api.sync.contacts.repository import MirrorContactRepository
from api.xero.limits import Priority
from api.xero.wire import Contact

_MARGIN = timedelta(seconds=30)  # clocks differ, and Xero counts changes by the second
_IDS_PER_CALL = 40


async def read_up_to(work: UnitOfWork, organisation_id: UUID) -> datetime | None:
    """The change up to which the mirror is known, by Xero's clock; None before the first whole read."""
    return await MirrorContactRepository(work).read_up_to(organisation_id)


async def read_changes(gateway: XeroGateway) -> datetime:
    """Bring the mirror up to now; whole at first, and whole again for another organisation.

    Gives the instant up to which it is known now, by Xero's clock.
    """
    async with gateway.work() as work:
        since = await read_up_to(work, gateway.organisation_id)
    return await read_since(gateway, since)


async def read_since(gateway: XeroGateway, since: datetime | None) -> datetime:
    """The same, from where the mirror is known to be."""
    began, pages = await _read(gateway, since)
    if since is None and pages > 1:
        # A contact that changed while the pages were read may have been missed: the changes since then follow.
        began, _ = await _read(gateway, began - _MARGIN)
    return began


async def _read(gateway: XeroGateway, since: datetime | None) -> tuple[datetime, int]:
    """Read what changed since then; gives the instant at which Xero began to answer, and the number of pages."""
    started, pages = time.monotonic(), 0
    contacts: Sequence[Contact] = ()
    changed: set[UUID] = set()
    async for page in gateway.client().contact_pages(modified_since=since, include_archived=True):
        if pages:
            async with gateway.work() as work:
                await _keep(work, gateway, contacts, is_first=pages == 1 and since is None)
        contacts, pages = page.elements, pages + 1
        changed |= {contact.contact_id for contact in contacts}
    began = await gateway.xero_instant(started)
    async with gateway.work() as work:
        await _keep(work, gateway, contacts, is_first=pages <= 1 and since is None)
        await MirrorContactRepository(work).set_read_up_to(gateway.organisation_id, began - _MARGIN)
        await follow(work, gateway.organisation_id, changed)
    return began, pages


async def _keep(work: UnitOfWork, gateway: XeroGateway, contacts: Sequence[Contact], *, is_first: bool) -> None:
    """Store a page; the first one of a whole read replaces the mirror."""
    if is_first:
        await MirrorContactRepository(work).clear()
    await store(work, gateway.organisation_id, contacts)


async def is_recent(gateway: XeroGateway, age: timedelta) -> bool:
    """Whether the mirror was brought up to now in this time, by Xero's clock."""
    async with gateway.work() as work:
        since = await read_up_to(work, gateway.organisation_id)
    return since is not None and timedelta(0) <= await gateway.xero_now() - since <= age + _MARGIN


async def read_again(
    gateway: XeroGateway, xero_contact_ids: Collection[UUID], priority: Priority = Priority.NORMAL
) -> None:
    """Read these contacts by id; those that Xero no longer has are removed, together with the links to them."""
    client = gateway.client(priority)
    ordered = sorted(set(xero_contact_ids))
    for start in range(0, len(ordered), _IDS_PER_CALL):
        wanted = ordered[start : start + _IDS_PER_CALL]
        listing = await client.contacts_by_ids(wanted)
        gone = set(wanted) - {contact.contact_id for contact in listing.elements} if listing.complete else set()
        async with gateway.work() as work:
            await store(work, gateway.organisation_id, listing.elements)
            if gone:
                await MirrorContactRepository(work).remove(gone)
                await lose(work, gateway.organisation_id, gone)
            await follow(work, gateway.organisation_id, {contact.contact_id for contact in listing.elements})


async def store(work: UnitOfWork, organisation_id: UUID, contacts: Sequence[Contact]) -> None:
    """Put contacts into the mirror as they are now."""
    latest = {contact.contact_id: contact for contact in contacts}
    if latest:
        await MirrorContactRepository(work).store([row_of(organisation_id, contact) for contact in latest.values()])
