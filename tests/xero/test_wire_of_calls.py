"""The client's requests byte for byte, and the values it reads from the replies."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from respx import MockResponse, Router

from api.xero.client import XeroClient
from api.xero.errors import XeroBusy, XeroDisconnected, XeroRejected, XeroUnknownOutcome
from tests.xero.conftest import API, ORGANISATION, Budget, Tokens

BODY = b'{"Invoices":[{"Type":"ACCREC","Total":10.50}]}'
CREATED = "aaaaaaaa-0000-4000-8000-000000000001"

SAVED = {
    "InvoiceID": CREATED,
    "InvoiceNumber": "INV-1",
    "StatusAttributeString": "WARNING",
    "Url": "https://jobtally.example/x/1",
    "Warnings": [{"Message": "Account code '476' has been removed"}],
    "ValidationErrors": [],
    "LineItems": [
        {
            "LineItemID": "aaaaaaaa-0000-4000-8000-000000000004",
            "Description": "Tap",
            "Tracking": [
                {
                    "Name": "Region",
                    "Option": "North",
                    "TrackingCategoryID": "aaaaaaaa-0000-4000-8000-000000000002",
                    "TrackingOptionID": "aaaaaaaa-0000-4000-8000-000000000003",
                }
            ],
        }
    ],
}
REFUSED = {
    "InvoiceID": "00000000-0000-0000-0000-000000000000",
    "StatusAttributeString": "ERROR",
    "ValidationErrors": [{"Message": "Invoice # must be unique."}],
    "LineItems": [{"ValidationErrors": [{"Message": "Account code or ID must be specified."}]}],
    "Contact": {"ValidationErrors": [{"Description": "Email address must be valid."}]},
}


def reply(envelope: str, *elements: object, **extra: object) -> MockResponse:
    return MockResponse(
        200,
        json={"Id": "x", "Status": "OK", "DateTimeUTC": "/Date(1584585851967)/", envelope: elements, **extra},
        headers={"Xero-Correlation-Id": "corr-1", "X-MinLimit-Remaining": "58", "X-DayLimit-Remaining": "4983"},
    )


async def test_invoices_are_created_by_put_with_the_committed_bytes_and_key(
    client: XeroClient, httpx2_mock: Router
) -> None:
    route = httpx2_mock.put(f"{API}/Invoices").mock(return_value=reply("Invoices"))

    await client.create_invoices(BODY, "key-1")

    request = route.calls.last.request
    assert request.content == BODY
    assert dict(request.url.params) == {"summarizeErrors": "false", "unitdp": "4"}
    expected = {
        "accept": "application/json",
        "accept-encoding": "gzip",
        "authorization": "Bearer token-1",
        "content-type": "application/json; charset=utf-8",
        "idempotency-key": "key-1",
        "xero-tenant-id": str(ORGANISATION),
    }
    assert {name: request.headers[name] for name in expected} == expected
    assert request.headers["user-agent"].startswith("Jobtally/")


async def test_contacts_are_created_by_put_and_changed_by_post_with_errors_per_element(
    client: XeroClient, httpx2_mock: Router
) -> None:
    created = httpx2_mock.put(f"{API}/Contacts").mock(return_value=reply("Contacts"))
    changed = httpx2_mock.post(f"{API}/Contacts").mock(return_value=reply("Contacts"))

    await client.create_contacts(b"{}", "key-1")
    await client.update_contacts(b"{}", "key-2")

    for route in (created, changed):
        assert dict(route.calls.last.request.url.params) == {"summarizeErrors": "false"}


async def test_a_batch_reply_separates_the_saved_from_the_refused_invoice(
    client: XeroClient, httpx2_mock: Router
) -> None:
    httpx2_mock.put(f"{API}/Invoices").mock(return_value=reply("Invoices", SAVED, REFUSED))

    answer = await client.create_invoices(BODY, "key-1")

    first, second = answer.elements
    assert (answer.http_status, answer.correlation_id) == (200, "corr-1")
    assert (first.accepted, first.refused, first.id) == (True, False, UUID(CREATED))
    assert first.url == "https://jobtally.example/x/1"
    assert [warning.text for warning in first.warnings] == ["Account code '476' has been removed"]
    assert first.line_items[0].line_item_id == UUID("aaaaaaaa-0000-4000-8000-000000000004")
    assert first.line_items[0].tracking[0].tracking_option_id == UUID("aaaaaaaa-0000-4000-8000-000000000003")
    assert (second.accepted, second.refused) == (False, True)
    assert [(message.path, message.text) for message in second.errors] == [
        ((), "Invoice # must be unique."),
        (("LineItems", 0), "Account code or ID must be specified."),
        (("Contact",), "Email address must be valid."),
    ]


@pytest.mark.parametrize(
    "element",
    [
        {"InvoiceID": CREATED},
        {"StatusAttributeString": "OK"},
        {"StatusAttributeString": "OK", "InvoiceID": "00000000-0000-0000-0000-000000000000"},
        {"StatusAttributeString": "OK", "InvoiceID": CREATED, "ValidationErrors": [{"Message": "No."}]},
        {"StatusAttributeString": "PENDING", "InvoiceID": CREATED},
    ],
)
async def test_an_element_that_contradicts_itself_is_neither_accepted_nor_refused(
    client: XeroClient, httpx2_mock: Router, element: dict[str, object]
) -> None:
    httpx2_mock.put(f"{API}/Invoices").mock(return_value=reply("Invoices", element))

    (invoice,) = (await client.create_invoices(BODY, "key-1")).elements

    assert (invoice.accepted, invoice.refused) == (False, False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>ok</html>",
        b'{"Invoices":[{"InvoiceID":"aaaa',
        b'{"Invoices":{}}',
        b'{"Invoices":null}',
        b'{"Status":"OK"}',
        b"[]",
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
)
async def test_an_unreadable_200_is_an_unknown_outcome_for_a_write_and_busy_for_a_read(
    client: XeroClient, httpx2_mock: Router, body: bytes
) -> None:
    httpx2_mock.route(url__startswith=f"{API}/Invoices").mock(return_value=MockResponse(200, content=body))

    with pytest.raises(XeroUnknownOutcome):
        await client.create_invoices(BODY, "key-1")
    with pytest.raises(XeroBusy):
        await client.invoices_by_numbers(["INV-1"])


UNREADABLE = [
    b'"text"',
    b'{"InvoiceID":"not-an-id"}',
    b'{"Total":NaN}',
    b'{"Total":"ten"}',
    b'{"Total":1e300}',
    b'{"Total":' + b"9" * 5000 + b"}",
    b'{"Date":"/Date(9999999999999999)/"}',
    b'{"DueDateString":"soon"}',
    b'{"UpdatedDateUTC":"yesterday"}',
    b'{"Status":7}',
    b'{"LineItems":[{"Quantity":"two"}]}',
]


@pytest.mark.parametrize("element", UNREADABLE)
async def test_an_element_that_cannot_be_read_is_left_out_and_counted_and_the_others_are_read(
    client: XeroClient, httpx2_mock: Router, element: bytes
) -> None:
    saved = json.dumps(SAVED).encode()
    body = b'{"Invoices":[' + element + b"," + saved + b"]}"
    httpx2_mock.route(url__startswith=f"{API}/Invoices").mock(return_value=MockResponse(200, content=body))

    written = await client.create_invoices(BODY, "key-1")
    listed = await client.invoices_by_numbers(["INV-1"])

    assert ([invoice.accepted for invoice in written.elements], written.unreadable) == ([True], 1)
    assert ([invoice.invoice_number for invoice in listed.elements], listed.unreadable) == (["INV-1"], 1)
    assert not listed.complete


async def test_a_text_that_cannot_be_stored_is_read_without_the_characters_that_prevent_it(
    client: XeroClient, httpx2_mock: Router
) -> None:
    body = b'{"Contacts":[{"ContactID":"' + CREATED.encode() + b'","Name":"Tui\\u0000 Caf\\u00e9 \\ud83d"}]}'
    httpx2_mock.get(f"{API}/Contacts").mock(return_value=MockResponse(200, content=body))

    (contact,) = (await client.contacts_by_ids([UUID(CREATED)])).elements

    assert contact.name == "Tui Café ?"


async def test_after_an_expired_token_the_same_bytes_are_sent_again_with_a_new_token(
    client: XeroClient, httpx2_mock: Router, tokens: Tokens, budget: Budget
) -> None:
    expired = MockResponse(401, json={"detail": "TokenExpired: token expired at 10/15/2020 06:15:09"})
    route = httpx2_mock.put(f"{API}/Invoices").mock(side_effect=[expired, reply("Invoices")])

    await client.create_invoices(BODY, "key-1")

    first, second = (call.request for call in route.calls)
    assert (first.content, first.headers["idempotency-key"]) == (second.content, second.headers["idempotency-key"])
    assert second.headers["authorization"] == "Bearer token-2"
    assert tokens.refused == ["token-1"]
    assert [certain for _, _, certain in budget.settled] == [True, True]


async def test_a_second_refusal_of_the_token_is_busy_and_noted_until_xero_accepts_it_again(
    client: XeroClient, httpx2_mock: Router, tokens: Tokens
) -> None:
    refusal = MockResponse(401, json={})
    route = httpx2_mock.get(f"{API}/Accounts").mock(side_effect=[refusal, refusal, reply("Accounts")])

    with pytest.raises(XeroBusy) as caught:
        await client.accounts()
    await client.accounts()

    assert (caught.value.limit, caught.value.retry_after, caught.value.http_status) == ("unavailable", 30.0, 401)
    assert (route.call_count, tokens.refused, tokens.accepted) == (3, ["token-1"], [False, True])


FORBIDDEN = MockResponse(403, json={"Title": "Forbidden", "Detail": "AuthenticationUnsuccessful"})
NO_RIGHT = MockResponse(403, json={"Title": "Forbidden", "Detail": "The user lacks the permission."})


@pytest.mark.parametrize("answer", [FORBIDDEN, NO_RIGHT])
async def test_after_a_403_xero_says_whether_the_connection_ended(
    client: XeroClient, httpx2_mock: Router, tokens: Tokens, answer: MockResponse
) -> None:
    httpx2_mock.put(f"{API}/Invoices").mock(return_value=answer)
    tokens.listed = []

    with pytest.raises(XeroDisconnected) as caught:
        await client.create_invoices(BODY, "key-1")

    assert (caught.value.reason, caught.value.http_status, tokens.asked) == ("tenant", 403, 1)


async def test_a_403_about_a_connection_that_xero_still_lists_does_not_end_it(
    client: XeroClient, httpx2_mock: Router, tokens: Tokens
) -> None:
    httpx2_mock.get(f"{API}/Accounts").mock(return_value=FORBIDDEN)
    httpx2_mock.put(f"{API}/Invoices").mock(return_value=NO_RIGHT)

    with pytest.raises(XeroBusy):
        await client.accounts()
    with pytest.raises(XeroDisconnected) as caught:
        await client.create_invoices(BODY, "key-1")

    assert (caught.value.reason, caught.value.detail) == ("permission", "The user lacks the permission.")
    assert tokens.asked == 2


@pytest.mark.parametrize("spelling", ["insufficient_scope", "insufficent_scope", 'Bearer error="INSUFFICIENT_SCOPE"'])
async def test_a_missing_scope_raises_disconnected_without_a_refresh(
    client: XeroClient, httpx2_mock: Router, tokens: Tokens, spelling: str
) -> None:
    httpx2_mock.get(f"{API}/Items").mock(
        return_value=MockResponse(401, json={}, headers={"WWW-Authenticate": spelling})
    )

    with pytest.raises(XeroDisconnected) as caught:
        await client.items()

    assert (caught.value.reason, tokens.refused) == ("scope", [])


async def test_the_limits_of_every_answer_reach_the_budget(
    client: XeroClient, httpx2_mock: Router, budget: Budget
) -> None:
    problem = {"X-Rate-Limit-Problem": "day", "Retry-After": "66975", "X-DayLimit-Remaining": "0"}
    httpx2_mock.get(f"{API}/TaxRates").mock(return_value=MockResponse(429, headers=problem))

    with pytest.raises(XeroBusy) as caught:
        await client.tax_rates()

    assert (caught.value.limit, caught.value.retry_after) == ("day", 66975.0)
    ((place, reading, certain),) = budget.settled
    assert (place, certain) == (budget.reserved[0], True)
    assert (reading.day_remaining, reading.retry_after, reading.limit) == (0, 66975.0, "day")


async def test_a_spent_budget_stops_the_request_before_it_is_sent(
    client: XeroClient, httpx2_mock: Router, budget: Budget, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing_left(deadline_seconds: float) -> UUID:
        raise XeroBusy(12.0, "minute")

    monkeypatch.setattr(budget, "reserve", nothing_left)

    with pytest.raises(XeroBusy, match="minute"):
        await client.create_invoices(BODY, "key-1")

    assert not httpx2_mock.calls


async def test_amounts_keep_every_digit_and_dates_keep_their_day(client: XeroClient, httpx2_mock: Router) -> None:
    body = (
        b'{"Invoices":[{"InvoiceID":"aaaaaaaa-0000-4000-8000-000000000001","Total":0.30,"TotalTax":1234567890.1234,'
        b'"AmountDue":7,"Date":"\\/Date(1552215600000+1300)\\/","DateString":"2019-03-11T00:00:00",'
        b'"DueDate":"\\/Date(1552262400000+0000)\\/","UpdatedDateUTC":"\\/Date(1451988985943+1300)\\/",'
        b'"LineItems":[{"UnitAmount":0.1000,"Quantity":1.000000}]}]}'
    )
    httpx2_mock.get(f"{API}/Invoices/{CREATED}").mock(return_value=MockResponse(200, content=body))

    invoice = await client.invoice(UUID(CREATED))

    assert invoice is not None
    assert (str(invoice.total), str(invoice.total_tax), invoice.amount_due) == ("0.30", "1234567890.1234", Decimal(7))
    assert str(invoice.line_items[0].unit_amount) == "0.1000"
    assert (invoice.date, invoice.due_date) == (date(2019, 3, 11), date(2019, 3, 11))
    assert invoice.updated_date_utc == datetime(2016, 1, 5, 10, 16, 25, 943000, tzinfo=UTC)


async def test_an_unknown_invoice_is_none_and_its_html_page_is_not_shown(
    client: XeroClient, httpx2_mock: Router
) -> None:
    page = MockResponse(404, html="<html><script>alert(1)</script></html>")
    httpx2_mock.get(f"{API}/Invoices/{CREATED}").mock(return_value=page)
    httpx2_mock.put(f"{API}/Invoices").mock(return_value=page)

    assert await client.invoice(UUID(CREATED)) is None
    with pytest.raises(XeroRejected) as caught:
        await client.create_invoices(BODY, "key-1")
    assert caught.value.messages == ["Xero could not find what this refers to."]


async def test_invoice_numbers_are_looked_up_in_one_call_and_those_with_a_comma_separately(
    client: XeroClient, httpx2_mock: Router
) -> None:
    def numbered(request: Any) -> MockResponse:
        asked = request.url.params
        if asked.get("InvoiceNumbers") == "INV-1,INV-2":
            return reply("Invoices", {"InvoiceNumber": "INV-1"}, {"InvoiceNumber": "inv-2"})
        if asked.get("where") == 'InvoiceNumber=="7,5"':
            return reply("Invoices", {"InvoiceNumber": "7,5"})
        assert asked.get("searchTerm") == 'a"b,c'
        return reply("Invoices", {"InvoiceNumber": 'a"b,c'}, {"InvoiceNumber": 'a"b,cd'})

    httpx2_mock.get(f"{API}/Invoices").mock(side_effect=numbered)

    invoices = await client.invoices_by_numbers(["INV-1", "INV-2", "7,5", 'a"b,c'])

    assert invoices.complete
    assert [invoice.invoice_number for invoice in invoices.elements] == ["INV-1", "inv-2", "7,5", 'a"b,c']


async def test_currencies_and_the_rights_of_the_user_are_read(client: XeroClient, httpx2_mock: Router) -> None:
    currency = {"Code": "NZD", "Description": "New Zealand Dollar"}
    action = {"Name": "CreateApprovedBill", "Status": "NOT-ALLOWED"}
    httpx2_mock.get(f"{API}/Currencies").mock(return_value=reply("Currencies", currency))
    httpx2_mock.get(f"{API}/Organisation/Actions").mock(return_value=reply("Actions", action))

    (dollar,) = await client.currencies()
    (approving,) = await client.actions()

    assert dollar.code == "NZD"
    assert (approving.name, approving.status) == ("CreateApprovedBill", "NOT-ALLOWED")


async def test_reference_data_is_read_with_the_fields_we_need(client: XeroClient, httpx2_mock: Router) -> None:
    prefix = "aaaaaaaa-0000-4000-8000-00000000000"
    account = {"AccountID": prefix + "1", "Name": "Sales", "Code": "", "Class": "REVENUE", "SystemAccount": ""}
    rate = {"Name": "GST", "TaxType": "OUTPUT2", "EffectiveRate": 15.0, "CanApplyToRevenue": True}
    option = {"TrackingOptionID": prefix + "3", "Name": "North", "Status": "ACTIVE"}
    category = {"TrackingCategoryID": prefix + "2", "Name": "Region", "Options": [option]}
    organisation = {
        "OrganisationID": prefix + "4",
        "Name": "Demo",
        "ShortCode": "!mBdtL",
        "Class": "DEMO",
        "EndOfYearLockDate": "/Date(1375228800000+0000)/",
    }
    item = {"ItemID": prefix + "5", "Code": "TAP", "SalesDetails": {"UnitPrice": 12.3456, "AccountCode": "200"}}
    httpx2_mock.get(f"{API}/Accounts").mock(return_value=reply("Accounts", account))
    httpx2_mock.get(f"{API}/TaxRates").mock(return_value=reply("TaxRates", rate))
    httpx2_mock.get(f"{API}/TrackingCategories").mock(return_value=reply("TrackingCategories", category))
    httpx2_mock.get(f"{API}/Organisation").mock(return_value=reply("Organisations", organisation))
    httpx2_mock.get(f"{API}/Items").mock(return_value=reply("Items", item))

    (sales,) = await client.accounts()
    (gst,) = await client.tax_rates()
    (region,) = await client.tracking_categories()
    (tap,) = await client.items()
    demo = await client.organisation()

    assert (sales.code, sales.system_account, sales.account_class) == (None, None, "REVENUE")
    assert (gst.effective_rate, gst.can_apply_to_revenue) == (Decimal("15.0"), True)
    assert (region.options[0].name, str(region.options[0].tracking_option_id)) == ("North", prefix + "3")
    assert tap.sales_details is not None
    assert tap.sales_details.unit_price == Decimal("12.3456")
    assert (demo.short_code, demo.organisation_class, demo.end_of_year_lock_date) == (
        "!mBdtL",
        "DEMO",
        date(2013, 7, 31),
    )


@pytest.mark.parametrize("key", ["", "k" * 129])
async def test_a_key_that_xero_would_refuse_is_not_sent(client: XeroClient, httpx2_mock: Router, key: str) -> None:
    with pytest.raises(ValueError, match="idempotency key"):
        await client.create_invoices(BODY, key)
    assert not httpx2_mock.calls


@pytest.mark.parametrize("numbers", [[], [str(n) for n in range(41)]])
async def test_a_look_up_of_more_than_40_numbers_is_refused(client: XeroClient, numbers: list[str]) -> None:
    if numbers:
        with pytest.raises(ValueError, match="1 to 40"):
            await client.invoices_by_numbers(numbers)
    else:
        assert (await client.invoices_by_numbers(numbers)).elements == ()


async def test_each_message_of_a_refused_request_is_listed_once(client: XeroClient, httpx2_mock: Router) -> None:
    body = {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": [
            {"ValidationErrors": [{"Message": "Email address must be valid."}, {"Message": "Name  is empty."}]},
            {"Contact": {"validationerrors": [{"message": "Email address must be valid."}]}},
        ],
    }
    httpx2_mock.put(f"{API}/Contacts").mock(return_value=MockResponse(400, content=json.dumps(body).encode()))

    with pytest.raises(XeroRejected) as caught:
        await client.create_contacts(b"{}", "key-1")

    assert caught.value.messages == ["Email address must be valid.", "Name is empty."]
