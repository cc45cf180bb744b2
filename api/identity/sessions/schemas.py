"""API shapes of sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.identity.passwords import Password
from api.identity.roles import Role
from api.identity.schemas import BusinessId, Country, Email, UserId
from api.platform.http.schemas import InputModel, OutputModel
from api.platform.ids import PublicId

SessionId = Annotated[UUID, PublicId("ses")]


class SignIn(InputModel):
    """The credentials of a user."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"email": "mere@kereru-plumbing.co.nz", "password": "correct horse battery staple"}]
        }
    )

    email: Email
    password: Password


class BusinessChoice(InputModel):
    """The business to switch to."""

    business_id: BusinessId = Field(description="One of your own businesses.")


class SessionOut(OutputModel):
    """A session of the signed-in user: one browser."""

    id: SessionId
    browser: str = Field(description="The browser and its system, or the program.", examples=["Firefox on Windows"])
    address: str = Field(description="The network address it was opened from.", examples=["203.0.113.7"])
    current: bool = Field(description="Whether it is the session of this request.")
    created_at: datetime = Field(description="When the user signed in.")
    last_seen_at: datetime = Field(description="To the minute. Without a request, a session ends after twelve hours.")
    expires_at: datetime = Field(description="When it ends at the latest.")


class SignedInUser(OutputModel):
    """The signed-in user."""

    id: UserId
    name: str
    email: str
    email_verified: bool = Field(description="Whether the user has shown that mail to this address arrives.")


class PresentBusiness(OutputModel):
    """The business this session works in."""

    id: BusinessId
    name: str
    country: Country
    currency: str = Field(description="ISO 4217.", examples=["NZD"])


class OwnBusiness(OutputModel):
    """A business that the user belongs to."""

    id: BusinessId
    name: str
    country: Country
    role: Role


class Support(OutputModel):
    """Contact details of the operator's support."""

    email: str | None
    phone: str | None


class SignedIn(OutputModel):
    """The signed-in user, the present business, and the scopes of the user in it."""

    user: SignedInUser
    business: PresentBusiness
    businesses: list[OwnBusiness]
    role: Role
    scopes: list[str] = Field(description="What the role allows here.", examples=[["contacts:read", "contacts:write"]])
    locale: str = Field(examples=["en-NZ"])
    time_zone: str = Field(examples=["Pacific/Auckland"])
    support: Support
    xero_stand_in: bool = Field(
        description="True when Xero is the local stand-in, so that nothing reaches a real ledger."
    )
