"""Every reason for refusal is found before anything is sent, each by its own cause, all at once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from api.sync.exports.checks import problems_of
from tests.sync.exports.documents import (
    CATEGORY,
    CENTER,
    account,
    center,
    code,
    context,
    export_input,
    ledger,
    line,
    preferences,
    rate,
)

_APPROVED = preferences(customer_invoice_status="AUTHORISED")
_ITEMS_SENT = preferences(send_item_codes=True)
_TRACKED = preferences(tracking_category_id=CATEGORY)


def _problems(around: Any = None, kind: str = "customer", *lines: Any, **fields: Any) -> list[tuple[str, str | None]]:
    problems = problems_of(export_input(kind, *lines, **fields), around or context())
    return [(problem.code, problem.pointer) for problem in problems]


@pytest.mark.parametrize("kind", ["customer", "supplier"])
def test_a_sound_invoice_has_no_problem(kind: str) -> None:
    assert _problems(None, kind) == []


@pytest.mark.parametrize(
    ("problems", "code", "pointer"),
    [
        (_problems(status="draft"), "invoice_not_approved", None),
        (_problems(context(preferences=_APPROVED), due_on=None), "due_date_missing", "#/due_on"),
        (_problems(context(ledger=ledger(period_lock_date=date(2026, 11, 20)))), "period_locked", "#/issued_on"),
        (_problems(context(ledger=ledger(year_lock_date=date(2026, 11, 20)))), "period_locked", "#/issued_on"),
        (_problems(total=Decimal("115.01")), "total_mismatch", "#/lines"),
        (
            _problems(context(preferences=preferences(default_income_code=None))),
            "account_code_missing",
            "#/lines/0/accounting_code",
        ),
        (_problems(None, "customer", line(accounting_code="999")), "account_code_unknown", "#/lines/0/accounting_code"),
        (
            _problems(None, "customer", line(accounting_code="250")),
            "account_code_archived",
            "#/lines/0/accounting_code",
        ),
        (
            _problems(None, "customer", line(accounting_code="310")),
            "account_code_wrong_type",
            "#/lines/0/accounting_code",
        ),
        (
            _problems(None, "customer", line(accounting_code="610")),
            "account_code_wrong_type",
            "#/lines/0/accounting_code",
        ),
        (
            _problems(context(codes={"200": code("200", "expense")})),
            "account_code_wrong_type",
            "#/lines/0/accounting_code",
        ),
        (_problems(None, "customer", line(tax_type="GONE")), "tax_type_unknown", "#/lines/0/tax_type"),
        (
            _problems(None, "customer", line(tax_type="OLD", tax_rate=Decimal("12.5"))),
            "tax_type_unknown",
            "#/lines/0/tax_type",
        ),
        (_problems(None, "customer", line(tax_type="INPUT2")), "tax_code_mismatch", "#/lines/0/tax_type"),
        (
            _problems(
                context(preferences=_TRACKED, cost_centers={CENTER: center("missing")}),
                "customer",
                line(cost_center_id=CENTER),
            ),
            "cost_center_unmatched",
            "#/lines/0/cost_center_id",
        ),
        (
            _problems(context(preferences=_ITEMS_SENT), "customer", line(), line(item_code="GONE")),
            "item_unknown",
            "#/lines/1/item_code",
        ),
    ],
)
def test_each_cause_has_its_own_code_and_place(
    problems: list[tuple[str, str | None]], code: str, pointer: str | None
) -> None:
    assert problems == [(code, pointer)]


def test_all_problems_are_returned_at_once() -> None:
    around = context(preferences=_APPROVED, ledger=ledger(period_lock_date=date(2026, 12, 1)))
    problems = _problems(around, "customer", line(accounting_code="999"), line(tax_type="INPUT2"), due_on=None)
    assert [problem for problem, _ in problems] == [
        "due_date_missing",
        "period_locked",
        "account_code_unknown",
        "tax_code_mismatch",
    ]


def test_a_contact_whose_name_xero_cannot_hold_is_found_before_it_stops_the_run() -> None:
    assert _problems(contact_name="x" * 256) == [("contact_refused", "#/contact_id")]
    assert _problems(contact_name="x" * 255) == []


def test_a_tax_rate_that_changed_in_xero_is_a_difference_in_the_total() -> None:
    rates = {"OUTPUT2": rate("OUTPUT2", "17.5", "REVENUE")}
    (problem,) = problems_of(export_input(), context(ledger=ledger(tax_rates=rates)))
    assert problem.code == "total_mismatch"
    assert "Ours is 115.00, Xero would make it 117.50" in problem.detail


def test_a_line_without_a_tax_type_gets_that_of_its_account_in_xero() -> None:
    taxed = account("200", "REVENUE", "REVENUE", tax_type="OUTPUT2")
    around = context(ledger=ledger(accounts={"200": taxed}))
    untaxed = line(tax_type=None, tax_rate=Decimal(0))
    assert _problems(around, "customer", untaxed) == [("total_mismatch", "#/lines")]


def test_an_invoice_without_tax_is_not_held_back_by_a_tax_type_that_is_not_sent() -> None:
    stale = line("customer", "no_tax", tax_type="GONE", tax_rate=Decimal(0))
    assert _problems(None, "customer", stale, amounts="no_tax") == []


def test_a_cost_centre_of_no_chosen_category_is_no_problem() -> None:
    unbound = context(cost_centers={CENTER: center("unchecked")})
    assert _problems(unbound, "customer", line(cost_center_id=CENTER)) == []


def test_an_item_is_looked_for_only_if_its_code_is_sent() -> None:
    assert _problems(None, "customer", line(item_code="GONE")) == []
    assert _problems(context(preferences=_ITEMS_SENT), "customer", line(item_code="pipe")) == []


def test_a_cost_centre_spelled_differently_says_what_was_meant() -> None:
    alike = center("spelled_differently", name="nort", option_id=None)
    around = context(preferences=_TRACKED, cost_centers={CENTER: alike})
    (problem,) = problems_of(export_input("customer", line(cost_center_id=CENTER)), around)
    assert problem.detail == "Line 1: “nort” isn't in Region. Did you mean “North”?"
    assert problem.fix is not None


def test_before_the_ledger_is_read_only_our_own_records_are_judged() -> None:
    around = context(ledger=None)
    assert _problems(around, "customer", line(accounting_code="999")) == []
    assert _problems(around, status="draft") == [("invoice_not_approved", None)]
