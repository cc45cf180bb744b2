"""Every reason for refusal is found before anything is sent, each by its own cause, all at once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from api.records.invoices.service import Twin
from api.sync.documents.service import Document
from api.sync.exports.check_remarks import plan_limits, remarks_of
from api.sync.exports.checks import problems_of
from api.sync.exports.inputs import Surroundings
from tests.sync.exports.documents import (
    CATEGORY,
    CENTER,
    account,
    center,
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
_CENTERED = line(cost_center_id=CENTER)


def _problems(around: Any = None, kind: str = "customer", *lines: Any, **fields: Any) -> list[tuple[str, str | None]]:
    problems = problems_of(export_input(kind, *lines, **fields), around or context())
    return [(problem.code, problem.pointer) for problem in problems]


def test_an_invoice_that_no_call_can_hold_is_named_and_one_that_fits_is_not() -> None:
    macrons, plain = line(description="ū" * 4000), line(description="u" * 4000)
    (reported,) = problems_of(export_input("customer", *[macrons] * 470), context())
    assert (reported.code, reported.pointer) == ("invoice_too_large", "#/lines")
    assert "With 470 lines it is 3." in reported.detail
    assert problems_of(export_input("customer", *[plain] * 470), context()) == []


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
        (_problems(None, "customer", line(quantity=Decimal(-1))), "total_negative", "#/lines"),
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
            _problems(None, "customer", line(accounting_code="610")),
            "account_code_wrong_type",
            "#/lines/0/accounting_code",
        ),
        (_problems(currency="EUR"), "currency_not_enabled", "#/currency"),
        (_problems(context(ledger=ledger(pays_tax=False))), "tax_not_registered", "#/amounts"),
        (
            _problems(context(preferences=_APPROVED, ledger=ledger(actions={"CreateApprovedInvoice": False}))),
            "role_too_low",
            None,
        ),
        (
            _problems(context(preferences=preferences(send_from_date=date(2026, 11, 21)))),
            "before_send_from_date",
            "#/issued_on",
        ),
        (
            _problems(context(preferences=_TRACKED, ledger=ledger(categories={})), "customer", _CENTERED, _CENTERED),
            "tracking_category_gone",
            None,
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
    assert "Ours is 115.00, Xero would make it 117.50. Line 1 has 15 % tax, and 17.5 % in Xero." in problem.detail
    assert problem.pointer == "#/lines/0/tax_type"


def test_a_line_without_a_tax_type_gets_that_of_its_account_in_xero() -> None:
    taxed = account("200", "REVENUE", "REVENUE", tax_type="OUTPUT2")
    around = context(ledger=ledger(accounts={"200": taxed}))
    untaxed = line(tax_type=None, tax_rate=Decimal(0))
    assert _problems(around, "customer", untaxed) == [("total_mismatch", "#/lines/0/tax_type")]


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


def _document(number: str, status: str = "AUTHORISED") -> Document:
    blank: dict[str, Any] = dict.fromkeys(Document.__dataclass_fields__)
    stored: dict[str, Any] = {
        "xero_invoice_id": UUID(int=5),
        "type": "ACCREC",
        "number": number,
        "issued_on": date(2026, 11, 1),
    }
    return Document(**{**blank, **stored, "status": status, "is_live": status != "VOIDED"})


@pytest.mark.parametrize(("status", "words"), [("AUTHORISED", "an invoice"), ("VOIDED", "a voided invoice")])
def test_a_number_that_xero_has_already_is_taken_even_by_a_voided_invoice(status: str, words: str) -> None:
    checked = export_input()
    around = Surroundings(taken={checked.invoice.id: _document("inv-1", status)})
    (problem,) = problems_of(checked, context(), around)
    assert (problem.code, problem.pointer) == ("invoice_number_taken", "#/number")
    assert problem.detail == f"Xero has {words} of 1 Nov 2026 with the number inv-1. Change the number here."


def test_two_bills_of_one_supplier_with_one_number_stand_against_each_other() -> None:
    bill = export_input("supplier")
    around = Surroundings(twins={bill.invoice.id: Twin(date(2026, 11, 3), Decimal("1115.00"), "NZD")})
    (problem,) = problems_of(bill, context(), around)
    assert (problem.code, problem.pointer) == ("bill_entered_twice", "#/number")
    assert "another bill of Tui Cafe with the number INV-1, of 3 Nov 2026 over 1,115.00 NZD" in problem.detail


def test_a_default_code_that_xero_archived_is_the_choice_of_the_default_and_is_said_once() -> None:
    archived = account("200", "REVENUE", "REVENUE", status="ARCHIVED")
    problems = problems_of(export_input("customer", line(), line()), context(ledger=ledger(accounts={"200": archived})))
    (problem,) = problems
    assert problem.detail == "Your default income code 200 is archived in Xero."
    assert problem.pointer is None
    assert problem.fix is not None
    assert problem.fix.href == "/settings/accounting#default-codes"


@pytest.mark.parametrize(
    ("type", "system_account", "problems"),
    [
        ("CURRENT", "DEBTORS", ["account_code_wrong_type"]),
        ("CURRLIAB", "CREDITORS", ["account_code_wrong_type"]),
        ("BANK", None, ["account_code_wrong_type"]),
        ("INVENTORY", None, ["account_code_wrong_type"]),
        ("CURRLIAB", "GST", []),
        ("CURRENT", None, []),
        ("FIXED", None, []),
    ],
)
def test_only_accounts_that_xero_closes_to_invoice_lines_are_refused(
    type: str, system_account: str | None, problems: list[str]
) -> None:
    booked = account("7", type, "ASSET", system_account=system_account)
    untaxed = line(accounting_code="7", tax_type=None, tax_rate=Decimal(0))
    checked = export_input("customer", untaxed)
    assert [
        problem.code for problem in problems_of(checked, context(ledger=ledger(accounts={"7": booked})))
    ] == problems


def test_a_lock_of_a_period_does_not_bind_a_user_who_may_enter_before_it() -> None:
    locked = {"period_lock_date": date(2026, 11, 20)}
    allowed = {"ApproveTransactionsBeforePeriodLockDate": True}
    assert _problems(context(ledger=ledger(**locked, actions=allowed))) == []
    locked_year = ledger(year_lock_date=date(2026, 11, 20), actions=allowed)
    assert _problems(context(ledger=locked_year)) == [("period_locked", "#/issued_on")]


def test_a_plan_that_has_approved_all_it_may_in_a_month_refuses_the_next_one() -> None:
    small = context(preferences=_APPROVED, ledger=ledger(plan="STARTER"))
    november = ("ACCREC", date(2026, 11, 1))
    for count, codes in ((20, ["plan_limit"]), (19, [])):
        problems = problems_of(export_input(), small, Surroundings(approved={november: count}))
        assert [problem.code for problem in problems] == codes
    assert problems_of(export_input(), context(ledger=ledger(plan="STARTER"))) == []  # drafts are not limited


def test_what_xero_takes_and_is_unusual_is_a_remark() -> None:
    def codes(kind: str, **fields: Any) -> list[str]:
        return [remark.code for remark in remarks_of(export_input(kind, line(kind, **fields)), context())]

    assert codes("customer") == codes("supplier") == []
    assert codes("customer", accounting_code="310") == ["code_of_other_kind"]
    assert codes("supplier", accounting_code="200") == ["code_of_other_kind"]
    assert codes("customer", accounting_code="620") == ["balance_sheet_code"]
    assert codes("supplier", discount_percent=Decimal(10)) == ["discount_on_bill"]


def test_a_cost_centre_that_is_not_sent_is_a_remark() -> None:
    without = context(preferences=replace(_APPROVED, tracking_category_id=None))
    placed = export_input("customer", line("customer", cost_center_id=UUID(int=7)))
    assert [remark.code for remark in remarks_of(placed, without)] == ["cost_center_not_sent"]
    assert remarks_of(export_input(), without) == []


def test_of_invoices_sent_together_those_beyond_the_plan_are_held_and_the_last_one_within_is_remarked_on() -> None:
    small = context(preferences=_APPROVED, ledger=ledger(plan="STARTER"))
    invoices = [replace(export_input().invoice, id=UUID(int=number)) for number in range(4)]
    other_month = replace(invoices[0], id=UUID(int=4), issued_on=date(2026, 12, 1))
    around = Surroundings(approved={("ACCREC", date(2026, 11, 1)): 18})
    limits = plan_limits([*invoices, other_month], small, around)
    assert {id.int: each.detail for id, each in limits.last.items()} == {
        1: "The plan of Kauri Plumbing Ltd approves 20 in November 2026; this is number 20."
    }
    assert {id.int: each.code for id, each in limits.beyond.items()} == {2: "plan_limit", 3: "plan_limit"}
    drafts = plan_limits(invoices, context(ledger=ledger(plan="STARTER")), around)
    assert (drafts.last, drafts.beyond) == ({}, {})


def test_a_text_that_is_too_long_as_xero_counts_is_named_with_its_line() -> None:
    fits, too_long = line(description="\N{WRENCH}" * 2000), line(description="\N{WRENCH}" * 2001)
    assert _problems(None, "customer", fits) == []
    text_only = replace(too_long, quantity=None, unit_price=None, tax_type=None)
    for faulty in (too_long, text_only):
        assert ("text_too_long", "#/lines/1/description") in _problems(None, "customer", line(), faulty)
    assert _problems(contact_name="\N{WRENCH}" * 128) == [("contact_refused", "#/contact_id")]


@pytest.mark.parametrize("tax_type", ["OLD", "GONE"])
def test_a_line_without_a_tax_type_needs_an_active_one_of_its_account(tax_type: str) -> None:
    retired = account("200", "REVENUE", "REVENUE", tax_type=tax_type)
    rates = {"OLD": rate("OLD", "0", "REVENUE", status="ARCHIVED")}
    around = context(ledger=ledger(accounts={"200": retired}, tax_rates=rates))
    untaxed = line(tax_type=None, tax_rate=Decimal(0))
    problems = problems_of(export_input("customer", untaxed), around)
    assert [(each.code, each.pointer) for each in problems] == [("tax_type_unknown", "#/lines/0/tax_type")]
    assert "of 200 " in problems[0].detail
    assert problems_of(export_input("customer", untaxed, amounts="no_tax"), around) == []


def test_a_foreign_currency_needs_the_right_to_use_it() -> None:
    around = context(ledger=ledger(actions={"UseMulticurrency": False}, currencies=frozenset({"NZD", "AUD"})))
    assert _problems(around, currency="AUD") == [("currency_not_enabled", "#/currency")]
    assert _problems(around, currency="NZD") == []
