"""Invoice writes: what Xero refuses, and what may be changed after creation."""

from decimal import Decimal
from typing import Any

import httpx2
import pytest

from sandbox.app import StandIn
from tests.sandbox.client import API, StandInClient, line, texts

ZERO = "00000000-0000-0000-0000-000000000000"
ARCHIVED = (
    "The contact with the specified contact details has been archived."
    " The contact must be un-archived before creating new invoices or credit notes."
)
LOCKED = "The document date cannot be before the end of year lock date, currently set at 31-Mar-2026"


def row_of(reply: httpx2.Response) -> dict[str, Any]:
    assert reply.status_code == 200, reply.text
    row: dict[str, Any] = reply.json()["Invoices"][0]
    return row


async def change(xero: StandInClient, row, **fields):
    return row_of(await xero.write("POST", f"Invoices/{row['InvoiceID']}", fields))


async def test_an_approved_invoice_is_returned_with_totals_url_and_tracking(xero: StandInClient):
    tracking = [{"Name": "Region", "Option": "North"}]
    row = await xero.put_invoice(Url="http://localhost:8080/x/1", LineItems=[line(Tracking=tracking)])

    assert (row["SubTotal"], row["TotalTax"], row["Total"], row["AmountDue"]) == (100, 15, 115, 115)
    assert (row["Status"], row["StatusAttributeString"]) == ("AUTHORISED", "OK")
    assert row["Url"] == "http://localhost:8080/x/1"
    assert row["LineItems"][0]["Tracking"][0]["Option"] == "North"


@pytest.mark.parametrize("character", ["\x02", "\x0b", "\x1f", "\ufffe"], ids=ascii)
async def test_a_control_character_in_any_text_refuses_the_whole_call(xero: StandInClient, character: str):
    lines = [line(Description=f"Labour{character}Tuesday")]
    refused = await xero.write("PUT", "Invoices?summarizeErrors=false", {"Invoices": [{"LineItems": lines}]})
    assert refused.status_code == 400
    assert f"hexadecimal value 0x{ord(character):02X}, is an invalid character" in refused.text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        (
            {"Contact": {}},
            (
                "The Contact must contain at least 1 of the following elements to identify the contact:"
                " Name, ContactID, ContactNumber"
            ),
        ),
        ({"Type": "ACCRECX"}, "Invoice not of valid type for creation"),
        ({"Status": "PAID"}, "Invoice not of valid status for creation"),
        ({"Date": "2026-03-31"}, LOCKED),
        ({"DueDate": None}, "Due date cannot be empty"),
        ({"DueDate": "2026-04-01"}, "Due Date cannot be before the invoice date"),
        ({"CurrencyCode": "EUR"}, "Organisation is not subscribed to currency EUR"),
        ({"Url": "/x/1"}, "Url must be a valid absolute url"),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"LineItems": [line(AccountCode="999")]}, "Account code '999' is not a valid code for this document."),
        ({"LineItems": [line(AccountCode="090")]}, "Account code '090' is not a valid code for this document."),
        ({"LineItems": [line(AccountCode="610")]}, "Account code '610' is not a valid code for this document."),
        ({"LineItems": [line(AccountCode=None)]}, "Account code or ID must be specified."),
        (
            {"LineItems": [line(AccountCode="295")]},
            (
                "Account code '295' has been archived or has been deleted."
                " Each line item must reference a valid account."
            ),
        ),
        ({"LineItems": [line(AccountCode="630")]}, "You cannot save this transaction using an inventory account type"),
        (
            {"LineItems": [line(Description="\N{WRENCH}" * 2001)]},
            "The field Description must be a string with a maximum length of 4000.",
        ),
        ({"LineItems": [line(TaxType="OUTPUT")]}, "Tax rate must be Active"),
        (
            {"LineItems": [line(TaxType="TAX999")]},
            "The TaxType code 'TAX999' does not exist or cannot be used for this type of transaction.",
        ),
        ({"LineItems": [line(TaxType="INPUT2")]}, "The TaxType code 'INPUT2' cannot be used with account code '200'."),
        ({"LineItems": [line(LineAmount=99)]}, "The line total 99.00 does not match the expected line total 100.00"),
        (
            {"LineItems": [line(), line(DiscountRate=101)]},
            "The discount rate '101.00' is invalid. Discount must not be greater than the line total.",
        ),
        ({"LineItems": [line(TaxAmount=101)]}, "The tax amount cannot be greater than the line amount!"),
        ({"Total": 1}, "The invoice total does not equal the sum of the lines."),
        ({"LineItems": [line(UnitAmount=-1)]}, "The Total for this document must be greater than or equal to zero."),
        ({"InvoiceNumber": "N" * 256}, "The field InvoiceNumber must be a string with a maximum length of 255."),
    ],
)
async def test_an_invalid_invoice_is_refused_with_a_message(xero: StandInClient, fields, message):
    await xero.post("/_ctl/lock-dates", json={"end_of_year": "2026-03-31"})
    row = await xero.put_invoice(**fields)

    assert row["StatusAttributeString"] == "ERROR"
    assert row["InvoiceID"] == ZERO
    assert texts(row) == [message]
    assert (await xero.read("Invoices"))["Invoices"] == []


@pytest.mark.parametrize(
    ("right", "fields", "message"),
    [
        ("CreateDraftInvoice", {"Status": "DRAFT"}, "The User specified does not have the correct permissions"),
        ("CreateApprovedInvoice", {}, "The User specified does not have the correct permissions"),
        ("UseMulticurrency", {"CurrencyCode": "AUD"}, "Organisation is not subscribed to currency AUD"),
    ],
)
async def test_a_right_that_the_user_lacks_refuses_what_needs_it(xero: StandInClient, right, fields, message):
    assert (await xero.put_invoice(InvoiceNumber="R-1", **fields))["StatusAttributeString"] == "OK"
    await xero.post("/_ctl/organisation", json={"actions": {right: False}})
    (refusal,) = texts(await xero.put_invoice(InvoiceNumber="R-2", **fields))
    assert refusal.startswith(message)


async def test_an_adviser_may_enter_before_the_period_lock_and_not_before_that_of_the_year(xero: StandInClient):
    await xero.post("/_ctl/lock-dates", json={"period": "2026-04-30", "end_of_year": "2026-03-31"})
    await xero.post("/_ctl/organisation", json={"actions": {"ApproveTransactionsBeforePeriodLockDate": True}})
    assert (await xero.put_invoice(InvoiceNumber="A-1", Date="2026-04-01"))["StatusAttributeString"] == "OK"
    assert texts(await xero.put_invoice(InvoiceNumber="A-2", Date="2026-03-31")) == [LOCKED]


async def test_all_errors_of_an_invoice_are_reported_together_in_xeros_order(xero: StandInClient):
    await xero.put_invoice()
    await xero.post("/_ctl/lock-dates", json={"end_of_year": "2026-03-31"})
    row = await xero.put_invoice(
        Contact={"ContactID": await xero.contact_id("Closed Café")},
        Date="2026-01-31",
        CurrencyCode="EUR",
        LineItems=[line(AccountCode="999"), line(TaxType="INPUT2")],
    )

    assert texts(row) == [
        ARCHIVED,
        "Invoice # must be unique.",
        LOCKED,
        "Organisation is not subscribed to currency EUR",
        "Account code '999' is not a valid code for this document.",
        "The TaxType code 'INPUT2' cannot be used with account code '200'.",
    ]
    assert [texts(entry) for entry in row["LineItems"]] == [[texts(row)[4]], [texts(row)[5]]]


async def test_an_invoice_to_a_contact_with_an_invalid_email_address_is_refused(xero: StandInClient):
    row = await xero.put_invoice(Contact={"ContactID": await xero.contact_id("Broken Address Builders")})

    assert texts(row["Contact"]) == ["Email address must be valid."]


async def test_an_unknown_contact_fails_the_whole_request(xero: StandInClient):
    unknown = await xero.invoice(InvoiceNumber="J-2", Contact={"ContactID": "11111111-1111-4111-8111-111111111111"})
    reply = await xero.write("PUT", "Invoices", {"Invoices": [await xero.invoice(), unknown]})

    assert reply.status_code == 404
    assert (await xero.read("Invoices"))["Invoices"] == []


async def test_an_unknown_contact_name_creates_a_contact(xero: StandInClient):
    row = await xero.put_invoice(Contact={"Name": "Unknown Customer"})

    assert row["Contact"]["ContactID"] == await xero.contact_id("Unknown Customer")


async def test_contact_fields_of_an_invoice_change_the_contact(xero: StandInClient):
    contact_id = await xero.contact_id("Thirty Day Developments")
    await xero.put_invoice(Contact={"ContactID": contact_id, "FirstName": "Changed"})

    contact = (await xero.read(f"Contacts/{contact_id}"))["Contacts"][0]
    assert (contact["FirstName"], contact["ContactPersons"]) == ("Changed", [])


async def test_a_bill_may_repeat_a_number_and_makes_its_contact_a_supplier(xero: StandInClient):
    bill = {"Type": "ACCPAY", "LineItems": [line(AccountCode="310", TaxType="INPUT2", DiscountRate=50)]}
    first, again = await xero.put_invoice(**bill), await xero.put_invoice(**bill)

    assert (first["StatusAttributeString"], again["StatusAttributeString"]) == ("OK", "OK")
    assert again["Contact"]["IsSupplier"] is True
    assert again["Total"] == 115  # a discount on a bill is ignored


async def test_a_draft_needs_neither_account_nor_due_date(xero: StandInClient):
    row = await xero.put_invoice(Status=None, DueDate=None, LineItems=[line(AccountCode=None, TaxType=None)])

    assert (row["Status"], row["Total"]) == ("DRAFT", 100)
    assert texts(await change(xero, row, Status="AUTHORISED")) == [
        "Due date cannot be empty",
        "Account code or ID must be specified.",
    ]


async def test_the_default_due_date_follows_the_payment_terms_of_the_contact(xero: StandInClient):
    terms = {"ContactID": await xero.contact_id("Thirty Day Developments")}
    customer = await xero.put_invoice(Contact=terms, DueDate=None)
    bill = await xero.put_invoice(
        Type="ACCPAY", Contact=terms, DueDate=None, LineItems=[line(AccountCode="310", TaxType="INPUT2")]
    )

    assert (customer["DueDateString"][:10], bill["DueDateString"][:10]) == ("2026-12-20", "2026-12-20")


async def test_a_customer_invoice_without_a_number_gets_the_next_number(xero: StandInClient):
    numbers = [(await xero.put_invoice(InvoiceNumber=None))["InvoiceNumber"] for _ in range(2)]

    assert numbers == ["INV-0001", "INV-0002"]


async def test_marking_a_draft_as_sent_is_a_warning(xero: StandInClient):
    row = await xero.put_invoice(Status="DRAFT", SentToContact=True)

    assert row["StatusAttributeString"] == "WARNING"
    assert [entry["Message"] for entry in row["Warnings"]] == [
        "Only AUTHORISED invoices may have SentToContact updated."
    ]
    assert row["InvoiceID"] != ZERO


async def test_an_update_with_lines_replaces_the_lines(xero: StandInClient):
    row = await xero.put_invoice(LineItems=[line(Description="first"), line(Description="second")])
    kept = row["LineItems"][1]["LineItemID"]
    changed = await change(xero, row, LineItems=[{"LineItemID": kept, "Quantity": 2}, line(Description="third")])

    assert [(entry["Description"], entry["LineAmount"]) for entry in changed["LineItems"]] == [
        ("second", 200),
        ("third", 100),
    ]
    assert changed["LineItems"][0]["LineItemID"] == kept
    assert changed["Total"] == 345


async def test_an_update_keeps_omitted_fields(xero: StandInClient):
    row = await xero.put_invoice(Reference="Job 7")
    changed = await change(xero, row, DueDate="2027-01-31")

    assert (changed["Reference"], changed["Total"], changed["DueDateString"]) == ("Job 7", 115, "2027-01-31T00:00:00")


@pytest.mark.parametrize(
    ("start", "allowed"),
    [
        ("DRAFT", {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"}),
        ("SUBMITTED", {"SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"}),
        ("AUTHORISED", {"AUTHORISED", "VOIDED"}),
    ],
)
async def test_only_xeros_status_transitions_are_allowed(xero: StandInClient, start, allowed):
    reached = set()
    for number, target in enumerate(("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED", "VOIDED", "PAID")):
        row = await xero.put_invoice(InvoiceNumber=f"J-{start}-{number}", Status=start)
        changed = await change(xero, row, Status=target)
        if changed["StatusAttributeString"] == "OK":
            reached.add(changed["Status"])
        else:
            assert texts(changed) == ["Invoice not of valid status for modification"]
    assert reached == allowed


async def test_a_voided_invoice_has_nothing_due_and_keeps_its_number(xero: StandInClient):
    row = await xero.put_invoice()
    voided = row_of(await xero.write("POST", "Invoices", {"InvoiceNumber": "J-1", "Status": "VOIDED"}))

    assert (voided["Status"], voided["AmountDue"]) == ("VOIDED", 0)
    assert (await xero.read(f"Invoices/{row['InvoiceID']}"))["Invoices"][0]["Status"] == "VOIDED"
    assert texts(await xero.put_invoice()) == ["Invoice # must be unique."]


async def test_a_deleted_draft_frees_its_number(xero: StandInClient):
    row = await xero.put_invoice(Status="DRAFT")
    await change(xero, row, Status="DELETED")

    assert (await xero.put_invoice())["StatusAttributeString"] == "OK"


async def test_a_post_with_a_number_in_use_changes_that_invoice(xero: StandInClient):
    row = await xero.put_invoice()
    changed = row_of(await xero.write("POST", "Invoices", {"Invoices": [await xero.invoice(Reference="Taken over")]}))

    assert (changed["InvoiceID"], changed["Reference"]) == (row["InvoiceID"], "Taken over")


async def test_a_paid_invoice_refuses_new_prices_but_accepts_a_new_reference(xero: StandInClient):
    row = await xero.put_invoice()
    paid = (await xero.post(f"/_ctl/invoices/{row['InvoiceID']}/payment", json={})).json()
    own = {"LineItemID": row["LineItems"][0]["LineItemID"]}

    blocked = "This document cannot be edited as it has a payment or credit note allocated to it."
    assert (paid["Status"], paid["AmountDue"], paid["AmountPaid"]) == ("PAID", 0, 115)
    assert (await change(xero, row, Reference="Later"))["Reference"] == "Later"
    assert (await change(xero, row, LineItems=[own | {"AccountCode": "210"}]))["StatusAttributeString"] == "OK"
    assert texts(await change(xero, row, LineItems=[own | {"UnitAmount": 1}])) == [blocked]
    assert texts(await change(xero, row, Date="2026-11-19")) == [blocked]
    assert blocked in texts(await change(xero, row, Status="VOIDED"))


async def test_an_invoice_in_a_locked_period_cannot_be_changed(xero: StandInClient):
    row = await xero.put_invoice()
    await xero.post("/_ctl/lock-dates", json={"period": "2026-11-20"})

    assert texts(await change(xero, row, Reference="x")) == [
        "The document date cannot be before the period lock date, currently set at 20-Nov-2026"
    ]


async def test_a_starter_plan_approves_five_bills_a_month(xero: StandInClient):
    await xero.post("/_ctl/organisation", json={"fields": {"Class": "STARTER"}})
    bill = {"Type": "ACCPAY", "LineItems": [line(AccountCode="310", TaxType="INPUT2")]}
    rows = [await xero.put_invoice(**bill) for _ in range(6)]

    assert [row["StatusAttributeString"] for row in rows] == ["OK"] * 5 + ["ERROR"]
    assert texts(rows[5]) == ["You have reached the limit of invoices you can approve"]
    assert (await xero.put_invoice(**bill, Status="DRAFT"))["StatusAttributeString"] == "OK"


async def test_a_user_without_permission_cannot_approve(xero: StandInClient):
    await xero.post("/_ctl/organisation", json={"actions": {"CreateApprovedInvoice": False}})
    actions = {row["Name"]: row["Status"] for row in (await xero.read("Organisation/Actions"))["Actions"]}

    assert actions["CreateApprovedInvoice"] == "NOT-ALLOWED"
    assert texts(await xero.put_invoice()) == [
        "The User specified does not have the correct permissions to perform this action"
    ]


async def test_an_item_provides_the_fields_that_a_line_omits(xero: StandInClient):
    row = await xero.put_invoice(LineItems=[{"ItemCode": "PIPE15", "Quantity": 2}])

    entry = row["LineItems"][0]
    assert (entry["Description"], entry["AccountCode"], entry["LineAmount"]) == (
        "Copper pipe 15 mm, per metre",
        "200",
        24.9,
    )
    assert texts(await xero.put_invoice(InvoiceNumber="J-2", LineItems=[line(ItemCode="NOPE")])) == [
        "Item code 'NOPE' is not valid"
    ]


@pytest.mark.parametrize(
    ("quantity", "price", "types", "tax_type", "expected"),
    [
        ("1", "25.06", "Exclusive", "OUTPUT2", ("25.06", "3.76", "28.82")),
        ("1", "89.00", "Inclusive", "OUTPUT2", ("77.39", "11.61", "89.00")),
        ("1", "90.00", "Inclusive", "OUTPUT2", ("78.26", "11.74", "90.00")),
        ("1", "14.433333", "Exclusive", "NONE", ("14.43", "0.00", "14.43")),
        ("3", "0.3350", "Exclusive", "NONE", ("1.01", "0.00", "1.01")),
        ("1", "2.165", "Exclusive", "NONE", ("2.17", "0.00", "2.17")),
        ("1.23456", "1", "Exclusive", "NONE", ("1.23", "0.00", "1.23")),
        ("1", "50.00", "NoTax", "OUTPUT2", ("50.00", "0.00", "50.00")),
    ],
)
async def test_a_line_is_rounded_half_up_to_the_cent(xero: StandInClient, quantity, price, types, tax_type, expected):
    entry = line(Quantity=Decimal(quantity).__float__(), UnitAmount=float(price), TaxType=tax_type)
    row = await xero.put_invoice(LineAmountTypes=types, LineItems=[entry])

    assert tuple(f"{row[name]:.2f}" for name in ("SubTotal", "TotalTax", "Total")) == expected


async def test_tax_is_rounded_per_line(xero: StandInClient):
    row = await xero.put_invoice(LineItems=[line(UnitAmount=price) for price in (25.06, 25.61, 25.63)])

    assert (row["TotalTax"], row["Total"]) == (11.44, 87.74)


async def test_a_discount_is_deducted_before_tax(xero: StandInClient):
    row = await xero.put_invoice(LineItems=[line(DiscountRate=12.5), line(DiscountAmount=10)])

    assert [entry["LineAmount"] for entry in row["LineItems"]] == [87.5, 90]
    assert (row["TotalDiscount"], row["IsDiscounted"], row["Total"]) == (22.5, True, 204.13)


async def test_prices_are_rounded_to_two_decimals_without_unitdp(xero: StandInClient):
    body = {"Invoices": [await xero.invoice(LineItems=[line(Quantity=100, UnitAmount=0.1234)])]}
    short = await xero.put(f"{API}/Invoices", json=body)
    body["Invoices"][0]["InvoiceNumber"] = "J-2"
    long = await xero.put(f"{API}/Invoices", json=body, params={"unitdp": "4"})

    assert (row_of(short)["LineItems"][0]["UnitAmount"], row_of(short)["SubTotal"]) == (0.12, 12)
    assert (row_of(long)["LineItems"][0]["UnitAmount"], row_of(long)["SubTotal"]) == (0.1234, 12.34)
    again = (await xero.read(f"Invoices/{row_of(long)['InvoiceID']}"))["Invoices"][0]
    assert (again["LineItems"][0]["UnitAmount"], again["SubTotal"]) == (0.12, 12.34)


async def test_amounts_are_written_with_two_decimals(xero: StandInClient):
    row = await xero.put_invoice()

    assert '"Total":115.00' in (await xero.get(f"{API}/Invoices/{row['InvoiceID']}")).text


async def test_an_invoice_is_available_as_pdf_and_accepts_attachments(xero: StandInClient):
    await xero.sign_in(scope="openid accounting.invoices accounting.attachments accounting.contacts")
    row = await xero.put_invoice()
    path = f"{API}/Invoices/{row['InvoiceID']}"
    pdf = await xero.get(path, headers={"Accept": "application/pdf"})
    await xero.put(f"{path}/Attachments/job.pdf", content=pdf.content, headers={"Content-Type": "application/pdf"})

    assert pdf.content.startswith(b"%PDF-")
    assert (await xero.get(f"{path}/Attachments/job.pdf")).content == pdf.content
    assert (await xero.read(f"Invoices/{row['InvoiceID']}"))["Invoices"][0]["HasAttachments"] is True
    assert (await xero.put(f"{path}/Attachments/a%3Cb.pdf", content=b"x")).status_code == 400


async def test_the_australian_organisation_has_its_own_tax_rates(anonymous: StandInClient, stand_in: StandIn):
    await anonymous.sign_in("au")
    row = await anonymous.put_invoice(LineItems=[line(TaxType="OUTPUT")])

    assert (row["CurrencyCode"], row["Total"]) == ("AUD", 110)
