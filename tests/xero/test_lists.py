"""The requests of the reads of whole lists, byte for byte, and what they do when Xero fails or the list changes."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from respx import MockResponse, Router
from structlog.testing import capture_logs

from api.xero import http
from api.xero.client import XeroClient
from api.xero.errors import XeroBusy
from api.xero.paging import Page
from api.xero.wire import InvoiceHeader
from tests.xero.conftest import API, Budget

SINCE = datetime(2026, 9, 27, 3, 0, 30, 999, tzinfo=timezone(timedelta(hours=13)))
CONTACT = "aaaaaaaa-0000-4000-8000-000000000001"


def number_of(invoice: Any) -> int:
    return int(invoice.id)


class Documents:
    """A list of invoices at Xero, numbered from 1; each answer is a page of them as they are at that moment."""

    def __init__(self, router: Router, count: int) -> None:
        self.rows: list[dict[str, Any]] = [{"InvoiceID": str(UUID(int=number + 1))} for number in range(count)]
        self.requested: list[tuple[int, int]] = []
        self.before: Callable[[int, int], MockResponse | None] = lambda page, size: None
        self.pagination: tuple[str, ...] = ("page", "pageSize", "pageCount", "itemCount")
        self.largest_page = 1000
        router.get(f"{API}/Invoices").mock(side_effect=self._answer)

    def _answer(self, request: Any) -> MockResponse:
        page, size = (int(request.url.params[name]) for name in ("page", "pageSize"))
        self.requested.append((page, size))
        if (refusal := self.before(page, size)) is not None:
            return refusal
        size = min(size, self.largest_page)
        pages = -(-len(self.rows) // size)
        paging = {"page": page, "pageSize": size, "pageCount": pages, "itemCount": len(self.rows)}
        body: dict[str, Any] = {
            "DateTimeUTC": "/Date(1584585851967)/",
            **({"pagination": {name: paging[name] for name in self.pagination}} if self.pagination else {}),
            "Invoices": self.rows[(page - 1) * size : page * size],
        }
        return MockResponse(200, content=json.dumps(body).encode())


async def pages_of(client: XeroClient, offset: int = 0) -> list[Page[InvoiceHeader]]:
    return [page async for page in client.invoice_headers(offset=offset)]


def numbers_of(pages: Sequence[Page[InvoiceHeader]]) -> list[int]:
    return [number_of(invoice) for page in pages for invoice in page.elements]


def one_reply(router: Router, resource: str, *elements: object) -> Any:
    paging = {"page": 1, "pageSize": 1000, "pageCount": 1, "itemCount": len(elements)}
    reply = MockResponse(200, json={resource: elements, "pagination": paging})
    return router.get(f"{API}/{resource}").mock(return_value=reply)


async def test_documents_of_this_app_are_listed_by_id_in_any_status_with_lines(
    client: XeroClient, httpx2_mock: Router
) -> None:
    route = one_reply(httpx2_mock, "Invoices", {"InvoiceID": CONTACT, "Status": "VOIDED"})

    listing = await client.invoices_marked_since(SINCE)

    request = route.calls.last.request
    assert request.url.query == (
        b"createdByMyApp=true&unitdp=4&order=InvoiceID&includeArchived=true&page=1&pageSize=1000"
    )
    assert request.headers["if-modified-since"] == "2026-09-26T14:00:30"
    assert ([invoice.status for invoice in listing.elements], listing.complete) == (["VOIDED"], True)


async def test_documents_of_contacts_are_listed_by_date_without_a_since(
    client: XeroClient, httpx2_mock: Router
) -> None:
    route = one_reply(httpx2_mock, "Invoices", {"InvoiceID": CONTACT, "Status": "DELETED"})
    other = CONTACT[:-1] + "2"

    listing = await client.invoices_of_contacts([UUID(CONTACT), UUID(other)], date(2026, 4, 5))

    request = route.calls.last.request
    assert dict(request.url.params) == {
        "ContactIDs": f"{CONTACT},{other}",
        "where": "Date==DateTime(2026,04,05)",
        "unitdp": "4",
        "order": "InvoiceID",
        "includeArchived": "true",
        "page": "1",
        "pageSize": "1000",
    }
    assert "if-modified-since" not in request.headers
    assert ([invoice.status for invoice in listing.elements], listing.complete) == (["DELETED"], True)
    with pytest.raises(ValueError, match="1 to 40"):
        await client.invoices_of_contacts([UUID(int=number) for number in range(41)], date(2026, 4, 5))


async def test_headers_are_listed_by_id_without_lines_and_with_the_amounts_paid(
    client: XeroClient, httpx2_mock: Router
) -> None:
    document = {
        "InvoiceID": CONTACT,
        "Type": "ACCPAY",
        "InvoiceNumber": "B-1",
        "Reference": "Order 7",
        "Contact": {"ContactID": CONTACT, "Name": "Tui Cafe"},
        "DateString": "2026-04-05T00:00:00",
        "DueDateString": "2026-05-05T00:00:00",
        "CurrencyCode": "NZD",
        "Total": 115.00,
        "AmountPaid": 10.00,
        "AmountCredited": 5.00,
        "AmountDue": 100.00,
        "Status": "AUTHORISED",
        "UpdatedDateUTC": "/Date(1584585851967+0000)/",
    }
    route = one_reply(httpx2_mock, "Invoices", document)

    ((header,),) = [page.elements async for page in client.invoice_headers(modified_since=SINCE)]

    request = route.calls.last.request
    assert request.url.query == (b"summaryOnly=true&order=InvoiceID&includeArchived=true&page=1&pageSize=1000")
    assert request.headers["if-modified-since"] == "2026-09-26T14:00:30"
    assert header.contact is not None
    assert (header.type, header.invoice_number, header.reference) == ("ACCPAY", "B-1", "Order 7")
    assert (header.contact.contact_id, header.currency_code, header.status) == (UUID(CONTACT), "NZD", "AUTHORISED")
    assert (header.date, header.due_date) == (date(2026, 4, 5), date(2026, 5, 5))
    amounts = (header.total, header.amount_paid, header.amount_credited, header.amount_due)
    assert [str(amount) for amount in amounts] == ["115.0", "10.0", "5.0", "100.0"]
    assert (header.url, header.updated_date_utc) == (None, datetime(2020, 3, 19, 2, 44, 11, 967000, tzinfo=UTC))


async def test_documents_of_this_app_are_listed_page_by_page_with_their_url(
    client: XeroClient, httpx2_mock: Router
) -> None:
    route = one_reply(httpx2_mock, "Invoices", {"InvoiceID": CONTACT, "Url": "https://jobtally.example/x/1"})

    ((header,),) = [page.elements async for page in client.created_invoices(modified_since=SINCE)]

    request = route.calls.last.request
    assert request.url.query == b"createdByMyApp=true&order=InvoiceID&includeArchived=true&page=1&pageSize=1000"
    assert request.headers["if-modified-since"] == "2026-09-26T14:00:30"
    assert header.url == "https://jobtally.example/x/1"


async def test_changed_contacts_are_listed_by_id_and_include_archived_ones(
    client: XeroClient, httpx2_mock: Router
) -> None:
    route = one_reply(httpx2_mock, "Contacts", {"ContactID": CONTACT, "Name": "Ann", "Phones": None})

    (page,) = [page async for page in client.contact_pages(modified_since=SINCE, include_archived=True)]

    request = route.calls.last.request
    assert request.url.query == b"order=ContactID&includeArchived=true&page=1&pageSize=1000"
    assert request.headers["if-modified-since"] == "2026-09-26T14:00:30"
    assert page.elements[0].name == "Ann"


async def test_contacts_are_read_by_id_with_the_archived_ones(client: XeroClient, httpx2_mock: Router) -> None:
    route = one_reply(httpx2_mock, "Contacts", {"ContactID": CONTACT})

    await client.contacts_by_ids([UUID(CONTACT)])

    params = dict(route.calls.last.request.url.params)
    assert (params["IDs"], params["includeArchived"]) == (CONTACT, "true")


async def test_a_list_is_read_to_its_last_page_and_can_go_on_where_it_was_interrupted(
    client: XeroClient, httpx2_mock: Router
) -> None:
    documents = Documents(httpx2_mock, 2300)

    pages = await pages_of(client)
    rest = await pages_of(client, offset=pages[0].next_offset)

    assert numbers_of(pages) == list(range(1, 2301))
    assert [(page.next_offset, page.item_count) for page in pages] == [(1000, 2300), (2000, 2300), (2300, 2300)]
    assert pages[0].answered_at == datetime(2020, 3, 19, 2, 44, 11, 967000, tzinfo=UTC)
    assert numbers_of(rest) == list(range(1001, 2301))
    assert documents.requested == [(1, 1000), (2, 1000), (3, 1000), (2, 1000), (3, 1000)]


@pytest.mark.parametrize("pagination", [(), ("page", "pageSize")])
@pytest.mark.parametrize("count", [0, 999, 1000, 1001])
async def test_without_a_page_count_a_list_is_read_until_a_page_is_not_full(
    client: XeroClient, httpx2_mock: Router, count: int, pagination: tuple[str, ...]
) -> None:
    documents = Documents(httpx2_mock, count)
    documents.pagination = pagination

    assert numbers_of(await pages_of(client)) == list(range(1, count + 1))


async def test_a_list_is_read_whole_when_xero_gives_smaller_pages_than_requested(
    client: XeroClient, httpx2_mock: Router
) -> None:
    documents = Documents(httpx2_mock, 250)
    documents.largest_page = 100

    assert numbers_of(await pages_of(client)) == list(range(1, 251))


async def test_a_page_with_gaps_is_followed_by_the_next_page(client: XeroClient, httpx2_mock: Router) -> None:
    def page(request: Any) -> MockResponse:
        number = int(request.url.params["page"])
        rows = [] if number == 2 else [{"InvoiceID": str(UUID(int=number))}]
        return MockResponse(200, json={"Invoices": rows, "pagination": {"page": number, "pageCount": 3}})

    httpx2_mock.get(f"{API}/Invoices").mock(side_effect=page)

    assert numbers_of(await pages_of(client)) == [1, 3]


async def test_a_page_that_is_too_large_is_halved_until_it_fits_and_every_document_is_read_once(
    client: XeroClient, httpx2_mock: Router, budget: Budget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MAX_REPLY_BYTES", 150_000)
    documents = Documents(httpx2_mock, 2100)
    for row in documents.rows[1200:1210]:
        row["LineItems"] = [{"Description": "x" * 50_000}]

    pages = await pages_of(client)

    assert numbers_of(pages) == list(range(1, 2101))
    assert max(size for _, size in documents.requested[-2:]) > 500
    assert all(certain for _, _, certain in budget.settled), "no call that ended counts as in flight"
    assert len(documents.requested) < 50


@pytest.mark.parametrize(
    "failure",
    [
        MockResponse(500),
        MockResponse(504),
        MockResponse(200, html="<h1>busy</h1>"),
        MockResponse(200, content=b'{"Invoices":[{"InvoiceID":"aaaa'),
    ],
)
async def test_a_page_that_xero_fails_on_is_halved_down_to_one_document_and_then_grows_again(
    client: XeroClient, httpx2_mock: Router, failure: MockResponse
) -> None:
    documents = Documents(httpx2_mock, 3000)
    documents.before = lambda page, size: failure if (page - 1) * size <= 1234 < page * size and size > 1 else None

    pages = await pages_of(client)

    assert numbers_of(pages) == list(range(1, 3001))
    sizes = [size for _, size in documents.requested]
    assert sizes[:5] == [1000, 1000, 500, 250, 125]
    assert min(sizes) == 1
    assert len(sizes) < 50


async def test_a_failure_on_one_document_alone_is_passed_on(client: XeroClient, httpx2_mock: Router) -> None:
    documents = Documents(httpx2_mock, 3000)
    documents.before = lambda page, size: MockResponse(500)

    with pytest.raises(XeroBusy):
        await pages_of(client)

    assert [size for _, size in documents.requested] == [1000, 500, 250, 125, 62, 31, 15, 7, 3, 1]


@pytest.mark.parametrize(
    "reply",
    [
        MockResponse(503, text="The Xero API is currently offline for maintenance"),
        MockResponse(502),
        MockResponse(429, headers={"Retry-After": "5"}),
    ],
)
async def test_an_absent_xero_is_not_asked_again_in_smaller_pages(
    client: XeroClient, httpx2_mock: Router, budget: Budget, reply: MockResponse
) -> None:
    documents = Documents(httpx2_mock, 3000)
    documents.before = lambda page, size: reply

    with pytest.raises(XeroBusy):
        await pages_of(client)

    assert len(budget.reserved) == 1


async def test_a_list_that_became_shorter_is_read_again(client: XeroClient, httpx2_mock: Router) -> None:
    documents = Documents(httpx2_mock, 1500)

    def remove_once(page: int, size: int) -> None:
        if len(documents.requested) == 2:
            del documents.rows[:3]

    documents.before = remove_once

    listing = await client.invoices_marked_since(SINCE)

    assert [number_of(invoice) for invoice in listing.elements] == list(range(4, 1501))
    assert (listing.complete, len(documents.requested)) == (True, 4)


async def test_a_list_that_becomes_shorter_each_time_is_not_complete(client: XeroClient, httpx2_mock: Router) -> None:
    documents = Documents(httpx2_mock, 1500)

    def remove(page: int, size: int) -> None:
        if page == 2:
            del documents.rows[:1]

    documents.before = remove

    listing = await client.invoices_of_contacts([UUID(CONTACT)], date(2026, 4, 5))

    assert not listing.complete


async def test_a_list_that_became_shorter_meanwhile_is_not_complete_although_it_grew_again(
    client: XeroClient, httpx2_mock: Router
) -> None:
    documents = Documents(httpx2_mock, 2500)

    def remove_then_add(page: int, size: int) -> None:
        if page == 2:
            del documents.rows[:1]
        if page == 3:
            documents.rows.append({"InvoiceID": str(UUID(int=10_000 + len(documents.requested)))})

    documents.before = remove_then_add

    assert not (await client.invoices_marked_since(SINCE)).complete


async def test_a_document_that_moved_to_a_page_already_read_makes_the_list_incomplete(
    client: XeroClient, httpx2_mock: Router
) -> None:
    documents = Documents(httpx2_mock, 1500)

    def move(page: int, size: int) -> None:
        if page == 2:
            documents.rows.insert(0, documents.rows.pop())

    documents.before = move

    assert not (await client.invoices_marked_since(SINCE)).complete


async def test_a_document_that_two_pages_have_is_listed_once(client: XeroClient, httpx2_mock: Router) -> None:
    documents = Documents(httpx2_mock, 1500)

    def add_first(page: int, size: int) -> None:
        if page == 2:
            documents.rows.insert(0, {"InvoiceID": str(UUID(int=9999))})

    documents.before = add_first

    listing = await client.invoices_marked_since(SINCE)

    assert [number_of(invoice) for invoice in listing.elements] == list(range(1, 1501))
    assert listing.complete


async def test_an_unreadable_document_makes_a_list_incomplete_and_moves_no_other(
    client: XeroClient, httpx2_mock: Router
) -> None:
    documents = Documents(httpx2_mock, 1500)
    documents.rows[100]["Total"] = "secret amount"
    documents.before = lambda page, size: MockResponse(500) if (page, size) == (2, 1000) else None

    with capture_logs() as logs:
        listing = await client.invoices_marked_since(SINCE)

    assert [number_of(invoice) for invoice in listing.elements] == [n for n in range(1, 1501) if n != 101]
    assert (listing.complete, listing.unreadable) == (False, 1)
    (entry,) = [log for log in logs if log["event"] == "xero.unreadable_element"]
    assert (entry["position"], entry["places"]) == (100, ["Total"])
    assert "secret amount" not in str(entry)
