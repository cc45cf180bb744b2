"""`/contact-imports`."""

from typing import Annotated

from fastapi import Query, status
from starlette.responses import Response

from api.identity.access import Caller, permitted, service
from api.identity.reader import Reader, reading
from api.identity.sessions.service import name_of_caller
from api.platform.errors import NotFound
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page, page_response
from api.platform.ids import encode
from api.sync.connections.service import NotConnectedYet
from api.sync.contacts.imports.schemas import (
    ContactImportIn,
    ContactImportItemOut,
    ContactImportOut,
    ImportId,
    ImportOfferIn,
    ImportOfferOut,
)
from api.sync.contacts.imports.service import IMPORT_LIST, ContactImportService, ImportRunning
from api.sync.contacts.imports.states import ImportMode, ItemGroup, ItemResult
from api.sync.contacts.mapping import contact_link

router = ApiRouter("/contact-imports", tag="contact-imports")
Listing = Annotated[Reader, reading("contacts:read")]
Reading = Annotated[ContactImportService, service(ContactImportService, "contacts:read")]
Writing = Annotated[ContactImportService, service(ContactImportService, "contacts:write")]
Starter = Annotated[Caller, permitted("contacts:write")]


@router.post(
    "",
    response_model=ContactImportOut,
    status_code=status.HTTP_202_ACCEPTED,
    responses=errors(NotConnectedYet, ImportRunning),
)
async def start_contact_import(
    body: ContactImportIn, imports: Writing, caller: Starter, response: Response
) -> ContactImportOut:
    """Preview or import the contacts of the organisation, and follow it at the `Location` of the answer.

    What is certain is imported or linked; a possible duplicate waits until it is decided. A contact that changed after
    the preview is looked at again. A second import changes nothing of what the first has done.
    """
    run = await imports.start(body, started_by=await name_of_caller(caller))
    response.headers["Location"] = f"/api/v1/contact-imports/{encode('cim', run.id)}"
    response.headers["Retry-After"] = "1"
    return ContactImportOut.of(run)


@router.get("", response_model=Page[ContactImportOut])
async def list_contact_imports(
    reader: Listing,
    paging: PagingDep,
    mode: Annotated[ImportMode | None, Query(description="Only previews, or only imports.")] = None,
) -> Response:
    """List your previews and imports, newest first."""
    return await IMPORT_LIST.page(reader, paging, mode)


@router.get("/offer", response_model=ImportOfferOut, responses=errors(NotConnectedYet))
async def get_import_offer(imports: Reading) -> ImportOfferOut:
    """Whether to offer the import of the connected organisation's contacts."""
    return ImportOfferOut(state=await imports.offer())


@router.put("/offer", response_model=ImportOfferOut, responses=errors(NotConnectedYet))
async def put_off_import_offer(body: ImportOfferIn, imports: Writing) -> ImportOfferOut:
    """Put the offer off, or back. After an import it stays `done`."""
    return ImportOfferOut(state=await imports.put_off(is_put_off=body.put_off))


@router.get("/{import_id}", response_model=ContactImportOut, responses=errors(NotFound))
async def get_contact_import(import_id: ImportId, reader: Listing) -> Response:
    """One preview or import with its counts. Ask again after `poll_after_ms` until it is finished."""
    return await IMPORT_LIST.get(reader, import_id)


@router.get("/{import_id}/items", response_model=Page[ContactImportItemOut], responses=errors(NotFound))
async def list_contact_import_items(
    import_id: ImportId,
    imports: Reading,
    paging: PagingDep,
    group: Annotated[ItemGroup | None, Query(description="Only contacts of this group.")] = None,
    result: Annotated[ItemResult | None, Query(description="Only contacts with this result.")] = None,
) -> Response:
    """The contacts of Xero in a preview or import, by name. An import has the items of its preview, with their ids."""
    page = await imports.items(import_id, paging, group, result)
    code = await imports.short_code()
    links = [contact_link(code, row.xero_contact_id) if code else None for row in page.rows]
    rows = [ContactImportItemOut.of(row, link) for row, link in zip(page.rows, links, strict=True)]
    return page_response(ContactImportItemOut, rows, page.next_cursor)
