"""Background tasks of connections."""

from typing import Any
from uuid import UUID

from api.platform.log import get_logger
from api.sync.budgets.service import forget_old_calls
from api.sync.connections.grants import idle_grants
from api.sync.connections.service import XeroGateways
from api.sync.connections.watching.service import watch
from api.xero.errors import XeroError

_logger = get_logger("jobtally.connections")


async def check(ctx: dict[str, Any], business_id: str) -> None:
    """Check the connection of a business, if nothing else has shown for long enough that it works."""
    gateways: XeroGateways = ctx["gateways"]
    await watch(gateways, UUID(business_id))


async def keep_alive(ctx: dict[str, Any]) -> None:
    """Refresh the tokens of grants that were not used for a week; delete calls that no limit counts any more."""
    gateways: XeroGateways = ctx["gateways"]
    await forget_old_calls(gateways.database)
    for grant_id in await idle_grants(gateways.database):
        try:
            await gateways.tokens(grant_id).access_token()  # it has expired, so it is refreshed
        except XeroError as error:
            _logger.warning("idle grant not refreshed", grant_id=str(grant_id), error=str(error))
