"""A consent that stored nothing is undone at Xero, so that Xero does not list a connection that nobody here has."""

from api.platform.db.work import SYSTEM
from api.platform.log import get_logger
from api.sync.connections.gateway import XeroGateways
from api.sync.connections.repository import GrantRepository, connections_in_use
from api.xero.errors import XeroError
from api.xero.tokens import TokenSet

_logger = get_logger("jobtally.connections")


async def undo_consent(gateways: XeroGateways, tokens: TokenSet) -> None:
    """End at Xero the connections of this consent that no business uses, and the grant if it is a new one.

    A failure is logged only: the tokens are forgotten here in any case.
    """
    try:
        await _delete_connections(gateways, tokens)
        if tokens.xero_user_id is not None and not await _is_known(gateways, tokens.xero_user_id):
            await gateways.oauth.revoke(tokens.refresh_token)
    except XeroError as error:
        _logger.warning("consent not undone at Xero", error=str(error))


async def _delete_connections(gateways: XeroGateways, tokens: TokenSet) -> None:
    if tokens.auth_event_id is None:  # Xero would list the user's connections of earlier consents too
        return
    made = {each.id for each in await gateways.oauth.connections(tokens.access_token, tokens.auth_event_id)}
    async with gateways.database.work(SYSTEM) as work:
        unused = made - await connections_in_use(work, made)
    for connection_id in unused:
        await gateways.oauth.delete_connection(tokens.access_token, connection_id)


async def _is_known(gateways: XeroGateways, xero_user_id: str) -> bool:
    """Whether a grant of this Xero user is stored: revoking a token would end it too."""
    async with gateways.database.work(SYSTEM) as work:
        return await GrantRepository(work).of_user(xero_user_id) is not None
