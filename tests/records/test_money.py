"""The arithmetic of totals, against the documented examples and against exact fractions."""

import json
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from api.records.money import (
    Amount,
    Amounts,
    LineTooLarge,
    LineTotal,
    Percent,
    Quantity,
    UnitPrice,
    invoice_totals,
    line_total,
    price_after_discount,
)

ZERO = Decimal(0)


def amount_line(price: str, rate: str, amounts: Amounts) -> LineTotal:
    return line_total(Decimal(1), Decimal(price), ZERO, Decimal(rate), amounts)


def half_up(value: Fraction, places: int) -> Decimal:
    """Round half away from zero, computed with whole numbers only."""
    scaled = abs(value) * 10**places
    whole = floor(scaled + Fraction(1, 2))
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(low), Decimal(high), allow_nan=False, allow_infinity=False, places=places)


quantities = decimals("0.0001", "999999.9999", 4)
prices = decimals("-9999.9999", "9999.9999", 4)
discounts = decimals("0", "100", 2)
rates = st.sampled_from([Decimal(rate) for rate in ("0", "5", "8.875", "10", "12.5", "15", "20", "100")])
modes = st.sampled_from(["exclusive", "inclusive", "no_tax"])


def test_tax_is_rounded_per_line_and_then_added() -> None:
    lines = [amount_line(price, "15", "exclusive") for price in ("25.06", "25.61", "25.63")]

    totals = invoice_totals(lines, "exclusive")

    assert [str(line.tax_amount) for line in lines] == ["3.76", "3.84", "3.84"]
    assert (str(totals.subtotal), str(totals.tax_total), str(totals.total)) == ("76.30", "11.44", "87.74")


@pytest.mark.parametrize(("gross", "tax"), [("89.00", "11.61"), ("90.00", "11.74")])
def test_the_tax_of_an_inclusive_line_is_part_of_its_amount(gross: str, tax: str) -> None:
    line = amount_line(gross, "15", "inclusive")

    totals = invoice_totals([line], "inclusive")

    assert str(line.tax_amount) == tax
    assert str(totals.total) == gross
    assert totals.subtotal == Decimal(gross) - Decimal(tax)


@pytest.mark.parametrize(("price", "rounded"), [("2.165", "2.17"), ("2.1649", "2.16"), ("-2.165", "-2.17")])
def test_half_a_cent_is_rounded_away_from_zero(price: str, rounded: str) -> None:
    assert str(amount_line(price, "0", "exclusive").line_amount) == rounded


def test_a_unit_price_keeps_four_decimals_until_the_line_is_rounded() -> None:
    line = line_total(Decimal(1000), Decimal("0.1234"), ZERO, Decimal(15), "exclusive")

    assert (str(line.line_amount), str(line.tax_amount)) == ("123.40", "18.51")


def test_an_invoice_without_tax_ignores_the_rate() -> None:
    assert invoice_totals([amount_line("100", "15", "no_tax")], "no_tax").tax_total == ZERO


def test_a_discounted_bill_is_priced_to_four_decimals_first() -> None:
    assert str(price_after_discount(Decimal("9.99"), Decimal("12.5"))) == "8.7413"


def test_a_line_beyond_ten_digits_is_refused() -> None:
    line_total(Decimal(1), Decimal("9999999999.99"), ZERO, ZERO, "no_tax")

    with pytest.raises(LineTooLarge):
        line_total(Decimal("999999999.9999"), Decimal("9999999999.9999"), ZERO, ZERO, "no_tax")


@given(quantities, prices, discounts, rates, modes)
def test_every_line_equals_the_calculation_with_exact_fractions(
    quantity: Decimal, price: Decimal, discount: Decimal, rate: Decimal, amounts: Amounts
) -> None:
    exact = Fraction(quantity) * Fraction(price) * (1 - Fraction(discount) / 100)
    amount = half_up(exact, 2)
    share = {
        "exclusive": Fraction(rate) / 100,
        "inclusive": 1 - 1 / (1 + Fraction(rate) / 100),
        "no_tax": Fraction(0),
    }[amounts]
    try:
        line = line_total(quantity, price, discount, rate, amounts)
    except LineTooLarge:
        assert abs(amount) > Decimal("9999999999.99")
        return

    assert line == LineTotal(amount, half_up(Fraction(amount) * share, 2))


@given(st.lists(st.tuples(prices, rates), max_size=20), modes)
def test_an_invoice_is_the_sum_of_its_lines(priced: list[tuple[Decimal, Decimal]], amounts: Amounts) -> None:
    lines = [line_total(Decimal(1), price, ZERO, rate, amounts) for price, rate in priced]

    totals = invoice_totals(lines, amounts)

    gross = sum((line.line_amount for line in lines), ZERO)
    assert totals.tax_total == sum((line.tax_amount for line in lines), ZERO)
    assert totals.total == totals.subtotal + totals.tax_total
    assert (totals.total if amounts == "inclusive" else totals.subtotal) == gross


class Priced(BaseModel):
    quantity: Quantity
    unit_price: UnitPrice
    discount: Percent
    total: Amount


def read(kind: Any, text: str) -> Any:
    return TypeAdapter(kind).validate_json(text)


def test_amounts_are_written_back_with_all_their_decimals() -> None:
    sent = '{"quantity": "1.5", "unit_price": "-0", "discount": "100", "total": " 12.5 "}'

    back = json.loads(read(Priced, sent).model_dump_json())

    assert back == {"quantity": "1.5000", "unit_price": "0.0000", "discount": "100.00", "total": "12.50"}


@pytest.mark.parametrize("number", ["12.5", "12", "true", "null"])
def test_a_json_number_is_refused_with_the_remedy(number: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(Amount, number)

    assert refused.value.errors()[0]["msg"] == 'Send amounts as text, like "12.50".'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1e3",
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        "1,000.00",
        ".5",
        "5.",
        "0x1",
        "\N{ARABIC-INDIC DIGIT ONE}",
        "1_0",
    ],
)
def test_text_that_is_not_a_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(UnitPrice, json.dumps(text))

    assert refused.value.errors()[0]["type"] == "decimal_malformed"


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (Amount, "1.005", "too_many_decimals"),
        (Quantity, "1.00001", "too_many_decimals"),
        (Quantity, "-1000000000", "out_of_range"),
        (Quantity, "1000000000", "out_of_range"),
        (UnitPrice, "-10000000000", "out_of_range"),
        (Percent, "100.01", "out_of_range"),
        (Percent, "-0.01", "out_of_range"),
    ],
)
def test_an_amount_out_of_range_is_refused(kind: Any, text: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(kind, json.dumps(text))

    assert refused.value.errors()[0]["type"] == code


def test_an_amount_out_of_range_is_refused_with_the_limits() -> None:
    with pytest.raises(ValidationError, match=r"at least -999,999,999\.9999 and at most 999,999,999\.9999"):
        read(Quantity, '"1000000000"')
