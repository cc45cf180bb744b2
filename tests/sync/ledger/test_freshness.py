"""How old what is compared may be, and what it costs in calls to keep it true."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.app import StandIn
from sandbox.faults import Fault
from tests.clock import Clock
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.queues import sweep_ledgers

_SETTINGS = {"Organisation", "Organisation/Actions", "Currencies"}
_CHANGED_DAILY = {"Accounts", "TaxRates", "TrackingCategories", "Items", "Contacts", "Invoices"}
_CODED = [{"description": "Labour", "quantity": "1", "unit_price": "100.00", "accounting_code": "200"}]


async def _control(business: ConnectedBusiness, path: str, **fields: Any) -> None:
    async with business.controls() as controls:
        reply = await controls.post(f"/_ctl/{path}", json=fields)
    assert reply.status_code == 200, reply.text


async def _check(business: ConnectedBusiness, *invoice_ids: str) -> dict[str, Any]:
    body = {"selection": {"mode": "ids", "ids": list(invoice_ids)}}
    reply = await business.client.post(f"{API}/export-checks", json=body)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def _read(stand_in: StandIn, before: int) -> list[str]:
    """The lists that were read since then, by the last part of their path."""
    paths = [call["path"] for call in list(stand_in.world.calls)[before:]]
    return [path.removeprefix("/api.xro/2.0/") for path in paths if path.startswith("/api.xro/")]


async def test_a_check_answers_at_once_and_has_old_parts_read_for_the_next_check(
    business: ConnectedBusiness, clock: Clock
) -> None:
    invoice = await business.invoice("INV-1", await business.company("Rata Joinery"), lines=_CODED)
    await _control(business, "accounts/200", status="ARCHIVED")
    clock.shift(timedelta(minutes=6))
    before = len(business.stand_in.world.calls)
    first = await _check(business, invoice)
    assert (first["ready"], first["refreshing"], first["poll_after_ms"]) == (1, True, 1000)
    assert len(business.stand_in.world.calls) == before
    await business.refresh_ledger()
    read = _read(business.stand_in, before)
    first_read_of_documents = ["Invoices", "Invoices"]  # whole, then what changed meanwhile
    assert sorted(read) == sorted([*_SETTINGS, *_CHANGED_DAILY - {"Invoices"}, *first_read_of_documents])
    second = await _check(business, invoice)
    assert (second["ready"], second["refreshing"], second["poll_after_ms"]) == (0, False, None)
    assert [group["code"] for group in second["groups"]] == ["account_code_archived"]
    assert second["checked_against"]["accounts"] > first["checked_against"]["accounts"]


async def test_a_lock_date_set_in_xero_minutes_ago_is_known_once_the_check_has_refreshed(
    business: ConnectedBusiness, clock: Clock
) -> None:
    invoice = await business.invoice("INV-1", await business.company("Rata Joinery"))
    await _control(business, "lock-dates", period="2027-01-01")
    clock.shift(timedelta(minutes=6))
    first = await _check(business, invoice)
    assert (first["ready"], first["refreshing"]) == (1, True)
    await business.refresh_ledger()
    second = await _check(business, invoice)
    assert ([group["code"] for group in second["groups"]], second["refreshing"]) == (["period_locked"], False)
    assert second["checked_against"]["organisation"] > first["checked_against"]["organisation"]


async def test_with_few_calls_of_the_day_left_settings_of_the_organisation_are_read_each_hour_only(
    business: ConnectedBusiness, clock: Clock
) -> None:
    invoice = await business.invoice("INV-1", await business.company("Rata Joinery"))
    business.stand_in.world.options.calls_per_day = 30_000  # Xero says that no more are left of our 100,000
    await business.read_contacts()
    clock.shift(timedelta(minutes=6))
    before = len(business.stand_in.world.calls)
    first = await _check(business, invoice)
    assert first["refreshing"]
    await business.refresh_ledger()
    assert set(_read(business.stand_in, before)) == _CHANGED_DAILY
    second = await _check(business, invoice)
    assert not second["refreshing"], "what is not going to be read is not waited for"
    assert second["checked_against"]["organisation"] == first["checked_against"]["organisation"]
    clock.shift(timedelta(minutes=55))
    before = len(business.stand_in.world.calls)
    assert (await _check(business, invoice))["refreshing"]
    await business.refresh_ledger()
    assert set(_read(business.stand_in, before)) == _SETTINGS | _CHANGED_DAILY


async def test_a_check_does_not_ask_to_wait_for_a_reading_that_xeros_limit_of_a_day_puts_off(
    business: ConnectedBusiness, clock: Clock
) -> None:
    invoice = await business.invoice("INV-1", await business.company("Rata Joinery"))
    clock.shift(timedelta(minutes=6))
    assert (await _check(business, invoice))["refreshing"]
    business.stand_in.faults.waiting.append(Fault(kind="rate_limit", problem="minute", retry_after=60))
    await business.refresh_ledger()
    assert (await _check(business, invoice))["refreshing"], "a minute is waited for"
    clock.shift(timedelta(seconds=61))
    business.stand_in.faults.waiting.append(Fault(kind="rate_limit", problem="day", retry_after=30_000))
    await business.refresh_ledger()
    put_off = await _check(business, invoice)
    assert (put_off["ready"], put_off["refreshing"], put_off["poll_after_ms"]) == (1, False, None)
    clock.shift(timedelta(seconds=30_001))
    assert (await _check(business, invoice))["refreshing"], "now it is due"


async def test_a_refusal_renews_the_part_that_it_contradicts_so_that_the_next_check_knows_it(
    business: ConnectedBusiness,
) -> None:
    await business.prefer(customer_invoice_status="AUTHORISED")
    invoice = await business.invoice("INV-1", await business.company("Rata Joinery"), lines=_CODED)
    await business.refresh_ledger()
    await _control(business, "accounts/200", status="ARCHIVED")
    await business.export(invoice)
    await business.drain()
    before = len(business.stand_in.world.calls)
    await business.refresh_ledger()
    assert _read(business.stand_in, before) == ["Accounts"]
    assert [group["code"] for group in (await _check(business, invoice))["groups"]] == ["account_code_archived"]


async def test_a_refusal_for_want_of_a_right_is_known_to_the_check_afterwards(business: ConnectedBusiness) -> None:
    await business.prefer(customer_invoice_status="AUTHORISED")
    invoice = await business.invoice("INV-1", await business.company("Rata Joinery"))
    await _control(business, "organisation", actions={"CreateApprovedInvoice": False})
    await business.export(invoice)
    await business.drain()
    assert await business.problems(invoice) == ["role_too_low"]
    await business.refresh_ledger()
    await business.check_standing()
    ((source,),) = await business.execute("SELECT problems -> 0 ->> 'source' FROM invoices")
    assert source == "check"
    await _control(business, "organisation", actions={"CreateApprovedInvoice": True})
    assert (await business.client.post(f"{API}/ledger/refreshes")).status_code == 202
    await business.refresh_ledger()
    await business.check_standing()
    assert await business.problems(invoice) == []


async def test_while_invoices_wait_the_changes_are_read_every_half_hour_and_else_nothing_is(
    business: ConnectedBusiness, clock: Clock
) -> None:
    before = len(business.stand_in.world.calls)
    clock.shift(timedelta(hours=11))
    await sweep_ledgers(business.gateways)
    assert _read(business.stand_in, before) == []
    await business.invoice("INV-1", await business.company("Rata Joinery"))
    await sweep_ledgers(business.gateways)
    assert {"Accounts", "Items", "Contacts", "Invoices"} == set(_read(business.stand_in, before))
    read = len(business.stand_in.world.calls)
    clock.shift(timedelta(minutes=29))
    await sweep_ledgers(business.gateways)
    assert _read(business.stand_in, read) == []
    clock.shift(timedelta(minutes=2))
    await sweep_ledgers(business.gateways)
    assert {"Accounts", "Items", "Contacts", "Invoices"} == set(_read(business.stand_in, read))


@pytest.mark.parametrize(
    ("path", "change"), [("accounts/200", {"status": "ARCHIVED"}), ("lock-dates", {"period": "2027-01-01"})]
)
async def test_an_export_waits_for_a_ledger_that_is_too_old_and_then_goes_by_the_new_one(
    business: ConnectedBusiness, clock: Clock, path: str, change: dict[str, str]
) -> None:
    invoice = await business.invoice("INV-1", await business.company("Rata Joinery"), lines=_CODED)
    await _control(business, path, **change)
    clock.shift(timedelta(minutes=6))
    export_id = await business.export(invoice)
    await business.drain()
    assert (await business.run(export_id))["waiting_for"] == "xero"
    await business.refresh_ledger()
    clock.shift(timedelta(seconds=3))
    await business.drain()
    assert (await business.run(export_id))["state"] == "done_with_errors"
    assert not [call for call in business.stand_in.world.calls if call["method"] == "PUT"], "nothing is sent"


async def test_without_default_codes_invoices_are_ready_and_the_check_names_the_obstacle(
    business: ConnectedBusiness,
) -> None:
    await business.prefer(default_income_code=None)
    invoice = await business.invoice("INV-1", await business.company("Rata Joinery"))
    check = await _check(business, invoice)
    assert check["ready"] == 1
    assert [obstacle["code"] for obstacle in check["obstacles"]] == ["default_codes_unset"]


async def test_a_check_says_that_xero_refused_to_be_read_and_asks_again_after_a_minute(
    business: ConnectedBusiness, clock: Clock
) -> None:
    invoice = await business.invoice("INV-1", await business.company("Rata Joinery"))
    clock.shift(timedelta(minutes=6))
    business.stand_in.faults.waiting.append(Fault(kind="status", status=404, method="GET", path="Accounts"))
    assert (await _check(business, invoice))["refreshing"]
    await business.refresh_ledger()
    check = await _check(business, invoice)
    assert (check["ready"], check["refreshing"]) == (1, False)
    assert [obstacle["code"] for obstacle in check["obstacles"]] == ["refused_by_xero"]
    clock.shift(timedelta(seconds=61))
    check = await _check(business, invoice)
    assert (check["obstacles"], check["refreshing"]) == ([], True)


async def test_after_disconnecting_a_check_still_answers_and_says_what_is_missing(business: ConnectedBusiness) -> None:
    invoice = await business.invoice("INV-1", await business.company("Rata Joinery"))
    await business.execute("UPDATE connections SET state = 'not_connected', grant_id = NULL")
    check = await _check(business, invoice)
    assert (check["ready"], check["organisation_name"], check["refreshing"]) == (1, None, False)
    assert [obstacle["code"] for obstacle in check["obstacles"]] == ["not_connected"]


async def test_the_connection_shows_when_each_part_was_last_read(business: ConnectedBusiness) -> None:
    await business.refresh_ledger()
    shown = (await business.client.get(f"{API}/connections/xero")).json()["last_sync"]
    read_at = {sync["kind"]: sync["at"] for sync in shown}
    assert all(read_at[kind] for kind in ("organisation", "accounts", "tax_rates", "tracking", "items"))
    assert {"contacts", "documents", "actions", "currencies"} <= read_at.keys()
    await business.execute("UPDATE mirror_reads SET organisation_id = gen_random_uuid()")
    shown = (await business.client.get(f"{API}/connections/xero")).json()["last_sync"]
    assert {sync["at"] for sync in shown} == {None}, "what another organisation has is not shown"


async def test_the_connection_says_how_many_calls_of_the_day_are_made(business: ConnectedBusiness) -> None:
    async def shown() -> tuple[int, int]:
        connection = (await business.client.get(f"{API}/connections/xero")).json()
        return connection["calls_today"], connection["calls_per_day"]

    before, ceiling = await shown()
    assert (before > 0, ceiling) == (True, 100_000)
    await business.execute("UPDATE ledger_refreshes SET state = 'queued', parts = '{accounts}', next_due = app_now()")
    made = len(business.stand_in.world.calls)
    await business.refresh_ledger()
    made = len(business.stand_in.world.calls) - made
    assert made > 0
    assert await shown() == (before + made, ceiling)
