"""Xero's arithmetic: each line and its tax are rounded half up to the cent; totals are sums of lines."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=80, rounding=ROUND_HALF_UP)
_HUNDRED = Decimal(100)


def places(value: Decimal, digits: int) -> Decimal:
    """`value` with exactly `digits` decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-digits), context=_WIDE)


def cents(value: Decimal) -> Decimal:
    """Rounded to the cent."""
    return places(value, 2)


def line_amount(quantity: Decimal, unit_amount: Decimal, rate: Decimal | None, discount: Decimal | None) -> Decimal:
    """Quantity times price, less a discount: `rate` in percent, otherwise `discount` as an amount."""
    full = _WIDE.multiply(quantity, unit_amount)
    if rate is not None:
        return cents(_WIDE.divide(_WIDE.multiply(full, _HUNDRED - rate), _HUNDRED))
    return cents(full - (discount or Decimal(0)))


def tax_amount(amount: Decimal, rate: Decimal, line_amount_types: str) -> Decimal:
    """The tax of one line; `rate` in percent."""
    if line_amount_types == "NoTax":
        return Decimal("0.00")
    divisor = _HUNDRED + rate if line_amount_types == "Inclusive" else _HUNDRED
    if not divisor:  # a rate of -100 %: no price contains such a tax
        return Decimal("0.00")
    return cents(_WIDE.divide(_WIDE.multiply(amount, rate), divisor))


def totals(lines: list[tuple[Decimal, Decimal]], line_amount_types: str) -> tuple[Decimal, Decimal, Decimal]:
    """SubTotal, TotalTax and Total from (line amount, tax amount) pairs."""
    amount = cents(sum((line[0] for line in lines), Decimal(0)))
    tax = cents(sum((line[1] for line in lines), Decimal(0)))
    subtotal = amount - tax if line_amount_types == "Inclusive" else amount
    return subtotal, tax, subtotal + tax
