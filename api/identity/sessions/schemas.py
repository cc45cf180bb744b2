"""What signing in takes and what it answers."""

from pydantic import ConfigDict, Field

from api.identity.passwords import Password
from api.identity.roles import Role
from api.identity.schemas import BusinessId, Country, Email, UserId
from api.platform.http.schemas import InputModel, OutputModel


class SignIn(InputModel):
    """Who you are."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"email": "mere@kereru-plumbing.co.nz", "password": "correct horse battery staple"}]
        }
    )

    email: Email
    password: Password


class BusinessChoice(InputModel):
    """The business to work in from now on."""

    business_id: BusinessId = Field(description="One of your own businesses.")


class SignedInUser(OutputModel):
    """The person."""

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
    """A business this person belongs to."""

    id: BusinessId
    name: str
    country: Country
    role: Role


class Support(OutputModel):
    """Where help is, as the operator set it."""

    email: str | None
    phone: str | None


class SignedIn(OutputModel):
    """Who is signed in, where, and what they may do."""

    user: SignedInUser
    business: PresentBusiness
    businesses: list[OwnBusiness]
    role: Role
    scopes: list[str] = Field(description="What the role allows here.", examples=[["contacts:read", "contacts:write"]])
    locale: str = Field(examples=["en-NZ"])
    time_zone: str = Field(examples=["Pacific/Auckland"])
    support: Support
    xero_stand_in: bool = Field(description="True when Xero is the local stand-in: nothing reaches a real ledger.")
