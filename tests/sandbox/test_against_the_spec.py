"""The stand-in's replies, and the requests it is driven with, judged against Xero's own OpenAPI file made strict."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from sandbox.app import StandIn
from tests.sandbox.conftest import Sdk, Served
from tests.sandbox.test_sdk import invoice, put
from tests.sandbox.visitor import API, SCOPES, Visitor, line, texts
from tests.spec_judge import NOT_AVAILABLE, SPEC, judge_reply, judge_request

if not SPEC:
    pytest.skip(NOT_AVAILABLE, allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore")  # the SDK uses what Python and urllib3 have deprecated
HEADERS = {"xero-tenant-id": "t", "accept": "application/json"}
WIDER = f"{SCOPES} accounting.payments.read accounting.attachments"


@pytest.fixture
async def judged(stand_in: StandIn) -> AsyncIterator[Visitor]:
    """A signed-in visitor whose every call is judged both ways; what was found is told at the end."""
    found: list[Any] = []

    async def judge(reply: httpx2.Response) -> None:
        request, path = reply.request, reply.request.url.path
        if path.startswith(API):
            await reply.aread()
            query = request.url.query.decode()
            problems = judge_request(request.method, path, query, request.headers, request.content)
            problems += judge_reply(request.method, path, reply.status_code, reply.headers, reply.content)
            found.extend((request.method, path, problem) for problem in problems)

    async with Visitor(stand_in) as visitor:
        visitor.event_hooks = {"response": [judge]}
        await visitor.sign_in(scope=WIDER)
        yield visitor
    assert found == []


@pytest.mark.parametrize(
    "path",
    [
        "Organisation", "Organisation/Actions", "Accounts", "TaxRates", "TaxRates/OUTPUT2", "TrackingCategories",
        "TrackingCategories?includeArchived=true", "Items", "Currencies", "BrandingThemes", "Contacts",
        "Contacts?page=1&pageSize=1000&includeArchived=true", "Contacts?summaryOnly=true", "Contacts/CRM-1001",
    ],
)  # fmt: skip
async def test_the_books_read_as_the_file_says(judged: Visitor, path):
    assert (await judged.get(f"{API}/{path}")).status_code == 200


async def test_invoices_good_bad_and_paid_read_as_the_file_says(judged: Visitor):
    good = await judged.put_invoice(LineItems=[line(Tracking=[{"Name": "Region", "Option": "North"}], DiscountRate=5)])
    bad = await judged.put_invoice(LineItems=[line(AccountCode="999")])
    refused = await judged.write("PUT", "Invoices", {"Invoices": [await judged.invoice()]}, summarizeErrors="true")
    await judged.post(f"/_ctl/invoices/{good['InvoiceID']}/payment", json={})

    assert (texts(bad)[0], refused.status_code) == ("Invoice # must be unique.", 400)
    for path in (
        "Invoices",
        "Invoices?page=1",
        "Invoices?summaryOnly=true",
        f"Invoices/{good['InvoiceID']}",
        "Payments",
    ):
        assert (await judged.get(f"{API}/{path}")).status_code == 200


async def test_contacts_good_and_bad_read_as_the_file_says(judged: Visitor):
    sent = {"Contacts": [{"Name": "New"}, {"Name": "", "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "1"}]}]}

    assert (await judged.write("PUT", "Contacts", sent)).status_code == 200
    assert (await judged.write("PUT", "Contacts", sent, summarizeErrors="true")).status_code == 400


async def test_settings_and_notes_read_as_the_file_says(judged: Visitor):
    category = (await judged.read("TrackingCategories"))["TrackingCategories"][0]["TrackingCategoryID"]
    statuses = []
    for path, body in (
        (f"TrackingCategories/{category}/Options", {"Name": "Coast"}),
        ("TrackingCategories", {"Name": "Trade"}),
        ("Accounts", {"Code": "777", "Name": "Hire income", "Type": "REVENUE"}),
        ("Items", {"Items": [{"Code": "HIRE", "SalesDetails": {"UnitPrice": 10.5, "AccountCode": "200"}}]}),
    ):
        statuses += [(await judged.put(f"{API}/{path}", json=body)).status_code for _ in range(2)]
    note = {"HistoryRecords": [{"Details": "Called."}]}
    statuses.append((await judged.put(f"{API}/Contacts/CRM-1001/History", json=note)).status_code)

    assert statuses == [200, 400] * 4 + [200]


def test_what_the_official_client_sends_is_sound(sdk: Sdk, served: Served):
    put(sdk, invoice(sdk, "S-1"), idempotency_key="k-1")
    sdk.accounting.get_contacts(sdk.tenant_id, page=1, page_size=10, include_archived=True)

    calls = [call for call in served.app.world.calls if call["path"].startswith(API)]
    assert len(calls) == 3
    for call in calls:
        assert judge_request(call["method"], call["path"], call["query"], call["headers"], call["body"]) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('{"Invoices": [{"Typo": 1}]}', "Typo"),
        ('{"Invoices": [{"Type": "ACCRECX"}]}', "ACCRECX"),
        ('{"Invoices": [{"LineItems": [{"Quantity": "two"}]}]}', "two"),
        ('{"Invoices": [{"LineItems": [{"Tracking": {"Name": "Region"}}]}]}', "array"),
        ('{"Invoices": [{"Contact": {"ContactID": "12"}}]}', "uuid"),
        ("{", "not JSON"),
    ],
)
def test_the_judge_finds_what_is_wrong_in_a_body(body, fault):
    assert fault in " ".join(judge_request("PUT", f"{API}/Invoices", "summarizeErrors=false", HEADERS, body))


def test_the_judge_finds_what_is_wrong_around_a_body():
    found = judge_request(
        "GET", f"{API}/Invoices", "page=one&pagesize=5&summaryOnly=1", {"Idempotency-Key": "k" * 129}, b""
    )

    assert found == [
        "the header xero-tenant-id is missing",
        "Accept does not ask for JSON",
        "the Idempotency-Key is longer than 128 characters",
        "page=one is not an integer",
        "the query parameter pagesize is unknown here",
        "summaryOnly=1 is not a boolean",
    ]
    assert judge_request("DELETE", f"{API}/Invoices/1", "", HEADERS, b"") == [f"there is no DELETE {API}/Invoices/1"]
