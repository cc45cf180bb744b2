"""The control routes for contacts: what users do to them in Xero, and how strict Xero is."""

from tests.sandbox.client import API, StandInClient, texts


async def control(xero: StandInClient, path: str, **body):
    reply = await xero.post(f"/_ctl/{path}", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def names(xero: StandInClient, **query) -> list[str]:
    """The names of the listed contacts."""
    listed = await xero.read("Contacts", page=1, pageSize=1000, **query)
    return [contact["Name"] for contact in listed["Contacts"]]


async def test_a_contact_can_be_renamed_and_every_field_edited(xero: StandInClient):
    contact_id = await xero.contact_id("Hana Parata")
    await control(xero, "contacts/Hana Parata", Name="Hana Smith", EmailAddress="hana@example.org")

    (contact,) = (await xero.read(f"Contacts/{contact_id}"))["Contacts"]
    assert (contact["Name"], contact["EmailAddress"]) == ("Hana Smith", "hana@example.org")


async def test_an_archived_or_merged_contact_can_be_restored(xero: StandInClient):
    await control(xero, "contacts/Hana Parata/archive")
    await control(xero, "contacts/Tom Whitfield/merge", into="Mere Ngata")
    for name in ("Hana Parata", "Tom Whitfield"):
        assert name not in await names(xero)
        await control(xero, f"contacts/{name}/restore")

    restored = {row["Name"]: row for row in (await xero.read("Contacts", page=1, pageSize=1000))["Contacts"]}
    assert restored["Hana Parata"]["ContactStatus"] == "ACTIVE"
    assert "MergedToContactID" not in restored["Tom Whitfield"]


async def test_a_contact_whose_name_is_taken_is_not_restored(xero: StandInClient):
    await control(xero, "contacts/Hana Parata/archive")
    await xero.write("PUT", "Contacts", {"Name": "Hana Parata"})
    contact_id = (await xero.read("Contacts", where='Name=="Hana Parata"', includeArchived="true"))["Contacts"][0]
    reply = await xero.post(f"/_ctl/contacts/{contact_id['ContactID']}/restore")

    assert reply.status_code == 400
    assert "is already assigned to another contact" in texts(reply.json()[0])[0]


async def test_a_vanished_contact_is_nowhere_and_frees_its_name(xero: StandInClient):
    row = await xero.put_invoice()
    contact_id = row["Contact"]["ContactID"]
    await control(xero, "contacts/Hana Parata/vanish")

    assert (await xero.get(f"{API}/Contacts/{contact_id}")).status_code == 404
    assert "Hana Parata" not in await names(xero, includeArchived="true")
    refused = await xero.write("PUT", "Invoices", {"Type": "ACCREC", "Contact": {"ContactID": contact_id}})
    assert refused.status_code == 404
    (created,) = (await xero.write("PUT", "Contacts", {"Name": "Hana Parata"})).json()["Contacts"]
    assert created["StatusAttributeString"] == "OK"
    assert (await xero.read(f"Invoices/{row['InvoiceID']}"))["Invoices"][0]["Contact"]["Name"] == "Hana Parata"


async def test_a_contact_can_change_between_two_pages_once(xero: StandInClient):
    waiting = await control(
        xero, "contacts/Hana Parata/between-pages", fields={"EmailAddress": "new@example.org"}, after_page=2
    )
    seen = []
    for page in (1, 2, 1):
        listed = await xero.read("Contacts", page=page, pageSize=1000 if page == 1 else 10)
        seen += [row["EmailAddress"] for row in listed["Contacts"] if row["Name"] == "Hana Parata"]

    assert waiting == {"waiting": 1}
    assert seen[0] == "hana.parata@example.com"
    assert seen[-1] == "new@example.org"
    assert (await control(xero, "contacts/Hana Parata/between-pages", fields={}))["waiting"] == 1


async def test_names_are_unique_unless_they_are_not(xero: StandInClient):
    assert await control(xero, "contact-rules", names_unique=False) == {"names_unique": False}
    for is_unique in (False, True):
        await control(xero, "contact-rules", names_unique=is_unique)
        (row,) = (await xero.write("PUT", "Contacts", {"Name": "Hana Parata"})).json()["Contacts"]
        assert (row["StatusAttributeString"] == "ERROR") is is_unique
    assert (await names(xero)).count("Hana Parata") == 2


async def test_slots_are_merged_or_replaced(xero: StandInClient):
    contact_id = await xero.contact_id("Hana Parata")
    sent = {"ContactID": contact_id, "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "021 5550"}]}
    numbers = []
    for is_replaced in (False, True):
        await control(xero, "contact-rules", slots_replaced=is_replaced)
        (row,) = (await xero.write("POST", "Contacts", sent)).json()["Contacts"]
        numbers.append({phone["PhoneType"]: phone["PhoneNumber"] for phone in row["Phones"] if phone["PhoneNumber"]})
        assert next(slot["City"] for slot in row["Addresses"] if slot["AddressType"] == "POBOX") == "Rolleston"

    assert numbers == [{"DEFAULT": "555 0101", "MOBILE": "021 5550"}, {"MOBILE": "021 5550"}]


async def test_an_unknown_contact_is_404(xero: StandInClient):
    for action in ("restore", "vanish", "between-pages"):
        assert (await xero.post(f"/_ctl/contacts/Nobody/{action}", json={"fields": {}})).status_code == 404
