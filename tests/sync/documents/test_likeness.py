"""Which documents look like an invoice: the same number however it is written, or the same amount at the same time."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.sync.documents.likeness import (
    Sibling,
    alike_documents,
    closest,
    near_numbers,
    same_number,
    without_those_of_siblings,
)


@dataclass(frozen=True)
class _Bill:
    number: str | None = "INV-20476"
    issued_on: date | None = date(2026, 11, 20)
    total: Decimal | None = Decimal("230.00")
    currency: str | None = "NZD"


_OURS = _Bill()


def _looks_alike(ours: _Bill, theirs: _Bill, *, is_bill: bool = True, is_history: bool = False) -> bool:
    return bool(alike_documents(ours, [theirs], is_bill=is_bill, is_history=is_history))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("INV-20476", "inv-20476"),
        ("INV-20476", "INV 20476"),
        ("INV-20476", "INV20476"),
        ("INV-20476", "20476"),
        ("INV-20476", "Invoice #20476"),
        ("INV-20476", "Tax Invoice No. 020476"),
        ("INV-20476", "PSL-20476"),
        ("PSL INV 20476", "psl20476"),
        ("0042", "42"),
        ("A-0042", "a42"),
        ("2026-001", "2026001"),
        ("2026-001", "2026/1"),
        ("\uff2eo. 20476", "20476"),
        ("November rent", "NOVEMBER RENT"),
        ("10\u201342", "10-42"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(ours: str, theirs: str) -> None:
    assert same_number(ours, theirs)
    assert same_number(theirs, ours)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("1041", "1042"),
        ("A-1042", "B-1042"),
        ("A42", "42"),
        ("2025-001", "2026-001"),
        ("November", "December"),
        ("1042", None),
        ("-", "0"),
        ("10-1", "10-10"),
    ],
)
def test_other_numbers_are_not_the_same(ours: str | None, theirs: str | None) -> None:
    assert not same_number(ours, theirs)
    assert not same_number(theirs, ours)


@pytest.mark.parametrize(
    ("ours", "theirs", "days", "is_near"),
    [
        ("2026/20476", "20476", 7, True),  # a part left out
        ("20476-A", "20476", 7, True),
        ("2O476", "20476", 7, True),  # a letter for a digit
        ("20476", "20746", 1, True),  # swapped
        ("20476", "204476", 1, True),  # typed twice
        ("20476", "20746", 2, False),
        ("1041", "1042", 0, False),  # the next number of the supplier
        ("SK-1099", "SK-1100", 0, False),
        ("20261112", "20261113", 1, False),
        ("FUEL-1", "FUEL-10", 1, False),  # too short to say anything
    ],
)
def test_a_slip_is_near_and_the_next_number_is_not(ours: str, theirs: str, days: int, is_near: bool) -> None:
    assert near_numbers(ours, theirs, days) is is_near
    assert near_numbers(theirs, ours, days) is is_near


@pytest.mark.parametrize(
    "theirs",
    [
        replace(_OURS, total=Decimal("231.50")),  # the number decides whatever the amount
        replace(_OURS, issued_on=date(2026, 10, 1)),
        replace(_OURS, number="020476", issued_on=date(2026, 11, 21)),
        replace(_OURS, number=None, issued_on=date(2026, 11, 27)),
        replace(_OURS, number="—"),
        replace(_OURS, number="2026/20476", issued_on=date(2026, 11, 13)),
        replace(_OURS, currency=None),
    ],
)
def test_a_bill_that_somebody_else_entered_looks_like_ours(theirs: _Bill) -> None:
    assert _looks_alike(_OURS, theirs)


@pytest.mark.parametrize(
    "theirs",
    [
        replace(_OURS, number="INV-20477", issued_on=date(2026, 11, 27)),  # next week's, of the same amount
        replace(_OURS, number="INV-20477"),
        replace(_OURS, currency="AUD"),
        replace(_OURS, number=None, issued_on=date(2026, 11, 28)),
        replace(_OURS, number=None, total=Decimal("230.01")),
        replace(_OURS, number=None, issued_on=None),
        replace(_OURS, number="2026/20476", total=None),
    ],
)
def test_another_bill_of_the_supplier_does_not_look_like_ours(theirs: _Bill) -> None:
    assert not _looks_alike(_OURS, theirs)


def test_a_bill_without_a_number_is_compared_by_amount_and_date() -> None:
    ours = replace(_OURS, number=None)
    assert _looks_alike(ours, replace(_OURS, issued_on=date(2026, 11, 13)))
    assert not _looks_alike(ours, replace(_OURS, issued_on=date(2026, 11, 12)))


@pytest.mark.parametrize(
    ("theirs", "is_history", "expected"),
    [
        (_OURS, False, True),
        (replace(_OURS, total=Decimal("99.00")), False, True),
        (replace(_OURS, number="inv-20476"), False, True),
        (replace(_OURS, number="20476"), False, True),
        (replace(_OURS, number="20476", total=Decimal("99.00")), False, False),
        (replace(_OURS, number="OLD-7"), False, False),
        (replace(_OURS, number="OLD-7"), True, True),
        (replace(_OURS, number="OLD-7", issued_on=date(2026, 11, 21)), True, False),
        (replace(_OURS, number="OLD-7", total=Decimal("99.00")), True, False),
    ],
)
def test_a_customer_invoice_is_found_by_its_number_and_in_a_history_by_amount_and_date(
    theirs: _Bill, is_history: bool, expected: bool
) -> None:
    assert _looks_alike(_OURS, theirs, is_bill=False, is_history=is_history) is expected


def test_the_closest_documents_come_first_and_equally_close_ones_stay_together() -> None:
    ours = replace(_OURS, number=None)
    week_before, same_day, again = (replace(_OURS, number=None, issued_on=date(2026, 11, day)) for day in (13, 20, 20))
    ranked = alike_documents(ours, [week_before, same_day, again], is_bill=True, is_history=False)
    assert [each.days for each in ranked] == [0, 0, 7]
    assert [each.document for each in closest(ranked)] == [same_day, again]
    assert closest([]) == []
    by_number = alike_documents(
        _OURS, [replace(_OURS, number=None), replace(_OURS, total=None)], is_bill=True, is_history=False
    )
    assert [each.evidence for each in by_number] == ["number", "total_and_date"]


@pytest.mark.parametrize(
    ("day", "sibling", "is_left"),
    [
        (24, Sibling("INV-20500", date(2026, 11, 25)), False),  # a day from its own bill, four from ours
        (23, Sibling("INV-20500", date(2026, 11, 24)), True),
        (24, Sibling("INV-20500", date(2026, 11, 28)), True),
        (20, Sibling("OLD 7", date(2026, 11, 1)), False),  # it has the number of another bill of ours
    ],
)
def test_a_document_that_belongs_to_another_bill_of_the_supplier_is_left_to_it(
    day: int, sibling: Sibling, is_left: bool
) -> None:
    theirs = replace(_OURS, number="OLD-7" if day == 20 else None, issued_on=date(2026, 11, day))
    alike = alike_documents(_OURS, [theirs], is_bill=True, is_history=True)
    assert bool(without_those_of_siblings(alike, [sibling])) is is_left
    by_number = alike_documents(_OURS, [_OURS], is_bill=True, is_history=False)
    assert without_those_of_siblings(by_number, [Sibling("INV-20476", date(2026, 11, 20))]) == by_number


@given(
    number=st.integers(min_value=100, max_value=10**9),
    zeros=st.integers(min_value=0, max_value=4),
    before=st.sampled_from(["", "INV-", "inv ", "Invoice #", "NO.", "PSL-", "bill "]),
    after=st.sampled_from(["", " ", "-"]),
)
def test_however_a_bill_is_typed_it_looks_like_ours(number: int, zeros: int, before: str, after: str) -> None:
    theirs = replace(_OURS, number=f"{before}{'0' * zeros}{number}{after}")
    assert _looks_alike(replace(_OURS, number=str(number)), theirs)


@given(first=st.integers(min_value=1, max_value=10**6), weeks=st.integers(min_value=1, max_value=60))
def test_bills_of_one_amount_that_come_each_week_do_not_look_alike(first: int, weeks: int) -> None:
    later = _OURS.issued_on + timedelta(weeks=weeks) if _OURS.issued_on else None
    ours, theirs = replace(_OURS, number=f"SK{first}"), replace(_OURS, number=f"SK{first + weeks}", issued_on=later)
    assert not _looks_alike(ours, theirs)
