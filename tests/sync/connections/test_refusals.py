"""What Xero's refusals mean for a connection: it ends only when Xero has ended it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from sandbox.faults import Fault
from tests.callers import PASSWORD
from tests.clock import Clock
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

_RIGHT = "The user does not have the right to create invoices."


def _refuse(business: ConnectedBusiness, status: int, text: str, *, method: str = "*", **asked: Any) -> None:
    fault = {"kind": "status", "method": method, "path": "Invoices", "status": status, "text": text, "count": None}
    business.stand_in.faults.waiting.append(Fault.model_validate(fault | asked))


def _in_xeros_words(detail: str) -> str:
    return json.dumps({"Title": "Forbidden", "Status": 403, "Detail": detail})


async def _export(business: ConnectedBusiness) -> str:
    return await business.export(await business.invoice("B-1", await business.company("Tui Cafe"), "supplier"))


async def test_a_token_refused_twice_delays_an_export_and_ends_nothing(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await _export(business)
    _refuse(business, 401, "", method="PUT", count=2)
    await business.drain()
    run = await business.run(export_id)
    assert (run["state"], run["waiting_for"]) == ("waiting", "xero")
    assert (await business.connection())["state"] == "unreachable"
    clock.shift(timedelta(seconds=31))
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"
    assert (await business.connection())["state"] == "connected"
    assert len(business.in_xero()) == 1


async def test_a_person_is_asked_to_reconnect_after_ten_minutes_of_refused_tokens(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await _export(business)
    _refuse(business, 401, "", path="/api.xro/*")
    states = []
    for _ in range(12):
        await business.drain()
        states.append((await business.connection())["state"])
        clock.shift(timedelta(minutes=1))
    assert states[:10] == ["unreachable"] * 10
    connection = await business.connection()
    assert (connection["state"], connection["problem"]["code"]) == ("needs_reconnect", "xero_signed_out")
    (notification,) = await business.notifications("connection.needs_reconnect")
    assert notification["data"]["reason"] == "token"
    business.stand_in.faults.waiting.clear()
    confirmed = await business.client.post(f"{API}/session/confirmations", json={"password": PASSWORD})
    assert confirmed.status_code == 201, confirmed.text
    await business.connect()
    await business.refresh_ledger()
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"


async def test_refusals_far_apart_do_not_add_up_to_ten_minutes(business: ConnectedBusiness, clock: Clock) -> None:
    client = (await business.gateway()).client()
    _refuse(business, 401, "", path="/api.xro/*")
    for _ in range(3):
        with pytest.raises(Exception, match="wait"):
            await client.accounts()
        clock.shift(timedelta(minutes=11))
    assert (await business.connection())["problem"] is None


async def test_a_missing_right_names_the_xero_user_and_the_export_goes_on_when_it_is_given(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await _export(business)
    _refuse(business, 403, _in_xeros_words(_RIGHT), method="PUT")
    for _ in range(3):
        await business.drain()
        clock.shift(timedelta(seconds=61))
    shown = (await business.client.get(f"{API}/connections/xero")).json()
    assert shown["state"] == "connected"
    assert (shown["problem"]["code"], shown["problem"]["xero_message"]) == ("xero_right_missing", _RIGHT)
    assert "Aroha Demo, who gave the consent, may not do this in Kauri Plumbing Ltd" in shown["problem"]["detail"]
    assert len(business.calls("PUT", "/api.xro/2.0/Invoices")) == 1, "it is tried again after 15 minutes only"
    assert len(await business.notifications("connection.refused")) == 1
    assert await business.notifications("connection.needs_reconnect") == []
    business.stand_in.faults.waiting.clear()
    clock.shift(timedelta(minutes=15))
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"
    assert (await business.connection())["problem"] is None


async def test_an_ended_subscription_is_a_problem_of_its_own(business: ConnectedBusiness) -> None:
    await _export(business)
    _refuse(business, 403, _in_xeros_words("The organisation's subscription has ended."), method="PUT")
    await business.drain()
    connection = await business.connection()
    assert (connection["state"], connection["problem"]["code"]) == ("connected", "xero_subscription_ended")


async def test_a_page_that_blocks_calls_in_front_of_xero_ends_no_connection_and_doubles_no_bill(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await _export(business)
    _refuse(business, 403, "<html>Blocked by your administrator</html>", method="PUT", when="after", count=1)
    await business.drain()
    assert (await business.run(export_id))["unknown"] == 1
    assert (await business.connection())["state"] != "removed"
    for _ in range(3):
        clock.shift(timedelta(minutes=4))
        await business.drain()
    assert (await business.run(export_id))["state"] == "done"
    assert len(business.in_xero()) == 1


async def test_a_connection_that_xero_refuses_but_still_lists_stays(business: ConnectedBusiness, clock: Clock) -> None:
    export_id = await _export(business)
    _refuse(business, 403, _in_xeros_words("AuthenticationUnsuccessful"), method="PUT", count=1)
    await business.drain()
    assert (await business.connection())["state"] == "unreachable"
    clock.shift(timedelta(seconds=31))
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"


async def test_one_can_disconnect_although_xero_refuses_every_token(business: ConnectedBusiness) -> None:
    fault = {"kind": "status", "method": "DELETE", "path": "/connections/*", "status": 401, "count": None}
    business.stand_in.faults.waiting.append(Fault.model_validate(fault))
    ended = await business.client.delete(f"{API}/connections/xero")
    assert ended.status_code == 204, ended.text
    assert (await business.connection())["state"] == "not_connected"
    assert len(business.calls("POST", "/connect/revocation")) == 1
