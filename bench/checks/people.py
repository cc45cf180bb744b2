"""Faults of contacts and of documents that somebody else enters in Xero, made after the invoices were written."""

from collections.abc import Iterator
from functools import partial

from bench.checks.books import Books
from bench.checks.seeds import BOTH, Element, Pen, Seed, for_each, line, spread

_TYPES = {"customer": "ACCREC", "supplier": "ACCPAY"}


def faults_of_contacts(books: Books, pen: Pen) -> Iterator[Seed]:
    """Seeds whose contacts were sent an invoice before, and new ones that nobody can tell apart."""
    yield _linked(books, pen, "contact archived", "contact_archived", ContactStatus="ARCHIVED")
    yield _linked(books, pen, "contact with an unusable e-mail", "contact_email_refused", EmailAddress="none")
    yield _linked(books, pen, "contact with a foreign e-mail", "contact_email_refused", EmailAddress="zoë@büro.example")
    yield from _merged(books, pen)
    yield from _unsure(books, pen)
    yield from _named(books, pen)


def _companies(pen: Pen, name: str) -> list[Element]:
    return [pen.contact(f"{name} {number}", kind) for number, kind in enumerate(spread())]


def _to_each(pen: Pen, contacts: list[Element]) -> list[Element]:
    return [pen.invoice(each["roles"][0], contact_external_id=each["external_id"]) for each in contacts]


def _linked(books: Books, pen: Pen, name: str, cause: str, **fields: str) -> Seed:
    contacts = _companies(pen, name)
    return Seed(
        name,
        frozenset({cause}),
        _to_each(pen, contacts),
        contacts,
        linked=[each["external_id"] for each in contacts],
        change=for_each(contacts, lambda each: books.change_contact(each["name"], **fields)),
    )


def _merged(books: Books, pen: Pen) -> Iterator[Seed]:
    contacts = _companies(pen, "Merged into an archived contact")

    def change() -> None:
        for each in contacts:
            books.add_contact(f"Target of {each['name']}", ContactStatus="ARCHIVED")
            books.merge_contact(each["name"], f"Target of {each['name']}")

    linked = [each["external_id"] for each in contacts]
    causes = frozenset({"contact_archived", "contact_unsure"})
    yield Seed("contact merged into an archived one", causes, _to_each(pen, contacts), contacts, [], linked, change)


def _unsure(books: Books, pen: Pen) -> Iterator[Seed]:
    unsure = frozenset({"contact_unsure"})
    several = _companies(pen, "Several in Xero")
    yield Seed(
        "two contacts of the name in Xero",
        unsure,
        _to_each(pen, several),
        several,
        change=for_each([*several, *several], lambda each: books.add_contact(each["name"])),
    )
    for name, ours, theirs in (
        ("person with another e-mail there", {"email": "ours@seed.example"}, {"EmailAddress": "theirs@seed.example"}),
        ("person with another account number there", {"payer_reference": "OURS"}, {"AccountNumber": "THEIRS"}),
    ):
        people = [_person(pen, n, kind, f"{name} {n}", ours) for n, kind in enumerate(spread())]
        change = partial(_add_people, books, people, theirs)
        yield Seed(name, unsure, _to_each(pen, people), people, change=change)
    twins = [pen.contact(f"Same name {number // 2}", kind) for number, kind in enumerate(spread())]
    yield Seed("two of ours with one name", unsure, _to_each(pen, twins), twins)


def _person(pen: Pen, number: int, kind: str, last_name: str, ours: dict[str, str]) -> Element:
    own = {name: value.replace("OURS", f"OURS-{number}") for name, value in ours.items()}
    return pen.contact(None, kind, kind="person", first_name="Mere", last_name=last_name, **own)


def _add_people(books: Books, people: list[Element], fields: dict[str, str]) -> None:
    for n, each in enumerate(people):
        own = {name: value.replace("THEIRS", f"THEIRS-{n}") for name, value in fields.items()}
        books.add_contact(f"Mere {each['last_name']}", **own)


def _named(books: Books, pen: Pen) -> Iterator[Seed]:
    long = [
        pen.contact(None, kind, kind="person", first_name=f"{'Aroha' * 40} {n}", last_name="Hohepa" * 20)
        for n, kind in enumerate(spread())
    ]
    umlaut = [pen.contact(f"Büro {n}", kind, email=f"info{n}@büro.example") for n, kind in enumerate(spread())]
    cause = frozenset({"contact_email_refused", "malformed_email"})
    yield Seed("new contact with a foreign e-mail", cause, _to_each(pen, umlaut), umlaut)
    yield Seed("name longer than Xero takes", frozenset({"contact_refused"}), _to_each(pen, long), long)


def faults_of_documents(books: Books, pen: Pen) -> Iterator[Seed]:
    """Seeds whose number, or whose document, somebody else has entered in Xero."""
    books.add_contact("Somebody Else Ltd")
    for name, status, changed in (
        ("number taken", "AUTHORISED", str),
        ("number taken by a paid invoice", "PAID", str),
        ("number taken by a voided invoice", "VOIDED", str),
        ("number taken by a draft", "DRAFT", str),
        ("number taken in another letter case", "AUTHORISED", str.lower),
    ):
        invoices = pen.some(kinds=("customer",))
        numbers = [changed(each["number"]) for each in invoices]
        enter = partial(books.enter, "Somebody Else Ltd", status, Type="ACCREC", Date="2026-09-01")
        yield Seed(
            name,
            frozenset({"invoice_number_taken"}),
            invoices,
            change=for_each(numbers, partial(_enter, enter)),
        )
    contacts = _companies(pen, "Entered by others")
    invoices = [
        pen.invoice(
            each["roles"][0], line(unit_price="777.10", tax_type="NONE"), contact_external_id=each["external_id"]
        )
        for each in contacts
    ]

    def entered() -> None:
        for contact, invoice in zip(contacts, invoices, strict=True):
            kind, number, day = contact["roles"][0], invoice["number"], invoice["issued_on"]
            books.enter(contact["name"], Type=_TYPES[kind], InvoiceNumber=number, Date=day)

    linked = [each["external_id"] for each in contacts]
    causes = frozenset({"looks_entered_already"})
    yield Seed("entered already by somebody else", causes, invoices, contacts, [], linked, entered)
    yield _unnumbered(books, pen)


def _enter(enter: partial[None], number: str) -> None:
    enter(InvoiceNumber=number)


def _unnumbered(books: Books, pen: Pen) -> Seed:
    contacts = [pen.contact(f"Bill without a number there {number}", BOTH[1]) for number in range(6)]
    lines = [line(unit_price=f"{431 + number}.20", tax_type="NONE") for number in range(6)]
    invoices = [
        pen.invoice("supplier", own, contact_external_id=each["external_id"])
        for own, each in zip(lines, contacts, strict=True)
    ]

    def entered() -> None:
        for own, contact, invoice in zip(lines, contacts, invoices, strict=True):
            books.enter(contact["name"], Type="ACCPAY", Date=invoice["issued_on"], amount=own["unit_price"])

    linked = [each["external_id"] for each in contacts]
    causes = frozenset({"looks_entered_already"})
    return Seed("bill entered without its number", causes, invoices, contacts, [], linked, entered)
