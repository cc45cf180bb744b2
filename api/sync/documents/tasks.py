"""The first read of the documents in Xero, and their daily audit."""

from typing import Any
from uuid import UUID

from api.platform.db.work import SYSTEM
from api.platform.log import get_logger
from api.sync.connections.service import XeroGateways
from api.sync.documents.audit import audit_business, report
from api.sync.documents.mirror import PAGES_OF_A_TURN, read_on
from api.sync.documents.repository import businesses_with_documents
from api.xero.errors import XeroError
from api.xero.limits import Priority

_HOURS = 24
_logger = get_logger("jobtally.documents")


async def read(ctx: dict[str, Any], business_id: str) -> None:
    """Begin to read the documents of an organisation that was just connected; exports read the rest."""
    gateway = await ctx["gateways"].open(UUID(business_id))
    if gateway is None:
        return
    try:
        await read_on(gateway, max_pages=PAGES_OF_A_TURN, priority=Priority.BACKGROUND)
    except XeroError as error:
        _logger.info("documents not read, the next export reads them", business_id=business_id, error=str(error))


async def queue_audits(ctx: dict[str, Any]) -> None:
    """Have the businesses of this hour audited: each has one hour of the day, by its id."""
    gateways: XeroGateways = ctx["gateways"]
    async with gateways.database.work(SYSTEM) as work:
        hour = (await work.now()).hour
        for business_id in await businesses_with_documents(work):
            if business_id.int % _HOURS == hour:
                work.wake_after_commit("documents.audit", business_id)


async def audit(ctx: dict[str, Any], business_id: str) -> None:
    """Audit one business. When Xero does not answer, the next day's audit follows."""
    gateways: XeroGateways = ctx["gateways"]
    try:
        findings = await audit_business(gateways, UUID(business_id))
    except XeroError as error:
        _logger.warning("audit not finished", business_id=business_id, error=str(error))
        return
    async with gateways.database.work(UUID(business_id)) as work:
        await report(work, findings)
