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
