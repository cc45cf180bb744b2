"""Sound invoices of unusual shapes. Nothing may stand against any of them, and Xero has to take each one."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from bench.checks.books import Books
from bench.checks.seeds import BOTH, Element, Pen, Seed, for_each, line, spread

_OF_A_SHAPE: Final = 12
_NONE: Final = {"tax_type": "NONE"}
_LONG: Final = ("Whakatū ō te rā \u201cquoted\u201d \u2013 dashed, " * 120)[:4000]
_ODD: Final = 'Tabs\tand\nlines\u2028 <b>&amp;</b> "\\" \u202eright\u202c \u200bzero width 日本語 עברית 👩‍🔧'


def sound(books: Books, pen: Pen) -> Iterator[Seed]:
    """About 500 invoices."""
    for name, invoices in _shapes(pen):
        yield Seed(name, frozenset(), invoices)
    yield from _of_contacts(books, pen)
    yield from _beside_others(books, pen)


def prepare(books: Books) -> None:
    """The accounts, items and options that sound invoices use."""
    for code, type_ in (
        ("615", "CURRENT"),
        ("825", "CURRLIAB"),
        ("835", "CURRLIAB"),
        ("710", "FIXED"),
        ("970", "EQUITY"),
    ):
        books.add_account(code, type_)
    books.add_item("Valve 20mm")
    books.add_option("Old name of the yard")


def _shapes(pen: Pen) -> Iterator[tuple[str, list[Element]]]:
    for name, kinds, lines, fields in (*_shapes_of_lines(), *_shapes_of_heads()):
        yield name, [pen.invoice(kind, *lines, **fields) for kind in (*spread(kinds), *spread(kinds))][:_OF_A_SHAPE]


def _shapes_of_heads() -> Iterator[tuple[str, tuple[str, ...], list[Element], dict[str, Any]]]:
    both, out, in_ = BOTH, ("customer",), ("supplier",)
    yield "plain", both, [], {}
    yield "bill without number", in_, [], {"number": None}
    yield "inclusive", both, [line(unit_price="89.00"), line(unit_price="0.07")], {"amounts": "inclusive"}
    yield "no tax", both, [line()], {"amounts": "no_tax"}
    yield "other currency", both, [], {"currency": "USD"}
    yield "first day after the lock", both, [], {"issued_on": "2026-04-01"}
    yield "due at once", both, [], {"issued_on": "2026-10-01", "due_on": "2026-10-01"}
    yield "due in years", both, [], {"due_on": "2029-12-31"}
    yield "long reference", out, [], {"reference": "R" * 255}


def _shapes_of_lines() -> Iterator[tuple[str, tuple[str, ...], list[Element], dict[str, Any]]]:
    text, both, out, in_ = {"description": "Twelve months' warranty"}, BOTH, ("customer",), ("supplier",)
    yield "text between lines", both, [text, line(), text], {}
    yield "text only, total zero", both, [text], {}
    yield "return", both, [line(quantity="4"), line(quantity="-1")], {}
    yield "credit line", both, [line(), line(unit_price="-79.00")], {}
    yield (
        "retention",
        out,
        [line(unit_price="9500"), line(quantity="-0.05", unit_price="9500", accounting_code="615", **_NONE)],
        {},
    )
    yield "withholding", in_, [line(), line(quantity="-0.2", accounting_code="825", **_NONE)], {}
    yield "deposit", both, [line(accounting_code="835", **_NONE)], {}
    yield "tool as an asset", in_, [line(accounting_code="710")], {}
    yield "drawings", both, [line(accounting_code="970", **_NONE)], {}
    yield "customs GST", in_, [line(accounting_code="820", tax_type="GSTONIMPORTS")], {}
    yield "rounding", both, [line(), line(unit_price="-0.01", accounting_code="860", **_NONE)], {}
    yield "long description", both, [line(description=_LONG)], {}
    yield "odd characters", both, [line(description=_ODD)], {"reference": "Ōtaki \u2013 \u201cNo 7\u201d"}
    yield "total zero", both, [line(unit_price="0.00")], {}
    yield "discount of everything", both, [line(discount_percent="100")], {}
    yield "discount", both, [line(quantity="3", unit_price="19.99", discount_percent="33.33")], {}
    yield "no tax, but a tax type", out, [line(tax_type="ZERORATED")], {}
    yield "four decimals", both, [line(quantity="0.3333", unit_price="0.0725"), line(quantity="12.0001")], {}
    yield "expense code on an invoice", out, [line(accounting_code="310", **_NONE)], {}
    yield "income code on a bill", in_, [line(accounting_code="200", **_NONE)], {}
    yield "other income and overheads", in_, [line(accounting_code="429", tax_type="INPUT2")], {}
    yield "400 lines", both, [line(unit_price="1.11")] * 400, {}
    yield "large amount", out, [line(quantity="1000", unit_price="9999999.99", **_NONE)], {}
    yield "renamed option", both, [line(cost_center="Old name of the yard")], {}
    yield "item in another letter case", both, [line(item_code="VALVE 20MM")], {}
    yield "default code", both, [line(accounting_code=None)], {}


def _of_contacts(books: Books, pen: Pen) -> Iterator[Seed]:
    def linked(name: str, change: Callable[[Element], None], **fields: Any) -> Seed:
        contacts = [pen.contact(f"{name} {n}", kind, **fields) for n, kind in enumerate(spread())]
        own = [pen.invoice(each["roles"][0], contact_external_id=each["external_id"]) for each in contacts]
        ids = [each["external_id"] for each in contacts]
        return Seed(name, frozenset(), own, contacts, [], ids, for_each(contacts, change))

    def merge(each: Element) -> None:
        books.add_contact(f"New company of {each['name']}")
        books.merge_contact(each["name"], f"New company of {each['name']}")

    yield linked("Merged", merge)
    yield linked("Renamed there", lambda each: books.change_contact(each["name"], Name=f"{each['name']} (2026) Ltd"))
    yield linked("No e-mail there", lambda each: books.change_contact(each["name"], EmailAddress=""))
    yield linked("Gone", lambda each: books.change_contact(each["name"], _gone=True))
    taken = [
        pen.contact(f"Reference taken {n}", kind, payer_reference=f"AC-000{n + 1}") for n, kind in enumerate(spread())
    ]
    address = {"line1": "14 Rāta Street", "city": "Ōtaki", "postal_code": "5512", "country": "Côte d Ivoire"}
    people = [
        pen.contact(None, kind, kind="person", first_name="Mere", last_name=f"Ngā {n}", address=address)
        for n, kind in enumerate(spread())
    ]
    archived = [pen.contact(f"As an archived one {n}", kind) for n, kind in enumerate(spread())]
    for each in archived:
        books.add_contact(each["name"], ContactStatus="ARCHIVED")
    for name, contacts in (("payer reference taken", taken), ("new person", people), ("name of an archived", archived)):
        own = [pen.invoice(each["roles"][0], contact_external_id=each["external_id"]) for each in contacts]
        yield Seed(name, frozenset(), own, contacts)


def _beside_others(books: Books, pen: Pen) -> Iterator[Seed]:
    """Numbers that are taken only in appearance."""
    books.add_contact("Somebody Else Ltd")
    enter = partial(books.enter, "Somebody Else Ltd", Date="2026-09-01")
    for name, status, type_ in (
        ("number of a deleted", "DELETED", "ACCREC"),
        ("number of a bill there", "PAID", "ACCPAY"),
    ):
        own = pen.some(kinds=("customer",))
        change = for_each([each["number"] for each in own], partial(_enter, partial(enter, status, Type=type_)))
        yield Seed(name, frozenset(), own, change=change)
    own = [
        pen.invoice("supplier", number="STATEMENT-7", contact_external_id=f"usual-supplier-{n}") for n in range(10, 16)
    ]
    own.append(pen.invoice("customer", number="STATEMENT-7"))
    yield Seed("one number of several suppliers", frozenset(), own)
    signs = [
        "a/b-c_d.e",
        "#1",
        "'quoted'",
        "100%",
        "x" * 255,
        "(7)",
        "A & B",
        "INV-1",
        "INV-10",
        "INV-100",
        "0001",
        "1",
    ]
    yield Seed("numbers of signs", frozenset(), [pen.invoice("customer", number=each) for each in signs])
    days = [f"2026-0{5 + n // 3}-{1 + 7 * (n % 3):02}" for n in range(9)]
    rent = line(unit_price="88.00")
    weekly = [pen.invoice("supplier", rent, issued_on=day, contact_external_id="usual-supplier-20") for day in days]
    yield Seed("rent of each week", frozenset(), weekly)


def _enter(enter: partial[None], number: str) -> None:
    enter(InvoiceNumber=number)
