"""API shapes of invitations."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.identity.passwords import NewPassword
from api.identity.roles import Role
from api.identity.schemas import ROLE, Email, PersonName
from api.platform.http.schemas import CreatedAt, InputModel, OutputModel
from api.platform.ids import PublicId

InvitationId = Annotated[UUID, PublicId("ivt", "invitation")]


class NewInvitation(InputModel):
    """The address to invite and the role to give."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "hemi@kereru-plumbing.co.nz", "role": "member"}]}
    )

    email: Email
    role: Role = Field(description=ROLE, examples=["member"])


class InvitationOut(OutputModel):
    """An invitation that is not accepted yet."""

    versioned = frozenset(NewInvitation.model_fields)

    id: InvitationId
    email: str = Field(
        description="The address that the invitation was sent to.", examples=["hemi@kereru-plumbing.co.nz"]
    )
    role: Role = Field(description=ROLE, examples=["member"])
    expires_at: datetime = Field(
        description="When the link stops working: an instant in UTC.", examples=["2026-12-01T20:40:00Z"]
    )
    created_at: CreatedAt


class CreatedInvitation(InvitationOut):
    """A new invitation. No other answer contains its link."""

    link: str | None = Field(
        description="Null when it was sent by mail. Without a mail server: the address that the person opens.",
        examples=["https://jobs.example.nz/invitation#v3rY-l0ng-T0ken"],
    )


class Acceptance(InputModel):
    """What the invited person sends to accept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "token": "v3rY-l0ng-T0ken-from-the-mail",
                    "name": "Hemi Walker",
                    "password": "four unrelated plain words",
                }
            ]
        }
    )

    token: str = Field(min_length=1, max_length=100, description="The part of the link after `#`.")
    name: PersonName | None = Field(None, description="Required for a person who has no account yet.")
    password: NewPassword = Field(description="A new password, or the present one of a person who has an account.")
