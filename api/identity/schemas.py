"""API types that several identity packages share."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, EmailStr, Field

from api.platform.ids import PublicId

BusinessId = Annotated[UUID, PublicId("biz")]
UserId = Annotated[UUID, PublicId("usr")]
Country = Literal["NZ", "AU"]
Email = Annotated[
    EmailStr,
    AfterValidator(str.lower),
    Field(max_length=254, description="Compared and kept in lower case.", examples=["mere@kereru-plumbing.co.nz"]),
]
PersonName = Annotated[str, Field(min_length=1, max_length=120, examples=["Mere Hohepa"])]
