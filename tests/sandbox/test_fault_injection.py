"""Fault injection: the stand-in simulates every failure of Xero, over a socket and in process."""

import httpx2
import pytest

from sandbox.app import StandIn
from tests.sandbox.client import API, StandInClient
from tests.sandbox.conftest import Served


async def inject(client: StandInClient, **fault) -> None:
    reply = await client.post("/_ctl/faults", json=fault)
    assert reply.status_code == 201, reply.text


async def numbers(xero: StandInClient) -> list[str]:
    return [row["InvoiceNumber"] for row in (await xero.read("Invoices"))["Invoices"]]


async def test_a_fault_affects_only_matching_calls_and_only_count_times(xero: StandInClient):
    await inject(xero, kind="status", status=500, method="PUT", path="Invoices", count=2)

    statuses = [(await xero.write("PUT", "Invoices", await xero.invoice())).status_code for _ in range(3)]
    assert statuses == [500, 500, 200]


async def test_a_fault_can_skip_the_first_calls(xero: StandInClient):
    await inject(xero, kind="status", status=503, path="Organisation", skip=1)

    assert [(await xero.get(f"{API}/Organisation")).status_code for _ in range(3)] == [200, 503, 200]


async def test_a_fault_can_depend_on_the_body(xero: StandInClient):
    await inject(xero, kind="status", body_contains="J-13", count=None)

    assert (await xero.write("PUT", "Invoices", await xero.invoice())).status_code == 200
    assert (await xero.write("PUT", "Invoices", await xero.invoice(InvoiceNumber="J-13"))).status_code == 500


@pytest.mark.parametrize(("when", "committed"), [("before", []), ("after", ["J-1"])])
async def test_a_call_with_a_lost_reply_is_committed_or_not(xero: StandInClient, when, committed):
    invoice = await xero.invoice()
    await inject(xero, kind="timeout", method="PUT", when=when)

    with pytest.raises(httpx2.ReadTimeout):
        await xero.write("PUT", "Invoices", invoice)
    assert await numbers(xero) == committed


async def test_a_repeat_with_the_same_key_returns_the_reply_of_a_lost_call(xero: StandInClient):
    invoice = await xero.invoice()
    await inject(xero, kind="reset", method="PUT", when="after")
    key = {"Idempotency-Key": "k-1"}

    with pytest.raises(httpx2.RemoteProtocolError):
        await xero.write("PUT", "Invoices", invoice, headers=key)
    row = (await xero.write("PUT", "Invoices", invoice, headers=key)).json()["Invoices"][0]
    assert row["StatusAttributeString"] == "OK"
    assert await numbers(xero) == ["J-1"]


@pytest.mark.parametrize(("when", "committed"), [("before", []), ("after", ["J-1"])])
async def test_a_cached_failure_is_stored_under_its_key(xero: StandInClient, when, committed):
    invoice, key = await xero.invoice(), {"Idempotency-Key": "k-1"}
    await inject(xero, kind="status", method="PUT", when=when, cached=True)

    statuses = [(await xero.write("PUT", "Invoices", invoice, headers=key)).status_code for _ in range(2)]
    assert statuses == [500, 500]
    assert await numbers(xero) == committed


async def test_a_rate_limit_fault_names_the_limit_and_the_delay(xero: StandInClient):
    await inject(xero, kind="rate_limit", problem="day", retry_after=66975)

    refused = await xero.get(f"{API}/Organisation")
    assert refused.status_code == 429
    assert (refused.headers["x-rate-limit-problem"], refused.headers["retry-after"]) == ("day", "66975")


async def test_an_unavailable_fault_returns_503_in_plain_text(xero: StandInClient):
    await inject(xero, kind="unavailable")

    offline = await xero.get(f"{API}/Organisation")
    assert (offline.status_code, offline.text) == (503, "The Xero API is currently offline for maintenance")


async def test_a_reply_with_status_200_may_have_an_invalid_body(xero: StandInClient):
    await inject(xero, kind="html")
    await inject(xero, kind="malformed_json")

    page, broken = await xero.get(f"{API}/Organisation"), await xero.get(f"{API}/Organisation")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert broken.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter"):
        broken.json()


async def test_a_reply_may_miss_an_element_or_have_another_order(xero: StandInClient):
    await inject(xero, kind="missing_element", method="PUT")
    await inject(xero, kind="reordered", method="PUT")
    short = await xero.write("PUT", "Contacts", {"Contacts": [{"Name": "A"}, {"Name": "B"}]})
    reordered = await xero.write("PUT", "Contacts", {"Contacts": [{"Name": "C"}, {"Name": "D"}]})

    assert [row["Name"] for row in short.json()["Contacts"]] == ["A"]
    assert [row["Name"] for row in reordered.json()["Contacts"]] == ["D", "C"]


async def test_an_element_may_be_unreadable_or_large_for_calls_with_a_certain_query(xero: StandInClient):
    await inject(xero, kind="unreadable_element", position=1, query_contains="pageSize=3")
    await inject(xero, kind="large", bytes_per_element=1000, count=None, query_contains="pageSize=2")

    plain = await xero.get(f"{API}/Contacts", params={"pageSize": 1})
    spoiled = await xero.read("Contacts", pageSize=3)
    large = await xero.get(f"{API}/Contacts", params={"pageSize": 2})

    assert len(plain.content) < 2000 < len(large.content)
    readable = [row["UpdatedDateUTC"] != "/Date(not-a-number)/" for row in spoiled["Contacts"]]
    assert readable == [True, False, True]


async def test_a_token_refresh_with_a_lost_reply_can_be_repeated(xero: StandInClient):
    await inject(xero, kind="timeout", when="after", path="/connect/token")

    with pytest.raises(httpx2.ReadTimeout):
        await xero.refresh(xero.tokens["refresh_token"])
    assert (await xero.refresh(xero.tokens["refresh_token"])).status_code == 200


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("timeout", httpx2.ReadTimeout),
        ("reset", (httpx2.ReadError, httpx2.RemoteProtocolError)),
        ("truncated", httpx2.RemoteProtocolError),
    ],
)
def test_the_connection_breaks_over_a_socket(served: Served, kind, error):
    with httpx2.Client(base_url=served.url, timeout=10) as client:
        client.post("/_ctl/faults", json={"kind": kind, "path": "/connections"})

        with pytest.raises(error):
            client.get("/connections", timeout=0.5 if kind == "timeout" else 10)
        assert client.get("/connections").status_code == 401


@pytest.mark.parametrize(
    "fault", [{}, {"kind": "earthquake"}, {"kind": "status", "status": 200}, {"kind": "slow", "x": 1}]
)
async def test_an_invalid_fault_is_refused(anonymous: StandInClient, fault):
    assert (await anonymous.post("/_ctl/faults", json=fault)).status_code == 422


async def test_every_call_is_recorded_without_secrets(xero: StandInClient, stand_in: StandIn):
    await xero.delete("/_ctl/calls")
    await inject(xero, kind="status", status=502)
    await xero.get(f"{API}/contacts", params={"page": 1})
    await xero.refresh(xero.tokens["refresh_token"])

    read, refresh = (await xero.get("/_ctl/calls")).json()
    assert (read["method"], read["path"], read["query"]) == ("GET", f"{API}/Contacts", "page=1")
    assert (read["status"], read["fault"]) == (502, "status")
    assert (refresh["path"], refresh["body"], refresh["status"]) == ("/connect/token", "refresh_token", 200)
    recorded = str(list(stand_in.world.calls))
    assert xero.tokens["access_token"] not in recorded
    assert xero.tokens["refresh_token"] not in recorded
