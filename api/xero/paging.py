"""Reading a list of Xero page by page: a page shrinks where Xero fails on it; a whole read says if it is complete."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import structlog

from api.xero.errors import XeroBusy
from api.xero.http import MAX_REPLY_BYTES
from api.xero.json_types import NO_ID
from api.xero.reply import Reply
from api.xero.wire import Element

E = TypeVar("E", bound=Element)

PAGE_SIZE = 1000
# A page twice as large is requested only if it will probably stay far below the largest reply we accept.
_SMALL_REPLY_BYTES = MAX_REPLY_BYTES // 4

log = structlog.get_logger("jobtally.xero")


@dataclass(frozen=True, slots=True)
class Page(Generic[E]):
    """One page of a list. `next_offset` is where a later read can go on; `item_count` is the length of the whole list.

    `answered_at` is the instant of the reply by Xero's clock.
    """

    elements: tuple[E, ...]
    unreadable: int
    next_offset: int
    item_count: int | None
    answered_at: datetime | None
    is_last: bool


@dataclass(frozen=True, slots=True)
class Listing(Generic[E]):
    """The result of reading a whole list, each element once.

    Only a `complete` one proves that what it lacks is absent: no element was unreadable, and the list did not become
    shorter meanwhile.
    """

    elements: tuple[E, ...]
    complete: bool
    unreadable: int = 0


# Reads the page of this number and size, without its first `skip` elements.
ReadPage = Callable[[int, int, int], Awaitable[Reply[E]]]


async def read_pages(read: ReadPage[E], offset: int = 0) -> AsyncIterator[Page[E]]:
    """Read from the element number `offset` to the end, halving the page when Xero fails on it or it is too large.

    No element is lost or repeated as long as the order of the list is stable. Without a page count the list ends with
    the first page that is not full.
    """
    largest = size = PAGE_SIZE
    small_until = 0
    while True:
        number, skip = offset // size + 1, offset % size
        try:
            reply = await read(number, size, skip)
        except XeroBusy as busy:
            if not busy.page_failed or size == 1:
                raise
            small_until, size = offset + size, size // 2
            log.warning("xero.smaller_page", offset=offset, page_size=size, http_status=busy.http_status)
            continue
        given = reply.paging.page_size if reply.paging else None
        if given is not None and 0 < given < size:
            largest = size = given  # Xero gave less than requested: its pages are counted by this size
            if offset:
                continue
        received = skip + len(reply.elements) + reply.unreadable
        pages = reply.paging.page_count if reply.paging else None
        is_last = received < size if pages is None else number >= pages
        # By page, not by what was received, so that a page with gaps is not read twice.
        offset = (number - 1) * size + (received if is_last else size)
        yield Page(
            reply.elements,
            reply.unreadable,
            offset,
            reply.paging.item_count if reply.paging else None,
            reply.answered_at,
            is_last,
        )
        if is_last:
            return
        if offset >= small_until and reply.size_bytes <= _SMALL_REPLY_BYTES:
            size = min(largest, size * 2)


async def read_whole(read: ReadPage[E]) -> Listing[E]:
    """Read a whole list; once more when it became shorter meanwhile, because elements can have been missed."""
    listing, shrank = await _read_once(read)
    if shrank:
        listing, _ = await _read_once(read)
    return listing


async def _read_once(read: ReadPage[E]) -> tuple[Listing[E], bool]:
    elements: dict[object, E] = {}
    first: Page[E] | None = None
    unreadable, shrank = 0, False
    async for page in read_pages(read):
        first = first or page
        unreadable += page.unreadable
        # An element without an id is no other element's repeat.
        elements |= {element.id if element.id != NO_ID else object(): element for element in page.elements}
        if first.item_count is not None:
            shrank = shrank or page.item_count is None or page.item_count < first.item_count
    assert first is not None
    if first.item_count is not None:
        shrank = shrank or len(elements) + unreadable < first.item_count
    complete = not shrank and not unreadable
    return Listing(tuple(elements.values()), complete, unreadable), shrank
