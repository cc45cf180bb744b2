"""Background tasks of exports."""

from typing import Any
from uuid import UUID

from api.sync.connections.service import XeroGateways
from api.sync.exports.drain import drain as drain_business
from api.sync.writes.service import wake_due_businesses


async def drain(ctx: dict[str, Any], business_id: str) -> None:
    """Give one business a turn."""
    gateways: XeroGateways = ctx["gateways"]
    await drain_business(gateways, UUID(business_id))


async def sweep(gateways: XeroGateways) -> None:
    """Wake a worker for every business that is due, so that a lost wake-up only delays it."""
    await wake_due_businesses(gateways.database, gateways.timing)
