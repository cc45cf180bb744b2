"""The mirror of the documents in Xero: nothing is missed, whatever happens while it is read."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.sync.connections.service import XeroGateway
from api.sync.documents import mirror
from api.sync.documents.service import Document, DocumentService, MarkedDocuments, read_on
from api.xero import paging
from api.xero.errors import XeroBusy
from sandbox.faults import Fault
from sandbox.seeds import AU_TENANT, NZ_TENANT
from tests.callers import Caller
from tests.clock import Clock
from tests.records.making import API, business_of
from tests.sync.connected_business import ConnectedBusiness, invoice_id_of
from tests.sync.documents.documents import Books

_INVOICES = "/api.xro/2.0/Invoices"
_NZ = UUID(NZ_TENANT)


@pytest.fixture
def books(business: ConnectedBusiness) -> Books:
    business.stand_in.world.calls.clear()
    return Books(business)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two documents."""
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)


async def _read(business: ConnectedBusiness) -> bool:
    return await read_on(await business.gateway())


async def _marked(business: ConnectedBusiness, *invoice_ids: UUID, tenant: UUID = _NZ) -> dict[UUID, MarkedDocuments]:
    async with business.gateways.database.work(business.business_id) as work:
        return await DocumentService(work).by_marker(tenant, invoice_ids)


async def _mirrored(business: ConnectedBusiness, *xero_ids: UUID, tenant: UUID = _NZ) -> dict[UUID, Document]:
    async with business.gateways.database.work(business.business_id) as work:
        return await DocumentService(work).by_xero_ids(tenant, xero_ids)


async def _is_complete(business: ConnectedBusiness, tenant: UUID = _NZ) -> bool:
    async with business.gateways.database.work(business.business_id) as work:
        return await DocumentService(work).is_complete(tenant)


def _queries(business: ConnectedBusiness) -> list[str]:
    return [call["query"] for call in business.calls("GET", _INVOICES)]


def _after_each_page(monkeypatch: pytest.MonkeyPatch, happens: Callable[[int], None]) -> None:
    """Call `happens` with the number of pages stored so far."""
    record, pages = mirror._record, 0

    async def record_and_go_on(*given: Any, **named: Any) -> Any:
        nonlocal pages
        result = await record(*given, **named)
        pages += 1
        happens(pages)
        return result

    monkeypatch.setattr(mirror, "_record", record_and_go_on)


async def test_thousands_of_documents_are_read_in_pages_of_a_thousand(
    business: ConnectedBusiness, books: Books
) -> None:
    ids = [books.add(InvoiceNumber=f"H-{number}") for number in range(2500)]
    invoice = uuid4()
    ours = books.add(marker=invoice)

    assert await _read(business)

    assert set(await _mirrored(business, *ids, ours)) == {*ids, ours}
    (document,) = (await _marked(business, invoice))[invoice].live
    assert (document.xero_invoice_id, document.total) == (ours, Decimal(115))
    assert len(_queries(business)) <= 7  # three pages, and once more what changed in the last minutes


async def test_a_document_is_mirrored_with_everything_that_its_header_says(
    business: ConnectedBusiness, books: Books
) -> None:
    header: dict[str, Any] = {
        "Type": "ACCPAY",
        "InvoiceNumber": "B-7",
        "Reference": "Order 7",
        "Date": "2026-04-05",
        "DueDate": "2026-05-05",
        "AmountPaid": 10,
        "AmountCredited": 5,
        "AmountDue": 100,
    }
    xero_id = books.add(**header)

    await _read(business)

    document = (await _mirrored(business, xero_id))[xero_id]
    assert (document.type, document.number, document.reference) == ("ACCPAY", "B-7", "Order 7")
    assert (str(document.issued_on), str(document.due_on)) == ("2026-04-05", "2026-05-05")
    assert (document.currency, document.status, document.is_live) == ("NZD", "AUTHORISED", True)
    amounts = (document.total, document.amount_paid, document.amount_credited, document.amount_due)
    assert amounts == (Decimal(115), Decimal(10), Decimal(5), Decimal(100))
    assert document.xero_contact_id is not None


async def test_voided_and_deleted_documents_are_kept_apart_from_live_ones(
    business: ConnectedBusiness, books: Books
) -> None:
    invoice, other = uuid4(), uuid4()
    live = [books.add(marker=invoice) for _ in range(2)]
    removed = [books.add(marker=invoice, Status=status) for status in ("VOIDED", "DELETED")]

    await _read(business)

    marked = (await _marked(business, invoice, other))[invoice]
    assert {document.xero_invoice_id for document in marked.live} == set(live)
    assert {document.xero_invoice_id for document in marked.removed} == set(removed)
    assert other not in await _marked(business, invoice, other)


@pytest.mark.usefixtures("small_pages")
async def test_documents_that_are_edited_or_added_while_pages_are_read_are_not_missed(
    business: ConnectedBusiness, books: Books, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = sorted((books.add() for _ in range(9)), key=str)
    first = UUID(int=1)

    def edit(page: int) -> None:
        clock.shift(timedelta(minutes=6))
        if page <= 4:
            books.change(ids[page], Reference=f"edited after page {page}")
        if page == 2:
            books.add(InvoiceID=str(first))

    _after_each_page(monkeypatch, edit)

    assert await _read(business)
    mirrored = await _mirrored(business, *ids, first)
    assert set(mirrored) == {*ids, first}
    assert [mirrored[ids[page]].reference for page in (1, 2, 3, 4)] == [f"edited after page {n}" for n in (1, 2, 3, 4)]


async def test_the_mirror_is_complete_only_after_what_changed_during_the_whole_read_was_read(
    business: ConnectedBusiness, books: Books
) -> None:
    books.add()
    fault = {"kind": "rate_limit", "retry_after": 30, "method": "GET", "path": "Invoices", "skip": 2}
    business.stand_in.faults.waiting.append(Fault.model_validate(fault))

    with pytest.raises(XeroBusy):
        await _read(business)
    assert not await _is_complete(business)
    await business.execute("UPDATE budgets SET blocked_until = NULL")
    assert await _read(business)
    assert await _is_complete(business)


@pytest.mark.usefixtures("small_pages")
async def test_an_interrupted_read_goes_on_where_it_was(business: ConnectedBusiness, books: Books) -> None:
    ids = [books.add() for _ in range(9)]
    fault = {"kind": "rate_limit", "retry_after": 30, "method": "GET", "path": "Invoices", "skip": 3}
    business.stand_in.faults.waiting.append(Fault.model_validate(fault))

    with pytest.raises(XeroBusy):
        await _read(business)
    await business.execute("UPDATE budgets SET blocked_until = NULL")
    before = len(_queries(business))
    assert await _read(business)

    assert "page=4&" in _queries(business)[before]
    assert set(await _mirrored(business, *ids)) == set(ids)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("url_in_summaries", [True, False])
async def test_a_read_in_steps_of_a_few_pages_ends_with_the_whole_mirror(
    business: ConnectedBusiness, books: Books, url_in_summaries: bool
) -> None:
    business.stand_in.world.options.url_in_summaries = url_in_summaries
    invoices = [uuid4() for _ in range(9)]
    for invoice in invoices:
        books.add(marker=invoice)
    gateway = await business.gateway()

    steps = [await read_on(gateway, max_pages=2) for _ in range(12)]

    assert not any(steps[:4])
    assert any(steps)
    assert set(await _marked(business, *invoices)) == set(invoices)
    assert len(_queries(business)) <= 2 * len(steps)


@pytest.mark.usefixtures("small_pages")
async def test_a_list_that_becomes_shorter_is_read_from_its_start(
    business: ConnectedBusiness, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = sorted((books.add() for _ in range(9)), key=str)
    _after_each_page(monkeypatch, lambda page: books.remove(ids[0]) if page == 2 else None)

    assert await _read(business)

    assert set(await _mirrored(business, *ids[1:])) == set(ids[1:])
    assert _queries(business)[3].endswith("page=1&pageSize=2")


async def test_later_only_what_changed_is_read_by_the_clock_of_xero(
    business: ConnectedBusiness, books: Books, clock: Clock
) -> None:
    kept, changed, invoice = books.add(), books.add(), uuid4()
    clock.shift_database(timedelta(minutes=20))
    await _read(business)
    clock.shift(timedelta(minutes=1))
    books.change(changed, Status="VOIDED")
    new = books.add(marker=invoice)
    business.stand_in.world.calls.clear()

    assert await _read(business)

    (call,) = business.calls("GET", _INVOICES)
    assert "if-modified-since" in call["headers"]
    mirrored = await _mirrored(business, kept, changed, new)
    assert [mirrored[each].is_live for each in (kept, changed, new)] == [True, False, True]
    assert [document.xero_invoice_id for document in (await _marked(business, invoice))[invoice].live] == [new]


async def test_after_a_restored_backup_the_marker_shows_what_had_been_sent(
    business: ConnectedBusiness, books: Books, clock: Clock
) -> None:
    await _read(business)
    ((backup,),) = await business.execute("SELECT read_up_to FROM document_cursors")
    invoice = await business.invoice("B-1", await business.company("Pipeline Supplies Ltd"), "supplier")
    await business.export(invoice)
    await business.drain()
    await business.execute("DELETE FROM invoice_links")
    await business.execute("DELETE FROM mirror_documents")
    await business.execute("UPDATE document_cursors SET read_up_to = :backup", backup=backup)
    clock.shift(timedelta(days=1))

    assert await _read(business)

    sent = invoice_id_of(invoice)
    (document,) = (await _marked(business, sent))[sent].live
    assert (document.type, document.number) == ("ACCPAY", "B-1")


async def test_a_page_of_21_megabytes_is_read_in_smaller_ones(business: ConnectedBusiness, books: Books) -> None:
    ids = [books.add() for _ in range(3)]
    for size in (1000, 500):
        fault = {"kind": "large", "bytes_per_element": 7_000_000, "query_contains": f"pageSize={size}", "count": None}
        business.stand_in.faults.waiting.append(Fault.model_validate({"method": "GET", "path": "Invoices", **fault}))

    assert await _read(business)

    assert set(await _mirrored(business, *ids)) == set(ids)


async def test_a_change_that_xero_shows_some_minutes_late_is_read(
    business: ConnectedBusiness, books: Books, clock: Clock
) -> None:
    begun_at = business.stand_in.world.now()
    clock.shift(timedelta(minutes=3))
    await _read(business)
    shown_late = books.add(UpdatedDateUTC=begun_at)

    await _read(business)

    assert shown_late in await _mirrored(business, shown_late)


async def test_a_marker_stays_known_when_only_the_summary_of_a_change_was_read(
    business: ConnectedBusiness, books: Books
) -> None:
    business.stand_in.world.options.url_in_summaries = False
    invoice = uuid4()
    xero_id = books.add(marker=invoice)
    await _read(business)
    books.change(xero_id, Status="VOIDED")
    fault = {"kind": "unavailable", "method": "GET", "path": "Invoices", "query_contains": "createdByMyApp"}
    business.stand_in.faults.waiting.append(Fault.model_validate(fault))

    with pytest.raises(XeroBusy):
        await _read(business)

    (document,) = (await _marked(business, invoice))[invoice].removed
    assert document.xero_invoice_id == xero_id


async def test_markers_are_known_although_summaries_do_not_show_the_url(
    business: ConnectedBusiness, books: Books, clock: Clock
) -> None:
    business.stand_in.world.options.url_in_summaries = False
    books.add()
    first, second = uuid4(), uuid4()
    books.add(marker=first)

    assert await _read(business)
    clock.shift(timedelta(minutes=30))
    await _read(business)
    created = books.add(marker=second)
    clock.shift(timedelta(minutes=1))
    assert await _read(business)
    books.change(created, Status="VOIDED")
    await _read(business)

    marked = await _marked(business, first, second)
    assert (len(marked[first].live), len(marked[second].removed)) == (1, 1)


async def test_an_unreadable_document_leaves_the_mirror_incomplete_until_it_can_be_read(
    business: ConnectedBusiness, books: Books, clock: Clock
) -> None:
    ids = [books.add() for _ in range(3)]
    fault = {"kind": "unreadable_element", "method": "GET", "path": "Invoices", "position": 1}
    business.stand_in.faults.waiting.append(Fault.model_validate(fault))

    assert not await _read(business)
    assert len(await _mirrored(business, *ids)) >= 2
    clock.shift(timedelta(hours=1))
    assert not await _read(business)
    clock.shift(timedelta(hours=24))
    assert await _read(business)
    assert set(await _mirrored(business, *ids)) == set(ids)


async def test_an_older_state_does_not_replace_a_newer_one(business: ConnectedBusiness, books: Books) -> None:
    xero_id = books.add(Status="VOIDED")
    await _read(business)
    await business.execute("UPDATE mirror_documents SET changed_in_xero_at = changed_in_xero_at + interval '1 day'")
    books.change(xero_id, Status="AUTHORISED")

    await _read(business)

    assert (await _mirrored(business, xero_id))[xero_id].status == "VOIDED"


async def test_a_reader_whose_reading_another_has_ended_stops(
    business: ConnectedBusiness, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.add()
    begin, rival = mirror._begin, [True]

    async def begin_and_be_overtaken(gateway: XeroGateway) -> Any:
        reading = await begin(gateway)
        if rival:
            rival.clear()
            assert await read_on(gateway)
            business.stand_in.world.calls.clear()
        return reading

    monkeypatch.setattr(mirror, "_begin", begin_and_be_overtaken)

    assert await _read(business)
    assert len(_queries(business)) == 1
    ((count,),) = await business.execute("SELECT count(*) FROM document_cursors WHERE reading_id IS NOT NULL")
    assert count == 0


async def test_each_organisation_has_a_mirror_of_its_own(business: ConnectedBusiness, books: Books) -> None:
    invoice, other = uuid4(), uuid4()
    books.add(marker=invoice)
    Books(business, AU_TENANT).add(marker=other)
    await _read(business)
    await business.connect(AU_TENANT)
    await business.client.put(f"{API}/connections/xero/organisation", json={"organisation_id": AU_TENANT})

    assert await _read(business)

    assert set(await _marked(business, invoice, other)) == {invoice}
    assert set(await _marked(business, invoice, other, tenant=UUID(AU_TENANT))) == {other}


async def test_another_business_has_nothing_of_this_mirror(
    business: ConnectedBusiness, books: Books, neighbour: Caller
) -> None:
    invoice = uuid4()
    xero_id = books.add(marker=invoice)
    await _read(business)

    async with business.gateways.database.work(business_of(neighbour)) as work:
        documents = DocumentService(work)
        assert await documents.by_marker(_NZ, [invoice]) == {}
        assert await documents.by_xero_ids(_NZ, [xero_id]) == {}
        assert not await documents.is_complete(_NZ)
