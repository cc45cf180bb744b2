"""API shapes of the lines of invoices."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from api.platform.http.schemas import InputModel, OutputModel
from api.platform.ids import PublicId
from api.records.cost_centers.schemas import CostCenterId
from api.records.invoices import examples
from api.records.items.schemas import ItemCode
from api.records.money import (
    AmountOut,
    Percent,
    PercentOut,
    Quantity,
    QuantityOut,
    TaxPercentOut,
    UnitPrice,
    UnitPriceOut,
)
from api.records.text import CodeText, LongText, ShortLine

LineId = Annotated[UUID, PublicId("lin", "line")]
_MAX_LINES = 500

_DESCRIPTION = "What was done or delivered; or any text."
_DISCOUNT = "Percent of the price that is taken off, from 0 to 100."
_COST_CENTER = "One of `/cost-centers`; null: none."


class LineIn(InputModel):
    """One line. Its amount is quantity times unit price, less the discount. With a description alone it is text."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LINE]})

    description: LongText = Field(description=_DESCRIPTION)
    quantity: Quantity | None = Field(None, description="How many units; negative for a return.")
    unit_price: UnitPrice | None = Field(
        None, description="The price of one unit; negative for a credit.", validate_default=True
    )
    discount_percent: Percent = Field(Decimal(0), description=_DISCOUNT, json_schema_extra={"default": "0.00"})
    accounting_code: CodeText | None = Field(None, description="Without it, your default code for this kind.")
    tax_type: ShortLine | None = Field(
        None, description="One of `/tax-rates`; without it, that of the accounting code, else of your preferences."
    )
    cost_center_id: CostCenterId | None = Field(None, description=_COST_CENTER)
    item_code: ItemCode | None = Field(None, description="The code of one of `/items`.")

    @field_validator("unit_price")
    @classmethod
    def _with_quantity(cls, unit_price: Decimal | None, info: ValidationInfo) -> Decimal | None:
        quantity = info.data.get("quantity", unit_price)  # an unreadable quantity has its own error
        if (quantity is None) != (unit_price is None):
            raise PydanticCustomError("quantity_or_price_missing", "Send quantity and unit_price, or neither for text.")
        return unit_price

    @field_validator("discount_percent", "accounting_code", "tax_type", "cost_center_id", "item_code")
    @classmethod
    def _of_an_amount(cls, value: Any, info: ValidationInfo) -> Any:
        if value and info.data.get("unit_price", True) is None:
            raise PydanticCustomError("text_line", "A line without quantity and unit_price is text: leave this out.")
        return value


Lines = Annotated[list[LineIn], Field(max_length=_MAX_LINES)]


class LineOut(OutputModel):
    """One line, with the tax rate at the time when the line was written."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ANSWERED_LINE]})

    id: LineId
    description: str = Field(description=_DESCRIPTION)
    quantity: QuantityOut | None = Field(description="How many units; null for a line of text only, like `unit_price`.")
    unit_price: UnitPriceOut | None = Field(
        description="The price of one unit, negative for a credit; null for a line of text only."
    )
    discount_percent: PercentOut = Field(description=_DISCOUNT)
    accounting_code: str | None = Field(
        description="The accounting code of the line; null: your default code for this kind."
    )
    tax_type: str | None = Field(description="The tax type of the line; null for a line of text only.")
    tax_rate: TaxPercentOut = Field(description="The tax rate in percent, as it was when the line was written.")
    cost_center_id: CostCenterId | None = Field(description=_COST_CENTER)
    item_code: str | None = Field(description="The code of one of `/items`, if the line has one.")
    line_amount: AmountOut = Field(
        description="The amount after discount; it contains the tax when `amounts` is `inclusive`."
    )
    tax_amount: AmountOut = Field(description="The tax of the line, rounded half-up to the cent.")
