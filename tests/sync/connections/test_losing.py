"""A connection that only a person can repair is marked once, and a newer connection stays."""

from datetime import timedelta

from api.sync.connections.health import note_loss
from api.sync.connections.problems import problem_of
from api.sync.connections.repository import ConnectionRepository
from api.sync.connections.states import ConnectionState
from api.xero.errors import XeroDisconnected
from tests.clock import Clock
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

PROBLEM = problem_of("token", None, organisation="Kauri Plumbing Ltd", xero_user=None).as_row()


async def test_a_loss_that_xero_reports_late_does_not_end_the_connection_made_since(
    business: ConnectedBusiness, clock: Clock
) -> None:
    former = await business.gateway()
    clock.shift(timedelta(minutes=1))
    await business.connect()
    await note_loss(former, XeroDisconnected("token"))
    assert (await business.connection())["state"] == "connected"
    assert await business.notifications("connection.needs_reconnect") == []


async def test_a_connection_is_lost_once(business: ConnectedBusiness) -> None:
    gateway = await business.gateway()
    async with gateway.work() as work:
        repository = ConnectionRepository(work)
        assert await repository.mark_lost(ConnectionState.NEEDS_RECONNECT, gateway.connected_at, PROBLEM) is not None
        assert await repository.mark_lost(ConnectionState.REMOVED, gateway.connected_at, PROBLEM) is None
    assert (await business.connection())["state"] == "needs_reconnect"


async def test_a_refused_hold_of_an_older_connection_changes_nothing(business: ConnectedBusiness, clock: Clock) -> None:
    former = await business.gateway()
    clock.shift(timedelta(minutes=1))
    await business.connect()
    await note_loss(former, XeroDisconnected("permission", "No."))
    assert (await business.connection())["problem"] is None


async def test_what_needs_a_lost_connection_says_how_it_was_lost(business: ConnectedBusiness) -> None:
    invoice = await business.invoice("INV-1", await business.company("Rata Joinery"))
    selection = {"selection": {"mode": "ids", "ids": [invoice]}}
    await note_loss(await business.gateway(), XeroDisconnected("token"))
    checked = (await business.client.post(f"{API}/export-checks", json=selection)).json()
    assert [obstacle["title"] for obstacle in checked["obstacles"]] == ["Xero has signed us out"]
    refused = await business.client.post(f"{API}/ledger/refreshes")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_connected")
    assert refused.json()["detail"].startswith("Xero has signed us out.")
