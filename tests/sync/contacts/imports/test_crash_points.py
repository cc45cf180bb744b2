"""A worker that dies at any commit or call of an import: every contact is here once, and one notification."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from api.platform.queue import ArqTaskQueue
from api.platform.runtime import Runtime
from api.sync.connections.service import XeroGateways
from api.sync.contacts.imports import applying, tasks
from api.sync.contacts.imports.running import run_import
from api.xero.config import JobtallySettings
from api.xero.http import open_http
from tests.clock import Clock
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.contacts.imports.importing import ask, contacts, follow
from tests.sync.crashing import SHARES, Crash, Fate, MortalDatabase, MortalTransport, moments_of
from tests.sync.queues import _woken_by

_TABLES = ("contact_imports", "contact_links", "contacts", "mirror_contacts", "mirror_cursors", "notifications")


@asynccontextmanager
async def _worker(business: ConnectedBusiness, settings: JobtallySettings, fate: Fate) -> AsyncIterator[XeroGateways]:
    """A process with this fate."""
    state = business.app.state
    database = MortalDatabase(settings.database_url or "", fate)
    try:
        async with open_http(MortalTransport(business.stand_in, fate)) as http:
            runtime = Runtime(settings, state.keyring, ArqTaskQueue(state.redis), database)
            yield XeroGateways(runtime, settings.xero, http)
    finally:
        await database.close()


async def _import(business: ConnectedBusiness, settings: JobtallySettings, fate: Fate) -> str:
    """Begin again with an import, by a worker with this fate."""
    for table in _TABLES:
        await business.execute(f"DELETE FROM {table}")
    started = str((await ask(business, "apply")).json()["id"])
    with suppress(Crash):
        async with _worker(business, settings, fate) as gateways:
            await run_import(gateways, business.business_id)
    return started


async def _verify(business: ConnectedBusiness, import_id: str) -> None:
    done = await follow(business, import_id)
    assert (done["state"], done["imported"], done["counts"]["new"]) == ("done", 30, 30)
    names = [contact["display_name"] for contact in await contacts(business)]
    assert (len(names), len(set(names))) == (30, 30)
    ((links, linked),) = await business.execute("SELECT count(*), count(DISTINCT xero_contact_id) FROM contact_links")
    assert (links, linked) == (30, 30)
    (notification,) = await business.notifications("contact_import.finished")
    assert notification["message"] == "30 contacts have been imported from Xero."


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("moment", ["before commit", "before call"])
async def test_a_worker_may_die_at_any_moment(
    business: ConnectedBusiness,
    settings: JobtallySettings,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    share: int,
) -> None:
    monkeypatch.setattr(applying, "GROUPED_AT_ONCE", 12)
    monkeypatch.setattr(applying, "IMPORTED_AT_ONCE", 12)
    undisturbed = Fate()
    await _verify(business, await _import(business, settings, undisturbed))
    assert undisturbed.held == 0
    assert undisturbed.counts["before commit"] >= 10
    for number in moments_of(share, undisturbed.counts[moment]):
        fate = Fate(moment, number)
        import_id = await _import(business, settings, fate)
        assert fate.dead
        clock.shift(16)  # the lease of the dead worker ends
        for task, *_ in await _woken_by(business.gateways, tasks.sweep):
            assert task == "contact_imports.run"
            await run_import(business.gateways, business.business_id)
        await _verify(business, import_id)
