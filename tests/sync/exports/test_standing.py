"""*Ready* means ready: what stands against an approved invoice follows everything that it depends on."""

from typing import Any

import pytest
from sqlalchemy import text

from tests.callers import Caller
from tests.records.making import API, make
from tests.sync.connected_business import ConnectedBusiness

_CODED = [{"description": "Labour", "quantity": "1", "unit_price": "100.00", "accounting_code": "200"}]


async def _control(business: ConnectedBusiness, path: str, **fields: Any) -> None:
    async with business.controls() as controls:
        reply = await controls.post(f"/_ctl/{path}", json=fields)
    assert reply.status_code == 200, reply.text


async def _refresh_ledger(business: ConnectedBusiness) -> None:
    assert (await business.client.post(f"{API}/ledger/refreshes")).status_code == 202
    await business.refresh_ledger()
    await business.check_standing()


@pytest.fixture
async def checked(business: ConnectedBusiness) -> ConnectedBusiness:
    """A business that sends approved invoices and whose list is worked off."""
    await business.prefer(customer_invoice_status="AUTHORISED", supplier_invoice_status="AUTHORISED")
    await business.check_standing()
    return business


async def test_an_approved_invoice_without_a_due_date_is_not_ready(checked: ConnectedBusiness) -> None:
    contact = await checked.company("Rata Joinery")
    sound = await checked.invoice("INV-1", contact)
    late = await checked.invoice("INV-2", contact, due_on=None)
    await checked.check_standing()
    assert await checked.in_view("ready") == {"INV-1"}
    assert await checked.in_view("attention") == {"INV-2"}
    assert await checked.problems(sound) == []
    assert await checked.problems(late) == ["due_date_missing"]
    counts = (await checked.client.get(f"{API}/invoices/counts")).json()["customer"]
    assert (counts["ready"], counts["needs_attention"]) == (1, 1)


async def test_what_stands_against_an_invoice_is_not_its_version_but_moves_updated_since(
    checked: ConnectedBusiness,
) -> None:
    late = await checked.invoice("INV-1", await checked.company("Rata Joinery"), due_on=None)
    before = await checked.client.get(f"{API}/invoices/{late}")
    await checked.check_standing()
    after = await checked.client.get(f"{API}/invoices/{late}")
    assert after.headers["ETag"] == before.headers["ETag"]
    assert after.json()["updated_at"] > before.json()["updated_at"]
    corrected = await checked.client.patch(
        f"{API}/invoices/{late}", json={"due_on": "2026-12-20"}, headers={"If-Match": before.headers["ETag"]}
    )
    assert corrected.status_code == 200
    await checked.check_standing()
    assert await checked.in_view("ready") == {"INV-1"}


async def test_a_check_that_finds_the_same_changes_nothing(checked: ConnectedBusiness) -> None:
    late = await checked.invoice("INV-1", await checked.company("Rata Joinery"), due_on=None)
    await checked.check_standing()
    before = (await checked.client.get(f"{API}/invoices/{late}")).json()
    await checked.prefer(reference_on_bills=True)
    await checked.check_standing()
    assert (await checked.client.get(f"{API}/invoices/{late}")).json() == before


async def test_a_preference_changes_what_stands_against_every_invoice(checked: ConnectedBusiness) -> None:
    await checked.invoice("INV-1", await checked.company("Rata Joinery"), due_on=None)
    await checked.prefer(customer_invoice_status="DRAFT")
    await checked.check_standing()
    assert await checked.in_view("ready") == {"INV-1"}


async def test_an_account_archived_in_xero_takes_invoices_out_of_ready_until_it_is_restored(
    checked: ConnectedBusiness,
) -> None:
    await checked.invoice("INV-1", await checked.company("Rata Joinery"), lines=_CODED)
    await _control(checked, "accounts/200", status="ARCHIVED")
    await _refresh_ledger(checked)
    assert await checked.in_view("ready") == set()
    assert await checked.in_view("attention") == {"INV-1"}
    await _control(checked, "accounts/200", status="ACTIVE")
    await _refresh_ledger(checked)
    assert await checked.in_view("ready") == {"INV-1"}


async def test_a_cost_centre_that_is_renamed_to_its_option_frees_its_invoices(checked: ConnectedBusiness) -> None:
    (category,) = (await checked.client.get(f"{API}/ledger/tracking-categories")).json()["items"]
    await checked.prefer(tracking_category_id=category["category_id"])
    center = await make(checked.client, "cost-centers", name="Nowhere")
    line = {"description": "Labour", "quantity": "1", "unit_price": "100.00", "cost_center_id": center["id"]}
    invoice = await checked.invoice("INV-1", await checked.company("Rata Joinery"), lines=[line])
    await checked.check_standing()
    assert await checked.problems(invoice) == ["cost_center_unmatched"]
    renamed = await checked.client.patch(f"{API}/cost-centers/{center['id']}", json={"name": "North"})
    assert renamed.status_code == 200
    await checked.check_standing()
    assert await checked.problems(invoice) == []


async def test_a_second_contact_of_a_name_makes_both_of_them_uncertain(checked: ConnectedBusiness) -> None:
    await checked.read_contacts()
    await checked.invoice("INV-1", await checked.company("Rata Joinery"))
    await checked.check_standing()
    assert await checked.in_view("ready") == {"INV-1"}
    twin = await checked.company("RATA joinery")
    await checked.check_standing()
    assert await checked.in_view("attention") == {"INV-1"}
    renamed = await checked.client.patch(f"{API}/contacts/{twin}", json={"name": "Rata Windows"})
    assert renamed.status_code == 200
    await checked.check_standing()
    assert await checked.in_view("ready") == {"INV-1"}


async def test_drafts_excluded_and_sent_invoices_have_nothing_standing_against_them(checked: ConnectedBusiness) -> None:
    contact = await checked.company("Rata Joinery")
    withdrawn, excluded = [await checked.invoice(number, contact, due_on=None) for number in ("INV-1", "INV-2")]
    await checked.check_standing()
    assert await checked.in_view("attention") == {"INV-1", "INV-2"}
    assert (await checked.client.delete(f"{API}/invoices/{withdrawn}/approval")).status_code == 204
    assert (await checked.client.put(f"{API}/invoices/{excluded}/exclusion")).status_code == 200
    await checked.check_standing()
    assert await checked.in_view("attention") == set()
    assert await checked.problems(withdrawn) == await checked.problems(excluded) == []
    assert (await checked.client.delete(f"{API}/invoices/{excluded}/exclusion")).status_code == 204
    await checked.check_standing()
    assert await checked.in_view("attention") == {"INV-2"}


async def test_xeros_refusal_stands_until_the_check_says_the_same_and_then_goes_with_its_cause(
    checked: ConnectedBusiness,
) -> None:
    invoice = await checked.invoice("INV-1", await checked.company("Rata Joinery"), lines=_CODED)
    await _control(checked, "accounts/200", status="ARCHIVED")
    await checked.export(invoice)
    await checked.drain()
    await checked.check_standing()
    assert await checked.problems(invoice) == ["account_code_archived"]
    await _refresh_ledger(checked)
    assert await checked.problems(invoice) == ["account_code_archived"]
    await _control(checked, "accounts/200", status="ACTIVE")
    await _refresh_ledger(checked)
    assert await checked.problems(invoice) == []


async def test_without_a_connection_only_our_own_records_stand_against_an_invoice(
    business: ConnectedBusiness, neighbour: Caller
) -> None:
    await make(neighbour, "contacts", kind="company", name="Rata Joinery", roles=["customer"], external_id="C-1")
    changed = await neighbour.patch(
        f"{API}/preferences", json={"customer_invoice_status": "AUTHORISED"}, headers={"If-Match": "*"}
    )
    assert changed.status_code == 200
    content = {"kind": "customer", "contact_external_id": "C-1", "issued_on": "2026-11-20", "lines": _CODED}
    for number, due_on in (("INV-1", "2026-12-20"), ("INV-2", None)):
        made = await make(neighbour, "invoices", **content, number=number, due_on=due_on)
        assert (await neighbour.put(f"{API}/invoices/{made['id']}/approval")).status_code == 200
    neighbouring = ConnectedBusiness(business.app, neighbour, business.stand_in)
    await neighbouring.check_standing()
    assert await neighbouring.in_view("ready") == {"INV-1"}
    assert await neighbouring.in_view("attention") == {"INV-2"}


async def test_an_invoice_that_somebody_is_changing_is_checked_afterwards(checked: ConnectedBusiness) -> None:
    late = await checked.invoice("INV-1", await checked.company("Rata Joinery"), due_on=None)
    async with checked.gateways.database.work(checked.business_id) as work:
        await work.session.execute(text("SELECT 1 FROM invoices FOR UPDATE"))
        await checked.check_standing()
    assert await checked.problems(late) == []
    await checked.check_standing()
    assert await checked.problems(late) == ["due_date_missing"]
