"""Background tasks of pushes."""

from typing import Any
from uuid import UUID

from api.platform.db.work import SYSTEM
from api.sync.connections.service import XeroGateways
from api.sync.contacts.pushes.repository import due_businesses
from api.sync.contacts.pushes.service import ContactPushService

_QUEUED_AT_ONCE = 1000  # the next minute queues the others


async def queue_pushes(ctx: dict[str, Any]) -> None:
    """Have the contacts of every business pushed whose six hours have begun."""
    gateways: XeroGateways = ctx["gateways"]
    async with gateways.database.work(SYSTEM) as work:
        for business_id in await due_businesses(work, _QUEUED_AT_ONCE):
            work.wake_after_commit("contacts.push", business_id)


async def push(ctx: dict[str, Any], business_id: str) -> None:
    """Begin the push of these six hours of a business; its next turn of writes goes on with it."""
    gateways: XeroGateways = ctx["gateways"]
    async with gateways.database.work(UUID(business_id)) as work:
        await ContactPushService(work).start_scheduled()
