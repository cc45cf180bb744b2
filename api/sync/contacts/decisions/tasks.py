"""Looking again in Xero for a contact, and restating contacts after a preference or an unsure contact has changed."""

from typing import Any
from uuid import UUID

from api.platform.log import get_logger
from api.records.contacts.service import SyncState
from api.sync.connections.service import XeroGateways
from api.sync.contacts.decisions.refreshing import refresh_contact, restate_all, restate_in
from api.xero.errors import XeroError

_logger = get_logger("jobtally.contacts")


async def refresh(ctx: dict[str, Any], business_id: str, contact_id: str) -> None:
    """Read what changed in Xero, and the contact that ours is linked to."""
    gateways: XeroGateways = ctx["gateways"]
    try:
        await refresh_contact(gateways, UUID(business_id), UUID(contact_id))
    except XeroError as error:
        _logger.info("contact not read again, the next export reads it", contact_id=contact_id, error=str(error))


async def restate(ctx: dict[str, Any], business_id: str) -> None:
    """Compare every linked contact again."""
    await restate_all(ctx["gateways"], UUID(business_id))


async def restate_unsure(ctx: dict[str, Any], business_id: str) -> None:
    """Compare again the contacts that a person has to decide about."""
    await restate_in(ctx["gateways"], UUID(business_id), SyncState.UNSURE)
