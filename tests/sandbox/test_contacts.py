"""Contact writes: matching, unique fields, validation messages and merging of fields."""

import pytest

from tests.sandbox.client import StandInClient, texts

ZERO = "00000000-0000-0000-0000-000000000000"


async def write(xero: StandInClient, method: str, *contacts, **query):
    reply = await xero.write(method, "Contacts", {"Contacts": list(contacts)}, **query)
    assert reply.status_code == 200, reply.text
    return reply.json()["Contacts"]


async def test_a_new_contact_gets_an_id_and_is_neither_customer_nor_supplier(xero: StandInClient):
    (row,) = await write(xero, "PUT", {"Name": "  New   Customer ", "ContactNumber": "JT-1"})

    assert row["ContactID"] != ZERO
    assert row["Name"] == "New Customer"
    assert (row["IsCustomer"], row["IsSupplier"]) == (False, False)


@pytest.mark.parametrize(
    ("contact", "message"),
    [
        ({"Name": "hana PARATA"}, "is already assigned to another contact. The contact name must be unique"),
        ({"Name": "New", "ContactNumber": "CRM-1001"}, "contact number CRM-1001 is already assigned"),
        ({"Name": "New", "AccountNumber": "ac-0001"}, "The Account Number already exists."),
        ({"EmailAddress": "a@example.org"}, "Contact Name cannot be empty."),
        ({"Name": "New", "EmailAddress": "nobody"}, "Email address must be valid."),
        ({"Name": "x" * 256}, "Name must be a string with a maximum length of 255"),
        ({"Name": "New", "AccountNumber": "x" * 51}, "AccountNumber must be"),
        ({"Name": "New", "Addresses": [{"AddressType": "DELIVERY"}]}, "AddressType 'DELIVERY' is not valid"),
        ({"Name": "New", "Addresses": [{"AddressType": "POBOX", "Country": "NZ 1"}]}, "Country"),
        ({"Name": "New", "ContactStatus": "SLEEPING"}, "The status 'SLEEPING' is not valid for contacts"),
        ({"Name": "New", "ContactPersons": [{"FirstName": "a"}] * 6}, "maximum of 5 ContactPersons"),
        ({"Name": "New", "SalesTrackingCategories": [{}]}, "There is no ACTIVE tracking category with the name ''"),
    ],
)
async def test_an_invalid_contact_is_refused_with_a_message(xero: StandInClient, contact, message):
    (row,) = await write(xero, "PUT", contact)

    assert row["StatusAttributeString"] == "ERROR"
    assert row["ContactID"] == ZERO
    assert any(message in text for text in texts(row))


async def test_all_errors_of_a_contact_are_reported_together(xero: StandInClient):
    (row,) = await write(xero, "PUT", {"Name": "Hana Parata", "EmailAddress": "nobody", "AccountNumber": "AC-0001"})

    assert len(texts(row)) == 3


async def test_elements_keep_their_order_and_valid_ones_are_saved(xero: StandInClient):
    rows = await write(xero, "PUT", {"Name": "A1"}, {"Name": ""}, {"Name": "A2"}, {"Name": "A1"})

    assert [row["StatusAttributeString"] for row in rows] == ["OK", "ERROR", "OK", "ERROR"]
    assert await xero.contact_id("A2") == rows[2]["ContactID"]


async def test_with_summarize_errors_an_invalid_element_refuses_all_and_only_it_is_reported(xero: StandInClient):
    reply = await xero.write("PUT", "Contacts", {"Contacts": [{"Name": "A1"}, {"Name": ""}]}, summarizeErrors="true")

    assert reply.status_code == 400
    assert (reply.json()["ErrorNumber"], reply.json()["Type"]) == (10, "ValidationException")
    assert [texts(row) for row in reply.json()["Elements"]] == [["Contact Name cannot be empty."]]
    assert (await xero.read("Contacts", searchTerm="A1"))["Contacts"] == []


async def test_a_post_by_name_overwrites_an_existing_contact(xero: StandInClient):
    (row,) = await write(xero, "POST", {"Name": "hana parata", "EmailAddress": "other@example.org"})

    assert row["ContactID"] == await xero.contact_id("Hana Parata")
    assert row["EmailAddress"] == "other@example.org"


async def test_an_update_keeps_omitted_fields(xero: StandInClient):
    contact_id = await xero.contact_id("Hana Parata")
    sent = {"ContactID": contact_id, "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "021 5550"}]}
    (row,) = await write(xero, "POST", sent)

    numbers = {phone["PhoneType"]: phone["PhoneNumber"] for phone in row["Phones"]}
    assert numbers == {"DEFAULT": "555 0101", "DDI": "", "FAX": "", "MOBILE": "021 5550"}
    assert row["EmailAddress"] == "hana.parata@example.com"


async def test_an_unknown_id_fails_the_whole_request_in_html(xero: StandInClient):
    unknown = {"ContactID": "11111111-1111-4111-8111-111111111111", "Name": "X"}
    reply = await xero.write("POST", "Contacts", {"Contacts": [{"Name": "Kept Out"}, unknown]})

    assert reply.status_code == 404
    assert reply.headers["content-type"].startswith("text/html")
    assert (await xero.read("Contacts", searchTerm="Kept Out"))["Contacts"] == []


async def test_archiving_frees_the_name_but_not_the_number_and_cannot_be_undone(xero: StandInClient):
    contact_id = await xero.contact_id("Numbered Customer")
    await write(xero, "POST", {"ContactID": contact_id, "ContactStatus": "ARCHIVED"})

    by_name, by_number = await write(
        xero, "PUT", {"Name": "Numbered Customer"}, {"Name": "Another", "ContactNumber": "CRM-1001"}
    )
    (revived,) = await write(xero, "POST", {"ContactID": contact_id, "ContactStatus": "ACTIVE"})
    assert by_name["StatusAttributeString"] == "OK"
    assert by_number["StatusAttributeString"] == "ERROR"
    assert texts(revived) == [
        (
            "The specified contact details matched an archived contact."
            " Archived contacts cannot currently be edited via the API."
        )
    ]


async def test_a_contact_may_be_sent_bare_or_in_an_envelope_in_any_case(xero: StandInClient):
    bare = await xero.write("PUT", "Contacts", {"Name": "Bare"})
    lower = await xero.write("PUT", "Contacts", {"contacts": [{"Name": "Lower"}]})

    assert [bare.json()["Contacts"][0]["Name"], lower.json()["Contacts"][0]["Name"]] == ["Bare", "Lower"]


async def test_notes_are_stored_with_a_contact(xero: StandInClient):
    contact_id = await xero.contact_id("Hana Parata")
    await xero.write("PUT", f"Contacts/{contact_id}/History", {"HistoryRecords": [{"Details": "Met on site."}]})

    notes = (await xero.read(f"Contacts/{contact_id}/History"))["HistoryRecords"]
    assert [note["Details"] for note in notes] == ["Met on site."]
    refused = await xero.write("PUT", "Contacts/nobody/History", {"HistoryRecords": [{"Details": "x"}]})
    assert texts(refused.json()["Elements"][0]) == [
        "The document with the supplied id was not found for this endpoint."
    ]
