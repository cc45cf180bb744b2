"""Faults that somebody makes in Xero's settings after the invoices were written: accounts, rates, options, items."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any, Final

from bench.checks.books import Books
from bench.checks.seeds import BOTH, REVENUE, TAXED, Element, Pen, Seed, for_each, line

PERIOD_LOCK: Final = date(2026, 3, 31)
YEAR_LOCK: Final = date(2026, 1, 31)
ENABLED: Final = ("NZD", "USD")


def faults_in_settings(books: Books, pen: Pen) -> Iterator[Seed]:
    """Seeds whose settings are sound until their change."""
    yield from _accounts(books, pen)
    yield from _rates(books, pen)
    yield from _options(books, pen)
    yield from _items(books, pen)
    yield from _organisation(books, pen)


def _coded(pen: Pen, codes: dict[str, str], **fields: Any) -> list[Element]:
    """Three invoices of each kind with a line of the code of its kind, and a sound line before it."""
    own = [(kind, line(accounting_code=codes[kind], **fields)) for kind in BOTH]
    return [pen.invoice(kind, line(), faulty) for kind, faulty in own for _ in range(3)]


def _accounts(books: Books, pen: Pen) -> Iterator[Seed]:
    changes: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("account archived", "account_code_archived", {"Status": "ARCHIVED"}),
        ("account deleted", "account_code_archived account_code_unknown", {"Status": "DELETED"}),
        ("account with another code", "account_code_unknown", {"Code": ""}),
        ("account became stock", "account_code_wrong_type", {"Type": "INVENTORY"}),
        ("account became a bank", "account_code_wrong_type", {"Type": "BANK"}),
        ("account became Xero's own", "account_code_wrong_type", {"SystemAccount": "DEBTORS"}),
    )
    for number, (name, causes, fields) in enumerate(changes):
        codes = {"customer": f"2{number}X", "supplier": f"3{number}X"}
        for kind, code in codes.items():
            books.add_account(code, REVENUE[kind], TAXED[kind])
        yield Seed(name, frozenset(causes.split()), _coded(pen, codes), change=partial(_recode, books, codes, fields))
    codes = {"customer": "29Y", "supplier": "39Y"}
    for kind, code in codes.items():
        books.add_account(code, REVENUE[kind], TAXED[kind])
    swapped = (("29Y", REVENUE["supplier"]), ("39Y", REVENUE["customer"]))
    change = for_each(swapped, lambda own: books.change_account(own[0], Type=own[1]))
    yield Seed("account of another class", frozenset({"tax_code_mismatch"}), _coded(pen, codes), change=change)


def _recode(books: Books, codes: dict[str, str], fields: dict[str, str]) -> None:
    for code in codes.values():
        books.change_account(code, **({"Code": f"{code}NEW"} if "Code" in fields else fields))


def _rates(books: Books, pen: Pen) -> Iterator[Seed]:
    changes: tuple[tuple[str, str, Callable[[str], None]], ...] = (
        ("tax rate archived", "tax_type_unknown", partial(books.change_rate, status="ARCHIVED")),
        ("tax rate deleted", "tax_type_unknown", partial(books.change_rate, status="DELETED")),
        ("tax rate gone from the list", "tax_type_unknown", books.remove_rate),
        ("tax rate of another percentage", "total_mismatch", partial(books.change_rate, percent="17.5")),
    )
    for number, (name, cause, change) in enumerate(changes):
        types = {kind: f"TAX{number}{kind[0].upper()}" for kind in BOTH}
        for kind, tax_type in types.items():
            books.add_rate(tax_type, "15", TAXED[kind])
        invoices = [pen.invoice(kind, line(tax_type=types[kind])) for kind in BOTH for _ in range(3)]
        yield Seed(name, frozenset({cause}), invoices, change=for_each(types.values(), change))


def faults_of_default_rates(books: Books, pen: Pen) -> Iterator[Seed]:
    """Lines without a tax type, whose account has one in Xero that changes. They are stored without preferred types."""
    for number, (name, cause, status, percent) in enumerate(
        (
            ("default rate of the account archived", "tax_type_unknown", "ARCHIVED", "0"),
            ("default rate of the account deleted", "tax_type_unknown", "DELETED", "0"),
            ("default rate of the account taxes more", "total_mismatch", "ACTIVE", "15"),
        )
    ):
        own = {kind: f"TAXD{number}{kind[0].upper()}" for kind in BOTH}
        codes = {"customer": f"66{number}D", "supplier": f"76{number}D"}
        for kind, code in codes.items():
            books.add_rate(own[kind], "0", TAXED[kind])
            books.add_account(code, "CURRENT", own[kind])
        invoices = [pen.invoice(kind, line(accounting_code=codes[kind])) for kind in BOTH for _ in range(3)]
        change = for_each(own.values(), partial(books.change_rate, status=status, percent=percent))
        yield Seed(name, frozenset({cause}), invoices, change=change)


def _options(books: Books, pen: Pen) -> Iterator[Seed]:
    changes: tuple[tuple[str, Callable[[str], None]], ...] = (
        ("option archived", partial(books.change_option, Status="ARCHIVED")),
        ("option deleted", books.remove_option),
    )
    for name, change in changes:
        books.add_option(f"Yard, {name}")
        yield _centered(pen, name, f"Yard, {name}", change=partial(change, f"Yard, {name}"))
    for ours, theirs in (
        ("Tamaki Makaurau", "Tāmaki Makaurau"),
        ("Depot #2 - O'Connor", "Depot #2 \u2013 O\u2019Connor"),
        ("Upper  Moutere Valley", "UpperMoutere Valley"),
        ("Wairarapa Distrikt", "Wairarapa District"),
    ):
        books.add_option(theirs)
        yield _centered(pen, f"cost center spelled differently: {ours}", ours)
    yield _centered(pen, "cost center never in Xero", "Antarctica")


def _centered(pen: Pen, name: str, center: str, change: Callable[[], None] | None = None) -> Seed:
    invoices = pen.some(line(cost_center=center))
    return Seed(name, frozenset({"cost_center_unmatched"}), invoices, centers=[center], change=change)


def _items(books: Books, pen: Pen) -> Iterator[Seed]:
    for name, code, change in (
        ("item deleted", "PUMP1", partial(books.remove_item, "PUMP1")),
        ("item with another code", "PUMP2", partial(books.change_item, "PUMP2", Code="PUMP2B")),
    ):
        books.add_item(code)
        yield Seed(name, frozenset({"item_unknown"}), pen.some(line(), line(item_code=code)), change=change)


def _organisation(books: Books, pen: Pen) -> Iterator[Seed]:
    locked = pen.some(issued_on="2026-03-31")
    yield Seed("period locked", frozenset({"period_locked"}), locked, change=partial(books.lock, period=PERIOD_LOCK))
    both = partial(books.lock, period=PERIOD_LOCK, year=YEAR_LOCK)
    yield Seed("year locked", frozenset({"period_locked"}), pen.some(issued_on="2026-01-30"), change=both)
    yield Seed(
        "currency not enabled",
        frozenset({"currency_not_enabled"}),
        pen.some(currency="AUD"),
        change=partial(books.currencies, *ENABLED),
    )
