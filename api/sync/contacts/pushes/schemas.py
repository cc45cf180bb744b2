"""API shapes of pushes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from api.platform.http.schemas import CreatedAt, InputModel, OutputModel, ProblemOut
from api.platform.ids import PublicId
from api.records.contacts.schemas import ContactId
from api.sync.contacts import ownership
from api.sync.contacts.pushes.states import FINISHED, PushResult, PushState
from api.sync.writes.schemas import WaitingFor

PushId = Annotated[UUID, PublicId("cpu", "push of contacts")]
_POLL_MS = 1000
_POLL_WAITING_MS = 5000
_ID: Final = "01jeecwz2h6z28dd1fm9d2r7kx"
_PUSH: Final[JsonDict] = {
    "id": f"cpu_{_ID}",
    "state": "running",
    "started_by": "Mere Hohepa",
    "total": 3,
    "created": 1,
    "updated": 1,
    "unchanged": 0,
    "unsure": 0,
    "failed": 0,
    "waiting": 1,
    "waiting_for": None,
    "resume_at": None,
    "poll_after_ms": 1000,
    "created_at": "2026-11-24T20:40:00Z",
    "finished_at": None,
}


class ContactPushOut(OutputModel):
    """One push of contacts to Xero. Its counts always add up to `total`."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PUSH]})

    id: PushId
    state: PushState = Field(
        description="`queued`, `running` or `waiting`; finished: `done`, or `done_with_errors` if some contacts are"
        " unsure or failed."
    )
    started_by: str | None = Field(
        description="The name of the user or API key that started it; null: it runs every six hours."
    )
    total: int = Field(description="The number of contacts that are new or were changed.")
    created: int = Field(description="The number of contacts that were created in Xero.")
    updated: int = Field(description="The number of contacts that were changed in Xero.")
    unchanged: int = Field(
        description="The number of contacts for which nothing was changed in Xero: their payer reference is taken."
    )
    unsure: int = Field(description="The number of contacts that a user has to decide about.")
    failed: int = Field(description="The number of contacts that Xero did not accept.")
    waiting: int = Field(description="The number of contacts that are not sent yet, or whose result is not known yet.")
    waiting_for: WaitingFor | None = Field(description="What a waiting push waits for; null otherwise.")
    resume_at: datetime | None = Field(
        description="When a waiting push goes on: an instant in UTC; null if that is not known."
    )
    poll_after_ms: int | None = Field(description="Milliseconds after which to ask again; null when it is finished.")
    created_at: CreatedAt
    finished_at: datetime | None = Field(description="When it was finished: an instant in UTC; null before.")

    @classmethod
    def of(cls, push: object) -> Self:
        """The shape of a row of `contact_pushes`."""
        return cls.model_validate(values_of_push(vars(push)))


def values_of_push(push: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of `ContactPushOut` of the columns of a push."""
    poll_ms = _POLL_WAITING_MS if push["state"] == PushState.WAITING else _POLL_MS
    return {**push, "poll_after_ms": None if push["state"] in FINISHED else poll_ms}


class PushedContact(OutputModel):
    """The contact of an element of a push."""

    id: ContactId
    name: str = Field(description="The name of the contact when it was compared.")


class ContactPushItemOut(OutputModel):
    """One contact of a push and its result."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "contact": {"id": f"con_{_ID}", "name": "Kōwhai Dental Ltd"},
                    "result": "updated",
                    "fields": ["email", "phone"],
                    "problems": [],
                }
            ]
        }
    )

    contact: PushedContact = Field(description="The contact.")
    result: PushResult = Field(
        description="`waiting`; `created` or `updated` in Xero; `unchanged`: the only change was a payer reference that"
        " another contact has; `unsure`: a user has to decide; `failed`: Xero did not accept it."
    )
    fields: list[ownership.Field] = Field(description="The fields that were changed in Xero; empty for a new contact.")
    problems: list[ProblemOut] = Field(description="Why it is unsure or failed, or what deserves a look.")


def values_of_item(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of `ContactPushItemOut` of the columns of an item."""
    return {**item, "contact": {"id": item["contact_id"], "name": item["contact_name"]}}


class PushScheduleOut(OutputModel):
    """When contacts are pushed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"enabled": True, "last": _PUSH, "next_at": "2026-11-25T02:40:00Z"}]}
    )

    enabled: bool = Field(description="Whether contacts are pushed every six hours (`contact_push_enabled`).")
    last: ContactPushOut | None = Field(description="The latest push; null if there was none.")
    next_at: datetime | None = Field(
        description="When the next push begins: an instant in UTC; null if none is planned, because it is switched off"
        " or Xero is not connected."
    )


class ContactAnswerIn(InputModel):
    """What a person decides about a contact that was changed on both sides."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"choice": "send_ours"}]})

    choice: Literal["keep_xeros", "send_ours"] = Field(
        description="`keep_xeros`: Xero keeps its values, and yours stay here; `send_ours`: the next push sends yours."
    )


class NameChangesOut(OutputModel):
    """What another way of naming persons would change in Xero."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"count": 12}]})

    count: int = Field(description="How many contacts the next push would rename in Xero.")
