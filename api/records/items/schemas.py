"""API shapes of items."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from api.platform.http.schemas import InputModel, OutputModel, omissible
from api.platform.ids import PublicId
from api.records.examples import TIMES
from api.records.filters import UpdatedSince
from api.records.money import UnitPrice, UnitPriceOut
from api.records.text import CodeText, LongText, Search, ShortLine

ItemId = Annotated[UUID, PublicId("itm")]
ItemCode = Annotated[str, Field(min_length=1, max_length=30)]

_CODE = "Unique in the business; lines refer to the item by it."
_EXAMPLE: JsonDict = {
    "code": "CYL-180",
    "name": "Hot-water cylinder 180 l",
    "description": "Mains pressure, stainless steel",
    "sale_price": "1890.0000",
    "sale_code": "200",
    "purchase_price": "1245.5000",
    "purchase_code": "310",
}


class ItemDetails(InputModel):
    """Optional fields of an item."""

    description: LongText | None = None
    sale_price: UnitPrice | None = None
    sale_code: CodeText | None = Field(None, description="The income code for sales of the item.")
    purchase_price: UnitPrice | None = None
    purchase_code: CodeText | None = Field(None, description="The expense code for purchases of the item.")


class ItemIn(ItemDetails):
    """A new item."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    code: ItemCode = Field(description=_CODE)
    name: ShortLine


class ItemChange(ItemDetails):
    """A merge-patch of an item. Missing fields stay, null clears."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sale_price": "1950.00"}]})

    code: ItemCode = omissible(_CODE)
    name: ShortLine = omissible()


class ItemOut(OutputModel):
    """An item for sale, purchase or both."""

    versioned = frozenset(ItemIn.model_fields)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "itm_01jeecwz2h6z28dd1fm9d2r7kx", **_EXAMPLE, **TIMES}]}
    )

    id: ItemId
    code: str
    name: str
    description: str | None
    sale_price: UnitPriceOut | None
    sale_code: str | None
    purchase_price: UnitPriceOut | None
    purchase_code: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class ItemFilter:
    """The filters of a list of items. An item has to match every one."""

    q: Annotated[Search | None, Query(description="Part of the code, the name or the description.")] = None
    updated_since: UpdatedSince = None
