"""Keeping the mirror of an organisation's contacts: one call a page, only what changed since the last read."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from api.platform.db.statistics import renew_statistics_of_mirrors
from api.platform.db.work import UnitOfWork
from api.sync.connections.service import XeroGateway
from api.sync.contacts.following import follow, follow_all, lose
from api.sync.contacts.mirrored.cursors.repository import MirrorCursorRepository, Reading
from api.sync.contacts.mirrored.rows import row_of
from api.sync.contacts.repository import MirrorContactRepository
from api.xero.limits import Priority
from api.xero.paging import Page
from api.xero.wire import Contact

_MARGIN = timedelta(seconds=30)  # clocks differ, and Xero counts changes by the second
_IDS_PER_CALL = 40
_MOST_READINGS = 5  # a list that becomes shorter each time, or whose reading is interrupted each time


@dataclass(frozen=True)
class Position:
    """Where to read: everything or what changed since then, from a contact on; and what is known of the reading."""

    since: datetime | None
    offset: int = 0
    began_at: datetime | None = None
    count: int | None = None


async def position(work: UnitOfWork, organisation_id: UUID) -> Position:
    """Where the next reading begins: everything at first, from where that was interrupted; later what changed."""
    return await _position(MirrorCursorRepository(work, organisation_id))


async def _position(cursor: MirrorCursorRepository) -> Position:
    read_up_to, open_reading = await cursor.progress()
    if read_up_to is None and open_reading is not None and open_reading.since is None:
        return _resumed(open_reading)
    return Position(read_up_to)


async def read_changes(gateway: XeroGateway) -> datetime:
    """Bring the mirror up to now; whole at first, and whole again for another organisation.

    Gives the instant up to which it is known now, by Xero's clock. A reading that was interrupted goes on at its page.
    """
    async with gateway.work() as work:
        reading = await position(work, gateway.organisation_id)
    return await read_from(gateway, reading)


async def read_from(gateway: XeroGateway, reading: Position) -> datetime:
    """The same, from where `position` says."""
    for _ in range(_MOST_READINGS):
        end = await _read(gateway, reading)
        reading = end.next
        if end.is_up_to_now:
            break
    return end.began_at


@dataclass(frozen=True)
class _End:
    """When Xero began to answer a reading, whether nothing can be missing, and where to read next if it can."""

    began_at: datetime
    is_up_to_now: bool
    next: Position


def _resumed(reading: Reading) -> Position:
    return Position(reading.since, reading.offset, reading.began_at, reading.count)


async def _read(gateway: XeroGateway, position: Position) -> _End:
    """Read from there to the end, page by page, each page in a transaction of its own."""
    started, began_at, count, pages = time.monotonic(), position.began_at, position.count, 0
    listed = gateway.client().contact_pages(
        modified_since=position.since, offset=position.offset, include_archived=True
    )
    async for page in listed:
        began_at = began_at or await gateway.xero_instant(started)
        if page.item_count is not None and page.item_count < (count or 0):  # what followed has moved to earlier pages
            return _End(began_at, is_up_to_now=False, next=Position(position.since))
        count, pages = count or page.item_count, pages + 1
        reading = Reading(position.since, began_at, page.next_offset, count)
        further = await _record(gateway, reading, page, is_first=position.offset == 0 and pages == 1)
        if further is not None:
            return _End(began_at, is_up_to_now=False, next=further)
    assert began_at is not None, "there is at least one page"
    if position.since is None:
        await _end_whole(gateway, began_at)
    # A contact that changed while several pages were read may have been missed: the changes since then follow.
    is_up_to_now = position.offset == 0 and (position.since is not None or pages == 1)
    return _End(began_at, is_up_to_now, Position(began_at - _MARGIN))


async def _record(gateway: XeroGateway, reading: Reading, page: Page[Contact], *, is_first: bool) -> Position | None:
    """Store a page and how far the reading is; gives where to go on if another task has read further on."""
    record = _record_whole if reading.since is None else _record_changes
    async with gateway.work() as work:
        return await record(work, gateway.organisation_id, reading, page, is_first=is_first)


async def _record_whole(
    work: UnitOfWork, organisation_id: UUID, reading: Reading, page: Page[Contact], *, is_first: bool
) -> Position | None:
    """The first page replaces the mirror. Contacts of ours are followed when all pages are there."""
    cursor = MirrorCursorRepository(work, organisation_id)
    stored = await cursor.reading(None)
    if stored is None and not is_first:  # another task has ended the reading
        return await _position(cursor)
    if stored is None:
        await MirrorContactRepository(work).clear()
    await store(work, organisation_id, page.elements)
    if stored is not None and stored.offset > reading.offset:
        return _resumed(stored)
    await cursor.go_on(reading)
    return None


async def _record_changes(
    work: UnitOfWork, organisation_id: UUID, reading: Reading, page: Page[Contact], *, is_first: bool
) -> Position | None:
    """Contacts of ours are followed with each page. A single page is stored without a look at earlier readings."""
    cursor = MirrorCursorRepository(work, organisation_id)
    await store(work, organisation_id, page.elements)
    await follow(work, organisation_id, {contact.contact_id for contact in page.elements})
    if page.is_last:
        await cursor.end(reading.began_at - _MARGIN)
        return None
    stored = await cursor.reading(reading.since) if is_first else None
    if stored is not None and stored.offset > reading.offset:
        return _resumed(stored)
    await cursor.go_on(reading)
    return None


async def _end_whole(gateway: XeroGateway, began_at: datetime) -> None:
    """Follow all contacts of ours that the whole reading can concern, in portions; then the mirror is known."""
    await follow_all(gateway)
    async with gateway.work() as work:
        await MirrorCursorRepository(work, gateway.organisation_id).end(began_at - _MARGIN)
        await renew_statistics_of_mirrors(work)


async def is_recent(gateway: XeroGateway, age: timedelta) -> bool:
    """Whether the mirror was brought up to now in this time, by Xero's clock."""
    async with gateway.work() as work:
        since = (await position(work, gateway.organisation_id)).since
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
