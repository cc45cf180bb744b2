"""API shapes of sessions."""

from pydantic import ConfigDict, Field

from api.identity.passwords import Password
from api.identity.roles import Role
from api.identity.schemas import BusinessId, Country, Email, UserId
from api.platform.http.schemas import InputModel, OutputModel


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


class SignedInUser(OutputModel):
    """The signed-in user."""

    id: UserId
    name: str
    email: str


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
