"""Tokens are refreshed once for all callers, and a lost reply does not lose them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from api.platform.crypto import Unreadable
from api.platform.db.lease import LeaseTiming, take
from api.platform.db.work import SYSTEM
from api.sync.connections.grants import GrantTokens
from api.sync.connections.models import Grant
from api.xero.errors import XeroBusy, XeroDisconnected
from api.xero.tokens import TokenSet
from sandbox.faults import Fault
from tests.clock import Clock
from tests.renewals import Renewals
from tests.sync.connected_business import ConnectedBusiness

_TOKEN = "/connect/token"


async def _grant(business: ConnectedBusiness) -> UUID:
    return (await business.gateway()).grant_id


def _tokens(business: ConnectedBusiness, grant_id: UUID) -> GrantTokens:
    return business.gateways.tokens(grant_id)


def _refreshes(business: ConnectedBusiness) -> int:
    return sum(call["body"] == "refresh_token" for call in business.calls("POST", _TOKEN))


async def test_two_hundred_calls_at_once_cost_one_refresh(business: ConnectedBusiness, clock: Clock) -> None:
    grant_id = await _grant(business)
    clock.shift(timedelta(minutes=26))
    sources = [_tokens(business, grant_id) for _ in range(10)]
    tokens = await asyncio.gather(*(sources[number % 10].access_token() for number in range(200)))
    assert len(set(tokens)) == 1
    assert _refreshes(business) == 1


async def test_a_token_that_xero_refused_is_replaced_once_for_all_callers(business: ConnectedBusiness) -> None:
    grant_id = await _grant(business)
    refused = await _tokens(business, grant_id).access_token()
    tokens = await asyncio.gather(*(_tokens(business, grant_id).access_token(refused=refused) for _ in range(20)))
    assert refused not in tokens
    assert _refreshes(business) == 1


async def test_a_refresh_whose_reply_was_lost_is_repeated_with_the_old_token(
    business: ConnectedBusiness, clock: Clock
) -> None:
    tokens = _tokens(business, await _grant(business))
    clock.shift(timedelta(minutes=26))
    business.stand_in.faults.waiting.append(Fault(kind="timeout", method="POST", path=_TOKEN, when="after"))
    with pytest.raises(XeroBusy):
        await tokens.access_token()
    clock.shift(timedelta(minutes=29))
    assert await tokens.access_token()
    assert (await business.connection())["state"] == "connected"


async def test_a_refresh_token_that_xero_does_not_know_is_replaced_with_the_one_before(
    business: ConnectedBusiness, clock: Clock
) -> None:
    tokens = _tokens(business, await _grant(business))
    clock.shift(timedelta(minutes=26))
    await tokens.access_token()
    known = business.stand_in.world.identity.refresh_tokens
    known.pop(list(known)[-1])
    clock.shift(timedelta(minutes=26))
    assert await tokens.access_token()
    assert (await business.connection())["state"] == "connected"


async def test_a_worker_that_died_while_refreshing_delays_the_others_by_its_lease_at_most(
    business: ConnectedBusiness, clock: Clock
) -> None:
    grant_id = await _grant(business)
    clock.shift(timedelta(minutes=26))
    async with business.gateways.database.work(SYSTEM) as work:  # it takes the lease, then it is killed
        assert await take(work, Grant, Grant.id == grant_id, LeaseTiming()) is not None
    waiting = asyncio.create_task(_tokens(business, grant_id).access_token())
    await asyncio.sleep(0)
    clock.shift(timedelta(seconds=16))
    assert await waiting
    assert _refreshes(business) == 1


async def test_a_grant_that_xero_ended_notifies_once(business: ConnectedBusiness, clock: Clock) -> None:
    await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    for grant in business.stand_in.world.identity.grants.values():
        grant.revoked = True
    clock.shift(timedelta(minutes=26))
    for _ in range(3):
        await business.drain()
        await business.refresh_ledger()
        clock.shift(timedelta(minutes=2))
    assert (await business.connection())["state"] == "needs_reconnect"
    (notification,) = await business.notifications("connection.needs_reconnect")
    assert notification["message"] == "Xero has signed us out of Kauri Plumbing Ltd. Reconnect to go on sending."


async def test_wrong_credentials_of_the_installation_make_exports_wait_and_reject_nothing(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    business.stand_in.world.options.client_secret = "changed at Xero, not here"
    clock.shift(timedelta(minutes=26))
    await business.drain()
    run = await business.run(export_id)
    assert (run["state"], run["waiting_for"], run["rejected"]) == ("waiting", "xero", 0)
    business.stand_in.world.options.client_secret = "stand-in-not-a-secret"
    clock.shift(timedelta(minutes=2))
    await business.refresh_ledger()
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"


async def test_a_consent_that_comes_while_the_old_grant_ends_is_not_undone(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant_id = await _grant(business)
    tokens = _tokens(business, grant_id)
    refused = await tokens.access_token()

    async def consent_meanwhile(refresh_token: str):
        await business.connect()
        monkeypatch.undo()
        raise XeroDisconnected("token")

    monkeypatch.setattr(business.gateways.oauth, "refresh", consent_meanwhile)
    with pytest.raises(XeroBusy):
        await tokens.access_token(refused=refused)
    assert await tokens.access_token()
    assert (await business.connection())["state"] == "connected"


async def test_a_worker_that_lost_its_lease_while_it_refreshed_does_not_store_its_pair(
    business: ConnectedBusiness, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant_id = await _grant(business)
    clock.shift(timedelta(minutes=26))
    refresh = business.gateways.oauth.refresh

    async def overtaken(refresh_token: str) -> TokenSet:
        tokens = await refresh(refresh_token)
        clock.shift_database(timedelta(seconds=16))
        async with business.gateways.database.work(SYSTEM) as work:
            assert await take(work, Grant, Grant.id == grant_id, LeaseTiming()) is not None
        return tokens

    before = await business.execute("SELECT version, access_token, refresh_token FROM grants")
    monkeypatch.setattr(business.gateways.oauth, "refresh", overtaken)
    with pytest.raises(XeroBusy):
        await _tokens(business, grant_id).access_token()
    assert await business.execute("SELECT version, access_token, refresh_token FROM grants") == before
    ((lease_is_held,),) = await business.execute("SELECT lease_until > app_now() FROM grants")
    assert lease_is_held, "it belongs to the other worker"


async def test_a_refresh_that_takes_longer_than_the_lease_keeps_it(
    business: ConnectedBusiness, clock: Clock, renewals: Renewals, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant_id = await _grant(business)
    clock.shift(timedelta(minutes=26))
    eager = replace(business.gateways.timing, lease=LeaseTiming(renew_seconds=0.001))
    monkeypatch.setattr(business.gateways, "timing", eager)
    refresh = business.gateways.oauth.refresh

    async def slow(refresh_token: str) -> TokenSet:
        for _ in range(2):
            clock.shift_database(timedelta(seconds=14))
            await renewals.next()
        return await refresh(refresh_token)

    monkeypatch.setattr(business.gateways.oauth, "refresh", slow)
    assert len({await _tokens(business, grant_id).access_token() for _ in range(2)}) == 1
    assert _refreshes(business) == 1


async def test_a_token_moved_to_another_grants_row_cannot_be_opened(business: ConnectedBusiness) -> None:
    grant_id = await _grant(business)
    await business.execute(
        "INSERT INTO grants (id, access_token, refresh_token, expires_at, refreshed_at, version, fence)"
        " SELECT gen_random_uuid(), access_token, refresh_token, expires_at, refreshed_at, 1, 0 FROM grants"
    )
    ((stolen,),) = await business.execute("SELECT id FROM grants WHERE id <> :known", known=grant_id)
    with pytest.raises(Unreadable):
        await _tokens(business, stolen).access_token()
