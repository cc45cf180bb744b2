"""Faults that are in our own records: what the API takes and Xero would not, and what the API refuses itself."""

from collections.abc import Iterator
from typing import Any, Final

from bench.checks.books import Books
from bench.checks.seeds import BOTH, TAXED, Element, Pen, Seed, line

SEND_FROM: Final = "2026-01-01"
_OTHER: Final = {"customer": "supplier", "supplier": "customer"}
_MACRONS: Final = "ā" * 4000


def faults_here(books: Books, pen: Pen) -> Iterator[Seed]:
    """Seeds that are wrong when they are written."""
    yield Seed("due date missing", frozenset({"due_date_missing"}), pen.some(due_on=None))
    yield Seed("older than what is sent", frozenset({"before_send_from_date"}), pen.some(issued_on="2025-12-31"))
    yield _coded(pen, "code unknown", "account_code_unknown", "QQQ")
    yield _coded(pen, "code in another letter case", "account_code_unknown", "20x")
    for name, code in (("bank", "090"), ("debtors", "610"), ("creditors", "800"), ("stock", "630")):
        yield _coded(pen, f"code of {name}", "account_code_wrong_type", code)
    yield _coded(pen, "code of Xero's own earnings", "account_code_wrong_type", "960")
    yield _coded(pen, "code archived long ago", "account_code_archived", "295")
    wrong = [pen.invoice(kind, line(), line(tax_type=TAXED[_OTHER[kind]])) for kind in BOTH for _ in range(3)]
    yield Seed("tax rate of the other kind", frozenset({"tax_code_mismatch"}), wrong)
    yield _coded(pen, "tax rate not for assets", "tax_code_mismatch", "ASSET", tax_type="ZERORATED")
    books.add_account("ASSET", "CURRENT")
    yield Seed("item unknown", frozenset({"item_unknown"}), pen.some(line(item_code="NEVER-SEEN")))
    yield Seed("too large", frozenset({"invoice_too_large"}), pen.some(*[line(description=_MACRONS)] * 490))
    yield Seed("too long in UTF-16", frozenset({"text_too_long"}), pen.some(line(description="🔧" * 2001)))
    twice = frozenset({"bill_entered_twice"})
    twins = [(n % 3, f"TWICE-{n % 3}") for n in range(6)]
    yield Seed("one supplier's number twice", twice, [_bill(pen, *each) for each in twins])
    cased = [(n, number) for n in (7, 8, 9) for number in ("ab1", "AB1")]
    yield Seed(
        "its number in two letter cases", frozenset({"bill_entered_twice"}), [_bill(pen, *each) for each in cased]
    )


def _bill(pen: Pen, supplier: int, number: str) -> Element:
    return pen.invoice("supplier", number=number, contact_external_id=f"usual-supplier-{supplier}")


def _coded(pen: Pen, name: str, cause: str, code: str, **fields: Any) -> Seed:
    return Seed(name, frozenset({cause}), pen.some(line(), line(accounting_code=code, **fields)))


def faults_at_the_api(pen: Pen) -> Iterator[Seed]:
    """Seeds that the API has to refuse when they are stored."""

    def refused(name: str, codes: str, *lines: Element, kinds: tuple[str, ...] = BOTH, **fields: Any) -> Seed:
        return Seed(name, frozenset(codes.split()), pen.some(*lines, kinds=kinds, **fields))

    yield refused("number too long", "string_too_long", number="N" * 256)
    yield refused("number with a macron", "number_unprintable", number="Ā-1")
    yield refused("customer invoice without number", "required", number=None, kinds=("customer",))
    yield refused("reference too long", "string_too_long", reference="r" * 256)
    yield refused("description too long", "string_too_long", line(description="d" * 4001))
    for code in (2, 0xB, 0x1F, 0xFFFE):
        yield refused(f"control character U+{code:04X}", "control_character", line(description=f"a{chr(code)}b"))
    yield refused("description of blanks", "string_too_short", line(description=" \n\t\u3000"))
    yield refused("due before its date", "due_before_issued", issued_on="2026-08-02", due_on="2026-08-01")
    yield refused("total negative", "total_negative", line(unit_price="-10.00"))
    yield refused("line too large", "line_too_large", line(quantity="9999999", unit_price="99999.00"))
    yield refused("discount above 100", "out_of_range", line(discount_percent="100.01"))
    yield refused("tax type unknown", "unknown_tax_type", line(tax_type="TAX999"))
    yield refused("five decimals", "too_many_decimals", line(unit_price="1.00001"))
    yield refused("quantity without price", "quantity_or_price_missing", {"description": "Pipe", "quantity": "2"})
    yield Seed("first of a number", frozenset(), [pen.invoice("customer", number="case-1")])
    cased = [pen.invoice("customer", number=number) for number in ("CASE-1", "Case-1", "casE-1", "CasE-1", "cASE-1")]
    yield Seed("number of another one in another letter case", frozenset({"number_taken"}), cased)
