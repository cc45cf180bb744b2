"""`/notifications`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response, status

from api.identity.access import SessionOnly, UserDep
from api.identity.reader import Reader, reading
from api.platform.errors import FieldError, Invalid
from api.platform.http.paging import opened_cursor, sealed_cursor, unverified_place
from api.platform.http.routing import ApiRouter, errors
from api.records.notifications.schemas import NotificationFeed, NotificationOut, ReadMarker
from api.records.notifications.service import NotificationService, read_feed, wait_for_notifications

router = ApiRouter("/notifications", tag="notifications")
Waiting = Annotated[Reader, reading("notifications:read")]
After = Annotated[
    str | None, Query(description="`next_cursor` of the previous answer; without it, the feed starts at the beginning.")
]
Limit = Annotated[int, Query(ge=1, le=200, description="The largest number of items.")]
Wait = Annotated[int, Query(ge=0, le=25, description="Seconds to wait while there is no new notification.")]
_POLL_SECONDS = 20
_NUMBERS = 2**63
_REMEDY = "Use next_cursor as it came from this business's feed, or start again without it."


@router.get("", response_model=NotificationFeed)
async def list_notifications(
    reader: Waiting, request: Request, response: Response, after: After = None, limit: Limit = 50, wait: Wait = 0
) -> NotificationFeed:
    """List the notifications, oldest first and without gaps. Continue with `after=next_cursor` every `X-Poll-Interval`
    seconds.

    With `wait` the answer waits until there is a new notification or the seconds are over.
    """
    error = FieldError("cursor_unusable", _REMEDY, parameter="after")
    number = _unverified_number(after)
    feed = await read_feed(reader, number, limit)
    business_id = reader.identity.business_id
    _number(request, business_id, after, error)
    if wait and not feed.items:
        await wait_for_notifications(request.app.state.database, business_id, number, wait)
        feed = await read_feed(reader, number, limit)
    response.headers["X-Poll-Interval"] = "0" if feed.has_more else str(_POLL_SECONDS)
    return NotificationFeed(
        items=[NotificationOut.model_validate(entry) for entry in feed.items],
        next_cursor=sealed_cursor(request.app.state.keyring, _context(business_id), [feed.last]),
        has_more=feed.has_more,
        unread=feed.unread,
    )


@router.put("/read-marker", status_code=status.HTTP_204_NO_CONTENT, responses=errors(SessionOnly))
async def mark_notifications_read(body: ReadMarker, caller: UserDep, request: Request) -> None:
    """Mark everything up to this cursor as read by you. The marker never moves back."""
    error = FieldError("cursor_unusable", _REMEDY, pointer="#/cursor")
    number = _number(request, caller.business_id, body.cursor, error)
    assert caller.user_id is not None
    await NotificationService(caller.work).mark_read(caller.user_id, number)


def _context(business_id: UUID) -> str:
    return f"notifications:{business_id}"


def _unverified_number(cursor: str | None) -> int:
    """The number in a cursor, before it is known whose cursor it is; 0 if it has none, which `_number` refuses."""
    try:
        number = unverified_place(cursor)[0] if cursor is not None else 0
    except (ValueError, LookupError, TypeError, RecursionError):
        return 0
    return number if isinstance(number, int) and 0 <= number < _NUMBERS else 0


def _number(request: Request, business_id: UUID, cursor: str | None, error: FieldError) -> int:
    """The number of the last notification of a cursor; 0 is before the first."""
    if cursor is None:
        return 0
    try:
        return int(opened_cursor(request.app.state.keyring, _context(business_id), cursor)[0])
    except ValueError:
        raise Invalid(errors=[error]) from None
