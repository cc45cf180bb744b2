"""`/invoices`."""

from typing import Annotated

from fastapi import Depends, Response

from api.identity.access import service
from api.identity.audit.schemas import HistoryEventOut
from api.identity.reader import Reader, reading
from api.platform.errors import NotFound
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page, page_response
from api.platform.http.versions import ExpectedVersionDep
from api.platform.ids import encode
from api.records.batch import Element
from api.records.clashes import ExternalIdTaken
from api.records.invoices.bulk import BulkInvoiceService
from api.records.invoices.documents import InvoiceDocument
from api.records.invoices.errors import InvoiceApproved, InvoiceExported, InvoiceInExport, NumberTaken, SelectionChanged
from api.records.invoices.expanding import Part, expanded_parts
from api.records.invoices.filters import InvoiceFilter, Order, wanted_invoices
from api.records.invoices.listing import counts_of_invoices, invoice_with_parts, page_of_invoices
from api.records.invoices.overview.schemas import InvoiceOverview
from api.records.invoices.overview.service import OverviewView, overview_of_invoices
from api.records.invoices.remarks import RemarkService
from api.records.invoices.results import InvoiceCountsView, Results
from api.records.invoices.schemas import (
    InvoiceBatch,
    InvoiceBatchOut,
    InvoiceChange,
    InvoiceChanged,
    InvoiceCounts,
    InvoiceElementIn,
    InvoiceId,
    InvoiceIn,
    InvoiceOut,
    InvoiceRead,
    ListedInvoice,
)
from api.records.invoices.selection import ChangeSelected, ExclusionsIn, SelectedOut, SelectionIn
from api.records.invoices.service import InvoiceService

router = ApiRouter("/invoices", tag="invoices")
Reading = Annotated[InvoiceService, service(InvoiceService, "invoices:read")]
Listing = Annotated[Reader, reading("invoices:read")]
Writing = Annotated[InvoiceService, service(InvoiceService, "invoices:write")]
Bulk = Annotated[BulkInvoiceService, service(BulkInvoiceService, "invoices:write")]
Remarks = Annotated[RemarkService, service(RemarkService, "invoices:write")]
Wanted = Annotated[InvoiceFilter, Depends(wanted_invoices)]
Parts = Annotated[frozenset[Part], Depends(expanded_parts)]


@router.get("", response_model=Page[ListedInvoice])
async def list_invoices(
    reader: Listing, paging: PagingDep, wanted: Wanted, parts: Parts, sort: Order = "-issued_on"
) -> Response:
    """List your invoices, limited by the filters. `expand` includes their contacts, jobs and lines."""
    return await page_of_invoices(reader, paging, wanted, sort, parts)


@router.post("", status_code=201, response_model=InvoiceOut, responses=errors(NumberTaken, ExternalIdTaken))
async def create_invoice(body: InvoiceIn, invoices: Writing, response: Response) -> InvoiceDocument:
    """Add a draft. The API computes taxes and totals, rounded half-up to the cent per line."""
    invoice = await invoices.create(body)
    response.headers["Location"] = f"/api/v1/invoices/{encode('inv', invoice.id)}"
    return invoice


@router.get("/counts", response_model=InvoiceCounts)
async def count_invoices(reader: Listing, wanted: Wanted) -> InvoiceCountsView:
    """Count the invoices that match the filters, and those of each view, by kind."""
    return await counts_of_invoices(reader, wanted)


@router.get("/overview", response_model=InvoiceOverview)
async def read_overview(reader: Listing) -> OverviewView:
    """Count and sum what can be exported and what needs a person, by kind and cause."""
    return await overview_of_invoices(reader)


@router.post("/batch", response_model=InvoiceBatchOut)
async def upsert_invoices(body: InvoiceBatch, invoices: Writing) -> dict[str, list[Element[InvoiceElementIn]]]:
    """Create or change up to 500 invoices by `external_id`. Each invalid element is rejected with its errors."""
    return {"results": await invoices.upsert(body.items)}


@router.post("/approvals", response_model=SelectedOut, responses=errors(SelectionChanged))
async def approve_invoices(body: SelectionIn, invoices: Bulk) -> Results:
    """Approve the selected drafts. Each gets a result; those without a line or with a negative total are refused."""
    return await invoices.approve(body.selection)


@router.post("/exclusions", response_model=SelectedOut, responses=errors(SelectionChanged))
async def exclude_invoices(body: ExclusionsIn, invoices: Bulk) -> Results:
    """Exclude the selected invoices from exports. Each gets a result; one in an export or the ledger is refused.

    With `"excluded": false`, those that are excluded are included in exports again.
    """
    return await (invoices.exclude if body.excluded else invoices.include)(body.selection)


@router.post("/changes", response_model=SelectedOut, responses=errors(SelectionChanged))
async def change_invoices(body: ChangeSelected, invoices: Bulk) -> Results:
    """Set a due date, code, tax type or cost center on up to 1,000 invoices. Each gets a result."""
    return await invoices.change(body)


@router.get("/{invoice_id}", response_model=InvoiceRead, responses=errors(NotFound))
async def get_invoice(invoice_id: InvoiceId, reader: Listing, parts: Parts) -> Response | InvoiceRead:
    """Read one invoice with its lines. `expand` includes its contact and its job."""
    return await invoice_with_parts(reader, invoice_id, parts)


@router.get("/{invoice_id}/history", response_model=Page[HistoryEventOut], responses=errors(NotFound))
async def list_history_of_invoice(invoice_id: InvoiceId, invoices: Reading, paging: PagingDep) -> Response:
    """List what was done with the invoice and by whom, newest first."""
    history = await invoices.history(invoice_id, paging)
    return page_response(HistoryEventOut, history.events, history.next_cursor)


@router.patch(
    "/{invoice_id}",
    response_model=InvoiceChanged,
    responses=errors(NotFound, InvoiceInExport, NumberTaken, ExternalIdTaken),
)
async def change_invoice(
    invoice_id: InvoiceId, body: InvoiceChange, invoices: Writing, version: ExpectedVersionDep
) -> dict[str, object]:
    """Change an invoice. When you do not send lines, the stored lines keep their tax rates.

    An approved invoice stays approved if its contact, currency and amounts stay; otherwise it is a draft again and
    `approval_withdrawn` is true. An invoice in an export cannot be changed. An exported one becomes `changed`.
    """
    changed = await invoices.change(invoice_id, body, version)
    return {**vars(changed.invoice), "approval_withdrawn": changed.approval_withdrawn}


@router.delete(
    "/{invoice_id}",
    status_code=204,
    responses=errors(NotFound, InvoiceApproved, InvoiceInExport, InvoiceExported),
)
async def delete_invoice(invoice_id: InvoiceId, invoices: Writing, version: ExpectedVersionDep) -> None:
    """Delete a draft that never was in the ledger."""
    await invoices.delete(invoice_id, version)


@router.put("/{invoice_id}/approval", response_model=InvoiceOut, responses=errors(NotFound))
async def approve_invoice(invoice_id: InvoiceId, invoices: Writing, version: ExpectedVersionDep) -> InvoiceDocument:
    """Approve a draft that has a line and a total of at least zero. Only approved invoices are exported."""
    return await invoices.approve(invoice_id, version)


@router.delete("/{invoice_id}/approval", status_code=204, responses=errors(NotFound, InvoiceInExport))
async def withdraw_approval(invoice_id: InvoiceId, invoices: Writing, version: ExpectedVersionDep) -> None:
    """Withdraw the approval: the invoice is a draft again. Its document in the ledger does not change."""
    await invoices.withdraw_approval(invoice_id, version)


@router.put(
    "/{invoice_id}/exclusion", response_model=InvoiceOut, responses=errors(NotFound, InvoiceInExport, InvoiceExported)
)
async def exclude_invoice(invoice_id: InvoiceId, invoices: Writing, version: ExpectedVersionDep) -> InvoiceDocument:
    """Exclude the invoice from exports, because the ledger has it already or should not get it."""
    return await invoices.exclude(invoice_id, version)


@router.delete("/{invoice_id}/exclusion", status_code=204, responses=errors(NotFound, InvoiceInExport))
async def include_invoice(invoice_id: InvoiceId, invoices: Writing, version: ExpectedVersionDep) -> None:
    """Include an excluded invoice in exports again."""
    await invoices.include(invoice_id, version)


@router.put("/{invoice_id}/remarks/read-marker", status_code=204, responses=errors(NotFound))
async def read_remarks(invoice_id: InvoiceId, remarks: Remarks) -> None:
    """Note that your business has read the remarks: the invoice needs no attention because of them any more.

    What a later export remarks is unread again.
    """
    await remarks.mark_read(invoice_id)
