"""API types that several identity packages share."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, EmailStr, Field

from api.platform.ids import PublicId

BusinessId = Annotated[UUID, PublicId("biz", "business")]
UserId = Annotated[UUID, PublicId("usr", "user")]
Country = Literal["NZ", "AU"]
ROLE = "`viewer` reads, `member` also works, `admin` also connects the ledger (Xero) and manages keys and members."
Email = Annotated[
    EmailStr,
    AfterValidator(str.lower),
    Field(max_length=254, description="Compared and kept in lower case.", examples=["mere@kereru-plumbing.co.nz"]),
]
PersonName = Annotated[
    str, Field(min_length=1, max_length=120, description="The full name of the person.", examples=["Mere Hohepa"])
]
