"""API shapes of the audit trail."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.platform.http.schemas import OutputModel
from api.platform.ids import PublicId


class AuditEventOut(OutputModel):
    """Who did what, when and with what outcome."""

    id: Annotated[UUID, PublicId("aud")]
    actor: str = Field(description="A user's or key's id; `nobody` before sign-in.", examples=["usr_01j5…"])
    action: str = Field(examples=["api_key.create"])
    subject: str | None = Field(description="The id of the row that the action changed.")
    outcome: str = Field(examples=["done", "refused"])
    request_id: str | None = Field(description="The id of the request, as in the logs.")
    details: dict[str, Any]
    created_at: datetime


class HistoryEventOut(OutputModel):
    """What was done with a record, when, and by whom."""

    id: Annotated[UUID, PublicId("aud")]
    created_at: datetime = Field(description="When it was done.")
    actor: str = Field(description="The id of the user or the API key.", examples=["key_01jeecwz2h6z28dd1fm9d2r7kx"])
    actor_name: str = Field(description="The name of the user or the API key; `Jobtally` for its own tasks.")
    action: str = Field(description="What was done: `package.verb`.", examples=["invoices.approve"])
    outcome: str = Field(description="`done` or `refused`.", examples=["done"])
    details: dict[str, Any] = Field(description="More about it, by action.")
