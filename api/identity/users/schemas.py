"""API shapes of members."""

from datetime import datetime

from pydantic import ConfigDict, Field

from api.identity.roles import Role
from api.identity.schemas import UserId
from api.platform.http.schemas import InputModel, OutputModel


class MemberOut(OutputModel):
    """A member of the business."""

    id: UserId
    name: str
    email: str
    role: Role
    joined_at: datetime


class RoleChange(InputModel):
    """The new role of a member."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "member"}]})

    role: Role = Field(
        description="`viewer` reads, `member` also works, `admin` also connects Xero and manages keys and members."
    )
