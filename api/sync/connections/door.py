"""The way to one organisation: configuration, tokens and budget put together; what happened there noted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from api.platform.clock import now
from api.platform.log import get_logger
from api.platform.runtime import Runtime
from api.platform.settings import Settings
from api.records.notifications.service import NotificationService
from api.sync.connections.budget import OrganisationBudget
from api.sync.connections.grants import GrantTokens
from api.sync.connections.models import Connection
from api.xero.client import XeroClient
from api.xero.config import XeroConfig
from api.xero.errors import XeroDisconnected
from api.xero.http import Http
from api.xero.limits import Ceilings
from api.xero.oauth import XeroOAuth

_logger = get_logger("jobtally.connections")


@dataclass(frozen=True)
class LiveConnection:
    """A connection that works as far as we know."""

    business_id: UUID
    organisation_id: UUID
    organisation_name: str
    grant_id: UUID
    connected_at: datetime


def xero_config(settings: Settings) -> XeroConfig:
    """Our app at Xero, as configured; without credentials the identity server will refuse us in words."""
    return XeroConfig(
        client_id=settings.xero_client_id or "",
        client_secret=settings.xero_client_secret or "",
        redirect_uri=settings.xero_redirect_uri,
        scopes=settings.xero_scopes,
        authorize_url=settings.xero_authorize_url,
        token_url=settings.xero_token_url,
        revoke_url=settings.xero_revoke_url,
        connections_url=settings.xero_connections_url,
        api_url=settings.xero_api_url,
        issuer=settings.xero_issuer,
        batch_size=settings.xero_batch_size,
        calls_per_minute=settings.xero_calls_per_minute,
        calls_per_day=settings.xero_calls_per_day,
        concurrency=settings.xero_concurrency,
    )


class XeroDoor:
    """Opens clients for connections; one for the life of the process."""

    def __init__(self, runtime: Runtime, http: Http) -> None:
        self.config = xero_config(runtime.settings)
        self.oauth = XeroOAuth(self.config, http)
        self.database = runtime.database
        self.keyring = runtime.keyring
        self.base_url = runtime.settings.base_url
        self._http = http
        self._ceilings = Ceilings(self.config.calls_per_minute, self.config.calls_per_day, self.config.concurrency)

    async def live(self, business_id: UUID) -> LiveConnection | None:
        """The business's working connection, if it has one."""
        async with self.database.work(business_id) as work:
            statement = select(Connection).where(Connection.business_id == business_id, Connection.state == "connected")
            row = (await work.session.execute(statement)).scalar_one_or_none()
        if row is None or row.grant_id is None:
            return None
        return LiveConnection(business_id, row.organisation_id, row.organisation_name, row.grant_id, row.connected_at)

    def tokens(self, grant_id: UUID) -> GrantTokens:
        """The token source of one grant."""
        return GrantTokens(self.database, self.keyring, self.oauth, grant_id)

    def client(self, live: LiveConnection, *, essential: bool = False) -> XeroClient:
        """A client for the organisation; `essential` calls may use the day's reserve."""
        budget = OrganisationBudget(self.database, self._ceilings, live.organisation_id, essential=essential)
        return XeroClient(self.config, self._http, live.organisation_id, self.tokens(live.grant_id), budget)

    async def note_answer(self, live: LiveConnection) -> None:
        """Xero answered: the connection is checked and reachable."""
        await self._note(live, checked_at=now(), unreachable_since=None)

    async def note_silence(self, live: LiveConnection) -> None:
        """Xero does not answer; the first silence is kept until it speaks again."""
        await self._note(live, unreachable_since=now(), only_when_reachable=True)

    async def note_loss(self, live: LiveConnection, error: XeroDisconnected) -> None:
        """Only the user can help: mark the connection and tell them once."""
        state = "removed" if error.reason == "tenant" else "needs_reconnect"
        async with self.database.work(live.business_id) as work:
            changed = await work.session.execute(
                update(Connection)
                .where(Connection.business_id == live.business_id, Connection.state == "connected")
                .where(Connection.connected_at == live.connected_at)
                .values(state=state)
                .returning(Connection.id)
            )
            connection_id = changed.scalar_one_or_none()
            if connection_id is None:
                return
            words = (
                f"{live.organisation_name} removed this app in Xero. Reconnect to go on sending."
                if state == "removed"
                else f"Xero has signed us out of {live.organisation_name}. Reconnect to go on sending."
            )
            await NotificationService(work).publish(
                "connection.needs_reconnect",
                words,
                {"state": state, "reason": error.reason, "href": "/settings/connections/xero"},
                once=f"connection-lost:{connection_id}:{live.connected_at.isoformat()}",
            )
        _logger.warning("connection lost", business_id=str(live.business_id), reason=error.reason)

    async def _note(
        self,
        live: LiveConnection,
        *,
        unreachable_since: datetime | None,
        checked_at: datetime | None = None,
        only_when_reachable: bool = False,
    ) -> None:
        statement = update(Connection).where(
            Connection.business_id == live.business_id, Connection.state == "connected"
        )
        if only_when_reachable:
            statement = statement.where(Connection.unreachable_since.is_(None))
        values = {"unreachable_since": unreachable_since} | ({"checked_at": checked_at} if checked_at else {})
        async with self.database.work(live.business_id) as work:
            await work.session.execute(statement.values(**values))
