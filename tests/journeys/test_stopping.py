"""Stopping the server in the middle of an export, as every deployment does."""

import httpx2
from fastapi import FastAPI

from api.app import configure
from api.xero.config import JobtallySettings
from sandbox.app import StandIn
from tests.callers import Caller, sign_up
from tests.clock import Clock
from tests.journeys.office import Office, eventually
from tests.sync.connected_business import Relay

INVOICES = "/api.xro/2.0/Invoices"


async def test_a_stopping_server_finishes_its_calls_starts_no_new_ones_and_continues_after_the_restart(
    built_with_worker: tuple[FastAPI, Relay], settings: JobtallySettings, stand_in: StandIn, clock: Clock
):
    app, relay = built_with_worker
    # Twelve calls: more than a turn has, and a turn is finished.
    small_batches = settings.xero.model_copy(update={"batch_size": 25})
    configure(app, settings.model_copy(update={"xero": small_batches}))
    relay.stand_in = stand_in
    async with Caller(transport=httpx2.ASGITransport(app=app), base_url="http://localhost:8080") as caller:
        async with app.router.lifespan_context(app):
            office = await Office(app, await sign_up(caller), stand_in, clock).open()
            ids = await office.many(300)
            office.fault("slow", seconds=0.3, count=None)
            export_id = await office.export(*ids)
            await eventually(lambda: _is_writing(office))

        begun = len(office.calls("PUT", INVOICES))
        assert 0 < len(office.in_xero()) == 25 * begun < 300
        stand_in.faults.waiting.clear()

        async with app.router.lifespan_context(app):
            office = Office(app, caller, stand_in, clock)
            run = await office.run(export_id)
            assert (run["exported"], run["unknown"]) == (25 * begun, 0)
            assert (await office.finished(export_id))["exported"] == 300
            assert len(set(office.numbers_in_xero())) == len(office.in_xero()) == 300


async def _is_writing(office: Office) -> bool:
    return bool(office.calls("PUT", INVOICES))
