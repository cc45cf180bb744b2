"""Finding bills that somebody else has entered: how many of them, how many others are held, and how long it takes."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID, uuid5

import psycopg
from psycopg import sql

from api.platform.db.work import Database
from api.platform.queue import ArqTaskQueue, open_redis
from api.records.invoices.service import InvoiceService
from api.sync.documents.likeness import alike_documents
from api.sync.exports.entered import entered_by_others
from bench.requests.rows import connected
from bench.twins.bills import Arrived, Bill, arriving

_NAMES: Final = UUID(int=20_476)
_BUSINESS: Final = uuid5(_NAMES, "business")
_ORGANISATION: Final = uuid5(_NAMES, "organisation")
_SUPPLIERS: Final = 300
_BATCH: Final = 500
_SEED: Final = 20_476


async def twin_figures(owner_url: str, app_url: str, *, innocents: int, planted: int) -> dict[str, Any]:
    """Write the bills, and look for those that somebody else has entered as the check does."""
    arrived = list(arriving(innocents=innocents, planted=planted, suppliers=_SUPPLIERS, seed=_SEED))
    ours = _write(owner_url, arrived)
    database = Database(app_url, ArqTaskQueue(await open_redis(None)))
    held: set[UUID] = set()
    reading = searching = 0.0
    places = {_supplier(number): _supplier_in_xero(number) for number in range(_SUPPLIERS)}
    for batch in _batches(list(ours)):
        async with database.work(_BUSINESS) as work:
            started = time.perf_counter()
            invoices = await InvoiceService(work).summaries(batch)
            read = time.perf_counter()
            held |= (await entered_by_others(work, _ORGANISATION, invoices, places, {})).keys()
            reading, searching = reading + read - started, searching + time.perf_counter() - read
    await database.close()
    twins = {invoice_id: each.disguise for invoice_id, each in ours.items() if each.disguise}
    planted_by, held_by = Counter(twins.values()), Counter(twins[each] for each in held & twins.keys())
    return {
        "planted": len(twins),
        "innocents": len(ours) - len(twins),
        "documents_of_others": sum(each.theirs is not None for each in arrived),
        "recall": round(len(held & twins.keys()) / len(twins), 5),
        "false_share": round(len(held - twins.keys()) / (len(ours) - len(twins)), 5),
        "recall_by_disguise": {name: round(held_by[name] / count, 5) for name, count in sorted(planted_by.items())},
        "search_to_reading_the_bills": round(searching / reading, 3),
        "search_ms_per_1000_bills": round(searching * 1_000_000 / len(ours), 1),
        "pure_ms_per_1000_bills": round(_pure_seconds(arrived) * 1_000_000 / len(ours), 1),
    }


def _pure_seconds(arrived: Sequence[Arrived]) -> float:
    """The time to compare each bill of ours with twenty documents of its supplier."""
    theirs: dict[int, list[_Written]] = {}
    for each in arrived:
        if each.theirs is not None:
            theirs.setdefault(each.theirs.supplier, []).append(_Written(each.theirs))
    bills = [_Written(each.ours) for each in arrived if each.ours is not None]
    started = time.perf_counter()
    for bill in bills:
        alike_documents(bill, theirs[bill.supplier][:20], is_bill=True, is_history=False)
    return time.perf_counter() - started


class _Written:
    """A bill with the currency that all of them have."""

    currency = "NZD"

    def __init__(self, bill: Bill) -> None:
        self.supplier, self.number, self.issued_on, self.total = bill.supplier, bill.number, bill.issued_on, bill.total


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


def _supplier(number: int) -> UUID:
    return uuid5(_NAMES, f"supplier {number}")


def _supplier_in_xero(number: int) -> UUID:
    return uuid5(_NAMES, f"supplier in Xero {number}")


def _write(owner_url: str, arrived: Sequence[Arrived]) -> dict[UUID, Arrived]:
    """Write both sides; gives ours by the id of the invoice. Nothing has to be checked, so no trigger runs."""
    ours = {uuid5(_NAMES, f"invoice {n}"): each for n, each in enumerate(arrived) if each.ours is not None}
    with connected(owner_url) as connection:
        for table in ("contacts", "invoices", "mirror_documents"):
            connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        connection.execute(
            "INSERT INTO businesses (id, name, country, currency, locale, time_zone)"
            " VALUES (%s, 'Twins', 'NZ', 'NZD', 'en-NZ', 'Pacific/Auckland')",
            [_BUSINESS],
        )
        suppliers = (
            (_supplier(n), _BUSINESS, "company", f"Supplier {n}", f"supplier {n}", ["supplier"])
            for n in range(_SUPPLIERS)
        )
        _copy(connection, "contacts", "id business_id kind name sort_name roles", suppliers)
        _copy(
            connection,
            "invoices",
            _INVOICE_COLUMNS,
            (_invoice(id, each.ours) for id, each in ours.items() if each.ours),
        )
        theirs = (each.theirs for each in arrived if each.theirs is not None)
        _copy(connection, "mirror_documents", _DOCUMENT_COLUMNS, (_document(n, bill) for n, bill in enumerate(theirs)))
        for table in ("contacts", "invoices", "mirror_documents"):
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
        connection.execute("VACUUM ANALYZE")
    return ours


_INVOICE_COLUMNS: Final = (
    "id business_id kind number contact_id issued_on due_on currency amounts status version subtotal tax_total total"
    " content_tag"
)
_DOCUMENT_COLUMNS: Final = (
    "id business_id organisation_id xero_invoice_id type number xero_contact_id issued_on currency status total"
)


def _invoice(invoice_id: UUID, bill: Bill) -> tuple[object, ...]:
    head = (invoice_id, _BUSINESS, "supplier", bill.number, _supplier(bill.supplier), bill.issued_on, bill.issued_on)
    return (*head, "NZD", "exclusive", "approved", 1, bill.total, 0, bill.total, "tag")


def _document(number: int, bill: Bill) -> tuple[object, ...]:
    own = uuid5(_NAMES, f"document {number}")
    head = (own, _BUSINESS, _ORGANISATION, own, "ACCPAY", bill.number)
    return (*head, _supplier_in_xero(bill.supplier), bill.issued_on, "NZD", "AUTHORISED", bill.total)


def _copy(connection: psycopg.Connection[Any], table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    """Insert rows by way of a table without row-level security, which COPY needs."""
    names = {"table": sql.Identifier(table), "columns": sql.SQL(", ").join(map(sql.Identifier, columns.split()))}
    connection.execute(sql.SQL("CREATE TEMPORARY TABLE given AS SELECT {columns} FROM {table} LIMIT 0").format(**names))
    with connection.cursor().copy("COPY given FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute(sql.SQL("INSERT INTO {table} ({columns}) SELECT * FROM given").format(**names))
    connection.execute("DROP TABLE given")
