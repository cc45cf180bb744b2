"""Background tasks of exports."""

from typing import Any
from uuid import UUID

from api.platform.log import get_logger
from api.sync.connections.service import XeroGateways
from api.sync.exports.drain import drain as drain_business
from api.sync.exports.lease import due_businesses

_logger = get_logger("jobtally.exports")


async def drain(ctx: dict[str, Any], business_id: str) -> None:
    """Give one business's exports a slice of work."""
    gateways: XeroGateways = ctx["gateways"]
    await drain_business(gateways, UUID(business_id))


async def sweep(gateways: XeroGateways) -> None:
    """Work on every business that is due, so that a lost wake-up only delays it."""
    for business_id in await due_businesses(gateways.database, gateways.timing):
        try:
            await drain_business(gateways, business_id)
        except Exception:
            _logger.exception("a slice failed, others go on", business_id=str(business_id))
