"""API shapes of items."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from api.platform.http.schemas import CreatedAt, InputModel, OutputModel, UpdatedAt, omissible
from api.platform.ids import PublicId
from api.platform.text import OneLine, Tidy
from api.records.examples import TIMES
from api.records.filters import UpdatedSince
from api.records.money import UnitPrice, UnitPriceOut
from api.records.text import CodeText, LongText, Search, ShortLine

ItemId = Annotated[UUID, PublicId("itm", "item")]
ItemMatch = Literal["unchecked", "matched", "differs", "missing"]
ItemCode = Annotated[str, Field(min_length=1, max_length=30), OneLine, Tidy]

_CODE = "Unique in the business in any letter case; lines refer to the item by it."
_NAME = "The name of the item."
_DESCRIPTION = "The text for invoice lines with the item."
_SALE_PRICE = "The price of one unit when you sell it, in your own currency."
_SALE_CODE = "The income code for sales of the item."
_PURCHASE_PRICE = "The price of one unit when you buy it, in your own currency."
_PURCHASE_CODE = "The expense code for purchases of the item."
_IS_TRACKED = "Whether the ledger counts the stock of it: an invoice line with its code changes the stock."
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

    description: LongText | None = Field(None, description=_DESCRIPTION)
    sale_price: UnitPrice | None = Field(None, description=_SALE_PRICE)
    sale_code: CodeText | None = Field(None, description=_SALE_CODE)
    purchase_price: UnitPrice | None = Field(None, description=_PURCHASE_PRICE)
    purchase_code: CodeText | None = Field(None, description=_PURCHASE_CODE)


class ItemIn(ItemDetails):
    """A new item."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    code: ItemCode = Field(description=_CODE)
    name: ShortLine = Field(description=_NAME)


class ItemChange(ItemDetails):
    """A merge-patch of an item. Missing fields stay, null clears."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sale_price": "1950.00"}]})

    code: ItemCode = omissible(_CODE)
    name: ShortLine = omissible(_NAME)


class ItemInLedger(OutputModel):
    """The item of this code as the ledger has it."""

    code: str = Field(description="The code as the ledger spells it.")
    name: str = Field(description=_NAME)
    description: str | None = Field(description=_DESCRIPTION)
    sale_price: str | None = Field(description=_SALE_PRICE)
    sale_code: str | None = Field(description=_SALE_CODE)
    purchase_price: str | None = Field(description=_PURCHASE_PRICE)
    purchase_code: str | None = Field(description=_PURCHASE_CODE)
    is_tracked: bool = Field(description=_IS_TRACKED)


class ItemOut(OutputModel):
    """An item for sale, purchase or both."""

    versioned = frozenset(ItemIn.model_fields)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "itm_01jeecwz2h6z28dd1fm9d2r7kx",
                    **_EXAMPLE,
                    "match": "differs",
                    "in_ledger": {**_EXAMPLE, "sale_price": "1850.0000", "is_tracked": False},
                    **TIMES,
                }
            ]
        }
    )

    id: ItemId
    code: str = Field(description=_CODE)
    name: str = Field(description=_NAME)
    description: str | None = Field(description=_DESCRIPTION)
    sale_price: UnitPriceOut | None = Field(description=_SALE_PRICE)
    sale_code: str | None = Field(description=_SALE_CODE)
    purchase_price: UnitPriceOut | None = Field(description=_PURCHASE_PRICE)
    purchase_code: str | None = Field(description=_PURCHASE_CODE)
    match: ItemMatch = Field(
        description="Whether the ledger has an item of this code, and whether that one `differs`. What you write here"
        " stays; the fields that you leave as they are follow the ledger."
    )
    in_ledger: ItemInLedger | None = Field(description="The item of this code as the ledger has it; null without one.")
    created_at: CreatedAt
    updated_at: UpdatedAt


@dataclass(frozen=True)
class ItemFilter:
    """The filters of a list of items. An item has to match every one."""

    q: Annotated[Search | None, Query(description="Part of the code, the name or the description.")] = None
    match: Annotated[ItemMatch | None, Query(description="Only items with this match.")] = None
    updated_since: UpdatedSince = None
