"""Tokens of one grant: one process at a time refreshes them, and a new pair is committed before it is used."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from api.platform.clock import app_now, now
from api.platform.crypto import Keyring
from api.platform.db.lease import Lease, LeaseTiming, renewing
from api.platform.db.work import SYSTEM, Database, UnitOfWork
from api.platform.log import get_logger
from api.sync.connections.models import Grant
from api.sync.connections.repository import GrantRepository
from api.xero.errors import XeroBusy, XeroDisconnected, XeroRejected
from api.xero.http import TOKEN_SECONDS
from api.xero.oauth import XeroOAuth
from api.xero.tokens import TokenSet
from api.xero.wire import Connection

_REFRESH_BEFORE = timedelta(minutes=5)
_RECENT_SECONDS = 20.0  # a turn of one business; far less than the time for which a token still lasts
# Xero still accepts the refresh token before the last one for this long, in case its reply was lost.
_PREVIOUS_TOKEN_LIFETIME = timedelta(minutes=30)
# A person is asked to reconnect when Xero has refused every token for this long.
_REFUSED_PERIOD = timedelta(minutes=10)
# How long a process waits for another one that refreshes: the lease of one that died has to end in the meantime.
_WAITS_SECONDS = tuple(min(0.1 * 1.3**number, 1.0) for number in range(35))
assert sum(_WAITS_SECONDS) > LeaseTiming().lease_seconds + TOKEN_SECONDS
_MISCONFIGURED_WAIT_SECONDS = 60
_UNLISTED_WAIT_SECONDS = 30
_UNAUTHORIZED = 401
# Xero deletes a refresh token that is not used for 60 days.
_IDLE_PERIOD = timedelta(days=7)
_logger = get_logger("jobtally.grants")


@dataclass(frozen=True)
class _OpenedGrant:
    """A grant's tokens in clear text."""

    access_token: str
    refresh_token: str
    previous_token: str | None
    expires_at: datetime
    version: int


def sealed_tokens(keyring: Keyring, grant_id: UUID, tokens: TokenSet) -> dict[str, str]:
    """The two tokens sealed for this grant's row."""
    return {
        "access_token": keyring.seal(tokens.access_token, place=_place(grant_id, "access_token")),
        "refresh_token": keyring.seal(tokens.refresh_token, place=_place(grant_id, "refresh_token")),
    }


class GrantTokens:
    """A TokenSource for one grant. `reads` limits the database connections that callers waiting for a token use."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        oauth: XeroOAuth,
        grant_id: UUID,
        timing: LeaseTiming,
        reads: asyncio.Semaphore,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._oauth = oauth
        self._grant_id = grant_id
        self._timing = timing
        self._reads = reads
        self._is_refused = False  # whether Xero refused the token when it was read last
        self._recent: tuple[str, float] | None = None  # a token, and until when it is used without reading it again

    async def access_token(self, *, refused: str | None = None) -> str:
        """A token that lasts five more minutes; it is refreshed if it does not, or if Xero just refused it."""
        if self._recent is not None and refused is None and time.monotonic() < self._recent[1]:
            return self._recent[0]
        self._recent = None
        async with self._reads, self._database.work(SYSTEM) as work:
            opened = await self._read(work)
        if opened.access_token != refused and self._keep(opened):
            return opened.access_token
        return await self._refreshed(opened.version)

    def use_at_first(self, grant: Grant, *, previous_is_accepted: bool) -> None:
        """Use the token of a row that was read just now; what is wrong with it shows when it is used."""
        with suppress(XeroDisconnected):
            self._keep(self._opened(grant, previous_is_accepted=previous_is_accepted))

    def _keep(self, opened: _OpenedGrant) -> bool:
        """Use this token for some seconds without reading it again; gives whether it lasts long enough."""
        lasts = opened.expires_at > now() + _REFRESH_BEFORE
        if lasts:
            self._recent = opened.access_token, time.monotonic() + _RECENT_SECONDS
        return lasts

    async def note_refusal(self) -> None:
        """Xero refuses a token that it has just given. XeroDisconnected after ten minutes of nothing else."""
        self._is_refused = True
        async with self._database.work(SYSTEM) as work:
            is_final = await GrantRepository(work).note_refusal(self._grant_id, _REFUSED_PERIOD)
        _logger.warning("Xero refuses a token that it has just given", grant_id=str(self._grant_id))
        if is_final:
            raise XeroDisconnected("token")

    async def note_acceptance(self) -> None:
        """Xero accepts the token; stored only if it refused it before."""
        if self._is_refused:
            self._is_refused = False
            async with self._database.work(SYSTEM) as work:
                await GrantRepository(work).note_acceptance(self._grant_id)

    async def is_listed(self, tenant_id: str) -> bool:
        """Whether Xero lists a connection of the user to this organisation; XeroBusy if it does not say.

        A token that Xero refuses is refreshed once, which shows whether the grant has ended.
        """
        token = await self.access_token()
        try:
            listed = await self._listed(token)
        except XeroBusy as busy:
            if busy.http_status != _UNAUTHORIZED:
                raise
            listed = await self._listed_again(token)
        return any(str(connection.tenant_id) == tenant_id for connection in listed)

    async def _listed_again(self, refused: str) -> list[Connection]:
        token = await self.access_token(refused=refused)
        try:
            return await self._listed(token)
        except XeroBusy as busy:
            if busy.http_status == _UNAUTHORIZED:
                await self.note_refusal()
            raise

    async def _listed(self, token: str) -> list[Connection]:
        try:
            return await self._oauth.connections(token)
        except (XeroDisconnected, XeroRejected) as refused:
            _logger.warning("Xero does not list the connections", reason=str(refused))
            raise XeroBusy(_UNLISTED_WAIT_SECONDS, "unavailable") from None

    async def refresh_token(self) -> str:
        """The present refresh token, to revoke it when the last connection of the grant ends."""
        async with self._database.work(SYSTEM) as work:
            return (await self._read(work)).refresh_token

    async def _refreshed(self, stale_version: int) -> str:
        """The access token of a newer version: refreshed here, or by the process that holds the lease."""
        for wait_seconds in _WAITS_SECONDS:
            async with self._reads, self._database.work(SYSTEM) as work:
                lease = await GrantRepository(work).claim(self._grant_id, stale_version, self._timing)
                opened = await self._read(work)
            if lease is not None:
                return await self._refresh(lease, opened)
            if opened.version != stale_version:
                return opened.access_token
            await asyncio.sleep(wait_seconds)
        raise XeroBusy(5, "unavailable")

    async def _refresh(self, lease: Lease, opened: _OpenedGrant) -> str:
        try:
            async with renewing(self._database, SYSTEM, lease):
                tokens = await self._exchange(opened)
        except XeroDisconnected:
            if not await self._end(lease):
                raise XeroBusy(1, "unavailable") from None  # a new consent replaced the tokens meanwhile
            raise
        except XeroRejected as refused:
            # Xero refuses the app, not the grant: the operator has to correct its credentials.
            _logger.warning("Xero refuses this app's credentials", reason=str(refused))
            await self._release(lease)
            raise XeroBusy(_MISCONFIGURED_WAIT_SECONDS, "unavailable") from None
        except XeroBusy:
            await self._release(lease)
            raise
        await self._store(lease, opened, tokens)
        _logger.info("token refreshed", grant_id=str(self._grant_id), version=opened.version + 1)
        return tokens.access_token

    async def _exchange(self, opened: _OpenedGrant) -> TokenSet:
        try:
            return await self._oauth.refresh(opened.refresh_token)
        except XeroDisconnected:
            if opened.previous_token is None:
                raise
            # A reply may have been lost after Xero replaced the token: the one before is accepted for a while.
            return await self._oauth.refresh(opened.previous_token)

    async def _store(self, lease: Lease, opened: _OpenedGrant, tokens: TokenSet) -> None:
        """Commit the new pair; XeroBusy if another process took the lease over, because its pair is newer."""
        async with self._database.work(SYSTEM) as work:
            is_stored = await lease.release(
                work,
                **sealed_tokens(self._keyring, self._grant_id, tokens),
                previous_refresh_token=self._keyring.seal(
                    opened.refresh_token, place=_place(self._grant_id, "previous_refresh_token")
                ),
                previous_until=app_now() + _PREVIOUS_TOKEN_LIFETIME,
                expires_at=tokens.expires_at,
                refreshed_at=app_now(),
                version=Grant.version + 1,
            )
        if not is_stored:
            raise XeroBusy(1, "unavailable")

    async def _release(self, lease: Lease) -> None:
        async with self._database.work(SYSTEM) as work:
            await lease.release(work)

    async def _end(self, lease: Lease) -> bool:
        async with self._database.work(SYSTEM) as work:
            return await lease.release(work, ended_at=app_now())

    async def _read(self, work: UnitOfWork) -> _OpenedGrant:
        row = await GrantRepository(work).with_previous(self._grant_id)
        if row is None:
            raise XeroDisconnected("token")
        return self._opened(row[0], previous_is_accepted=bool(row[1]))

    def _opened(self, grant: Grant, *, previous_is_accepted: bool) -> _OpenedGrant:
        if grant.ended_at is not None:
            raise XeroDisconnected("token")
        self._is_refused = grant.refused_since is not None
        return _OpenedGrant(
            access_token=self._open(grant.access_token, "access_token"),
            refresh_token=self._open(grant.refresh_token, "refresh_token"),
            previous_token=self._open(grant.previous_refresh_token, "previous_refresh_token")
            if previous_is_accepted and grant.previous_refresh_token
            else None,
            expires_at=grant.expires_at,
            version=grant.version,
        )

    def _open(self, sealed: str, column: str) -> str:
        return self._keyring.open(sealed, place=_place(self._grant_id, column))


async def idle_grants(database: Database) -> Sequence[UUID]:
    """The grants whose tokens were not refreshed for a week, and that have not ended."""
    async with database.work(SYSTEM) as work:
        return await GrantRepository(work).idle(_IDLE_PERIOD)


def _place(grant_id: UUID, column: str) -> str:
    return f"grants/{grant_id}/{column}"
