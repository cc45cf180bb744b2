"""A worker that dies at any commit or call of a push: no contact twice, no change lost, nothing foreign overwritten."""

import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.platform.db.work import Database
from sandbox.faults import Fault
from sandbox.in_process import InProcessTransport
from sandbox.seeds import NZ_TENANT
from sandbox.state import Ledger
from tests.callers import Caller, sign_up
from tests.clock import moving_clock
from tests.conftest import Databases
from tests.sync.connected_business import ConnectedBusiness, settings_for, unlimited_stand_in
from tests.sync.contacts.pushes.pushing import Pusher
from tests.sync.crashing import SHARES, Crash, Fate, moments_of
from tests.sync.exports.test_crash_points import Prepared, Trial
from tests.sync.queues import SilentQueue

_VARIATION = 4  # calls that are in flight together may end together or one by one
_FIRST = ("Changed", "Cleared", "Renamed", "Conflict", "Untouched", "Reference")


@dataclass
class PreparedPush(Prepared):
    """A business whose contacts were pushed, changed here and in Xero, with another push just started."""

    ledgers: dict[str, Ledger]


@pytest.fixture(scope="module")
async def prepared(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PreparedPush]:
    """Two new contacts, four changes, a change on both sides, and a payer reference that another contact has."""
    folder, url, stand_in = tmp_path_factory.mktemp("crash"), databases.clone(), unlimited_stand_in()
    app = create_app(settings_for(url, folder), embedded_worker=False, xero_transport=InProcessTransport(stand_in))
    async with (
        app.router.lifespan_context(app),
        Caller(transport=httpx2.ASGITransport(app=app), base_url="http://localhost:8080") as client,
    ):
        business = ConnectedBusiness(app, await sign_up(client), stand_in)
        await business.connect()
        await business.refresh_ledger()
        await business.prefer(send_payer_reference=True)
        push_id = await _change_both_sides(business)
    ledgers = copy.deepcopy(stand_in.world.ledgers)
    yield PreparedPush(databases, url, stand_in.world.identity, folder, push_id, datetime.now(UTC), ledgers)
    databases.drop(url)


async def _change_both_sides(business: ConnectedBusiness) -> str:
    pusher = Pusher(business)
    ids = {name: await business.company(name, email="a@old.example", phone="04 555 0142") for name in _FIRST}
    assert (await pusher.push())["created"] == len(_FIRST)
    for name in ("Changed", "Cleared", "Renamed", "Reference"):
        await pusher.edit_in_xero(ids[name], TaxNumber=f"theirs of {name}")
    await pusher.edit_in_xero(ids["Conflict"], EmailAddress="theirs@new.example")
    await pusher.change(ids["Changed"], email="ours@new.example")
    await pusher.change(ids["Cleared"], phone=None)
    await pusher.change(ids["Renamed"], name="Renamed here")
    await pusher.change(ids["Conflict"], email="ours@new.example")
    pusher.type_in("Holder", AccountNumber="PAY-1")
    await pusher.change(ids["Reference"], payer_reference="PAY-1", email="ours@new.example")
    for name in ("New 1", "New 2"):
        await business.company(name, email="new@new.example")
    return await pusher.start()


class PushTrial(Trial):
    """A life of a worker against a copy of the prepared push."""

    async def is_done(self) -> bool:
        """Whether the push is finished."""
        return await self.rows("SELECT 1 FROM contact_pushes WHERE finished_at IS NULL") == []

    async def verify(self) -> None:
        """What Xero has, what the push counted, and that all of it is known here."""
        contacts = list(self.stand_in.world.ledgers[NZ_TENANT].contacts.values())
        ours = [contact for contact in contacts if (contact.get("ContactNumber") or "").startswith("con_")]
        by_name = {contact["Name"]: contact for contact in ours}
        names = {"Changed", "Cleared", "Renamed here", "Conflict", "Untouched", "Reference", "New 1", "New 2"}
        assert (len(ours), set(by_name)) == (8, names), "a contact is in Xero twice or not at all"
        emails = {name: contact["EmailAddress"] for name, contact in by_name.items()}
        assert emails == {
            **dict.fromkeys(("Cleared", "Renamed here", "Untouched"), "a@old.example"),
            **dict.fromkeys(("Changed", "Reference"), "ours@new.example"),
            **dict.fromkeys(("New 1", "New 2"), "new@new.example"),
            "Conflict": "theirs@new.example",
        }
        for name, old in {"Changed": "Changed", "Cleared": "Cleared", "Renamed here": "Renamed"}.items():
            assert by_name[name]["TaxNumber"] == f"theirs of {old}", "a foreign field was overwritten"
        assert {phone["PhoneNumber"] for phone in by_name["Cleared"]["Phones"]} == {""}
        assert not by_name["Reference"].get("AccountNumber")
        await self._verify_here()

    async def _verify_here(self) -> None:
        push = (await self.rows("SELECT * FROM contact_pushes ORDER BY id DESC LIMIT 1"))[0]
        counts = (push.total, push.created, push.updated, push.unsure, push.failed)
        assert (push.state, *counts) == ("done_with_errors", 7, 2, 4, 1, 0)
        assert await self.rows("SELECT 1 FROM write_attempts WHERE state = 'open'") == []
        states = await self.rows("SELECT sync_state, count(*) AS contacts FROM contacts GROUP BY 1")
        assert {row.sync_state: row.contacts for row in states} == {"in_step": 7, "unsure": 1}
        remarked = await self.rows("SELECT name FROM contacts WHERE remarks::text LIKE '%payer_reference_taken%'")
        assert [row.name for row in remarked] == ["Reference"]
        notices = await self.rows("SELECT message FROM notifications WHERE kind = 'contact_push.finished'")
        assert [row.message for row in notices] == ["Contacts pushed to Xero: 2 need a look."]


@asynccontextmanager
async def trial(prepared: PreparedPush) -> AsyncIterator[PushTrial]:
    """A fresh copy of everything, at the moment the push was started."""
    url = prepared.databases.clone(prepared.url)
    observer = Database(url, SilentQueue(), pool_size=1)
    try:
        with moving_clock() as clock:
            stand_in = unlimited_stand_in()
            stand_in.world.identity = copy.deepcopy(prepared.identity)
            stand_in.world.ledgers = copy.deepcopy(prepared.ledgers)
            yield PushTrial(prepared, url, stand_in, clock, observer)
    finally:
        await observer.close()
        prepared.databases.drop(url)


@pytest.fixture(scope="module")
async def golden(prepared: PreparedPush) -> Fate:
    """An undisturbed push: how many commits and calls it has."""
    fate = Fate()
    async with trial(prepared) as undisturbed:
        await undisturbed.live(fate)
        await undisturbed.verify()
    return fate


async def test_no_transaction_is_open_while_a_call_of_a_push_is_out(golden: Fate) -> None:
    assert golden.counts["before call"] >= 4
    assert golden.held == 0


@pytest.mark.parametrize("moment", ["before commit", "before call"])
@pytest.mark.parametrize("share", SHARES)
async def test_a_worker_may_die_at_any_moment_of_a_push(
    prepared: PreparedPush, golden: Fate, moment: str, share: int
) -> None:
    for number in moments_of(share, golden.counts[moment]):
        async with trial(prepared) as run:
            fate = Fate(moment, number)
            with suppress(Crash):
                await run.live(fate)
            assert fate.dead or golden.counts[moment] - number < _VARIATION, "it did not come so far"
            await run.live(Fate())
            await run.verify()


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"kind": "timeout", "when": "after"}, id="reply lost"),
        pytest.param({"kind": "timeout"}, id="request lost"),
        pytest.param({"kind": "status", "status": 500, "when": "after", "count": 3}, id="failing after the work"),
        pytest.param({"kind": "truncated", "when": "after"}, id="reply cut"),
        # Only of a write: nobody can know that a list lacks a contact that was changed.
        pytest.param(
            {"kind": "missing_element", "when": "after", "method": "PUT"}, id="an answer missing to a new one"
        ),
        pytest.param(
            {"kind": "missing_element", "when": "after", "method": "POST"}, id="an answer missing to a change"
        ),
    ],
)
async def test_any_call_of_a_push_may_go_wrong(
    prepared: PreparedPush, golden: Fate, trouble: dict[str, Any], share: int
) -> None:
    for number in moments_of(share, golden.counts["before call"]):
        async with trial(prepared) as run:
            run.stand_in.faults.waiting.append(Fault.model_validate({"skip": number - 1, **trouble}))
            await run.live(Fate())
            await run.verify()
