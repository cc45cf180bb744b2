"""Importing contacts in the background."""

from typing import Any
from uuid import UUID

from api.platform.db.work import SYSTEM
from api.sync.connections.service import XeroGateways
from api.sync.contacts.imports.repository import businesses_due
from api.sync.contacts.imports.running import run_import

_WOKEN_AT_ONCE = 200  # the next sweep, seconds later, wakes the others


async def run(ctx: dict[str, Any], business_id: str) -> None:
    """Go on with the open import of a business."""
    gateways: XeroGateways = ctx["gateways"]
    await run_import(gateways, UUID(business_id))


async def sweep(gateways: XeroGateways) -> None:
    """Wake a worker for each import that is due and that nobody works on."""
    async with gateways.database.work(SYSTEM) as work:
        for business_id in await businesses_due(work, gateways.timing.lease, _WOKEN_AT_ONCE):
            work.wake_after_commit("contact_imports.run", business_id)
