"""People work in Xero while invoices are checked and exported: what is called ready may change under way."""

import asyncio
import random
from collections import Counter
from typing import Any, Final

from bench.business import ConnectedBusiness
from bench.checks.asking import age_mirrors, check, export, store
from bench.checks.books import Books
from bench.checks.seeds import BOTH, Pen, Seed, line

_INVOICES: Final = 400
_EDITS: Final = 60


async def meanwhile(business: ConnectedBusiness, books: Books, pen: Pen) -> dict[str, Any]:
    """What became of the invoices, and whether each is in Xero at most once and tells the reason if it is not."""
    for code in range(20):
        books.add_account(f"M{code}", "REVENUE", "OUTPUT2")
        books.add_account(f"N{code}", "DIRECTCOSTS", "INPUT2")
    own = [
        pen.invoice(kind, line(accounting_code=f"{'M' if kind == BOTH[0] else 'N'}{n % 20}"))
        for n in range(_INVOICES // 2)
        for kind in BOTH
    ]
    (stored,) = await store(business, [Seed("meanwhile", frozenset(), own)])
    await age_mirrors(business)
    edits = asyncio.create_task(_edit(books, random.Random(7)))
    answer = await check(business, stored.ids)
    items = await export(business, answer["ready_ids"])
    edits.cancel()
    held = Counter(problem["code"] for item in items for problem in item["problems"])
    await age_mirrors(business)
    again = await check(business, stored.ids)
    left = [id for id in stored.ids if id not in {item["invoice_id"] for item in items if item["state"] == "exported"}]
    named = {row["invoice_id"] for row in again["invoices"]}
    urls = Counter(row["Url"] for row in books.ledger.invoices.values() if row.get("Url"))
    return {
        "invoices": len(stored.ids),
        "ready": answer["ready"],
        "exported": sum(item["state"] == "exported" for item in items),
        "refused": dict(held),
        "refused_without_a_known_cause": held["unknown_xero_error"],
        "left_that_the_next_check_calls_ready": [id for id in left if id not in named],
        "in_xero_twice": sum(count > 1 for count in urls.values()),
    }


async def _edit(books: Books, rng: random.Random) -> None:
    """Archive accounts, edit and archive contacts, and void documents, again and again."""
    for number in range(_EDITS):
        await asyncio.sleep(0.02)
        documents = [row for row in books.ledger.invoices.values() if row["Status"] == "AUTHORISED"]
        if number % 12 == 0:
            books.change_account(f"{rng.choice('MN')}{rng.randrange(20)}", Status="ARCHIVED")
        elif number % 12 == 6:
            books.change_contact(f"Usual {rng.choice(BOTH)} {rng.randrange(25)}", ContactStatus="ARCHIVED")
        elif number % 2:
            books.void(rng.choice(documents)["InvoiceID"])
        else:
            name = f"Usual {rng.choice(BOTH)} {rng.randrange(25)}"
            books.change_contact(name, FirstName=f"Edited {number}")
