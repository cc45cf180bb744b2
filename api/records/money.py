"""Money: decimal text in the API, Decimal in the code, and the arithmetic of a document as Xero does it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from api.platform.http.schemas import OutputModel

Amounts = Literal["exclusive", "inclusive", "no_tax"]

LARGEST_LINE: Final = Decimal("9999999999.99")
_CENT: Final = Decimal("0.01")
_HUNDRED: Final = Decimal(100)
_FORM: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
# Enough digits for an exact quantity x price x percentage, so that each amount is rounded only once.
_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)


class DecimalText:
    """Annotation for a Decimal in a request: text with limited range and a limited number of places."""

    def __init__(self, places: int, low: str, high: str, example: str) -> None:
        self.places = places
        self.low, self.high = Decimal(low), Decimal(high)
        self.example = example

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: f"{value:.{self.places}f}", return_schema=core_schema.str_schema(), when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        sign = "-?" if self.low < 0 else ""
        whole = "(100(?=$|[.]0+$)|[0-9]{1,2})" if self.high == _HUNDRED else f"[0-9]{{1,{len(str(int(self.high)))}}}"
        pattern = f"^{sign}{whole}([.][0-9]{{1,{self.places}}})?$"
        return {"type": "string", "pattern": pattern, "examples": [self.example]}

    def _read(self, value: Any) -> Decimal:
        number = value if isinstance(value, Decimal) else self._from_text(value)
        if not number.is_finite() or self._is_outside(number):
            limits = {"low": f"{self.low:,f}", "high": f"{self.high:,f}"}
            raise PydanticCustomError("out_of_range", "This has to be at least {low} and at most {high}.", limits)
        return number + 0  # -0 is 0

    def _from_text(self, value: Any) -> Decimal:
        words = {"example": self.example, "places": self.places}
        if not isinstance(value, str):
            raise PydanticCustomError("decimal_not_text", 'Send amounts as text, like "{example}".', words)
        text = value.strip()
        if not _FORM.fullmatch(text):
            raise PydanticCustomError(
                "decimal_malformed", 'Use digits and a point only, like "{example}": no comma, sign +, or e.', words
            )
        if len(text.partition(".")[2]) > self.places:
            raise PydanticCustomError("too_many_decimals", "Give at most {places} decimals.", words)
        return Decimal(text)

    def _is_outside(self, number: Decimal) -> bool:
        return not self.low <= number <= self.high


class DecimalOut:
    """Annotation for a Decimal in a response: text with a fixed number of places. No value is refused."""

    def __init__(self, places: int, example: str) -> None:
        self._places = places
        self._example = example

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema(
            Decimal,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: f"{value + 0:.{self._places}f}",  # -0 is 0
                return_schema=core_schema.str_schema(),
                when_used="json",
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        pattern = f"^-?[0-9]+[.][0-9]{{{self._places}}}$"
        return {"type": "string", "pattern": pattern, "examples": [self._example]}


Amount = Annotated[Decimal, DecimalText(2, "-9999999999999.99", "9999999999999.99", "12.50")]
Quantity = Annotated[Decimal, DecimalText(4, "-999999999.9999", "999999999.9999", "1.5")]
UnitPrice = Annotated[Decimal, DecimalText(4, "-9999999999.9999", "9999999999.9999", "85.00")]
Percent = Annotated[Decimal, DecimalText(2, "0", "100", "12.50")]
AmountOut = Annotated[Decimal, DecimalOut(2, "12.50")]
QuantityOut = Annotated[Decimal, DecimalOut(4, "1.5000")]
UnitPriceOut = Annotated[Decimal, DecimalOut(4, "85.0000")]
PercentOut = Annotated[Decimal, DecimalOut(2, "12.50")]
TaxPercentOut = Annotated[Decimal, DecimalOut(4, "15.0000")]


class CurrencyTotal(OutputModel):
    """The sum of invoices in one currency."""

    currency: str = Field(description="The currency (ISO 4217).")
    total: AmountOut = Field(description="The sum of the totals, with tax.")


class LineTooLarge(ArithmeticError):
    """The amount of a line is larger than `LARGEST_LINE`."""


class TaxTooLarge(LineTooLarge):
    """The tax of a line is larger than `LARGEST_LINE`: its tax rate cannot be meant."""


@dataclass(frozen=True)
class LineTotal:
    """The amount of a line after discount, and its tax. `line_amount` contains the tax when amounts are inclusive."""

    line_amount: Decimal
    tax_amount: Decimal


@dataclass(frozen=True)
class Totals:
    """The totals of a document."""

    subtotal: Decimal
    tax_total: Decimal
    total: Decimal


def line_total(
    quantity: Decimal, unit_price: Decimal, discount_percent: Decimal, rate: Decimal, amounts: Amounts
) -> LineTotal:
    """Compute one line; each amount is rounded half-up once. Discount and rate in percent.

    Raises LineTooLarge, and TaxTooLarge for the tax.
    """
    exact = _EXACT
    full = exact.multiply(exact.multiply(quantity, unit_price), exact.subtract(_HUNDRED, discount_percent))
    line_amount = _cents(exact.divide(full, _HUNDRED))
    if abs(line_amount) > LARGEST_LINE:
        raise LineTooLarge(f"{line_amount:,f}")
    return LineTotal(line_amount, _tax(line_amount, rate, amounts))


def invoice_totals(lines: Iterable[LineTotal], amounts: Amounts) -> Totals:
    """Add the lines up. Tax is rounded per line and then added, never computed from the total."""
    of_lines = tax_total = Decimal("0.00")
    for line in lines:
        of_lines += line.line_amount
        tax_total += line.tax_amount
    if amounts == "inclusive":
        return Totals(of_lines - tax_total, tax_total, of_lines)
    return Totals(of_lines, tax_total, of_lines + tax_total)


def price_after_discount(unit_price: Decimal, discount_percent: Decimal) -> Decimal:
    """The unit price after discount, rounded half-up to four decimals: Xero's bills have no discount field."""
    reduced = _EXACT.multiply(unit_price, _EXACT.subtract(_HUNDRED, discount_percent))
    return _EXACT.divide(reduced, _HUNDRED).quantize(Decimal("0.0001"), context=_EXACT)


def _tax(line_amount: Decimal, rate: Decimal, amounts: Amounts) -> Decimal:
    if amounts == "no_tax":
        return Decimal("0.00")
    base = _EXACT.add(_HUNDRED, rate) if amounts == "inclusive" else _HUNDRED
    if base == 0:  # a rate of -100 %: no price contains such a tax
        return Decimal("0.00")
    tax = _EXACT.divide(_EXACT.multiply(line_amount, rate), base)
    if abs(tax) > LARGEST_LINE:
        raise TaxTooLarge(f"{tax:,.2f}")
    return _cents(tax)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(_CENT, context=_EXACT) + 0
