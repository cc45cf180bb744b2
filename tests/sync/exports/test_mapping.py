"""An invoice as Xero gets it, to the cent."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.records.money import invoice_totals, line_total
from api.sync.exports.mapping import invoice_link, priced, to_xero
from tests.sync.exports.documents import (
    CATEGORY,
    CENTER,
    OPTION,
    center,
    context,
    export_input,
    line,
    preferences,
)

_XERO_CONTACT = UUID(int=77)
_URL = "https://jobs.example.nz/x/0"


def _written(*args: Any, **changes: Any) -> Any:
    around = changes.pop("around", None) or context(preferences=preferences(**changes.pop("preferring", {})))
    return to_xero(export_input(*args, **changes), around, contact_id=_XERO_CONTACT, url=_URL)


def test_a_customer_invoice_carries_its_number_and_the_reference_apart() -> None:
    written = _written()
    assert (written.type, written.invoice_number, written.reference) == ("ACCREC", "INV-1", "J-7")
    assert (written.contact.contact_id, written.url, written.currency_code) == (_XERO_CONTACT, _URL, "NZD")


def test_a_bill_carries_the_suppliers_number_alone_unless_the_parts_are_asked_for() -> None:
    alone = _written("supplier", number="SUP-9")
    assert (alone.type, alone.invoice_number, alone.reference) == ("ACCPAY", "SUP-9", None)
    joined = _written("supplier", number="SUP-9", preferring={"reference_on_bills": True})
    assert (joined.invoice_number, joined.reference) == ("SUP-9, J-7", None)


def test_the_reference_is_joined_in_the_order_chosen_without_the_empty_parts() -> None:
    parts = ("job_location", "customer_reference", "job_number", "job_description")
    assert _written(preferring={"reference_parts": parts}).reference == "Nelson, PO 9, J-7, Leaking tap"
    assert _written(preferring={"reference_parts": parts}, reference="Own").reference.split(", ")[1] == "Own"
    assert _written(preferring={"reference_parts": parts}, job=None).reference is None


def test_a_long_reference_is_cut_where_xero_ends_it() -> None:
    job = replace(export_input().job, description="x" * 300)  # type: ignore[type-var]  # the job is not None
    parts = {"reference_parts": ("job_number", "job_description"), "reference_on_bills": True}
    assert _written(job=job, preferring=parts).reference == f"J-7, {'x' * 250}"
    assert len(_written("supplier", job=job, preferring=parts).invoice_number) == 255


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED", "AUTHORISED"])
def test_each_kind_has_the_status_chosen_for_it(status: str) -> None:
    other = "SUBMITTED" if status == "DRAFT" else "DRAFT"
    chosen = {"customer_invoice_status": status, "supplier_invoice_status": other}
    assert _written(preferring=chosen).status == status
    assert _written("supplier", preferring=chosen).status == other


def test_a_lines_own_code_wins_over_the_default_of_its_kind() -> None:
    written = _written("customer", line(), line(accounting_code="260"))
    assert [entry.account_code for entry in written.line_items] == ["200", "260"]
    assert [entry.account_code for entry in _written("supplier").line_items] == ["310"]


def test_a_cost_centre_goes_by_the_ids_of_category_and_option() -> None:
    chosen = preferences(tracking_category_id=CATEGORY)
    (written,) = _written("customer", line(cost_center_id=CENTER), around=context(preferences=chosen)).line_items
    (tracking,) = written.tracking
    assert (str(tracking.tracking_category_id), str(tracking.tracking_option_id)) == (CATEGORY, OPTION)
    (without,) = _written("customer", line(cost_center_id=CENTER)).line_items
    assert without.tracking is None
    unmatched = context(preferences=chosen, cost_centers={CENTER: center("missing", option_id=None)})
    assert _written("customer", line(cost_center_id=CENTER), around=unmatched).line_items[0].tracking is None


@pytest.mark.parametrize(
    ("kind", "item_code", "switched_on", "sent"),
    [
        ("customer", "PIPE", True, "PIPE"),
        ("customer", "pipe", True, "PIPE"),
        ("customer", "STOCK", True, "STOCK"),
        ("customer", "PIPE", False, None),
        ("supplier", "PIPE", True, "PIPE"),
        ("supplier", "STOCK", True, None),
    ],
)
def test_an_item_goes_as_xero_spells_it_when_asked_for_except_tracked_stock_on_a_bill(
    kind: str, item_code: str, switched_on: bool, sent: str | None
) -> None:
    (written,) = _written(kind, line(kind, item_code=item_code), preferring={"send_item_codes": switched_on}).line_items
    assert written.item_code == sent


def test_an_invoice_without_tax_names_no_tax_type() -> None:
    written = _written(amounts="no_tax")
    assert (written.line_amount_types, written.line_items[0].tax_type) == ("NoTax", None)


def test_a_customers_discount_is_xeros_own_and_a_bills_is_in_the_price() -> None:
    (customer,) = _written("customer", line(discount_percent=Decimal("12.5"))).line_items
    assert (customer.unit_amount, customer.discount_rate) == (Decimal(100), Decimal("12.5"))
    (bill,) = _written("supplier", line("supplier", discount_percent=Decimal("12.5"))).line_items
    assert (bill.quantity, bill.unit_amount, bill.discount_rate) == (Decimal(1), Decimal("87.5"), None)


def _amount(places: int, largest: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(-largest, largest, places=places, allow_nan=False, allow_infinity=False)


@given(
    quantity=st.decimals("0.0001", "99999", places=4),
    unit_price=_amount(4, 99999),
    discount=st.decimals(0, 100, places=2),
    rate=st.sampled_from([Decimal(0), Decimal("12.5"), Decimal(15)]),
    amounts=st.sampled_from(["exclusive", "inclusive", "no_tax"]),
)
def test_a_discounted_bill_comes_to_the_same_cent_in_xero(
    quantity: Decimal, unit_price: Decimal, discount: Decimal, rate: Decimal, amounts: Any
) -> None:
    fields = {"quantity": quantity, "unit_price": unit_price, "discount_percent": discount, "tax_rate": rate}
    ours = line("supplier", amounts, **fields)
    invoice = export_input("supplier", ours, amounts=amounts).invoice
    sent = priced(ours, invoice)
    assert sent is not None
    assert sent.discount_rate is None
    # Xero keeps four decimals of each and rounds their product half-up.
    places = Decimal("0.0001")
    assert (sent.quantity.quantize(places), sent.unit_price.quantize(places)) == (sent.quantity, sent.unit_price)
    assert (sent.quantity * sent.unit_price).quantize(Decimal("0.01"), ROUND_HALF_UP) == ours.line_amount
    theirs = line_total(sent.quantity, sent.unit_price, Decimal(0), rate, amounts)
    assert invoice_totals([theirs], amounts).total == invoice.total


def test_an_invoice_and_a_bill_each_open_on_their_own_screen() -> None:
    assert invoice_link("ACCREC", "!mBdtL", _XERO_CONTACT) == (
        f"https://go.xero.com/app/!mBdtL/invoicing/view/{_XERO_CONTACT}"
    )
    assert invoice_link("ACCPAY", "!mBdtL", _XERO_CONTACT) == (
        "https://go.xero.com/organisationlogin/default.aspx?shortcode=!mBdtL"
        f"&redirecturl=/AccountsPayable/Edit.aspx?InvoiceID={_XERO_CONTACT}"
    )


def test_what_is_appended_to_a_bills_number_is_written_as_xero_takes_it_there() -> None:
    job = replace(export_input().job, location="Ōtaki \u2013 \u201cNo 7\u201d \N{WRENCH}")  # type: ignore[type-var]  # the job is not None
    parts = {"reference_parts": ("job_location",), "reference_on_bills": True}
    assert _written("supplier", number="SUP-9", job=job, preferring=parts).invoice_number == "SUP-9, Otaki - 'No 7'"


def test_a_reference_is_cut_where_it_is_too_long_for_xero_without_half_a_character() -> None:
    job = replace(export_input().job, location="x" + "\N{WRENCH}" * 200)  # type: ignore[type-var]  # the job is not None
    written = _written(job=job, preferring={"reference_parts": ("job_location",)})
    assert written.reference == "x" + "\N{WRENCH}" * 127
