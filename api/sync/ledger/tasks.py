"""Refreshing the mirror in the background."""

from typing import Any
from uuid import UUID

from api.platform.db.work import SYSTEM
from api.platform.log import get_logger
from api.sync.connections.service import XeroGateways
from api.sync.ledger.refresh import run_refresh
from api.sync.ledger.repository import businesses_due
from api.sync.ledger.service import LedgerService

_logger = get_logger("jobtally.ledger")


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
    """Refresh what is due: asked for and not done, connected since the last one, or a day old."""
    async with gateways.database.work(SYSTEM) as work:
        due = await businesses_due(work, gateways.timing.lease)
    for business_id in due:
        try:
            await run_refresh(gateways, business_id)
        except Exception:
            _logger.exception("a refresh failed, others go on", business_id=str(business_id))
