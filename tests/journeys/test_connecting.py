"""Connecting: consent, disconnecting, losing the connection and connecting again."""

import asyncio
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx2
import pytest

from sandbox.in_process import InProcessTransport
from tests.clock import Clock
from tests.journeys.office import Office, eventually
from tests.records.making import API

PAGE = "http://localhost:8080/settings/connections/xero"


async def _begun(office: Office) -> str:
    return str((await office.client.post(f"{API}/connections/xero/authorizations")).json()["authorize_url"])


async def _callback(office: Office, authorize_url: str) -> str:
    """The address to which Xero sends the browser back after *Allow access*."""
    async with httpx2.AsyncClient(transport=InProcessTransport(office.stand_in)) as browser:
        sent_back = await browser.get(httpx2.URL(authorize_url).copy_merge_params({"auto": "1"}))
    return str(sent_back.headers["location"])


async def _landing(office: Office, callback: str) -> str:
    parts = urlsplit(callback)
    return str((await office.client.get(parts.path, params=parse_qs(parts.query))).headers["location"])


async def test_cancelling_the_consent_at_xero_connects_nothing_and_says_access_denied(newcomer: Office):
    url = await _begun(newcomer)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    async with httpx2.AsyncClient(transport=InProcessTransport(newcomer.stand_in)) as browser:
        sent_back = await browser.post(url.split("?")[0], data={**asked, "decision": "cancel"})

    assert await _landing(newcomer, sent_back.headers["location"]) == f"{PAGE}?problem=access_denied"
    assert (await newcomer.connection())["state"] == "not_connected"


async def test_a_callback_works_once(newcomer: Office):
    callback = await _callback(newcomer, await _begun(newcomer))

    assert await _landing(newcomer, callback) == PAGE
    assert await _landing(newcomer, callback) == f"{PAGE}?problem=consent_expired"
    assert (await newcomer.connection())["state"] == "connected"


async def test_a_callback_works_only_for_the_business_that_began_it(newcomer: Office, neighbour: Office):
    callback = await _callback(newcomer, await _begun(newcomer))

    assert await _landing(neighbour, callback) == f"{PAGE}?problem=consent_expired"
    assert (await neighbour.connection())["state"] == "not_connected"
    assert await _landing(newcomer, callback) == PAGE


async def test_a_callback_after_eleven_minutes_connects_nothing(newcomer: Office):
    callback = await _callback(newcomer, await _begun(newcomer))
    await newcomer.later(minutes=11)

    assert await _landing(newcomer, callback) == f"{PAGE}?problem=consent_expired"
    assert (await newcomer.connection())["state"] == "not_connected"


@pytest.mark.parametrize("query", ["", "?state=made-up&code=made-up", "?code=made-up", "?error=server_error"])
async def test_an_invented_callback_connects_nothing(newcomer: Office, query):
    assert (await _landing(newcomer, f"{API}/connections/xero/callback{query}")).startswith(f"{PAGE}?problem=")
    assert (await newcomer.connection())["state"] == "not_connected"


async def test_disconnecting_ends_the_connection_at_xero_too_and_a_second_time_answers_404(office: Office):
    ended = await office.client.delete(f"{API}/connections/xero")
    again = await office.client.delete(f"{API}/connections/xero")

    assert (ended.status_code, again.status_code, again.json()["code"]) == (204, 404, "not_found")
    assert (await office.connection())["state"] == "not_connected"
    connections = office.stand_in.world.identity.connections
    assert [connection for connection in connections if not connection.removed] == []
    assert await office.execute("SELECT id FROM grants") == []
    ids = await office.many(1)
    refused = await office.client.post(f"{API}/exports", json={"selection": {"mode": "ids", "ids": ids}})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_connected")
    assert refused.json()["fix"]["href"] == "/settings/connections/xero"


async def test_a_run_that_lost_its_connection_continues_after_connecting_again_and_sends_nothing_twice(office: Office):
    first, *rest = await office.many(4)
    await office.exported(first)
    office.fault("rate_limit", problem="minute", retry_after=60)
    export_id = await office.export(*rest)
    await office.reaches(export_id, state="waiting")
    assert (await office.client.delete(f"{API}/connections/xero")).status_code == 204
    await office.later(minutes=2)
    blocked = await office.reaches(export_id, waiting_for="connection")
    assert blocked["waiting"] == 3

    assert await office.connect() == PAGE
    await office.later(minutes=1)

    assert (await office.finished(export_id))["exported"] == 3
    assert office.numbers_in_xero() == ["C-0000", "C-0001", "C-0002", "C-0003"]
    preferences = await office.read("preferences")
    assert (preferences["default_income_code"], preferences["default_expense_code"]) == ("200", "310")
    twice = await office.client.post(f"{API}/exports", json={"selection": {"mode": "ids", "ids": [first]}})
    assert twice.json()["errors"][0]["code"] == "invoice_exported"


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_run_continues_after_a_user_revoked_our_access_in_xero(office: Office, when):
    ids = await office.many(3)
    office.fault("timeout", when=when, seconds=0)
    export_id = await office.export(*ids)
    await office.reaches(export_id, unknown=3)
    await office.in_xeros_screens("/tokens/revoke")
    await office.later(seconds=5)

    await office.reaches(export_id, waiting_for="connection")
    assert (await office.connection())["state"] in ("needs_reconnect", "removed")
    (notification,) = await office.notifications("connection.needs_reconnect")
    assert notification["data"]["href"] == "/settings/connections/xero"

    assert await office.connect() == PAGE
    for _ in range(3):
        await office.later(minutes=6)
    assert (await office.finished(export_id))["exported"] == 3
    assert office.numbers_in_xero() == ["C-0000", "C-0001", "C-0002"]
    assert len(await office.notifications("connection.needs_reconnect")) == 1


async def test_two_hundred_concurrent_requests_for_a_token_make_one_refresh(office: Office, clock: Clock):
    clock.shift(29 * 60)  # a minute before the token expires
    ((grant_id,),) = await office.execute("SELECT id FROM grants")
    tokens = [office.gateways.tokens(UUID(str(grant_id))) for _ in range(200)]

    access_tokens = await asyncio.gather(*(source.access_token() for source in tokens))

    assert len(set(access_tokens)) == 1
    refreshes = [call for call in office.calls("POST", "/connect/token") if call["body"] == "refresh_token"]
    assert len(refreshes) == 1


async def test_a_run_continues_after_a_lost_reply_to_a_token_refresh(office: Office, clock: Clock):
    office.fault("reset", method="POST", path="/connect/token", when="after")
    clock.shift(29 * 60)

    export_id = await office.export(*await office.many(2))
    await office.reaches(export_id, state="waiting")
    for _ in range(3):  # the ledger, which is old by then, is read first and meets the lost reply
        await office.later(seconds=30)

    assert (await office.finished(export_id))["exported"] == 2
    await eventually(office.is_connected)


async def test_after_a_consent_for_two_organisations_the_user_chooses_one(newcomer: Office):
    await newcomer.connect(multi="1")
    view = await newcomer.connection()
    assert (view["state"], view["organisation_choice_due"]) == ("connecting", True)
    offered = (await newcomer.read("connections/xero/organisations"))["items"]
    wattle = next(choice for choice in offered if choice["organisation_name"].startswith("Wattle"))

    await newcomer.client.put(
        f"{API}/connections/xero/organisation", json={"organisation_id": wattle["organisation_id"]}
    )
    assert (await newcomer.connection())["organisation_name"] == "Wattle Electrical Pty Ltd"
