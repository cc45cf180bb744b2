"""`/contact-pushes`."""

from typing import Annotated

from fastapi import Path, Query, status
from starlette.responses import Response

from api.identity.access import Caller, permitted, service
from api.identity.reader import Reader, reading
from api.identity.sessions.service import name_of_caller
from api.platform.errors import NotFound
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page
from api.platform.ids import encode
from api.records.contacts.schemas import ContactId, ContactOut
from api.records.contacts.service import ContactView
from api.records.preferences.schemas import PersonNameFormat
from api.sync.connections.service import NotConnectedYet
from api.sync.contacts.pushes.answers import ContactAnswerService, NothingUndecided
from api.sync.contacts.pushes.schemas import (
    ContactAnswerIn,
    ContactPushItemOut,
    ContactPushOut,
    NameChangesOut,
    PushId,
    PushScheduleOut,
)
from api.sync.contacts.pushes.service import PUSH_ITEM_LIST, PUSH_LIST, ContactPushService, UnknownPush
from api.sync.contacts.pushes.states import PushResult

router = ApiRouter("/contact-pushes", tag="contact-pushes")
contacts_router = ApiRouter("/contacts", tag="contact-pushes")
Listing = Annotated[Reader, reading("contacts:read")]
Reading = Annotated[ContactPushService, service(ContactPushService, "contacts:read")]
Writing = Annotated[ContactPushService, service(ContactPushService, "contacts:write")]
Answering = Annotated[ContactAnswerService, service(ContactAnswerService, "contacts:write")]
Starter = Annotated[Caller, permitted("contacts:write")]


@router.post(
    "",
    response_model=ContactPushOut,
    status_code=status.HTTP_202_ACCEPTED,
    responses={
        200: {"description": "The push that is under way already.", "model": ContactPushOut},
        **errors(NotConnectedYet),
    },
)
async def start_contact_push(pushes: Writing, caller: Starter, response: Response) -> ContactPushOut:
    """Send contacts that are new or were changed to Xero now, and follow the push at the `Location` of the answer.

    Only the fields that were changed here are sent. Contacts that failed or are unsure are tried again; one whose name
    Xero refused, when something has changed since.
    """
    started = await pushes.start(await name_of_caller(caller))
    response.headers["Location"] = f"/api/v1/contact-pushes/{encode('cpu', started.push.id)}"
    if not started.is_new:
        response.status_code = status.HTTP_200_OK
    return ContactPushOut.of(started.push)


@router.get("", response_model=Page[ContactPushOut])
async def list_contact_pushes(reader: Listing, paging: PagingDep) -> Response:
    """List the pushes of contacts, newest first. They are kept for 90 days."""
    return await PUSH_LIST.page(reader, paging, None)


@router.get("/schedule", response_model=PushScheduleOut)
async def get_contact_push_schedule(pushes: Reading) -> PushScheduleOut:
    """Read whether contacts are pushed every six hours, the latest push, and when the next one begins."""
    schedule = await pushes.schedule()
    last = ContactPushOut.of(schedule.last) if schedule.last is not None else None
    return PushScheduleOut(enabled=schedule.enabled, last=last, next_at=schedule.next_at)


@router.get("/name-changes", response_model=NameChangesOut)
async def count_name_changes(
    pushes: Reading,
    person_name_format: Annotated[
        PersonNameFormat | None, Query(description="How persons would be named; by default as they are now.")
    ] = None,
) -> NameChangesOut:
    """Count the persons whose name in Xero the next push would change if they were named in this way."""
    return NameChangesOut(count=await pushes.name_changes(person_name_format))


@router.get("/{contact_push_id}", response_model=ContactPushOut, responses=errors(UnknownPush))
async def get_contact_push(contact_push_id: PushId, reader: Listing) -> Response:
    """One push with its counts. Ask again after `poll_after_ms` until it is finished."""
    return await PUSH_LIST.get(reader, contact_push_id)


@router.get("/{contact_push_id}/items", response_model=Page[ContactPushItemOut], responses=errors(UnknownPush))
async def list_contact_push_items(
    contact_push_id: PushId,
    reader: Listing,
    paging: PagingDep,
    result: Annotated[PushResult | None, Query(description="Only contacts with this result.")] = None,
) -> Response:
    """The contacts of a push, each with its result, the fields that were sent, and its problems."""
    return await PUSH_ITEM_LIST.page_within(reader, paging, result, parent=PUSH_LIST, parent_id=contact_push_id)


@contacts_router.put(
    "/{contact_id}/answers/{problem_code}", response_model=ContactOut, responses=errors(NotFound, NothingUndecided)
)
async def answer_problem_of_contact(
    contact_id: ContactId,
    problem_code: Annotated[
        str,
        Path(description="The code of a problem that has `choices`.", max_length=100, examples=["contact_conflict"]),
    ],
    body: ContactAnswerIn,
    answers: Answering,
) -> ContactView:
    """Decide about a contact that was changed here and in Xero (`contact_conflict`)."""
    return await answers.answer(contact_id, problem_code, body.choice)
