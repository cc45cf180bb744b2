"""Checks before every Accounting API call: token, organisation, scope, limits, idempotency key and reply format."""

import asyncio
from xml.etree import ElementTree as ET

import httpx2
import pytest

from sandbox.app import StandIn
from sandbox.faults import Fault
from sandbox.seeds import AU_TENANT
from tests.sandbox.client import API, Clock, StandInClient


async def test_an_expired_token_is_reported_as_expired(xero: StandInClient, clock: Clock):
    clock.advance(minutes=30)

    refused = await xero.get(f"{API}/Organisation")
    assert refused.status_code == 401
    assert refused.json()["Detail"].startswith("TokenExpired: token expired at 11/20/2026 01:30:00")


@pytest.mark.parametrize("value", [None, "Bearer nonsense", "Basic abc"])
async def test_a_call_without_a_valid_token_is_unauthorized(xero: StandInClient, value):
    del xero.headers["Authorization"]

    refused = await xero.get(f"{API}/Organisation", headers={"Authorization": value} if value else {})
    assert (refused.status_code, refused.json()["Detail"]) == (401, "AuthenticationUnsuccessful")


@pytest.mark.parametrize("tenant", ["", AU_TENANT, "not-a-tenant"])
async def test_an_organisation_that_is_not_connected_is_forbidden(xero: StandInClient, tenant):
    refused = await xero.get(f"{API}/Organisation", headers={"xero-tenant-id": tenant})

    assert (refused.status_code, refused.json()["Title"]) == (403, "Forbidden")
    assert refused.json()["Detail"] == "AuthenticationUnsuccessful"


async def test_a_missing_scope_is_reported_in_a_header(anonymous: StandInClient):
    await anonymous.sign_in(scope="openid accounting.contacts.read accounting.settings.read")

    assert (await anonymous.get(f"{API}/Contacts")).status_code == 200
    for refused in (await anonymous.get(f"{API}/Invoices"), await anonymous.write("PUT", "Contacts", {"Name": "New"})):
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "insufficient_scope"


async def test_a_caller_that_does_not_accept_json_gets_xml(xero: StandInClient):
    reply = await xero.get(f"{API}/TaxRates", headers={"Accept": "*/*"})

    assert reply.headers["content-type"] == "text/xml; charset=utf-8"
    assert ET.fromstring(reply.text).findtext("TaxRates/TaxRate/TaxType") == "OUTPUT2"


async def test_paths_are_case_insensitive_and_every_reply_has_a_correlation_id(xero: StandInClient):
    reply = await xero.get("/API.XRO/2.0/organisation/actions")

    assert reply.status_code == 200
    assert reply.headers["xero-correlation-id"] == reply.json()["Id"]


async def test_an_unknown_resource_is_404_in_html_and_an_unknown_method_is_501(xero: StandInClient):
    unknown = await xero.get(f"{API}/Spaceships")
    absent = await xero.get(f"{API}/Invoices/11111111-1111-4111-8111-111111111111")

    assert (unknown.status_code, absent.status_code) == (404, 404)
    assert unknown.headers["content-type"].startswith("text/html")
    assert (await xero.post(f"{API}/Organisation")).status_code == 501


async def test_the_61st_call_of_a_minute_is_refused(xero: StandInClient, stand_in: StandIn, clock: Clock):
    stand_in.world.options.calls_per_minute = 60
    remaining = [(await xero.get(f"{API}/Organisation")).headers["x-minlimit-remaining"] for _ in range(60)]
    refused = await xero.get(f"{API}/Organisation")

    assert (remaining[0], remaining[-1]) == ("59", "0")
    assert refused.status_code == 429
    assert refused.headers["x-rate-limit-problem"] == "minute"
    clock.advance(seconds=int(refused.headers["retry-after"]) - 1)
    assert (await xero.get(f"{API}/Organisation")).status_code == 429
    clock.advance(seconds=1)
    assert (await xero.get(f"{API}/Organisation")).status_code == 200


async def test_a_call_over_the_daily_limit_is_refused_until_the_next_day(xero: StandInClient, stand_in: StandIn):
    stand_in.world.options.calls_per_day = 1
    await xero.get(f"{API}/Organisation")

    refused = await xero.get(f"{API}/Organisation")
    assert (refused.status_code, refused.headers["x-rate-limit-problem"]) == (429, "day")
    assert 60 < int(refused.headers["retry-after"]) <= 86_400


async def test_each_organisation_has_its_own_minute_limit(anonymous: StandInClient, stand_in: StandIn):
    stand_in.world.options.calls_per_minute = 1
    await anonymous.sign_in("nz")
    await anonymous.sign_in("au")

    assert (await anonymous.get(f"{API}/Organisation")).status_code == 200
    assert (await anonymous.get(f"{API}/Organisation")).status_code == 429
    other = {"xero-tenant-id": stand_in.world.identity.connections[0].tenant_id}
    assert (await anonymous.get(f"{API}/Organisation", headers=other)).status_code == 200


async def test_only_five_calls_may_be_in_flight(xero: StandInClient, stand_in: StandIn):
    stand_in.faults.waiting.append(Fault(kind="slow", seconds=0.05, count=None))

    replies = await asyncio.gather(*(xero.get(f"{API}/Organisation") for _ in range(7)))
    refused = [reply for reply in replies if reply.status_code == 429]
    assert len(refused) == 2
    assert refused[0].headers["x-rate-limit-problem"] == "concurrent"
    assert "retry-after" not in refused[0].headers


async def put(xero: StandInClient, key: str, name: str = "Once Only Ltd") -> httpx2.Response:
    return await xero.write("PUT", "Contacts", {"Contacts": [{"Name": name}]}, headers={"Idempotency-Key": key})


async def test_a_repeat_with_the_same_key_only_returns_the_first_reply(xero: StandInClient, stand_in: StandIn):
    first, again = await put(xero, "k-1"), await put(xero, "k-1")

    assert again.content == first.content
    assert sum(row["Name"] == "Once Only Ltd" for row in (await xero.read("Contacts"))["Contacts"]) == 1


async def test_a_refusal_is_stored_under_its_key(xero: StandInClient):
    refused = await put(xero, "k-1", "Hana Parata")
    await xero.post(f"{API}/Contacts/{await xero.contact_id('Hana Parata')}", json={"Name": "Hana P"})

    assert refused.json()["Contacts"][0]["StatusAttributeString"] == "ERROR"
    assert (await put(xero, "k-1", "Hana Parata")).content == refused.content


async def test_a_key_is_refused_for_a_different_request(xero: StandInClient):
    await put(xero, "k-1")

    refused = await put(xero, "k-1", "Somebody Else Ltd")
    assert refused.status_code == 400
    assert "is used with a different request" in refused.text


async def test_a_key_expires_after_six_minutes(xero: StandInClient, clock: Clock):
    await put(xero, "k-1")
    clock.advance(minutes=6)

    assert (await put(xero, "k-1", "Somebody Else Ltd")).status_code == 200


async def test_a_key_may_have_128_characters(xero: StandInClient):
    assert (await put(xero, "k" * 128)).status_code == 200
    assert (await put(xero, "k" * 129)).status_code == 400


async def test_a_repeat_waits_while_the_first_call_is_in_flight(xero: StandInClient, stand_in: StandIn):
    stand_in.faults.waiting.append(Fault(kind="slow", seconds=0.05, method="PUT"))

    first, again = await asyncio.gather(put(xero, "k-1"), put(xero, "k-1"))
    assert first.content == again.content
    assert first.json()["Contacts"][0]["StatusAttributeString"] == "OK"
