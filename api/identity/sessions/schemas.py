"""API shapes of sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool

from api.identity.passwords import Password
from api.identity.roles import Role
from api.identity.schemas import BusinessId, Country, Email, UserId
from api.platform.http.schemas import InputModel, OutputModel
from api.platform.ids import PublicId

SessionId = Annotated[UUID, PublicId("ses", "session")]


class SignIn(InputModel):
    """The credentials of a user."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"email": "mere@kereru-plumbing.co.nz", "password": "correct horse battery staple"}]
        }
    )

    email: Email
    password: Password = Field(description="The password of the user.")


class BusinessChoice(InputModel):
    """The business to switch to."""

    business_id: BusinessId = Field(description="One of your own businesses.")


class MailChoice(InputModel):
    """Whether the signed-in user gets mails about the present business."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"wants_mail": False}]})

    wants_mail: StrictBool = Field(description="False: Jobtally sends you no mail about this business.")


class SessionOut(OutputModel):
    """A session of the signed-in user: one browser."""

    id: SessionId
    browser: str = Field(description="The browser and its system, or the program.", examples=["Firefox on Windows"])
    address: str = Field(description="The network address it was opened from.", examples=["203.0.113.7"])
    current: bool = Field(description="Whether it is the session of this request.", examples=[True])
    created_at: datetime = Field(description="When the user signed in.", examples=["2026-11-24T20:11:09Z"])
    last_seen_at: datetime = Field(
        description="To the minute. Without a request, a session ends after twelve hours.",
        examples=["2026-11-24T20:40:00Z"],
    )
    expires_at: datetime = Field(description="When it ends at the latest.", examples=["2026-12-24T20:11:09Z"])


class SignedInUser(OutputModel):
    """The signed-in user."""

    id: UserId
    name: str = Field(description="The user's full name.", examples=["Mere Hohepa"])
    email: str = Field(description="The user's e-mail address, in lower case.", examples=["mere@kereru-plumbing.co.nz"])
    email_verified: bool = Field(
        description="Whether the user has shown that mail to this address arrives.", examples=[True]
    )


class PresentBusiness(OutputModel):
    """The business this session works in."""

    id: BusinessId
    name: str = Field(description="The name of the business.", examples=["Kererū Plumbing"])
    country: Country = Field(description="The country of the business: `NZ` New Zealand, `AU` Australia.")
    currency: str = Field(description="ISO 4217.", examples=["NZD"])


class OwnBusiness(OutputModel):
    """A business that the user belongs to."""

    id: BusinessId
    name: str = Field(description="The name of the business.", examples=["Kererū Plumbing"])
    country: Country = Field(description="The country of the business: `NZ` New Zealand, `AU` Australia.")
    role: Role = Field(description="The role of the user in this business.", examples=["admin"])


class Support(OutputModel):
    """Contact details of the operator's support."""

    email: str | None = Field(
        description="The e-mail address of the support, if there is one.", examples=["support@jobs.example.nz"]
    )
    phone: str | None = Field(description="The phone number of the support, if there is one.", examples=["04 555 0100"])


class SignedIn(OutputModel):
    """The signed-in user, the present business, and the scopes of the user in it."""

    user: SignedInUser = Field(description="The user who is signed in.")
    business: PresentBusiness = Field(description="The business that the session works in.")
    businesses: list[OwnBusiness] = Field(description="Every business that the user belongs to, with the present one.")
    role: Role = Field(description="The role of the user in the present business.", examples=["admin"])
    wants_mail: bool = Field(
        description="Whether the user gets mails about the present business: a lost connection, invoices that were not"
        " sent, the daily summary.",
        examples=[True],
    )
    scopes: list[str] = Field(description="What the role allows here.", examples=[["contacts:read", "contacts:write"]])
    locale: str = Field(examples=["en-NZ"], description="The language and region of the business (BCP 47).")
    time_zone: str = Field(examples=["Pacific/Auckland"], description="The time zone of the business (IANA name).")
    support: Support = Field(description="How to reach the support.")
    xero_stand_in: bool = Field(
        description="True when Xero is the local stand-in, so that nothing reaches a real ledger.", examples=[False]
    )
