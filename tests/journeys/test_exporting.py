"""From the first connection to invoices in Xero, with the notification of the result."""

from tests.journeys.office import Office
from tests.records.making import API, make


async def test_a_new_business_connects_and_exports_three_invoices_and_gets_a_notification(newcomer: Office):
    office = await newcomer.open()
    view = await office.connection()
    assert (view["state"], view["organisation_name"], view["connected_by"]) == (
        "connected",
        "Kauri Plumbing Ltd",
        "Mere Hohepa",
    )

    run = await office.exported(*await office.many(3))

    assert run["state"] == "done"
    assert await office.messages() == ["3 of 3 invoices have been exported to Xero."]
    assert office.numbers_in_xero() == ["C-0000", "C-0001", "C-0002"]
    assert {invoice["export_state"] for invoice in (await office.read("invoices"))["items"]} == {"exported"}


async def test_supplier_bills_are_exported_too(office: Office):
    await office.prefer(supplier_invoice_status="AUTHORISED")

    await office.exported(*await office.many(3, "supplier"))

    assert await office.messages() == ["3 of 3 invoices have been exported to Xero."]
    assert {(document["Type"], document["Status"]) for document in office.in_xero()} == {("ACCPAY", "AUTHORISED")}


async def test_the_message_about_one_invoice_is_in_the_singular(office: Office):
    await office.exported(*await office.many(1))

    assert await office.messages() == ["1 of 1 invoice has been exported to Xero."]


async def test_a_refused_invoice_keeps_the_reason_and_is_exported_after_it_is_corrected(office: Office):
    async with office.control() as xero:
        taken = {"Type": "ACCREC", "InvoiceNumber": "C-0001", "Contact": {"Name": "Hana Parata"}, "LineItems": []}
        await xero.post("/seed", json={"invoices": [{**taken, "Date": "2026-11-01"}]})
    ids = await office.many(3)
    export_id = await office.export(*ids)
    run = await office.finished(export_id)

    assert (run["state"], run["exported"], run["rejected"]) == ("done_with_errors", 2, 1)
    assert await office.messages() == ["2 of 3 invoices have been exported to Xero. 1 needs a fix."]
    refused = await office.read(f"invoices/{ids[1]}")
    assert refused["export_state"] == "not_exported"
    (problem,) = refused["problems"]
    assert (problem["code"], problem["source"]) == ("invoice_number_taken", "xero")
    assert problem["xero_message"] == "Invoice # must be unique."

    await office.client.delete(f"{API}/invoices/{ids[1]}/approval")
    renumbered = await office.client.patch(f"{API}/invoices/{ids[1]}", json={"number": "C-1001"})
    assert renumbered.status_code == 200, renumbered.text
    await office.client.put(f"{API}/invoices/{ids[1]}/approval")
    again = await office.client.post(f"{API}/exports/{export_id}/retries")
    assert again.status_code == 202, again.text
    assert (await office.finished(again.json()["id"]))["state"] == "done"
    assert office.numbers_in_xero() == ["C-0000", "C-0001", "C-0002", "C-1001"]


async def test_one_bad_invoice_of_fifty_does_not_stop_the_other_forty_nine(office: Office):
    ids = await office.many(50)
    async with office.control() as xero:  # archived after the ledger was read, so only Xero knows it
        await xero.post("/accounts/210", json={"status": "ARCHIVED"})
    contact = await office.company("Late Payer Ltd")
    line = {"description": "Call-out", "quantity": "1", "unit_price": "65.00", "accounting_code": "210"}
    bad = await office.invoice("BAD-1", contact, lines=[line])

    run = await office.exported(*ids[:49], bad)

    assert (run["exported"], run["rejected"]) == (49, 1)
    assert len(office.in_xero()) == 49
    (problem,) = (await office.read(f"invoices/{bad}"))["problems"]
    assert (problem["code"], problem["source"]) == ("account_code_archived", "xero")


async def test_a_contact_of_several_invoices_is_created_once(office: Office):
    await office.exported(*await office.many(5))
    await office.exported(await office.invoice("LATER-1", (await office.read("contacts"))["items"][0]["id"]))

    assert len(office.contacts_in_xero("Customer 0 Ltd")) == 1
    assert len({document["_ContactID"] for document in office.in_xero()}) == 1


async def test_a_contact_that_xero_already_has_is_matched_by_its_name(office: Office):
    (known,) = office.contacts_in_xero("Harbourview Apartments Ltd")
    contact = await office.company("harbourview  apartments LTD")

    await office.exported(await office.invoice("I-1", contact))

    assert [document["_ContactID"] for document in office.in_xero()] == [known["ContactID"]]
    assert len(office.contacts_in_xero("Harbourview Apartments Ltd")) == 1
    assert office.calls("PUT", "/api.xro/2.0/Contacts") == []


async def test_a_job_changes_its_status_when_its_customer_invoice_is_exported(office: Office):
    invoiced = await make(office.client, "job-statuses", name="Invoiced")
    paid = await make(office.client, "job-statuses", name="Paid")
    await office.prefer(job_status_on_export=invoiced["id"])
    job, other = await office.job("J1"), await office.job("J2")
    contact = await office.company("Kōwhai Dental Ltd")
    first = await office.invoice("I-1", contact, job_id=job["id"])
    second = await office.invoice("I-2", contact, job_id=job["id"])
    bill = await office.invoice("B-1", contact, kind="supplier", job_id=other["id"])

    await office.exported(first, bill)
    assert (await office.read(f"jobs/{job['id']}"))["status_id"] == invoiced["id"]
    assert (await office.read(f"jobs/{other['id']}"))["status_id"] is None

    # A second export of the same invoice is refused and changes nothing.
    await office.client.patch(f"{API}/jobs/{job['id']}", json={"status_id": paid["id"]}, headers={"If-Match": "*"})
    refused = await office.client.post(f"{API}/exports", json={"selection": {"mode": "ids", "ids": [first]}})
    assert refused.status_code == 422
    assert (await office.read(f"jobs/{job['id']}"))["status_id"] == paid["id"]
    await office.exported(second)
    assert (await office.read(f"jobs/{job['id']}"))["status_id"] == invoiced["id"]


async def test_a_cost_center_is_sent_by_the_id_of_its_option_after_xero_renamed_the_option(office: Office):
    categories = (await office.read("ledger/tracking-categories"))["items"]
    (category,) = [category for category in categories if category["name"] == "Region"]
    east = next(option for option in category["options"] if option["name"] == "Eastside")
    center = await make(office.client, "cost-centers", name="Eastside")
    await office.prefer(tracking_category_id=category["category_id"])
    async with office.control() as xero:
        await xero.post("/tracking-options/Eastside", json={"name": "East of the river"})
    line = {"description": "Labour", "quantity": "1", "unit_price": "90.00", "cost_center_id": center["id"]}

    run = await office.exported(await office.invoice("I-1", await office.company("Kōwhai Dental Ltd"), lines=[line]))

    assert run["exported"] == 1
    ((sent,),) = [document["LineItems"][0]["Tracking"] for document in office.in_xero()]
    assert sent["TrackingOptionID"] == east["id"]


async def test_the_url_of_a_document_in_xero_leads_back_to_the_invoice(office: Office):
    invoice = await office.invoice("I-1", await office.company("Kōwhai Dental Ltd"))
    await office.exported(invoice)
    (document,) = office.in_xero()

    reply = await office.client.get(document["Url"])

    assert reply.status_code == 302
    assert reply.headers["location"] == f"http://localhost:8080/invoices?view=all&open={invoice}"
    assert (await office.read(f"invoices/{invoice}"))["external_url"].startswith("https://go.xero.com/")
