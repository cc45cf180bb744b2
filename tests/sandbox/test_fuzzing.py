"""Fuzzed requests never cause an unexpected 500: the stand-in returns 500 only where Xero does."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.app import create_stand_in
from tests.sandbox.client import API, StandInClient

SCALARS: Any = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["", "2026-02-30", "/Date(1)/", "1e9999", "00000000", "ACCREC", "NaN"])
)
NAMES = st.sampled_from(
    [
        "Type",
        "Contact",
        "ContactID",
        "Name",
        "LineItems",
        "Quantity",
        "UnitAmount",
        "LineAmount",
        "AccountCode",
        "AccountID",
        "TaxType",
        "TaxAmount",
        "DiscountRate",
        "DiscountAmount",
        "ItemCode",
        "Date",
        "DueDate",
        "Status",
        "InvoiceNumber",
        "InvoiceID",
        "Reference",
        "Url",
        "CurrencyCode",
        "CurrencyRate",
        "LineAmountTypes",
        "Total",
        "SentToContact",
        "BrandingThemeID",
        "Phones",
        "PhoneType",
        "Addresses",
        "AddressType",
        "ContactPersons",
        "PaymentTerms",
        "Sales",
        "Bills",
        "Day",
        "ContactStatus",
        "SalesDetails",
        "UnitPrice",
        "Code",
        "Invoices",
        "Contacts",
        "Items",
        "LineItemID",
        "SalesTrackingCategories",
        "HistoryRecords",
        "Details",
        "Options",
        "Country",
    ]
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner), max_leaves=8
)
PATHS = ["Invoices", "Contacts", "Items", "Accounts", "TrackingCategories", "Invoices/J-1", "Contacts/CRM-1001/History"]
FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(scope="module")
async def client():
    async with StandInClient(create_stand_in(calls_per_minute=10**6, calls_per_day=10**6)) as client:
        await client.sign_in()
        await client.put_invoice(Status="DRAFT")
        yield client


@pytest.mark.parametrize("path", PATHS)
@FUZZ
@given(document=ANYTHING, method=st.sampled_from(["PUT", "POST"]), kind=st.sampled_from(["ACCREC", "ACCPAY"]))
async def test_fuzzed_writes_return_a_documented_status(client: StandInClient, path, document, method, kind):
    if isinstance(document, dict) and path.startswith("Invoices"):
        document = {"Type": kind, "Contact": {"Name": "Fuzzed"}, "Date": "2026-11-20"} | document
    reply = await client.request(
        method,
        f"{API}/{path}",
        content=json.dumps(document),
        headers={"Content-Type": "application/json"},
        params={"summarizeErrors": "false"},
    )

    assert reply.status_code in (200, 400, 404, 501), (document, reply.text)


@FUZZ
@given(where=st.text(alphabet='NameDt=!<>()"guid&|.0159,- ', max_size=30), page=st.text(max_size=4))
async def test_fuzzed_queries_return_a_documented_status(client: StandInClient, where, page):
    for path in ("Invoices", "Contacts"):
        query = {"where": where, "page": page, "order": where, "IDs": page, "searchTerm": where}
        assert (await client.get(f"{API}/{path}", params=query)).status_code in (200, 400)


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"{", "application/json", "PostDataInvalidException"),
        (b"\xff\xfe", "application/json", "PostDataInvalidException"),
        (b'{"Invoices": [{"Total": NaN}]}', "application/json", "PostDataInvalidException"),
        (b"[" * 100_000, "application/json", "PostDataInvalidException"),
        (b"<Invoices/>", "application/xml", "PostDataInvalidException"),
        (b'{"Invoices": {"a": 1}, "b": 2}', "application/json", "Invoice not of valid type for creation"),
        (b'{"Invoices": "all"}', "application/json", "PostDataInvalidException"),
        (b'{"Invoices": [{"Type": "ACCREC", "Contact": {"ContactID": "12"}}]}', "application/json", "System.Guid"),
        (b'{"Invoices": []}', "application/json", "NoDataProcessedException"),
        (b"", "application/json", "NoDataProcessedException"),
    ],
)
async def test_an_invalid_body_is_refused_with_a_message(client: StandInClient, body, kind, message):
    reply = await client.put(f"{API}/Invoices", content=body, headers={"Content-Type": kind})

    assert reply.status_code == 400
    assert message in reply.text


@FUZZ
@given(
    fields=st.dictionaries(
        st.sampled_from(["client_id", "redirect_uri", "scope", "tenant", "x"]), st.text(), max_size=4
    )
)
async def test_fuzzed_sign_ins_return_a_documented_status(client: StandInClient, fields):
    headers = {"Authorization": "Basic " + fields.get("x", "").encode().hex()}

    assert (await client.authorize(**fields)).status_code in (200, 302, 400)
    assert (await client.post("/identity/connect/authorize", data=fields)).status_code == 400
    assert (await client.post("/connect/token", data=fields, headers=headers)).status_code == 400
