"""API shapes of API keys."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api.identity.roles import KEY_SCOPES
from api.identity.schemas import Title
from api.platform.clock import now
from api.platform.http.schemas import CreatedAt, InputModel, OutputModel
from api.platform.ids import PublicId

KeyId = Annotated[UUID, PublicId("key", "API key")]
MAX_LIFETIME = timedelta(days=366)


def _known(scope: str) -> str:
    if scope not in KEY_SCOPES:
        raise PydanticCustomError(
            "unknown_scope", "A key cannot have this scope. Known: {known}.", {"known": ", ".join(sorted(KEY_SCOPES))}
        )
    return scope


def _within_a_year(day: date) -> date:
    today = now().date()
    if not today <= day <= today + MAX_LIFETIME:
        raise PydanticCustomError(
            "expiry_out_of_range",
            "A key lives for a year at most: choose a day from {first} to {last}.",
            {"first": today.isoformat(), "last": (today + MAX_LIFETIME).isoformat()},
        )
    return day


class NewApiKey(InputModel):
    """An API key to create."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Nightly import",
                    "scopes": ["contacts:write", "invoices:write", "exports:write"],
                    "expires_on": "2027-06-30",
                }
            ]
        }
    )

    name: Title = Field(description="What the key is for, in your own words.")
    scopes: list[Annotated[str, AfterValidator(_known)]] = Field(
        min_length=1,
        max_length=len(KEY_SCOPES),
        description="What the key may do; never more than the user who created it may do now.",
    )
    expires_on: Annotated[date, AfterValidator(_within_a_year)] = Field(
        description="The last day on which the key works (UTC), a year from now at most."
    )


class ApiKeyOut(OutputModel):
    """A key without its secret."""

    versioned = frozenset(NewApiKey.model_fields)

    id: KeyId
    name: str = Field(description="What the key is for, in your own words.", examples=["Nightly import"])
    prefix: str = Field(description="The part of the key that may be seen.", examples=["jt_4Tz0aXq9"])
    scopes: list[str] = Field(
        examples=[["contacts:write", "invoices:write"]],
        description="What the key may do; never more than the user who created it may do now.",
    )
    expires_on: date = Field(description="The last day on which the key works (UTC).", examples=["2027-06-30"])
    last_used_at: datetime | None = Field(description="To the minute.")
    created_at: CreatedAt


class CreatedApiKey(ApiKeyOut):
    """A new key with its secret. No other answer contains the secret."""

    secret: str = Field(
        description="Send it as `Authorization: Bearer …`. It is kept as a hash and cannot be shown again.",
        examples=["jt_4Tz0aXq9_…"],
    )
