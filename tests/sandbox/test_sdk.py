"""Xero's Python SDK works with the stand-in."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from tests.sandbox.conftest import Sdk, Served

pytest.importorskip("xero_python")
from xero_python import accounting as model
from xero_python.exceptions import AccountingBadRequestException, HTTPStatusException, NotFoundException

pytestmark = pytest.mark.filterwarnings("ignore")  # the SDK uses deprecated features of Python and urllib3


def invoice(sdk: Sdk, number: str, **fields: Any) -> Any:
    contact = sdk.accounting.get_contacts(sdk.tenant_id, where='Name=="Hana Parata"').contacts[0]
    line = model.LineItem(
        description="Labour",
        quantity=1.5,
        unit_amount=20.1234,
        account_code="200",
        tax_type="OUTPUT2",
        tracking=[model.LineItemTracking(name="Region", option="North")],
    )
    valid = {
        "type": "ACCREC",
        "contact": model.Contact(contact_id=contact.contact_id),
        "invoice_number": number,
        "date": date(2026, 11, 20),
        "due_date": date(2026, 12, 20),
        "status": "AUTHORISED",
        "line_items": [line],
        "line_amount_types": model.LineAmountTypes.EXCLUSIVE,
    }
    return model.Invoice(**(valid | fields))


def put(sdk: Sdk, *invoices: Any, **options: Any) -> list[Any]:
    body = model.Invoices(invoices=list(invoices))
    reply = sdk.accounting.create_invoices(sdk.tenant_id, body, **({"summarize_errors": False, "unitdp": 4} | options))
    rows: list[Any] = reply.invoices
    return rows


def test_settings_can_be_read(sdk: Sdk):
    read = sdk.accounting
    organisation = read.get_organisations(sdk.tenant_id).organisations[0]
    actions = {row.name: row.status for row in read.get_organisation_actions(sdk.tenant_id).actions}
    revenue = read.get_accounts(sdk.tenant_id, where='Type=="REVENUE" AND Status=="ACTIVE"').accounts
    rates = {row.tax_type: row.effective_rate for row in read.get_tax_rates(sdk.tenant_id).tax_rates}
    category = read.get_tracking_categories(sdk.tenant_id).tracking_categories[0]

    assert (organisation.name, organisation.short_code) == ("Kauri Plumbing Ltd", "!NzDm1")
    assert actions["CreateApprovedInvoice"] == "ALLOWED"
    assert [account.code for account in revenue] == ["200", "210", "270"]
    assert rates["OUTPUT2"] == 15
    assert [option.name for option in category.options] == ["North", "South", "Eastside", "West"]
    assert len(read.get_currencies(sdk.tenant_id).currencies) == 2
    assert read.get_branding_themes(sdk.tenant_id).branding_themes[0].sort_order == 0
    assert len(read.get_items(sdk.tenant_id, unitdp=4).items) == 4


def test_contacts_can_be_read_in_pages(sdk: Sdk):
    reply = sdk.accounting.get_contacts(sdk.tenant_id, page=1, page_size=10, include_archived=True)

    assert (reply.pagination.page_count, reply.pagination.item_count) == (4, 32)
    assert len(reply.contacts) == 10


def test_contacts_can_be_created_and_changed(sdk: Sdk):
    contacts = model.Contacts(contacts=[model.Contact(name="SDK Customer", contact_number="JT-1")])
    created = sdk.accounting.create_contacts(sdk.tenant_id, contacts, summarize_errors=False).contacts[0]
    change = model.Contacts(contacts=[model.Contact(contact_id=created.contact_id, account_number="P-77")])
    changed = sdk.accounting.update_or_create_contacts(sdk.tenant_id, change, summarize_errors=False).contacts[0]

    assert (changed.name, changed.account_number) == ("SDK Customer", "P-77")
    assert (
        sdk.accounting.get_contact_by_contact_number(sdk.tenant_id, "JT-1").contacts[0].contact_id == created.contact_id
    )


def test_an_invoice_is_stored_and_read_back_exactly(sdk: Sdk):
    (created,) = put(sdk, invoice(sdk, "S-1"))
    read = sdk.accounting.get_invoice(sdk.tenant_id, created.invoice_id, unitdp=4).invoices[0]

    assert (Decimal(str(read.sub_total)), Decimal(str(read.total))) == (Decimal("30.19"), Decimal("34.72"))
    assert (read.date, read.due_date) == (date(2026, 11, 20), date(2026, 12, 20))
    assert read.line_items[0].unit_amount == Decimal("20.1234")
    assert read.line_items[0].tracking[0].option == "North"


def test_each_invoice_of_a_batch_is_validated_separately(sdk: Sdk):
    good, bad = put(sdk, invoice(sdk, "S-1"), invoice(sdk, "S-1"))

    assert (good.status_attribute_string, bad.status_attribute_string) == ("OK", "ERROR")
    assert [entry.message for entry in bad.validation_errors] == ["Invoice # must be unique."]


def test_with_summarize_errors_an_invalid_invoice_raises_with_its_elements(sdk: Sdk):
    with pytest.raises(AccountingBadRequestException) as caught:
        put(sdk, invoice(sdk, "S-1", type="ACCPAY", contact=None), summarize_errors=True)

    assert caught.value.error_data["ErrorNumber"] == 10
    assert "A Contact must be specified" in str(caught.value.error_data["Elements"])


def test_a_voided_invoice_can_be_listed(sdk: Sdk):
    (created,) = put(sdk, invoice(sdk, "S-1"))
    void = model.Invoices(invoices=[model.Invoice(status="VOIDED")])
    sdk.accounting.update_invoice(sdk.tenant_id, created.invoice_id, void)

    voided = sdk.accounting.get_invoices(sdk.tenant_id, invoice_numbers=["S-1"], statuses=["VOIDED"]).invoices
    assert [row.invoice_id for row in voided] == [created.invoice_id]


def test_options_items_and_notes_can_be_added(sdk: Sdk):
    category = sdk.accounting.get_tracking_categories(sdk.tenant_id).tracking_categories[0]
    add = sdk.accounting.create_tracking_options
    option = add(sdk.tenant_id, category.tracking_category_id, model.TrackingOption(name="Coast")).options[0]
    item = model.Items(items=[model.Item(code="TAP", name="Tap", sales_details=model.Purchase(unit_price=19.955))])
    stored = sdk.accounting.create_items(sdk.tenant_id, item, unitdp=4).items[0]
    (created,) = put(sdk, invoice(sdk, "S-1"))
    note = model.HistoryRecords(history_records=[model.HistoryRecord(details="From the SDK")])
    sdk.accounting.create_invoice_history(sdk.tenant_id, created.invoice_id, note)

    assert option.status == "ACTIVE"
    assert stored.sales_details.unit_price == Decimal("19.955")
    assert (
        sdk.accounting.get_invoice_history(sdk.tenant_id, created.invoice_id).history_records[0].details
        == "From the SDK"
    )


def test_a_repeated_key_creates_one_invoice(sdk: Sdk):
    rows = [put(sdk, invoice(sdk, "S-1"), idempotency_key="k-1")[0] for _ in range(2)]

    assert rows[0].invoice_id == rows[1].invoice_id


def test_an_unknown_invoice_is_not_found(sdk: Sdk):
    with pytest.raises(NotFoundException):
        sdk.accounting.get_invoice(sdk.tenant_id, "11111111-1111-4111-8111-111111111111")


def test_calls_over_the_limit_are_refused_with_429(sdk: Sdk, served: Served):
    served.app.world.options.calls_per_minute = 0

    with pytest.raises(HTTPStatusException) as caught:
        sdk.accounting.get_organisations(sdk.tenant_id)
    assert caught.value.status == 429


def test_the_sdk_refreshes_tokens_and_disconnects(sdk: Sdk):
    before = sdk.token["refresh_token"]
    sdk.client.refresh_oauth2_token()
    connection = sdk.identity.get_connections()[0]
    sdk.identity.delete_connection(connection.id)

    assert sdk.token["refresh_token"] != before
    assert sdk.identity.get_connections() == []


def test_the_sdk_revokes_tokens(sdk: Sdk, served: Served):
    revoked = sdk.token["access_token"]
    sdk.client.revoke_oauth2_token()

    with httpx2.Client(base_url=served.url) as client:
        assert client.get("/connections", headers={"Authorization": f"Bearer {revoked}"}).status_code == 401
