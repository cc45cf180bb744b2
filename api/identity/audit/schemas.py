"""API shapes of the audit trail."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.platform.http.schemas import CreatedAt, OutputModel
from api.platform.ids import PublicId


class AuditEventOut(OutputModel):
    """Who did what, when and with what outcome."""

    id: Annotated[UUID, PublicId("aud", "audit event")]
    actor: str = Field(description="A user's or key's id; `nobody` before sign-in.", examples=["usr_01j5…"])
    action: str = Field(examples=["api_key.create"], description="What was done: `resource.verb`.")
    subject: str | None = Field(
        description="The id of the row that the action changed.", examples=["key_01jeecwz2h6z28dd1fm9d2r7kx"]
    )
    outcome: str = Field(examples=["done", "refused"], description="Whether it was done or refused.")
    request_id: str | None = Field(description="The id of the request, as in the logs.")
    address: str | None = Field(
        description="The network address of the request; null for Jobtally's own tasks.", examples=["203.0.113.7"]
    )
    details: dict[str, Any] = Field(
        description="More about the action; the fields depend on it.", examples=[{"name": "Nightly import"}]
    )
    created_at: CreatedAt


class HistoryEventOut(OutputModel):
    """What was done with a record, when, and by whom."""

    id: Annotated[UUID, PublicId("aud", "audit event")]
    created_at: CreatedAt
    actor: str = Field(description="The id of the user or the API key.", examples=["key_01jeecwz2h6z28dd1fm9d2r7kx"])
    actor_name: str = Field(
        description="The name of the user or the API key; `Jobtally` for its own tasks.", examples=["Mere Hohepa"]
    )
    action: str = Field(description="What was done: `package.verb`.", examples=["invoices.approve"])
    outcome: str = Field(description="`done` or `refused`.", examples=["done"])
    details: dict[str, Any] = Field(
        description="More about the action; the fields depend on it.", examples=[{"approval": "withdrawn"}]
    )
