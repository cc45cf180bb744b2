"""The way to Xero: one XeroGateways per process, one XeroGateway per connection with its client, tokens and budget."""

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.runtime import Runtime
from api.sync.budgets.service import OrganisationBudget, day_share_left, heard_at, xero_now
from api.sync.connections.grants import GrantTokens
from api.sync.connections.repository import ConnectionRepository, Working
from api.sync.timing import STANDARD
from api.xero.client import XeroClient
from api.xero.clock import ClockReading
from api.xero.config import XeroConfig
from api.xero.http import Http
from api.xero.limits import Priority
from api.xero.oauth import XeroOAuth

# The callback as it is registered at Xero: the public address followed by this path.
_CALLBACK_PATH = "/api/v1/connections/xero/callback"
# Database connections of this process that read tokens at once, so that many callers do not use up the pool.
_MAX_TOKEN_READS = 4


class XeroGateways:
    """Opens the gateways of all connections; one for the life of the process."""

    def __init__(self, runtime: Runtime, config: XeroConfig, http: Http) -> None:
        self.config = config
        self.oauth = XeroOAuth(config, http, redirect_uri=f"{runtime.settings.base_url}{_CALLBACK_PATH}")
        self.database = runtime.database
        self.keyring = runtime.keyring
        self.base_url = runtime.settings.base_url
        self.http = http
        self._token_reads = asyncio.Semaphore(_MAX_TOKEN_READS)
        self.timing = STANDARD.divided_by(runtime.settings.time_scale)
        self._opened_at = time.monotonic()

    @property
    def age(self) -> timedelta:
        """For how long this process has been running."""
        return timedelta(seconds=time.monotonic() - self._opened_at)

    async def open(self, business_id: UUID, *, although_held: bool = False) -> "XeroGateway | None":
        """The gateway of the business's working connection; None when it has none.

        A connection on which Xero refuses our calls is held for a while; `although_held` opens it all the same.
        """
        async with self.database.work(business_id) as work:
            return await self.open_within(work, although_held=although_held)

    async def open_within(self, work: UnitOfWork, *, although_held: bool = False) -> "XeroGateway | None":
        """The same, read in a unit of work of the business."""
        working = await ConnectionRepository(work).working(although_held=although_held)
        if working is None:
            return None
        row, tokens = working.connection, self.tokens(working.grant.id)
        tokens.use_at_first(working.grant, previous_is_accepted=working.previous_is_accepted)
        is_recent = row.checked_at is not None and row.checked_at > await work.now() - self.timing.checked_age
        is_well = row.problem is None and row.held_until is None and row.unreachable_since is None
        return XeroGateway(self, working, tokens, is_checked=is_well and is_recent)

    def tokens(self, grant_id: UUID) -> GrantTokens:
        """The token source of one grant."""
        return GrantTokens(self.database, self.keyring, self.oauth, grant_id, self.timing.lease, self._token_reads)


class XeroGateway:
    """One working connection: its organisation, and clients that spend its budget and use its tokens."""

    def __init__(self, gateways: XeroGateways, working: Working, tokens: GrantTokens, *, is_checked: bool) -> None:
        connection = working.connection
        self.gateways = gateways
        self.config = gateways.config
        self.timing = gateways.timing
        self.base_url = gateways.base_url
        self.business_id = connection.business_id
        self.organisation_id = connection.organisation_id
        self.organisation_name = connection.organisation_name
        self.connected_at = connection.connected_at
        self.grant_id = working.grant.id
        self.has_ledger = working.is_mirrored  # whether the mirror of the ledger is of this organisation
        self.short_code = working.short_code  # of the organisation in Xero's addresses, if that mirror has it
        self.is_checked = is_checked  # Xero answered a short time ago, and nothing is wrong with the connection
        self.ceilings = self.config.ceilings
        self.calls = 0  # begun through this gateway
        self._tokens = tokens
        # Xero's clock at the latest reply to this gateway, and what the process's monotonic clock showed then.
        self._latest_reply: tuple[datetime, float] | None = None

    def work(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work for the connection's business."""
        return self.gateways.database.work(self.business_id)

    async def now(self) -> datetime:
        """The present instant by the database's clock."""
        return await self.gateways.database.now()

    async def xero_now(self) -> datetime:
        """The present instant by Xero's clock, as this organisation's latest replies show it."""
        if self._latest_reply is None:
            async with self.work() as work:
                return await xero_now(work, self.organisation_id)
        instant, read_at = self._latest_reply
        return instant + timedelta(seconds=time.monotonic() - read_at)

    async def xero_instant(self, started: float) -> datetime:
        """What Xero's clock showed when the process's monotonic clock showed `started`, by replies that came since."""
        return await self.xero_now() - timedelta(seconds=time.monotonic() - started)

    async def heard_at(self) -> datetime:
        """When Xero's latest reply for this organisation came, by Xero's clock: no later than the present instant."""
        if self._latest_reply is None:
            async with self.work() as work:
                return await heard_at(work, self.organisation_id)
        return self._latest_reply[0]

    def client(self, priority: Priority = Priority.NORMAL) -> XeroClient:
        """A client for the organisation, whose calls have this priority."""
        budget = OrganisationBudget(
            self.gateways.database, self.ceilings, self.organisation_id, priority=priority, watcher=self
        )
        return XeroClient(self.config, self.gateways.http, self.organisation_id, self._tokens, budget)

    async def is_listed(self) -> bool:
        """Whether Xero still lists the connection; costs no call of the organisation's budget."""
        return await self._tokens.is_listed(str(self.organisation_id))

    async def day_share_left(self) -> float:
        """Which part of the day's calls is left, from 0 to 1."""
        return await day_share_left(self.gateways.database, self.organisation_id, self.ceilings)

    def note_call(self) -> None:
        """One more call was begun through this gateway."""
        self.calls += 1

    def note_clock(self, reading: ClockReading) -> None:
        """A reply shows Xero's clock."""
        self._latest_reply = reading.xero_time, time.monotonic() - reading.seconds_ago
