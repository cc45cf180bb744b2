"""API shapes of members."""

from datetime import datetime

from pydantic import ConfigDict, Field

from api.identity.roles import Role
from api.identity.schemas import ROLE, UserId
from api.platform.http.schemas import InputModel, OutputModel


class RoleChange(InputModel):
    """The new role of a member."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "member"}]})

    role: Role = Field(description=ROLE)


class MemberOut(OutputModel):
    """A member of the business."""

    versioned = frozenset(RoleChange.model_fields)

    id: UserId
    name: str = Field(description="The member's full name.", examples=["Hemi Walker"])
    email: str = Field(
        description="The member's e-mail address, in lower case.", examples=["hemi@kereru-plumbing.co.nz"]
    )
    role: Role = Field(description=ROLE, examples=["member"])
    joined_at: datetime = Field(
        description="When the member joined the business: an instant in UTC.", examples=["2026-11-20T02:11:09Z"]
    )
