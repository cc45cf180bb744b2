"""`/contacts`."""

from typing import Annotated

from fastapi import Response

from api.identity.access import service
from api.identity.reader import Reader, reading
from api.platform.db.repository import Count
from api.platform.errors import NotFound
from api.platform.http.dependencies import filter_of
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import CountOut, Page, page_response
from api.platform.http.versions import ExpectedVersionDep
from api.platform.ids import encode
from api.records.batch import Element
from api.records.clashes import ExternalIdTaken, InUse
from api.records.contacts.history import ContactHistoryEventOut, with_sentence
from api.records.contacts.schemas import (
    ContactBatch,
    ContactBatchOut,
    ContactChange,
    ContactFilter,
    ContactId,
    ContactIn,
    ContactOut,
)
from api.records.contacts.service import CONTACT_LIST, ContactService, ContactView

router = ApiRouter("/contacts", tag="contacts")
Listing = Annotated[Reader, reading("contacts:read")]
Reading = Annotated[ContactService, service(ContactService, "contacts:read")]
Writing = Annotated[ContactService, service(ContactService, "contacts:write")]
Wanted = Annotated[ContactFilter, filter_of(ContactFilter)]


@router.get("", response_model=Page[ContactOut])
async def list_contacts(reader: Listing, paging: PagingDep, wanted: Wanted) -> Response:
    """List your customers, suppliers and contractors by name, persons by last name."""
    return await CONTACT_LIST.page(reader, paging, wanted)


@router.get("/counts", response_model=CountOut)
async def count_contacts(reader: Listing, wanted: Wanted) -> Count:
    """Count the contacts that match the filters."""
    return await CONTACT_LIST.count(reader, wanted)


@router.post("", status_code=201, response_model=ContactOut, responses=errors(ExternalIdTaken))
async def create_contact(body: ContactIn, contacts: Writing, response: Response) -> ContactView:
    """Add a person or a company."""
    contact = await contacts.create(body)
    response.headers["Location"] = f"/api/v1/contacts/{encode('con', contact.id)}"
    return contact


@router.post("/batch", response_model=ContactBatchOut)
async def upsert_contacts(body: ContactBatch, contacts: Writing) -> dict[str, list[Element[ContactIn]]]:
    """Create or change up to 500 contacts by `external_id`. Each invalid element is rejected with its errors."""
    return {"results": await contacts.upsert(body.items)}


@router.get("/{contact_id}", response_model=ContactOut, responses=errors(NotFound))
async def get_contact(contact_id: ContactId, reader: Listing) -> Response:
    """Read one contact."""
    return await CONTACT_LIST.get(reader, contact_id)


@router.get("/{contact_id}/history", response_model=Page[ContactHistoryEventOut], responses=errors(NotFound))
async def list_history_of_contact(contact_id: ContactId, contacts: Reading, paging: PagingDep) -> Response:
    """List what was done with the contact and by whom, newest first."""
    history = await contacts.history(contact_id, paging)
    return page_response(ContactHistoryEventOut, list(map(with_sentence, history.events)), history.next_cursor)


@router.patch("/{contact_id}", response_model=ContactOut, responses=errors(NotFound, ExternalIdTaken))
async def change_contact(
    contact_id: ContactId, body: ContactChange, contacts: Writing, version: ExpectedVersionDep
) -> ContactView:
    """Change a contact. If it is in the ledger, its `sync_state` becomes `changed` until the next push sends it.

    If it is changed back, it becomes `in_step` again. A `failed` contact is sent again by the next push. An `unsure`
    contact becomes `not_sent` when its name, e-mail address, phone, tax number or payer reference changes: the next
    export decides again which contact of the ledger it is.
    """
    return await contacts.change(contact_id, body, version)


@router.delete("/{contact_id}", status_code=204, responses=errors(NotFound, InUse))
async def delete_contact(contact_id: ContactId, contacts: Writing, version: ExpectedVersionDep) -> None:
    """Delete a contact that no job and no invoice uses. The contact in the ledger stays."""
    await contacts.delete(contact_id, version)
