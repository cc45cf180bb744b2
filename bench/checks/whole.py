"""Faults that hold a whole organisation: tax, rights, the plan, default codes, the tracking category."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bench.business import ConnectedBusiness
from bench.checks.asking import age_mirrors, check, export, prefer, store
from bench.checks.books import Books
from bench.checks.seeds import BOTH, Element, Pen, Seed, for_each, line


@dataclass
class Round:
    """A state of the organisation, what it holds and what it doesn't."""

    name: str
    cause: str
    begin: Callable[[], None]
    end: Callable[[], None]
    held: list[Element]
    free: list[Element]
    preferences: dict[str, Any] = field(default_factory=dict)


async def of_the_whole_organisation(business: ConnectedBusiness, books: Books, pen: Pen) -> dict[str, Any]:
    """By round: how many were found, held although sound, and taken of those called ready."""
    figures: dict[str, Any] = {}
    for each in _rounds(books, pen):
        seeds = [Seed(f"{each.name}: held", frozenset({each.cause}), each.held), Seed("free", frozenset(), each.free)]
        held, free = await store(business, seeds)
        assert not held.refused, held.refused
        assert not free.refused, free.refused
        each.begin()
        before = (await business.ask("GET", "/preferences")).json()
        await prefer(business, **each.preferences)
        await age_mirrors(business)
        answer = await check(business, [*held.ids, *free.ids])
        codes = {row["invoice_id"]: {problem["code"] for problem in row["problems"]} for row in answer["invoices"]}
        items = await export(business, answer["ready_ids"])
        figures[each.name] = {
            "found": sum(each.cause in codes.get(id, ()) for id in held.ids),
            "of": len(held.ids),
            "false_alarms": [sorted(codes[id]) for id in free.ids if id in codes],
            "accepted": sum(item["state"] == "exported" for item in items),
            "ready": len(items),
            "refused": [item["problems"][0]["xero_message"] for item in items if item["state"] != "exported"],
        }
        each.end()
        await prefer(business, **{name: before[name] for name in each.preferences})
        await age_mirrors(business)
        await check(business, held.ids)
    return figures


def _rounds(books: Books, pen: Pen) -> Iterator[Round]:
    organisation, actions = books.ledger.organisation, books.ledger.actions

    def setting(name: str, value: Any) -> Callable[[], None]:
        return lambda: organisation.update({name: value})

    def right(name: str, value: bool) -> Callable[[], None]:
        return lambda: actions.update({name: value})

    yield Round(
        "not registered for tax",
        "tax_not_registered",
        setting("PaysTax", False),
        setting("PaysTax", True),
        pen.some(),
        pen.some(line(), amounts="no_tax"),
    )
    for kind, name in (("customer", "CreateApprovedInvoice"), ("supplier", "CreateApprovedBill")):
        other = BOTH[kind == BOTH[0]]
        own, free = pen.some(kinds=(kind,)), pen.some(kinds=(other,))
        yield Round(f"may not approve: {kind}", "role_too_low", right(name, False), right(name, True), own, free)
    yield Round(
        "may not use other currencies",
        "currency_not_enabled",
        right("UseMulticurrency", False),
        right("UseMulticurrency", True),
        pen.some(currency="USD"),
        pen.some(),
    )
    yield from _preferred(books, pen)
    yield _plan(books, pen)
    yield from _default_codes(books, pen)
    yield from _categories(books, pen)


def _preferred(books: Books, pen: Pen) -> Iterator[Round]:
    """States that preferences of ours bring about."""
    actions, ledger = books.ledger.actions, books.ledger
    drafts = {"customer_invoice_status": "DRAFT", "supplier_invoice_status": "DRAFT"}

    def may_enter(value: bool) -> Callable[[], None]:
        return lambda: actions.update(CreateDraftInvoice=value, CreateDraftBill=value)

    def as_adviser() -> None:
        actions["ApproveTransactionsBeforePeriodLockDate"] = True
        ledger.organisation["EndOfYearLockDate"] = date(2026, 1, 31)

    def as_nobody() -> None:
        del actions["ApproveTransactionsBeforePeriodLockDate"]

    yield Round(
        "drafts", "item_unknown", _nothing, _nothing, pen.some(line(item_code="NO")), pen.some(due_on=None), drafts
    )
    yield Round("may not enter drafts", "role_too_low", may_enter(False), may_enter(True), pen.some(), [], drafts)
    locked, free = pen.some(issued_on="2026-01-31"), pen.some(issued_on="2026-02-01")
    yield Round("adviser", "period_locked", as_adviser, as_nobody, locked, free)
    parts = {"reference_on_bills": True, "reference_parts": ["customer_reference"]}
    bills = pen.some(kinds=("supplier",), reference="Ōtaki \u2013 \u201cNo 7\u201d 🔧")
    yield Round("reference on bills", "due_date_missing", _nothing, _nothing, pen.some(due_on=None), bills, parts)


def _nothing() -> None:
    return None


def _plan(books: Books, pen: Pen) -> Round:
    organisation = books.ledger.organisation
    held = pen.some(issued_on="2026-05-03")

    def begin() -> None:
        for number in range(20):
            books.enter("Somebody Else Ltd", Type="ACCREC", Date="2026-05-02", InvoiceNumber=f"PLAN-{number}")
            books.enter("Somebody Else Ltd", Type="ACCPAY", Date="2026-05-02", InvoiceNumber=f"PLAN-{number}")
        organisation["Class"] = "STARTER"

    def end() -> None:
        organisation["Class"] = "DEMO"

    free = [pen.invoice(kind, issued_on="2026-11-25") for kind in BOTH for _ in range(4)]
    return Round("plan", "plan_limit", begin, end, held, free)


def _default_codes(books: Books, pen: Pen) -> Iterator[Round]:
    for name, cause, fields in (
        ("default codes archived", "account_code_archived", {"Status": "ARCHIVED"}),
        ("default codes deleted", "account_code_archived", {"Status": "DELETED"}),
    ):

        def change(status: dict[str, str]) -> Callable[[], None]:
            return for_each(("200", "310"), lambda code: books.change_account(code, **status))

        codes = {"customer": "210", "supplier": "315"}
        free = [pen.invoice(kind, line(accounting_code=codes[kind])) for kind in BOTH for _ in range(3)]
        yield Round(name, cause, change(fields), change({"Status": "ACTIVE"}), pen.some(), free)


def _categories(books: Books, pen: Pen) -> Iterator[Round]:
    categories = books.ledger.tracking_categories
    region = books.region
    for name, begin, end in (
        (
            "tracking category archived",
            lambda: region.update(Status="ARCHIVED"),
            lambda: region.update(Status="ACTIVE"),
        ),
        ("tracking category deleted", lambda: categories.remove(region), lambda: categories.insert(0, region)),
    ):
        held = pen.some(line(cost_center="North" if "archived" in name else "South"))
        yield Round(name, "tracking_category_gone", begin, end, held, pen.some())
