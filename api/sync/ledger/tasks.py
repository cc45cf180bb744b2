"""Refreshing the mirror in the background."""

from typing import Any
from uuid import UUID

from api.platform.db.work import SYSTEM
from api.sync.connections.service import XeroGateways
from api.sync.ledger.refresh import run_refresh
from api.sync.ledger.refreshes.repository import businesses_due
from api.sync.ledger.service import LedgerService

_WOKEN_AT_ONCE = 200  # the next sweep, seconds later, wakes the others


async def refresh(ctx: dict[str, Any], business_id: str) -> None:
    """Run the open refresh of a business."""
    gateways: XeroGateways = ctx["gateways"]
    await run_refresh(gateways, UUID(business_id))


async def rebind(ctx: dict[str, Any], business_id: str) -> None:
    """Bind cost centers again after a name or the category changed."""
    gateways: XeroGateways = ctx["gateways"]
    async with gateways.database.work(UUID(business_id)) as work:
        await LedgerService(work).rebind()


async def sweep(gateways: XeroGateways) -> None:
    """Wake a worker for each refresh that is due: asked for and not done, connected since the last one, a day old."""
    async with gateways.database.work(SYSTEM) as work:
        for business_id in await businesses_due(work, gateways.timing.lease, _WOKEN_AT_ONCE):
            work.wake_after_commit("ledger.refresh", business_id)
