"""Reading the documents of an organisation: all of them at first, then what changed; an interrupted read goes on."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from api.platform.db.statistics import renew_statistics_of_mirrors
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.sync.connections.service import XeroGateway
from api.sync.documents.models import REMOVED, DocumentCursor
from api.sync.documents.repository import DocumentCursorRepository, MirrorDocumentRepository, MirrorDocumentRow
from api.sync.documents.voiding import mark_voided
from api.sync.markers import marked_invoice
from api.xero.client import XeroClient
from api.xero.limits import Priority
from api.xero.paging import Page
from api.xero.wire import InvoiceHeader

# Xero may show a change some time after the instant that it gives the change.
_OVERLAP = timedelta(minutes=5)
# What could not be read at a whole read may be readable a day later.
_WHOLE_READ_WAIT = timedelta(days=1)
# All of it and what changed meanwhile; each once more when the list became shorter.
_MAX_READINGS = 4
PAGES_OF_A_TURN = 8

_Result = Literal["complete", "incomplete", "became_shorter", "taken_over", "interrupted"]
_ENDS = ("complete", "incomplete")


@dataclass(frozen=True)
class _Reading:
    """A reading to begin or to go on with."""

    id: UUID
    since: datetime | None
    offset: int
    created_offset: int


@dataclass
class _Allowance:
    """The pages that one call may still read; None for any number."""

    pages: int | None

    def spend(self) -> None:
        """Spend one page."""
        if self.pages is not None:
            self.pages -= 1

    @property
    def is_spent(self) -> bool:
        """Whether no page may be read any more."""
        return self.pages is not None and self.pages <= 0


async def read_on(gateway: XeroGateway, *, max_pages: int | None = None, priority: Priority = Priority.NORMAL) -> bool:
    """Bring the mirror up to now; gives whether it is up to now and complete.

    An organisation that was never read is read whole, and then what changed meanwhile. After `max_pages`, or one of the
    four errors of the gateway, which pass through, the next call goes on where this one was interrupted.
    """
    allowance, client = _Allowance(max_pages), gateway.client(priority)
    for _ in range(_MAX_READINGS):
        reading = await _begin(gateway)
        result = await _read(gateway, client, reading, allowance)
        if result in _ENDS and reading.since is not None:
            return result == "complete"
        if result == "interrupted" or allowance.is_spent:
            return False
        if result == "taken_over":
            break
    async with gateway.work() as work:
        return await DocumentCursorRepository(work, gateway.organisation_id).is_complete()


async def _begin(gateway: XeroGateway) -> _Reading:
    async with gateway.work() as work:
        instant = await work.now()
        cursor = await DocumentCursorRepository(work, gateway.organisation_id).locked()
        if cursor.reading_id is None:
            is_whole = cursor.read_up_to is None or _may_read_whole_again(cursor, instant)
            cursor.reading_since = None if is_whole or cursor.read_up_to is None else cursor.read_up_to - _OVERLAP
            _restart(cursor)
            cursor.reading_started_at = instant
        assert cursor.reading_id is not None
        return _Reading(cursor.reading_id, cursor.reading_since, cursor.reading_offset, cursor.reading_created_offset)


def _may_read_whole_again(cursor: DocumentCursor, instant: datetime) -> bool:
    return cursor.unreadable > 0 and (
        cursor.whole_read_at is None or instant - cursor.whole_read_at >= _WHOLE_READ_WAIT
    )


def _restart(cursor: DocumentCursor) -> None:
    cursor.reading_id, cursor.reading_offset, cursor.reading_created_offset = uuid7(), 0, 0
    cursor.reading_began_at = cursor.reading_count = None
    if cursor.reading_since is None:
        cursor.unreadable, cursor.is_complete = 0, False


async def _read(gateway: XeroGateway, client: XeroClient, reading: _Reading, allowance: _Allowance) -> _Result:
    result = None
    if reading.created_offset == 0:
        summaries = client.invoice_headers(modified_since=reading.since, offset=reading.offset)
        result = await _read_list(gateway, reading, summaries, allowance, is_summary=True)
    if result is None:
        created = client.created_invoices(modified_since=reading.since, offset=reading.created_offset)
        result = await _read_list(gateway, reading, created, allowance, is_summary=False)
    assert result is not None, "the last page of the last list ends the reading"
    return result


async def _read_list(
    gateway: XeroGateway,
    reading: _Reading,
    pages: AsyncIterator[Page[InvoiceHeader]],
    allowance: _Allowance,
    *,
    is_summary: bool,
) -> _Result | None:
    """Read the pages of one list; None if the other list has to be read too."""
    async for page in pages:
        result = await _record(gateway, reading, page, is_summary=is_summary)
        allowance.spend()
        if result is not None:
            return result
        if allowance.is_spent:
            return "interrupted"
    return None


async def _record(
    gateway: XeroGateway, reading: _Reading, page: Page[InvoiceHeader], *, is_summary: bool
) -> _Result | None:
    """Store a page and how far the reading is; a result ends the reading."""
    answered_at = page.answered_at or await gateway.xero_now()
    async with gateway.work() as work:
        cursor = await DocumentCursorRepository(work, gateway.organisation_id).locked()
        if cursor.reading_id != reading.id:
            return "taken_over"
        if is_summary:
            if page.item_count is not None and page.item_count < (cursor.reading_count or 0):
                _restart(cursor)
                return "became_shorter"
            cursor.reading_began_at = cursor.reading_began_at or answered_at
            cursor.reading_count = cursor.reading_count or page.item_count
            cursor.reading_offset = page.next_offset
            cursor.summaries_have_url = cursor.summaries_have_url or any(header.url for header in page.elements)
        else:
            cursor.reading_created_offset = page.next_offset
        cursor.unreadable += page.unreadable
        await store(work, gateway.organisation_id, page.elements)
        if page.is_last and not (is_summary and _lacks_markers(cursor)):
            if cursor.reading_since is None:
                await renew_statistics_of_mirrors(work)
            return _end(cursor)
    return None


def _lacks_markers(cursor: DocumentCursor) -> bool:
    """Whether there are documents and no list of summaries ever showed a `Url`."""
    return cursor.reading_offset > 0 and not cursor.summaries_have_url


def _end(cursor: DocumentCursor) -> _Result:
    """End the reading, in the transaction that stores its last page."""
    began_at = cursor.reading_began_at
    assert began_at is not None
    cursor.read_up_to = max(began_at, cursor.read_up_to or began_at)
    cursor.read_at = cursor.reading_started_at
    if cursor.reading_since is None:
        cursor.whole_read_at = began_at
    else:
        cursor.is_complete = cursor.unreadable == 0
    cursor.reading_id = None
    return "complete" if cursor.is_complete else "incomplete"


async def store(work: UnitOfWork, organisation_id: UUID, headers: Sequence[InvoiceHeader]) -> None:
    """Put documents into the mirror as they are now, and mark invoices whose document was voided or deleted."""
    rows = [_row(header) for header in headers]
    await MirrorDocumentRepository(work, organisation_id).store(rows)
    await mark_voided(work, organisation_id, [row["xero_invoice_id"] for row in rows if row["status"] in REMOVED])


def _row(header: InvoiceHeader) -> MirrorDocumentRow:
    return {
        "id": uuid7(),
        "xero_invoice_id": header.invoice_id,
        "marker_invoice_id": marked_invoice(header.url),
        "type": header.type,
        "number": header.invoice_number,
        "reference": header.reference,
        "xero_contact_id": header.contact.contact_id if header.contact else None,
        "issued_on": header.date,
        "due_on": header.due_date,
        "currency": header.currency_code,
        "status": (header.status or "").upper(),
        "total": header.total,
        "amount_paid": header.amount_paid,
        "amount_credited": header.amount_credited,
        "amount_due": header.amount_due,
        "changed_in_xero_at": header.updated_date_utc,
    }
