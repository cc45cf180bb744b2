"""API shapes of notifications."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from api.platform.http.schemas import CreatedAt, InputModel, OutputModel, Page
from api.platform.ids import PublicId

NotificationId = Annotated[UUID, PublicId("ntf", "notification")]
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
    """One event, as a complete sentence."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    id: NotificationId
    kind: str = Field(description="`package.event`; new kinds may appear, ignore those you do not know.")
    message: str = Field(description="What happened, as a complete English sentence.")
    created_at: CreatedAt
    read: bool = Field(description="Whether the signed-in user has marked it as read; always false for an API key.")
    data: dict[str, Any] = Field(description="The ids and counts of the event; they depend on the kind.")


class NotificationFeed(Page[NotificationOut]):
    """Notifications in the order of the events. `next_cursor` is always present and continues after the last item."""

    next_cursor: str = Field(
        description="Send it as `after` to get the notifications that follow; never null.",
        examples=["kN2vT0n1s9Qd4Wb7Zk2vTFsyNl0"],
    )
    has_more: bool = Field(description="Whether more notifications follow at once.", examples=[False])
    unread: int = Field(description="The number of notifications that the signed-in user has not read.", examples=[1])


class ReadMarker(InputModel):
    """The position up to which you have read."""

    cursor: Cursor = Field(
        description="A `next_cursor` of the feed. Everything up to it counts as read.",
        examples=["kN2vT0n1s9Qd4Wb7Zk2vTFsyNl0"],
    )
