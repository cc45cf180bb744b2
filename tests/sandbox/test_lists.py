"""List calls: paging, filters, order, and the fields that a list omits."""

import pytest

from sandbox.app import StandIn
from tests.sandbox.client import API, Clock, StandInClient


async def names(xero: StandInClient, **query) -> list[str]:
    return [row["Name"] for row in (await xero.read("Contacts", **query))["Contacts"]]


async def test_pages_are_counted_and_out_of_range_sizes_are_clamped(xero: StandInClient):
    second = await xero.read("Contacts", page=2, pageSize=10)
    huge = await xero.read("Contacts", pageSize=5000)

    assert second["pagination"] == {"page": 2, "pageSize": 10, "pageCount": 3, "itemCount": 30}
    assert len(second["Contacts"]) == 10
    assert huge["pagination"]["pageSize"] == 1000
    assert "pagination" not in await xero.read("Contacts")


async def test_paging_returns_every_row_exactly_once(xero: StandInClient):
    pages = [await names(xero, page=number, pageSize=7) for number in range(1, 6)]

    assert sorted(name for page in pages for name in page) == sorted(await names(xero))


async def test_an_unpaged_list_omits_details(xero: StandInClient):
    where = 'Name=="Thirty Day Developments"'
    plain = (await xero.read("Contacts", where=where))["Contacts"][0]
    paged = (await xero.read("Contacts", where=where, page=1))["Contacts"][0]

    assert "PaymentTerms" not in plain
    assert paged["PaymentTerms"]["Sales"] == {"Day": 30, "Type": "DAYSAFTERBILLDATE"}
    assert paged["ContactPersons"][0]["FirstName"] == "Site"


async def test_a_summary_is_paged_and_omits_the_roles(xero: StandInClient):
    summary = await xero.read("Contacts", summaryOnly="true")

    assert summary["pagination"]["page"] == 1
    assert not {"IsCustomer", "IsSupplier", "Addresses"} & set(summary["Contacts"][0])


async def test_a_contact_always_has_four_phones_and_two_addresses(xero: StandInClient):
    contact = (await xero.read(f"Contacts/{await xero.contact_id('Hana Parata')}"))["Contacts"][0]

    assert [row["PhoneType"] for row in contact["Phones"]] == ["DEFAULT", "DDI", "FAX", "MOBILE"]
    assert [row["AddressType"] for row in contact["Addresses"]] == ["STREET", "POBOX"]


async def test_archived_contacts_are_listed_on_request_and_merged_contacts_name_their_target(xero: StandInClient):
    contacts = (await xero.read("Contacts", includeArchived="true", page=1))["Contacts"]
    merged = next(row for row in contacts if row["Name"] == "Harbour View Apts")

    assert "Closed Café" not in await names(xero)
    assert merged["ContactStatus"] == "ARCHIVED"
    assert merged["MergedToContactID"] == await xero.contact_id("Harbourview Apartments Ltd")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ('Name=="hana parata"', ["Hana Parata"]),
        ('Name = "Whanau Awhina Trust"', ["Whānau Āwhina Trust"]),
        ('Name=="The ""Olde"" Pub & O\'Brien\'s Bar"', ["The \"Olde\" Pub & O'Brien's Bar"]),
        ('EmailAddress!=null&&EmailAddress.StartsWith("hana")', ["Hana Parata"]),
        ('ContactNumber=="CRM-1001" AND ContactStatus=="ACTIVE"', ["Numbered Customer"]),
        ('(Name=="Hana Parata" OR Name=="Tom Whitfield") AND LastName!="Parata"', ["Tom Whitfield"]),
        ('Name.Contains("FERN")', ["Fern Cottage", "Fern Holiday Homes"]),
        ("IsCustomer", []),
        ("UpdatedDateUTC<DateTime(2020,1,1)", []),
    ],
)
async def test_where_selects_matching_contacts(xero: StandInClient, where, expected):
    assert sorted(await names(xero, where=where)) == expected


@pytest.mark.parametrize(
    "where",
    [
        'Name=="a"b"',
        r'Name=="a\"b"',
        "Name==",
        'Nickname=="x"',
        'ContactID=="not-a-guid"',
        'Name=="x" AND',
        "Name",
        'ContactID==guid("12")',
        "UpdatedDateUTC>=DateTime(2026,13,1)",
        'EmailAddress.StartsWith("x")',
        "Name<5",
        'Name.Explode("x")',
        "((((",
        "1==1==1",
        'Name=="x" XOR Name=="y"',
    ],
)
async def test_an_invalid_where_is_a_query_parse_exception(xero: StandInClient, where):
    refused = await xero.get(f"{API}/Contacts", params={"where": where})

    assert (refused.status_code, refused.json()["Type"]) == (400, "QueryParseException")


async def test_where_can_test_the_contact_of_an_invoice(xero: StandInClient):
    row = await xero.put_invoice(InvoiceNumber="J-7")
    contact_id = row["Contact"]["ContactID"]
    where = (
        f'Contact.ContactID==guid("{contact_id}") AND Type=="ACCREC" AND Date>=DateTime(2026,11,01) AND AmountDue>10'
    )

    invoices = (await xero.read("Invoices", where=where))["Invoices"]
    assert [invoice["InvoiceNumber"] for invoice in invoices] == ["J-7"]


async def test_order_can_be_descending(xero: StandInClient):
    assert (await names(xero, order="Name DESC"))[0] == "Whānau Āwhina Trust"
    assert (await xero.get(f"{API}/Contacts", params={"order": "Shoe size"})).status_code == 400


async def test_a_search_term_matches_names_numbers_and_email_addresses(xero: StandInClient):
    assert await names(xero, searchTerm="crm-10") == ["Numbered Customer"]
    assert await names(xero, searchTerm="SHARED@") == ["Fern Cottage", "Fern Holiday Homes"]


async def test_if_modified_since_lists_only_later_changes(xero: StandInClient, clock: Clock):
    contact_id = await xero.contact_id("Fern Cottage")
    clock.advance(minutes=10)
    await xero.write("POST", f"Contacts/{contact_id}", {"FirstName": "Fern"})

    since = {"If-Modified-Since": "2026-11-20T01:05:00"}
    assert [row["Name"] for row in (await xero.get(f"{API}/Contacts", headers=since)).json()["Contacts"]] == [
        "Fern Cottage"
    ]


async def test_becoming_a_customer_is_not_a_change(xero: StandInClient, clock: Clock):
    clock.advance(minutes=10)
    row = await xero.put_invoice()

    contact = (await xero.read(f"Contacts/{row['Contact']['ContactID']}"))["Contacts"][0]
    since = {"If-Modified-Since": "2026-11-20T01:05:00"}
    assert contact["IsCustomer"] is True
    assert (await xero.get(f"{API}/Contacts", headers=since)).json()["Contacts"] == []


async def test_invoice_lines_are_listed_only_with_page_or_statuses(xero: StandInClient):
    await xero.put_invoice()

    assert (await xero.read("Invoices"))["Invoices"][0]["LineItems"] == []
    assert len((await xero.read("Invoices", page=1))["Invoices"][0]["LineItems"]) == 1
    assert len((await xero.read("Invoices", Statuses="AUTHORISED,PAID"))["Invoices"][0]["LineItems"]) == 1
    assert "LineItems" not in (await xero.read("Invoices", summaryOnly="true"))["Invoices"][0]


async def test_invoices_can_be_selected_by_ids_numbers_app_and_contacts(xero: StandInClient, stand_in: StandIn):
    first, second = await xero.put_invoice(InvoiceNumber="J-1"), await xero.put_invoice(InvoiceNumber="J-2")
    seeded = [await xero.invoice(InvoiceNumber="T-1")]
    assert (await xero.post("/_ctl/seed", json={"invoices": seeded})).status_code == 200

    async def numbers(**query: str) -> list[str]:
        return [
            row["InvoiceNumber"] for row in (await xero.read("Invoices", order="InvoiceNumber", **query))["Invoices"]
        ]

    assert await numbers() == ["J-1", "J-2", "T-1"]
    assert await numbers(IDs=f"{first['InvoiceID']},{second['InvoiceID'].upper()}") == ["J-1", "J-2"]
    assert await numbers(InvoiceNumbers="J-2,T-1") == ["J-2", "T-1"]
    assert await numbers(createdByMyApp="true") == ["J-1", "J-2"]
    assert await numbers(ContactIDs=await xero.contact_id("Tom Whitfield")) == []


async def test_an_edit_between_two_pages_shifts_the_default_order_but_not_the_order_by_id(
    xero: StandInClient, clock: Clock
):
    rows = [await xero.put_invoice(InvoiceNumber=f"J-{number}") for number in range(4)]
    clock.advance(minutes=1)

    async def read(**query: str) -> set[str]:
        first = await xero.read("Invoices", page=1, pageSize=2, **query)
        edited = first["Invoices"][0]["InvoiceID"]
        clock.advance(minutes=1)
        await xero.write("POST", f"Invoices/{edited}", {"Reference": "Edited"})
        second = await xero.read("Invoices", page=2, pageSize=2, **query)
        return {row["InvoiceID"] for page in (first, second) for row in page["Invoices"]}

    everything = {row["InvoiceID"] for row in rows}
    assert len(everything - await read()) == 1
    assert await read(order="InvoiceID") == everything


async def test_documents_of_a_contact_can_be_selected_by_their_date_in_any_status(xero: StandInClient):
    row = await xero.put_invoice(InvoiceNumber="J-1", Date="2026-04-05")
    await xero.put_invoice(InvoiceNumber="J-2", Date="2026-04-06")
    await xero.post(f"/_ctl/invoices/{row['InvoiceID']}/void")

    query = {"ContactIDs": row["Contact"]["ContactID"], "where": "Date==DateTime(2026,04,05)", "page": "1"}
    (shown,) = (await xero.read("Invoices", **query))["Invoices"]
    assert (shown["InvoiceNumber"], shown["Status"]) == ("J-1", "VOIDED")


async def test_a_summary_of_invoices_keeps_or_omits_the_url(xero: StandInClient):
    await xero.put_invoice(Url="https://jobtally.example/x/1")

    kept = (await xero.read("Invoices", summaryOnly="true"))["Invoices"][0]
    await xero.post("/_ctl/lists", json={"url_in_summaries": False})
    omitted = (await xero.read("Invoices", summaryOnly="true"))["Invoices"][0]

    assert kept["Url"] == "https://jobtally.example/x/1"
    assert "Url" not in omitted
    assert (await xero.read("Invoices", page=1))["Invoices"][0]["Url"] == kept["Url"]


async def test_document_dates_are_calendar_days_without_a_time_zone(xero: StandInClient):
    row = await xero.put_invoice(Date="2026-04-05", DueDate="2026-09-27")

    assert (row["DateString"], row["DueDateString"]) == ("2026-04-05T00:00:00", "2026-09-27T00:00:00")
    assert row["Date"] == "/Date(1775347200000+0000)/"


async def test_a_time_with_a_zone_becomes_the_utc_day(xero: StandInClient):
    row = await xero.put_invoice(Date="2026-11-20T08:00:00+13:00")

    assert row["DateString"] == "2026-11-19T00:00:00"


async def test_the_default_date_is_today_in_the_time_zone_of_the_organisation(anonymous: StandInClient, clock: Clock):
    clock.advance(hours=12)  # 13:00 UTC is 02:00 on the 21st in Auckland
    await anonymous.sign_in()

    assert (await anonymous.put_invoice(Date=None))["DateString"] == "2026-11-21T00:00:00"
