"""`/contacts/{contact_id}/link`: which contact in Xero a contact is."""

from typing import Annotated

from fastapi import Query, status
from starlette.responses import Response

from api.identity.access import Caller, permitted, service
from api.identity.sessions.service import name_of_caller
from api.platform.errors import NotFound
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page, page_response
from api.platform.ids import encode
from api.records.contacts.schemas import ContactId
from api.records.text import Search
from api.sync.connections.service import NotConnectedYet
from api.sync.contacts.decisions.errors import (
    ContactArchived,
    ContactBeingCreated,
    ContactNumberHeld,
    ContactTaken,
    XeroNameTaken,
)
from api.sync.contacts.decisions.schemas import LinkCandidateOut, LinkIn, LinkOut, LinkRefreshOut
from api.sync.contacts.decisions.service import DecisionService

router = ApiRouter("/contacts", tag="contacts")
Reading = Annotated[DecisionService, service(DecisionService, "contacts:read")]
Writing = Annotated[DecisionService, service(DecisionService, "contacts:write")]
Decider = Annotated[Caller, permitted("contacts:write")]
_POLL_MS = 1000


@router.get("/{contact_id}/link", response_model=LinkOut, responses=errors(NotFound))
async def get_link_of_contact(contact_id: ContactId, decisions: Reading) -> LinkOut:
    """Which contact in Xero it is, how that was decided, what differs, and what else it may be."""
    return await decisions.link(contact_id)


@router.put(
    "/{contact_id}/link",
    response_model=LinkOut,
    responses=errors(
        NotFound,
        NotConnectedYet,
        ContactArchived,
        ContactTaken,
        XeroNameTaken,
        ContactNumberHeld,
        ContactBeingCreated,
    ),
)
async def decide_link_of_contact(contact_id: ContactId, body: LinkIn, decisions: Writing, caller: Decider) -> LinkOut:
    """Decide which contact in Xero it is, or that the next export creates it. The invoices it held are free again."""
    return await decisions.decide(contact_id, body, user=await name_of_caller(caller))


@router.delete("/{contact_id}/link", status_code=204, responses=errors(NotFound, NotConnectedYet, ContactBeingCreated))
async def delete_link_of_contact(contact_id: ContactId, decisions: Writing) -> None:
    """Unlink it, or take back what you decided. Nothing changes in Xero. It is not linked to the same contact again."""
    await decisions.unlink(contact_id)


@router.get(
    "/{contact_id}/link/candidates",
    response_model=Page[LinkCandidateOut],
    responses=errors(NotFound, NotConnectedYet),
)
async def list_link_candidates(
    contact_id: ContactId,
    decisions: Reading,
    paging: PagingDep,
    q: Annotated[Search | None, Query(description="Part of the name, the e-mail address or a number.")] = None,
) -> Response:
    """Search the active contacts in Xero for the contact that it is, by name."""
    rows, next_cursor = await decisions.candidates(contact_id, q or "", paging)
    return page_response(LinkCandidateOut, rows, next_cursor)


@router.post(
    "/{contact_id}/link/refreshes",
    response_model=LinkRefreshOut,
    status_code=status.HTTP_202_ACCEPTED,
    responses=errors(NotFound, NotConnectedYet),
)
async def refresh_link_of_contact(contact_id: ContactId, decisions: Writing, response: Response) -> LinkRefreshOut:
    """Look in Xero again. Read the link at the `Location` until `checked_against` has changed."""
    await decisions.refresh(contact_id)
    response.headers["Location"] = f"/api/v1/contacts/{encode('con', contact_id)}/link"
    response.headers["Retry-After"] = "1"
    return LinkRefreshOut(poll_after_ms=_POLL_MS)
