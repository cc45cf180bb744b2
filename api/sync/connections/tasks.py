"""What connections need without anybody asking."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from api.platform.clock import now
from api.platform.db.work import SYSTEM
from api.platform.log import get_logger
from api.sync.connections.budget import forget_old_calls
from api.sync.connections.models import Grant
from api.sync.connections.service import XeroGateways
from api.xero.errors import XeroError

# Xero forgets a refresh token that is not used for 60 days.
_IDLE = timedelta(days=7)
_logger = get_logger("jobtally.connections")


async def keep_alive(ctx: dict[str, Any]) -> None:
    """Refresh the tokens of grants nobody used for a week, and forget calls no limit counts any more."""
    gateways: XeroGateways = ctx["gateways"]
    await forget_old_calls(gateways.database)
    for grant_id in await _idle_grants(gateways):
        try:
            await gateways.tokens(grant_id).access_token()  # a token lives half an hour: a week-old one is refreshed
        except XeroError as error:
            _logger.warning("idle grant not refreshed", grant_id=str(grant_id), error=str(error))


async def _idle_grants(gateways: XeroGateways) -> Sequence[UUID]:
    async with gateways.database.work(SYSTEM) as work:
        statement = select(Grant.id).where(Grant.refreshed_at < now() - _IDLE, Grant.ended_at.is_(None))
        return (await work.session.execute(statement)).scalars().all()
