"""Task root: which tasks there are, when they run by themselves, and the sweep behind the queue."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from arq.cron import cron

from api.platform.db.work import SYSTEM
from api.platform.http.idempotency import forget_expired
from api.platform.queue import WorkerPlan, working
from api.platform.runtime import Runtime, open_runtime
from api.sync.connections import tasks as connections
from api.sync.connections.service import XeroGateways
from api.sync.exports import tasks as exports
from api.sync.ledger import tasks as ledger
from api.xero.config import JobtallySettings
from api.xero.http import open_http

TASKS = {
    "exports.drain": exports.drain,
    "ledger.refresh": ledger.refresh,
    "ledger.rebind": ledger.rebind,
}


async def housekeeping(ctx: dict[str, Any]) -> None:
    """Forget what has had its day."""
    async with ctx["gateways"].database.work(SYSTEM) as work:
        await forget_expired(work)


CRONS = (
    cron(connections.keep_alive, name="connections.keep_alive", hour=3, minute=17, keep_result=0, max_tries=1),
    cron(housekeeping, name="platform.housekeeping", minute=41, keep_result=0, max_tries=1),
)


def plan(gateways: XeroGateways) -> WorkerPlan:
    """What a worker runs on this gateways."""

    async def sweep() -> None:
        await ledger.sweep(gateways)
        await exports.sweep(gateways)

    return WorkerPlan(tasks=TASKS, crons=CRONS, sweep=sweep, context={"gateways": gateways})


@asynccontextmanager
async def embedded_worker(runtime: Runtime, gateways: XeroGateways) -> AsyncIterator[None]:
    """A worker inside the API's process, on its in-process Redis."""
    async with working(plan(gateways), runtime.redis, embedded=True):
        yield


@asynccontextmanager
async def separate_worker(settings: JobtallySettings) -> AsyncIterator[None]:
    """A worker of its own, on the Redis and the database of the settings."""
    async with (
        open_runtime(settings) as runtime,
        open_http() as http,
        working(plan(XeroGateways(runtime, settings.xero, http)), runtime.redis, embedded=False),
    ):
        yield
