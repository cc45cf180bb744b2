"""Lists and counts of invoices, and single invoices, read in the round trip that identifies the caller."""

from functools import cache, lru_cache
from typing import Final
from uuid import UUID

from starlette.responses import Response

from api.identity.lists import KEPT_STATEMENTS
from api.identity.reader import Reader
from api.platform.db.reads import STATEMENTS, Read
from api.platform.db.repository import EXACT_UP_TO
from api.platform.errors import NotFound
from api.platform.http.paging import Paging, one_page, place_of
from api.platform.http.row_pages import row_page_response, row_response
from api.platform.http.schemas import page_response
from api.records.contacts.service import ContactService
from api.records.invoices.expanding import Part, expanded
from api.records.invoices.filters import InvoiceFilter, Sort
from api.records.invoices.lists.repository import SORTED_BY, InvoiceListRepository
from api.records.invoices.repository import InvoiceRepository
from api.records.invoices.results import InvoiceCountsView
from api.records.invoices.schemas import InvoiceRead, ListedInvoice
from api.records.invoices.searching import Joined
from api.records.jobs.service import JobService

_NONE: Final = {"ready": 0, "needs_attention": 0, "in_progress": 0, "exported": 0, "draft": 0, "all": 0}
_NO_PARTS: Final = {"contact": None, "job": None, "lines": None}


async def page_of_invoices(
    reader: Reader, paging: Paging, wanted: InvoiceFilter, sort: Sort, parts: frozenset[Part]
) -> Response:
    """List invoices, limited by the filter, with these parts."""
    by = SORTED_BY[sort.removeprefix("-")]
    statement = _page(wanted, sort, paging.limit, continued=paging.after is not None)
    (rows,) = await reader.fetch(statement.with_values(**place_of(paging, by)))
    rows, next_cursor = one_page(rows, paging, by)
    if not parts:
        return row_page_response(ListedInvoice, [{**row, **_NO_PARTS} for row in rows], next_cursor)
    async with reader.work() as work:
        return page_response(ListedInvoice, await expanded(work, rows, parts), next_cursor)


async def counts_of_invoices(reader: Reader, wanted: InvoiceFilter) -> InvoiceCountsView:
    """Count the invoices that match the filter, by kind and view."""
    (rows,) = await reader.fetch(_counts(wanted))
    by_kind = {kind: dict(_NONE) for kind in ("customer", "supplier")}
    for row in rows:
        by_kind[row["kind"]] = {name: row[name] for name in _NONE}
    total = sum(counts["all"] for counts in by_kind.values())
    return InvoiceCountsView(**by_kind, count=min(total, EXACT_UP_TO), more=total > EXACT_UP_TO)


async def invoice_with_parts(reader: Reader, invoice_id: UUID, parts: frozenset[Part]) -> Response | InvoiceRead:
    """One invoice with its lines and these parts. Raises NotFound."""
    invoices, lines = await reader.fetch(*(read.with_values(invoice_id=invoice_id) for read in _invoice()))
    if not invoices:
        raise NotFound
    others = parts - {"lines"}
    if not others:
        return row_response(InvoiceRead, {**invoices[0], **_NO_PARTS, "lines": lines})
    async with reader.work() as work:
        (invoice,) = await expanded(work, invoices, others)
        return InvoiceRead.model_validate({**invoice, "lines": lines})


@cache
def _invoice() -> tuple[Read, Read]:
    head = InvoiceListRepository(STATEMENTS).head(_joined())
    return Read.of(head), Read.of(InvoiceRepository(STATEMENTS).lines_of())


@lru_cache(KEPT_STATEMENTS)
def _page(wanted: InvoiceFilter, sort: Sort, limit: int, *, continued: bool) -> Read:
    statement = InvoiceListRepository(STATEMENTS).page(wanted, sort, limit, _joined(), continued=continued)
    return Read.of(statement)


@lru_cache(KEPT_STATEMENTS)
def _counts(wanted: InvoiceFilter) -> Read:
    return Read.of(InvoiceListRepository(STATEMENTS).counts(wanted, _joined()))


def _joined() -> Joined:
    return Joined(ContactService(STATEMENTS).table(), JobService(STATEMENTS).table())
