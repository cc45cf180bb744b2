"""Notifications as the API shows them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from api.platform.http.schemas import InputModel, OutputModel, Page
from api.platform.ids import PublicId

NotificationId = Annotated[UUID, PublicId("ntf")]
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=200)]

_EXAMPLE: JsonDict = {
    "id": "ntf_01jf9jwz2hfk2a38g7zvjjpf1x",
    "kind": "export.finished",
    "message": "3 of 3 invoices have been exported to Xero.",
    "created_at": "2026-11-22T20:41:07.120000Z",
    "read": False,
    "data": {"total": 3, "exported": 3},
}


class NotificationOut(OutputModel):
    """One thing that happened, as a finished sentence."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: NotificationId
    kind: str = Field(description="`room.event`; new kinds may appear, ignore those you do not know.")
    message: str
    created_at: datetime
    read: bool = Field(description="Whether the signed-in person has marked it read; never for an API key.")
    data: dict[str, Any] = Field(description="The ids and counts behind the sentence, by kind.")


class NotificationFeed(Page[NotificationOut]):
    """News in the order it happened; `next_cursor` is always there and continues after the last item shown."""

    next_cursor: str
    has_more: bool
    unread: int = Field(description="How much of the whole feed the signed-in person has not read.")


class ReadMarker(InputModel):
    """How far has been read."""

    cursor: Cursor = Field(description="A `next_cursor` of the feed: everything up to it counts as read.")
