"""`/invoices`."""

from typing import Annotated

from fastapi import Depends, Query, Response

from api.identity.access import service
from api.platform.errors import NotFound
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page, page_response
from api.platform.ids import encode
from api.records.batch import Element
from api.records.clashes import ExternalIdTaken
from api.records.contacts.schemas import ContactId
from api.records.dates import DocumentDate
from api.records.invoices.documents import InvoiceDocument
from api.records.invoices.errors import InvoiceApproved, InvoiceExported, InvoiceInExport, NumberTaken
from api.records.invoices.schemas import (
    ExportFilter,
    InvoiceBatch,
    InvoiceBatchOut,
    InvoiceChange,
    InvoiceCounts,
    InvoiceElementIn,
    InvoiceFilter,
    InvoiceId,
    InvoiceIn,
    InvoiceOut,
    InvoiceSummary,
    Kind,
    Sort,
    Status,
)
from api.records.invoices.service import InvoiceService
from api.records.text import Search

router = ApiRouter("/invoices", tag="invoices")
Reading = Annotated[InvoiceService, service(InvoiceService, "invoices:read")]
Writing = Annotated[InvoiceService, service(InvoiceService, "invoices:write")]


def _told(name: str) -> str:
    return InvoiceFilter.model_fields[name].description or ""


def wanted_invoices(
    kind: Kind | None = None,
    status: Status | None = None,
    export_state: Annotated[ExportFilter | None, Query(description=_told("export_state"))] = None,
    q: Annotated[Search | None, Query(description=_told("q"))] = None,
    contact_id: ContactId | None = None,
    issued_from: Annotated[DocumentDate | None, Query(description=_told("issued_from"))] = None,
    issued_to: Annotated[DocumentDate | None, Query(description=_told("issued_to"))] = None,
) -> InvoiceFilter:
    """The filter a list request asks for."""
    return InvoiceFilter(
        kind=kind,
        status=status,
        export_state=export_state,
        q=q,
        contact_id=contact_id,
        issued_from=issued_from,
        issued_to=issued_to,
    )


Wanted = Annotated[InvoiceFilter, Depends(wanted_invoices)]
Order = Annotated[Sort, Query(description="The newest first, unless asked otherwise; `-` means descending.")]


@router.get("", response_model=Page[InvoiceSummary])
async def list_invoices(invoices: Reading, paging: PagingDep, wanted: Wanted, sort: Order = "-issued_on") -> Response:
    """Your invoices without their lines, narrowed by whatever is named."""
    page = await invoices.page(paging, wanted, sort)
    return page_response(InvoiceSummary, page.rows, page.next_cursor)


@router.post("", status_code=201, response_model=InvoiceOut, responses=errors(NumberTaken, ExternalIdTaken))
async def create_invoice(body: InvoiceIn, invoices: Writing, response: Response) -> InvoiceDocument:
    """Add a draft. Totals and taxes are worked out here, line by line, rounded half-up to the cent."""
    invoice = await invoices.create(body)
    response.headers["Location"] = f"/api/v1/invoices/{encode('inv', invoice.id)}"
    return invoice


@router.get("/counts", response_model=InvoiceCounts)
async def count_invoices(invoices: Reading) -> dict[str, dict[str, int]]:
    """How many invoices of each kind stand where."""
    return await invoices.counts()


@router.post("/batch", response_model=InvoiceBatchOut)
async def upsert_invoices(body: InvoiceBatch, invoices: Writing) -> dict[str, list[Element[InvoiceElementIn]]]:
    """Create or change up to 500 invoices by `external_id`. A bad one is rejected alone, with its errors."""
    return {"results": await invoices.upsert(body.items)}


@router.get("/{invoice_id}", response_model=InvoiceOut, responses=errors(NotFound))
async def get_invoice(invoice_id: InvoiceId, invoices: Reading) -> InvoiceDocument:
    """One invoice with its lines."""
    return await invoices.get(invoice_id)


@router.patch(
    "/{invoice_id}",
    response_model=InvoiceOut,
    responses=errors(NotFound, InvoiceApproved, NumberTaken, ExternalIdTaken),
)
async def change_invoice(invoice_id: InvoiceId, body: InvoiceChange, invoices: Writing) -> InvoiceDocument:
    """Change a draft. Lines you do not send keep the tax rates they were written with."""
    return await invoices.change(invoice_id, body)


@router.delete("/{invoice_id}", status_code=204, responses=errors(NotFound, InvoiceApproved, InvoiceExported))
async def delete_invoice(invoice_id: InvoiceId, invoices: Writing) -> None:
    """Remove a draft that never was in the ledger."""
    await invoices.delete(invoice_id)


@router.put("/{invoice_id}/approval", response_model=InvoiceOut, responses=errors(NotFound))
async def approve_invoice(invoice_id: InvoiceId, invoices: Writing) -> InvoiceDocument:
    """Approve a draft that has a line and does not come to less than nothing. Only approved invoices are exported."""
    return await invoices.approve(invoice_id)


@router.delete("/{invoice_id}/approval", status_code=204, responses=errors(NotFound, InvoiceInExport))
async def withdraw_approval(invoice_id: InvoiceId, invoices: Writing) -> None:
    """Make it a draft again, to change it. What is in the ledger stays there as it is."""
    await invoices.withdraw_approval(invoice_id)


@router.put(
    "/{invoice_id}/exclusion", response_model=InvoiceOut, responses=errors(NotFound, InvoiceInExport, InvoiceExported)
)
async def exclude_invoice(invoice_id: InvoiceId, invoices: Writing) -> InvoiceDocument:
    """Never export it, because it is in the ledger already or should not go there."""
    return await invoices.exclude(invoice_id)


@router.delete("/{invoice_id}/exclusion", status_code=204, responses=errors(NotFound, InvoiceInExport))
async def include_invoice(invoice_id: InvoiceId, invoices: Writing) -> None:
    """Let it be exported again."""
    await invoices.include(invoice_id)
