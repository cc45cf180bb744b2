"""Tokens: refreshed once however many need one, and never lost to a lost reply."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from api.platform.clock import now
from api.platform.crypto import Unreadable
from api.sync.connections.grants import GrantTokens
from api.xero.errors import XeroBusy, XeroDisconnected
from sandbox.faults import Fault
from tests.sync.connected_business import ConnectedBusiness

_TOKEN = "/connect/token"


async def _grant(business: ConnectedBusiness) -> UUID:
    return (await business.gateway()).grant_id


def _tokens(business: ConnectedBusiness, grant_id: UUID) -> GrantTokens:
    return GrantTokens(business.gateways.database, business.gateways.keyring, business.gateways.oauth, grant_id)


def _refreshes(business: ConnectedBusiness) -> int:
    return sum(one["body"] == "refresh_token" for one in business.calls("POST", _TOKEN))


async def test_two_hundred_who_need_a_token_at_once_cost_one_refresh(
    business: ConnectedBusiness, clock: time_machine.Traveller
) -> None:
    grant_id = await _grant(business)
    clock.shift(timedelta(minutes=26))
    sources = [_tokens(business, grant_id) for _ in range(10)]
    tokens = await asyncio.gather(*(sources[number % 10].access_token() for number in range(200)))
    assert len(set(tokens)) == 1
    assert _refreshes(business) == 1


async def test_a_token_that_xero_refused_is_replaced_once_for_all_who_had_it(business: ConnectedBusiness) -> None:
    grant_id = await _grant(business)
    refused = await _tokens(business, grant_id).access_token()
    tokens = await asyncio.gather(*(_tokens(business, grant_id).access_token(refused=refused) for _ in range(20)))
    assert refused not in tokens
    assert _refreshes(business) == 1


async def test_a_refresh_whose_reply_was_lost_is_repeated_with_the_old_token(
    business: ConnectedBusiness, clock: time_machine.Traveller
) -> None:
    tokens = _tokens(business, await _grant(business))
    clock.shift(timedelta(minutes=26))
    business.stand_in.faults.waiting.append(Fault(kind="timeout", method="POST", path=_TOKEN, when="after"))
    with pytest.raises(XeroBusy):
        await tokens.access_token()
    clock.shift(timedelta(minutes=29))
    assert await tokens.access_token()
    assert (await business.connection())["state"] == "connected"


async def test_a_worker_that_died_while_refreshing_holds_the_others_up_for_half_a_minute_at_most(
    business: ConnectedBusiness, clock: time_machine.Traveller
) -> None:
    grant_id = await _grant(business)
    clock.shift(timedelta(minutes=26))
    # What a killed process leaves: the lease taken, nothing else.
    await business.execute(
        "UPDATE grants SET fence = fence + 1, lease_until = :until", until=now() + timedelta(seconds=30)
    )
    waiting = asyncio.create_task(_tokens(business, grant_id).access_token())
    await asyncio.sleep(0)
    clock.shift(timedelta(seconds=31))
    assert await waiting
    assert _refreshes(business) == 1


async def test_a_grant_that_xero_ended_asks_the_user_once(
    business: ConnectedBusiness, clock: time_machine.Traveller
) -> None:
    await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    for grant in business.stand_in.world.identity.grants.values():
        grant.revoked = True
    clock.shift(timedelta(minutes=26))
    for _ in range(3):
        await business.drain()
        await business.refresh_ledger()
        clock.shift(timedelta(minutes=2))
    assert (await business.connection())["state"] == "needs_reconnect"
    (told,) = await business.notifications("connection.needs_reconnect")
    assert told["message"] == "Xero has signed us out of Kauri Plumbing Ltd. Reconnect to go on sending."


async def test_wrong_credentials_of_the_installation_make_exports_wait_and_reject_nothing(
    business: ConnectedBusiness, clock: time_machine.Traveller
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    business.stand_in.world.options.client_secret = "changed at Xero, not here"
    clock.shift(timedelta(minutes=26))
    await business.drain()
    run = await business.run(export_id)
    assert (run["state"], run["waiting_for"], run["rejected"]) == ("waiting", "xero", 0)
    business.stand_in.world.options.client_secret = "stand-in-not-a-secret"
    clock.shift(timedelta(minutes=2))
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


async def test_a_token_moved_to_another_grants_row_cannot_be_opened(business: ConnectedBusiness) -> None:
    grant_id = await _grant(business)
    await business.execute(
        "INSERT INTO grants (id, access_token, refresh_token, expires_at, refreshed_at, version, fence)"
        " SELECT gen_random_uuid(), access_token, refresh_token, expires_at, refreshed_at, 1, 0 FROM grants"
    )
    ((stolen,),) = await business.execute("SELECT id FROM grants WHERE id <> :known", known=grant_id)
    with pytest.raises(Unreadable):
        await _tokens(business, stolen).access_token()
