"""What calls say about a connection: Xero answers, Xero is silent, or only a person can repair it."""

from api.platform.log import get_logger
from api.records.notifications.service import NotificationService
from api.sync.connections.gateway import XeroGateway
from api.sync.connections.repository import ConnectionRepository
from api.sync.connections.states import ConnectionState
from api.xero.errors import XeroDisconnected

_logger = get_logger("jobtally.connections")


async def note_answer(gateway: XeroGateway) -> None:
    """Xero answered: the connection is checked and reachable."""
    async with gateway.work() as work:
        await ConnectionRepository(work).note_answer()


async def note_silence(gateway: XeroGateway) -> None:
    """Xero does not answer; the first silence is kept until Xero answers again."""
    async with gateway.work() as work:
        await ConnectionRepository(work).note_silence()


async def note_loss(gateway: XeroGateway, error: XeroDisconnected) -> None:
    """Only a person can repair the connection: mark it and notify once."""
    state = ConnectionState.REMOVED if error.reason == "tenant" else ConnectionState.NEEDS_RECONNECT
    async with gateway.work() as work:
        # A connection made since this gateway was opened is not lost.
        connection_id = await ConnectionRepository(work).mark_lost(state, gateway.connected_at)
        if connection_id is None:
            return
        await NotificationService(work).publish(
            "connection.needs_reconnect",
            _loss_message(state, gateway.organisation_name),
            {"state": state, "reason": error.reason, "href": "/settings/connections/xero"},
            once=f"connection-lost:{connection_id}:{gateway.connected_at.isoformat()}",
        )
    _logger.warning("connection lost", business_id=str(gateway.business_id), reason=error.reason)


def _loss_message(state: ConnectionState, organisation_name: str) -> str:
    if state == ConnectionState.REMOVED:
        return f"{organisation_name} removed this app in Xero. Reconnect to go on sending."
    return f"Xero has signed us out of {organisation_name}. Reconnect to go on sending."
