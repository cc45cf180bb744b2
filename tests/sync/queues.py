"""Task queues for tests that run their tasks by hand."""

from collections.abc import Awaitable, Callable

from api.sync.connections.service import XeroGateways
from api.sync.exports import tasks as exports
from api.sync.ledger import tasks as ledger
from api.worker import TASKS


class SilentQueue:
    """Wakes nobody."""

    async def wake(self, task: str, *ids: str) -> None:
        """Do nothing."""


class RecordingQueue:
    """Remembers each wake-up."""

    def __init__(self) -> None:
        self.wake_ups: list[tuple[str, ...]] = []

    async def wake(self, task: str, *ids: str) -> None:
        """Remember it."""
        self.wake_ups.append((task, *ids))


async def sweep_exports(gateways: XeroGateways) -> None:
    """Sweep, and run each task that the sweep wakes, one after another."""
    await _run(gateways, await _woken_by(gateways, exports.sweep))


async def sweep_ledgers(gateways: XeroGateways) -> None:
    """Sweep, and run each task that the sweep wakes, one after another."""
    await _run(gateways, await _woken_by(gateways, ledger.sweep))


async def _woken_by(gateways: XeroGateways, sweep: Callable[[XeroGateways], Awaitable[None]]) -> list[tuple[str, ...]]:
    database, recording = gateways.database, RecordingQueue()
    queue, database._queue = database._queue, recording
    try:
        await sweep(gateways)
    finally:
        database._queue = queue
    return recording.wake_ups


async def _run(gateways: XeroGateways, wake_ups: list[tuple[str, ...]]) -> None:
    for task, *ids in wake_ups:
        await TASKS[task]({"gateways": gateways}, *ids)
