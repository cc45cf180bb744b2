"""Background tasks of standing checks."""

from typing import Any
from uuid import UUID

from api.platform.db.work import SYSTEM
from api.sync.connections.service import XeroGateways
from api.sync.exports.standing.repository import businesses_to_check
from api.sync.exports.standing.service import check_standing

_WOKEN_AT_ONCE = 200  # the next sweep, seconds later, wakes the others


async def check(ctx: dict[str, Any], business_id: str) -> None:
    """Work off the list of one business."""
    gateways: XeroGateways = ctx["gateways"]
    await check_standing(gateways.database, UUID(business_id))


async def sweep(gateways: XeroGateways) -> None:
    """Wake a worker for each business with something on its list."""
    async with gateways.database.work(SYSTEM) as work:
        for business_id in await businesses_to_check(work, _WOKEN_AT_ONCE):
            work.wake_after_commit("invoices.check", business_id)
