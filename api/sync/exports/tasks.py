"""Exporting in the background."""

from typing import Any
from uuid import UUID

from api.sync.connections.service import XeroDoor
from api.sync.exports.drain import drain as drain_business
from api.sync.exports.lease import due_businesses


async def drain(ctx: dict[str, Any], business_id: str) -> None:
    """Give one business's exports a slice of work."""
    door: XeroDoor = ctx["door"]
    await drain_business(door, UUID(business_id))


async def sweep(door: XeroDoor) -> None:
    """Work on every business that is due: what makes a lost ring harmless."""
    for business_id in await due_businesses(door.database):
        await drain_business(door, business_id)
