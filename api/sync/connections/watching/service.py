"""Checking one connection with a cheap call, when nothing else has shown for long enough that it works."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.schedule.service import CLAIMED_FOR, schedule_within, unschedule
from api.sync.connections.gateway import XeroGateway, XeroGateways
from api.sync.connections.health import note_loss, note_silence
from api.sync.connections.watching.repository import WatchedConnectionRepository
from api.xero.errors import XeroBusy, XeroDisconnected, XeroError

_TASK: Final = "connections.check"
# A lost connection is noticed within this time if something waits or it was used lately, else within a day.
_NOTICED_WITHIN: Final = timedelta(minutes=60)
_NOTICED_WITHIN_IDLE: Final = timedelta(hours=24)
_RECENT: Final = timedelta(days=7)
# Each connection is looked at so often; most looks see a young answer and make no call.
_EARLIEST_LOOK, _LATEST_LOOK = timedelta(minutes=20), timedelta(minutes=25)
_OLDEST: Final = timedelta(minutes=30)
_OLDEST_IDLE: Final = timedelta(hours=23)
assert _OLDEST + _LATEST_LOOK + CLAIMED_FOR <= _NOTICED_WITHIN
assert _OLDEST_IDLE + _LATEST_LOOK + CLAIMED_FOR <= _NOTICED_WITHIN_IDLE


async def begin_watching(work: UnitOfWork) -> None:
    """The business is connected from now on."""
    await schedule_within(work, _TASK, timedelta(0), _LATEST_LOOK)


async def watch(gateways: XeroGateways, business_id: UUID) -> None:
    """Ask Xero whether the connection still exists, if that is due, and plan the next look."""
    gateway = await gateways.open(business_id, although_held=True)
    async with gateways.database.work(business_id) as work:
        if gateway is None:
            await unschedule(work, _TASK)
            return
        is_due = await WatchedConnectionRepository(work).is_check_due(_OLDEST, _OLDEST_IDLE, _RECENT)
    if is_due and not await _answers(gateway):
        return  # woken again soon, as every task that does not say when it is due
    async with gateways.database.work(business_id) as work:
        await schedule_within(work, _TASK, _EARLIEST_LOOK, _LATEST_LOOK)


async def _answers(gateway: XeroGateway) -> bool:
    """Whether Xero says anything of the connection. A loss is noted; a silence is none."""
    try:
        if not await gateway.is_listed():
            raise XeroDisconnected("tenant")
    except XeroDisconnected as lost:
        await note_loss(gateway, lost)
    except XeroError as silence:
        if not isinstance(silence, XeroBusy) or silence.limit == "unavailable":
            await note_silence(gateway)
        return False
    else:
        async with gateway.work() as work:
            await WatchedConnectionRepository(work).note_listed()
    return True
