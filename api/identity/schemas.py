"""API types that several identity packages share."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from api.platform.ids import PublicId
from api.platform.text import NoWebAddress, OneLine, Tidy, email_address

BusinessId = Annotated[UUID, PublicId("biz", "business")]
UserId = Annotated[UUID, PublicId("usr", "user")]
Country = Literal["NZ", "AU"]
ROLE = "`viewer` reads, `member` also works, `admin` also connects the ledger (Xero) and manages keys and members."
Email = Annotated[
    str,
    Field(
        max_length=254,
        json_schema_extra={"format": "email"},
        description="Compared and kept in lower case.",
        examples=["mere@kereru-plumbing.co.nz"],
    ),
    AfterValidator(email_address),  # it takes long for a long text, so the length is checked before
    AfterValidator(str.lower),
]
PersonName = Annotated[
    str,
    Field(min_length=1, max_length=120, description="The full name of the person.", examples=["Mere Hohepa"]),
    OneLine,
    Tidy,
    NoWebAddress,
]
Title = Annotated[str, Field(min_length=1, max_length=120), OneLine, Tidy]
BusinessName = Annotated[Title, NoWebAddress]
