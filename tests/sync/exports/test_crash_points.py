"""A worker that dies at any commit or call: every invoice is in Xero once, and one notification is published."""

import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from sqlalchemy import text

from api.app import create_app
from api.platform.crypto import Keyring
from api.platform.db.work import SYSTEM, Database
from api.platform.ids import decode
from api.platform.queue import ArqTaskQueue, open_redis
from api.platform.runtime import Runtime
from api.sync.connections.service import XeroGateways
from api.xero.http import open_http
from sandbox.app import StandIn
from sandbox.faults import Fault
from sandbox.in_process import InProcessTransport
from sandbox.seeds import NZ_TENANT
from sandbox.state import Identity
from tests.callers import Caller, sign_up
from tests.clock import Clock, moving_clock
from tests.conftest import Databases, name_of
from tests.records.making import make
from tests.sync.connected_business import ConnectedBusiness, settings_for, unlimited_stand_in
from tests.sync.crashing import SHARES, Crash, Fate, MortalDatabase, MortalTransport, moments_of
from tests.sync.queues import SilentQueue, sweep_exports

_VARIATION = 4  # calls that are in flight together may end together or one by one
_LONGEST = 400  # slices; a run that needs more is stuck
_JOB_CHANGES = """
CREATE TABLE job_status_changes (job_id uuid);
CREATE FUNCTION note_job_status() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
    $$ BEGIN INSERT INTO job_status_changes VALUES (NEW.id); RETURN NEW; END $$;
CREATE TRIGGER note_job_status AFTER UPDATE OF status_id ON jobs FOR EACH ROW EXECUTE FUNCTION note_job_status();
GRANT SELECT ON job_status_changes TO jobtally_app;
"""


@dataclass
class Prepared:
    """A connected business with a run of twelve invoices just started, as a database to copy."""

    databases: Databases
    url: str
    identity: Identity
    folder: Path
    export_id: str
    began: datetime


@pytest.fixture(scope="module")
async def prepared(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Prepared]:
    """Eight customer invoices with jobs, four bills (two of them alike), three contacts that Xero has not."""
    folder = tmp_path_factory.mktemp("crash")
    url = databases.clone()
    _execute(databases.server.url("postgres", name_of(url)), _JOB_CHANGES)
    stand_in = unlimited_stand_in()
    settings = settings_for(url, folder)
    app = create_app(settings, embedded_worker=False, xero_transport=InProcessTransport(stand_in))
    async with (
        app.router.lifespan_context(app),
        Caller(transport=httpx2.ASGITransport(app=app), base_url="http://localhost:8080") as client,
    ):
        business = ConnectedBusiness(app, await sign_up(client), stand_in)
        await business.connect()
        await business.refresh_ledger()
        done = await make(client, "job-statuses", name="Invoiced")
        await business.prefer(default_income_code="200", default_expense_code="310", job_status_on_export=done["id"])
        names = ("Kōwhai Dental Ltd", "Rātā Builders", "Tui Cafe", "Hana Parata", "Pipeline Supplies Ltd")
        contacts = [await business.company(name) for name in names]
        invoices = []
        for number in range(8):
            contact = contacts[number % 4]
            job = await make(client, "jobs", number=f"J-{number}", description="Repair", contact_id=contact)
            invoices.append(await business.invoice(f"INV-{number}", contact, job_id=job["id"]))
        bills = ("B-1", "B-1", "B-2", "B-3")
        invoices += [await business.invoice(number, contacts[4], "supplier") for number in bills]
        await business.distinguish(*invoices)
        export_id = await business.export(*invoices)
    yield Prepared(databases, url, stand_in.world.identity, folder, export_id, datetime.now(UTC))
    databases.drop(url)


def _execute(url: str, statements: str) -> None:
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute(statements.encode())


@dataclass
class Trial:
    """One life after another of a worker, against one stand-in and one copy of the prepared database."""

    prepared: Prepared
    url: str
    stand_in: StandIn
    clock: Clock
    observer: Database

    @asynccontextmanager
    async def worker(self, fate: Fate) -> AsyncIterator[XeroGateways]:
        """A process with this fate."""
        settings = settings_for(self.url, self.prepared.folder, XERO_BATCH_SIZE="6")
        redis = await open_redis(None)
        database = MortalDatabase(self.url, fate)
        keyring = Keyring(settings.keys())
        try:
            async with open_http(MortalTransport(self.stand_in, fate)) as http:
                yield XeroGateways(Runtime(settings, keyring, ArqTaskQueue(redis), database), settings.xero, http)
        finally:
            await database.close()
            await redis.aclose(close_connection_pool=True)

    async def live(self, fate: Fate) -> None:
        """Work until the run is done, moving the clock to whatever comes next; or die on the way."""
        async with self.worker(fate) as gateways:
            with_rest = 0
            while not await self.is_done():
                with_rest += 1
                assert with_rest < _LONGEST, "the run never ends"
                await sweep_exports(gateways)
                self.clock.shift(await self._until_next())

    async def is_done(self) -> bool:
        """Whether the run is finished."""
        (row,) = await self.rows("SELECT finished_at FROM export_runs")
        return row.finished_at is not None

    async def _until_next(self) -> timedelta:
        (row,) = await self.rows("SELECT next_due, lease_until FROM write_queue")
        times = [time for time in (row.next_due, row.lease_until) if time is not None]
        assert times or await self.is_done(), "nobody will ever look at the run again"
        instant = await self.observer.now()
        return max(min(times, default=instant) - instant, timedelta(0)) + timedelta(milliseconds=10)

    async def rows(self, statement: str, **values: Any) -> list[Any]:
        """Rows of a question of the test's own."""
        async with self.observer.work(SYSTEM) as work:
            return list((await work.session.execute(text(statement), values)).all())

    async def verify(self) -> None:
        """Each invoice once in Xero, each contact once, counts that add up, one notification, one change a job."""
        documents = list(self.stand_in.world.ledgers[NZ_TENANT].invoices.values())
        items = await self.rows("SELECT invoice_id, state, xero_invoice_id, total FROM export_items")
        assert {item.state for item in items} == {"exported"}
        by_mark = {document["Url"].rsplit("/", 1)[1]: document for document in documents}
        assert (len(documents), len(by_mark)) == (12, 12), "an invoice is in Xero twice or not at all"
        for item in items:
            document = by_mark[str(item.invoice_id)]
            assert (document["InvoiceID"], document["Total"]) == (str(item.xero_invoice_id), item.total)
        links = await self.rows("SELECT xero_invoice_id FROM invoice_links")
        assert {str(link.xero_invoice_id) for link in links} == {entry["InvoiceID"] for entry in documents}
        marked = await self.rows("SELECT DISTINCT export_state, status FROM invoices")
        assert [tuple(entry) for entry in marked] == [("exported", "approved")]
        await self._verify_around()

    async def _verify_around(self) -> None:
        created = [
            entry
            for entry in self.stand_in.world.ledgers[NZ_TENANT].contacts.values()
            if (entry.get("ContactNumber") or "").startswith("con_")
        ]
        assert sorted(entry["Name"] for entry in created) == ["Kōwhai Dental Ltd", "Rātā Builders", "Tui Cafe"]
        (run,) = await self.rows("SELECT * FROM export_runs")
        assert (run.state, run.total, run.exported, run.waiting, run.unknown) == ("done", 12, 12, 0, 0)
        rows = await self.rows("SELECT message FROM notifications WHERE kind = 'export.finished'")
        assert [entry.message for entry in rows] == ["12 of 12 invoices have been exported to Xero."]
        changes = await self.rows("SELECT job_id, count(*) AS times FROM job_status_changes GROUP BY job_id")
        assert [entry.times for entry in changes] == [1] * 8
        assert await self.rows("SELECT 1 FROM write_attempts WHERE state = 'open'") == []
        assert decode("exp", self.prepared.export_id) == run.id


@asynccontextmanager
async def trial(prepared: Prepared) -> AsyncIterator[Trial]:
    """A fresh copy of everything, at the moment the run was started."""
    url = prepared.databases.clone(prepared.url)
    observer = Database(url, SilentQueue(), pool_size=1)
    try:
        with moving_clock() as clock:
            stand_in = unlimited_stand_in()
            stand_in.world.identity = copy.deepcopy(prepared.identity)
            yield Trial(prepared, url, stand_in, clock, observer)
    finally:
        await observer.close()
        prepared.databases.drop(url)


@pytest.fixture(scope="module")
async def golden(prepared: Prepared) -> Fate:
    """An undisturbed run: how many commits and calls it has."""
    fate = Fate()
    async with trial(prepared) as undisturbed:
        await undisturbed.live(fate)
        await undisturbed.verify()
    return fate


async def test_no_transaction_is_open_while_its_own_call_is_out(golden: Fate) -> None:
    assert golden.counts["before call"] > 3
    assert golden.held == 0


@pytest.mark.parametrize("moment", ["before commit", "before call"])
@pytest.mark.parametrize("share", SHARES)
async def test_a_worker_may_die_at_any_moment(prepared: Prepared, golden: Fate, moment: str, share: int) -> None:
    assert golden.counts[moment] >= 5  # no share is empty
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
        pytest.param({"kind": "unavailable"}, id="unavailable"),
        pytest.param({"kind": "status", "status": 500, "when": "after", "count": 3}, id="failing after the work"),
        pytest.param({"kind": "html", "when": "after"}, id="a page for a reply"),
    ],
)
async def test_any_call_may_go_wrong(prepared: Prepared, golden: Fate, trouble: dict[str, Any], share: int) -> None:
    for number in moments_of(share, golden.counts["before call"]):
        async with trial(prepared) as run:
            run.stand_in.faults.waiting.append(Fault.model_validate({"skip": number - 1, **trouble}))
            await run.live(Fate())
            await run.verify()
