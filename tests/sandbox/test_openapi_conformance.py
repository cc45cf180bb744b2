"""Requests to the stand-in and its replies conform to a strict version of Xero's OpenAPI file."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from sandbox.app import StandIn
from tests.sandbox.client import API, SCOPES, StandInClient, line, texts
from tests.sandbox.conftest import Sdk, Served
from tests.sandbox.test_sdk import invoice, put
from tests.spec_judge import NOT_AVAILABLE, SPEC, judge_reply, judge_request

if not SPEC:
    pytest.skip(NOT_AVAILABLE, allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore")  # the SDK uses deprecated features of Python and urllib3
HEADERS = {"xero-tenant-id": "t", "accept": "application/json"}
WIDER = f"{SCOPES} accounting.payments.read accounting.attachments"


@pytest.fixture
async def checked(stand_in: StandIn) -> AsyncIterator[StandInClient]:
    """A signed-in client; the fixture fails when any request or reply violates the OpenAPI file."""
    violations: list[Any] = []

    async def validate(reply: httpx2.Response) -> None:
        request, path = reply.request, reply.request.url.path
        if path.startswith(API):
            await reply.aread()
            query = request.url.query.decode()
            problems = judge_request(request.method, path, query, request.headers, request.content)
            problems += judge_reply(request.method, path, reply.status_code, reply.headers, reply.content)
            violations.extend((request.method, path, problem) for problem in problems)

    async with StandInClient(stand_in) as client:
        client.event_hooks = {"response": [validate]}
        await client.sign_in(scope=WIDER)
        yield client
    assert violations == []


@pytest.mark.parametrize(
    "path",
    [
        "Organisation",
        "Organisation/Actions",
        "Accounts",
        "TaxRates",
        "TaxRates/OUTPUT2",
        "TrackingCategories",
        "TrackingCategories?includeArchived=true",
        "Items",
        "Currencies",
        "BrandingThemes",
        "Contacts",
        "Contacts?page=1&pageSize=1000&includeArchived=true",
        "Contacts?order=ContactID&page=1&pageSize=1000&includeArchived=true",
        "Contacts?summaryOnly=true",
        "Contacts/CRM-1001",
    ],
)
async def test_settings_and_contacts_conform(checked: StandInClient, path):
    assert (await checked.get(f"{API}/{path}")).status_code == 200


async def test_invoices_with_and_without_errors_or_payments_conform(checked: StandInClient):
    good = await checked.put_invoice(LineItems=[line(Tracking=[{"Name": "Region", "Option": "North"}], DiscountRate=5)])
    bad = await checked.put_invoice(LineItems=[line(AccountCode="999")])
    refused = await checked.write("PUT", "Invoices", {"Invoices": [await checked.invoice()]}, summarizeErrors="true")
    await checked.post(f"/_ctl/invoices/{good['InvoiceID']}/payment", json={})

    assert (texts(bad)[0], refused.status_code) == ("Invoice # must be unique.", 400)
    for path in (
        "Invoices",
        "Invoices?page=1",
        "Invoices?summaryOnly=true&order=InvoiceID&includeArchived=true&page=1&pageSize=1000",
        "Invoices?createdByMyApp=true&unitdp=4&order=InvoiceID&includeArchived=true&page=1&pageSize=1000",
        f"Invoices?ContactIDs={good['Contact']['ContactID']}&where=Date%3D%3DDateTime(2026,11,20)&page=1",
        f"Invoices/{good['InvoiceID']}",
        "Payments",
    ):
        assert (await checked.get(f"{API}/{path}")).status_code == 200


async def test_contact_writes_with_and_without_errors_conform(checked: StandInClient):
    sent = {"Contacts": [{"Name": "New"}, {"Name": "", "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "1"}]}]}

    assert (await checked.write("PUT", "Contacts", sent)).status_code == 200
    assert (await checked.write("PUT", "Contacts", sent, summarizeErrors="true")).status_code == 400


async def test_writes_of_settings_and_notes_conform(checked: StandInClient):
    category = (await checked.read("TrackingCategories"))["TrackingCategories"][0]["TrackingCategoryID"]
    statuses = []
    for path, body in (
        (f"TrackingCategories/{category}/Options", {"Name": "Coast"}),
        ("TrackingCategories", {"Name": "Trade"}),
        ("Accounts", {"Code": "777", "Name": "Hire income", "Type": "REVENUE"}),
        ("Items", {"Items": [{"Code": "HIRE", "SalesDetails": {"UnitPrice": 10.5, "AccountCode": "200"}}]}),
    ):
        statuses += [(await checked.put(f"{API}/{path}", json=body)).status_code for _ in range(2)]
    note = {"HistoryRecords": [{"Details": "Called."}]}
    statuses.append((await checked.put(f"{API}/Contacts/CRM-1001/History", json=note)).status_code)

    assert statuses == [200, 400] * 4 + [200]


def test_requests_of_the_xero_sdk_conform(sdk: Sdk, served: Served):
    put(sdk, invoice(sdk, "S-1"), idempotency_key="k-1")
    sdk.accounting.get_contacts(sdk.tenant_id, page=1, page_size=10, include_archived=True)

    calls = [call for call in served.app.world.calls if call["path"].startswith(API)]
    assert len(calls) == 3
    for call in calls:
        assert judge_request(call["method"], call["path"], call["query"], call["headers"], call["body"]) == []


@pytest.mark.parametrize(
    ("body", "violation"),
    [
        ('{"Invoices": [{"Typo": 1}]}', "Typo"),
        ('{"Invoices": [{"Type": "ACCRECX"}]}', "ACCRECX"),
        ('{"Invoices": [{"LineItems": [{"Quantity": "two"}]}]}', "two"),
        ('{"Invoices": [{"LineItems": [{"Tracking": {"Name": "Region"}}]}]}', "array"),
        ('{"Invoices": [{"Contact": {"ContactID": "12"}}]}', "uuid"),
        ("{", "not JSON"),
    ],
)
def test_violations_in_a_body_are_reported(body, violation):
    assert violation in " ".join(judge_request("PUT", f"{API}/Invoices", "summarizeErrors=false", HEADERS, body))


def test_violations_in_the_query_and_headers_are_reported():
    violations = judge_request(
        "GET", f"{API}/Invoices", "page=one&pagesize=5&summaryOnly=1", {"Idempotency-Key": "k" * 129}, b""
    )

    assert violations == [
        "the header xero-tenant-id is missing",
        "Accept does not ask for JSON",
        "the Idempotency-Key is longer than 128 characters",
        "page=one is not an integer",
        "the query parameter pagesize is unknown here",
        "summaryOnly=1 is not a boolean",
    ]
    assert judge_request("DELETE", f"{API}/Invoices/1", "", HEADERS, b"") == [f"there is no DELETE {API}/Invoices/1"]
