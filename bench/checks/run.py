"""Seeds faults and sound invoices, checks them, exports what is called ready, and counts what was right."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bench.business import ConnectedBusiness, business_beside
from bench.checks.asking import Stored, age_mirrors, calls, check, export, prefer, store
from bench.checks.books import Books
from bench.checks.good import prepare, sound
from bench.checks.here import SEND_FROM, faults_at_the_api, faults_here
from bench.checks.in_xero import ENABLED, faults_in_settings, faults_of_default_rates
from bench.checks.meanwhile import meanwhile
from bench.checks.people import faults_of_contacts, faults_of_documents
from bench.checks.seeds import Pen, Seed, usual_contacts
from bench.checks.whole import of_the_whole_organisation
from sandbox.app import create_stand_in

_TAXES: Final = {"default_sales_tax_type": "OUTPUT2", "default_purchase_tax_type": "INPUT2"}
_LIMITS: Final[dict[str, Any]] = {"calls_per_minute": 10_000, "calls_per_day": 100_000}


async def check_figures(database_url: str, folder: Path) -> dict[str, Any]:
    """Recall by kind, false alarms, what Xero takes of what is called ready, and the calls that this costs."""
    stand_in = create_stand_in(client_id="bench", client_secret="bench", **_LIMITS)
    books, pen = Books(stand_in), Pen()
    books.currencies(*ENABLED, "AUD")
    prepare(books)
    seeds = [
        *faults_in_settings(books, pen),
        *faults_of_contacts(books, pen),
        *faults_of_documents(books, pen),
        *faults_here(books, pen),
        *faults_at_the_api(pen),
        *sound(books, pen),
    ]
    async with business_beside(stand_in, database_url, folder) as business:
        await prefer(business, **_preferences(books))
        await store(business, [Seed("usual", frozenset(), [], usual_contacts())])
        stored = await store(business, seeds)
        await prefer(business, default_sales_tax_type=None, default_purchase_tax_type=None)
        stored += await store(business, list(faults_of_default_rates(books, pen)))
        await prefer(business, **_TAXES)
        await _send_first_invoices(business, pen, seeds)
        await prefer(business, send_from_date=SEND_FROM)
        figures = await _figures(business, books, stored)
        figures["organisation"] = await of_the_whole_organisation(business, books, pen)
        figures["meanwhile"] = await meanwhile(business, books, pen)
    return figures


def _preferences(books: Books) -> dict[str, Any]:
    return {
        "customer_invoice_status": "AUTHORISED",
        "supplier_invoice_status": "AUTHORISED",
        "default_income_code": "200",
        "default_expense_code": "310",
        "tracking_category_id": books.region["TrackingCategoryID"],
        "send_item_codes": True,
        "send_payer_reference": True,
        **_TAXES,
    }


async def _send_first_invoices(business: ConnectedBusiness, pen: Pen, seeds: Sequence[Seed]) -> None:
    """Link the contacts that were sent an invoice before."""
    ids = [(each, seed) for seed in seeds for each in seed.linked]
    kinds = {each["external_id"]: each["roles"][0] for _, seed in ids for each in seed.contacts}
    first = [pen.invoice(kinds[each], contact_external_id=each, issued_on="2026-04-02") for each, _ in ids]
    (stored,) = await store(business, [Seed("first", frozenset(), first)])
    items = await export(business, stored.ids)
    assert all(item["state"] == "exported" for item in items), [item for item in items if item["problems"]]


async def _figures(business: ConnectedBusiness, books: Books, stored: Sequence[Stored]) -> dict[str, Any]:
    ids = [each for own in stored for each in own.ids]
    await check(business, ids)
    for own in stored:
        if own.seed.change is not None:
            own.seed.change()
    books.change_option("Old name of the yard", Name="New name of the yard")
    await calls(business)
    await age_mirrors(business)
    answer = await check(business, ids)
    checking = Counter(call["path"].rsplit("/", 1)[1] for call in await calls(business))
    figures = judged(stored, answer)
    items = await export(business, answer["ready_ids"])
    return figures | accepted(stored, items) | {"calls_of_the_check": dict(sorted(checking.items()))}


def judged(stored: Sequence[Stored], answer: dict[str, Any]) -> dict[str, Any]:
    """Recall by kind, and the sound invoices that were held."""
    codes = {each["invoice_id"]: {problem["code"] for problem in each["problems"]} for each in answer["invoices"]}
    kinds: dict[str, list[bool]] = defaultdict(list)
    missed: list[str] = []
    alarms: list[str] = []
    sound_ones = 0
    for own in stored:
        reported = [*own.refused, *(codes.get(each, set()) for each in own.ids)]
        if own.seed.causes:
            kinds[own.seed.name] += [bool(each & own.seed.causes) for each in reported]
            missed += [f"{own.seed.name}: {sorted(each)}" for each in reported if not each & own.seed.causes]
        else:
            sound_ones += len(reported)
            alarms += [f"{own.seed.name}: {sorted(each)}" for each in reported if each]
    seeded = sum(len(each) for each in kinds.values())
    return {
        "kinds": len(kinds),
        "seeded": seeded,
        "recall": round(sum(sum(each) for each in kinds.values()) / seeded, 5),
        "kinds_below_100": {name: f"{sum(each)}/{len(each)}" for name, each in kinds.items() if not all(each)},
        "missed": dict(Counter(missed)),
        "sound": sound_ones,
        "false_alarms": dict(Counter(alarms)),
    }


def accepted(stored: Sequence[Stored], items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How much of what was called ready Xero took, and what it said of the rest."""
    names = {each: own.seed.name for own in stored for each in own.ids}
    refused = Counter(
        f"{names.get(item['invoice_id'])}: {problem['code']}: {problem['xero_message'] or problem['detail']}"
        for item in items
        if item["state"] != "exported"
        for problem in item["problems"]
    )
    taken = sum(item["state"] == "exported" for item in items)
    remarked = [f"{names.get(item['invoice_id'])}: {each['code']}" for item in items for each in item["remarks"]]
    return {
        "ready": len(items),
        "accepted": taken,
        "accepted_share": round(taken / len(items), 5) if items else None,
        "refused": dict(refused),
        "with_remarks": dict(Counter(remarked)),
    }
