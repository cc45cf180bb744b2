"""Nightly work for connections."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from api.platform.clock import app_now
from api.platform.db.work import SYSTEM
from api.platform.log import get_logger
from api.sync.connections.budget import forget_old_calls
from api.sync.connections.models import Grant
from api.sync.connections.service import XeroGateways
from api.xero.errors import XeroError

# Xero deletes a refresh token that is not used for 60 days.
_IDLE_PERIOD = timedelta(days=7)
_logger = get_logger("jobtally.connections")


async def keep_alive(ctx: dict[str, Any]) -> None:
    """Refresh the tokens of grants that were not used for a week; delete calls that no limit counts any more."""
    gateways: XeroGateways = ctx["gateways"]
    await forget_old_calls(gateways.database)
    for grant_id in await _idle_grants(gateways):
        try:
            await gateways.tokens(grant_id).access_token()  # it has expired, so it is refreshed
        except XeroError as error:
            _logger.warning("idle grant not refreshed", grant_id=str(grant_id), error=str(error))


async def _idle_grants(gateways: XeroGateways) -> Sequence[UUID]:
    async with gateways.database.work(SYSTEM) as work:
        statement = select(Grant.id).where(Grant.refreshed_at < app_now() - _IDLE_PERIOD, Grant.ended_at.is_(None))
        return (await work.session.execute(statement)).scalars().all()
