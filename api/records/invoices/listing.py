"""Lists and counts of invoices, read in the round trip that identifies the caller."""

from functools import lru_cache
from typing import Final

from starlette.responses import Response

from api.identity.reader import Reader
from api.platform.db.reads import STATEMENTS, Read
from api.platform.db.repository import EXACT_UP_TO
from api.platform.http.paging import Paging, one_page, place_of
from api.platform.http.row_pages import row_page_response
from api.platform.http.schemas import page_response
from api.records.contacts.service import ContactService
from api.records.invoices.expanding import Part, expanded
from api.records.invoices.filters import InvoiceFilter, Sort
from api.records.invoices.lists.repository import SORTED_BY, InvoiceListRepository
from api.records.invoices.results import InvoiceCountsView
from api.records.invoices.schemas import ListedInvoice
from api.records.invoices.searching import Joined
from api.records.jobs.service import JobService

_NONE: Final = {"ready": 0, "needs_attention": 0, "in_progress": 0, "exported": 0, "draft": 0, "all": 0}
_NO_PARTS: Final = {"contact": None, "job": None, "lines": None}
_KEPT_STATEMENTS: Final = 256  # most requests have one of few filters; a search is compiled each time


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


@lru_cache(maxsize=_KEPT_STATEMENTS)
def _page(wanted: InvoiceFilter, sort: Sort, limit: int, *, continued: bool) -> Read:
    statement = InvoiceListRepository(STATEMENTS).page(wanted, sort, limit, _joined(), continued=continued)
    return Read.of(statement)


@lru_cache(maxsize=_KEPT_STATEMENTS)
def _counts(wanted: InvoiceFilter) -> Read:
    return Read.of(InvoiceListRepository(STATEMENTS).counts(wanted, _joined()))


def _joined() -> Joined:
    return Joined(ContactService(STATEMENTS).table(), JobService(STATEMENTS).table())
