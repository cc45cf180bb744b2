"""Tokens of one grant: refreshed by one process at a time, committed before use, recoverable when a reply is lost."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.platform.clock import now
from api.platform.crypto import Keyring
from api.platform.db.work import SYSTEM, Database
from api.platform.log import get_logger
from api.sync.connections.models import Grant
from api.xero.errors import XeroBusy, XeroDisconnected, XeroRejected
from api.xero.oauth import XeroOAuth
from api.xero.tokens import TokenSet

_EARLY = timedelta(minutes=5)
_LEASE = timedelta(seconds=30)  # longer than the token call may take, so no two are ever in flight
_GRACE = timedelta(minutes=30)
_PATIENCE = 40
_MISCONFIGURED_SECONDS = 60
_logger = get_logger("jobtally.grants")


@dataclass(frozen=True)
class _Opened:
    """A grant's tokens in the clear, for as long as one call takes."""

    access_token: str
    refresh_token: str
    previous: str | None
    expires_at: datetime
    version: int
    fence: int


def sealed_tokens(keyring: Keyring, grant_id: UUID, tokens: TokenSet) -> dict[str, str]:
    """The two tokens sealed for this grant's row."""
    return {
        "access_token": keyring.seal(tokens.access_token, place=_place(grant_id, "access_token")),
        "refresh_token": keyring.seal(tokens.refresh_token, place=_place(grant_id, "refresh_token")),
    }


class GrantTokens:
    """A TokenSource for one grant."""

    def __init__(self, database: Database, keyring: Keyring, oauth: XeroOAuth, grant_id: UUID) -> None:
        self._database = database
        self._keyring = keyring
        self._oauth = oauth
        self._grant_id = grant_id

    async def access_token(self, *, refused: str | None = None) -> str:
        """A token good for five minutes more; refreshed when it is not, or when Xero just refused it."""
        async with self._database.work(SYSTEM) as work:
            opened = await self._read(work.session)
        if opened.access_token != refused and opened.expires_at > now() + _EARLY:
            return opened.access_token
        return await self._refreshed(opened.version)

    async def refresh_token(self) -> str:
        """The present refresh token: what is revoked when the last connection ends."""
        async with self._database.work(SYSTEM) as work:
            return (await self._read(work.session)).refresh_token

    async def _refreshed(self, stale_version: int) -> str:
        for attempt in range(_PATIENCE):
            async with self._database.work(SYSTEM) as work:
                leased = await self._take_lease(work.session, stale_version)
                opened = await self._read(work.session)
            if opened.version != stale_version:
                return opened.access_token
            if leased:
                return await self._refresh(opened)
            await asyncio.sleep(min(0.1 * 1.3**attempt, 1.0))
        raise XeroBusy(5, "unavailable")

    async def _refresh(self, opened: _Opened) -> str:
        try:
            tokens = await self._exchanged(opened)
        except XeroDisconnected:
            if not await self._end(opened):
                raise XeroBusy(1, "unavailable") from None  # a new consent came in between
            raise
        except XeroRejected as refused:
            # This is about our app, not about the grant: the operator has to mend its credentials.
            _logger.warning("Xero refuses this app's credentials", reason=str(refused))
            await self._release(opened)
            raise XeroBusy(_MISCONFIGURED_SECONDS, "unavailable") from None
        except XeroBusy:
            await self._release(opened)
            raise
        await self._store(opened, tokens)
        _logger.info("token refreshed", grant_id=str(self._grant_id), version=opened.version + 1)
        return tokens.access_token

    async def _exchanged(self, opened: _Opened) -> TokenSet:
        try:
            return await self._oauth.refresh(opened.refresh_token)
        except XeroDisconnected:
            if opened.previous is None:
                raise
            # A reply may have been lost after Xero rotated: the token before is still honoured.
            return await self._oauth.refresh(opened.previous)

    async def _take_lease(self, session: AsyncSession, version: int) -> bool:
        instant = now()
        taken = await session.execute(
            update(Grant)
            .where(
                Grant.id == self._grant_id,
                Grant.version == version,
                Grant.ended_at.is_(None),
                or_(Grant.lease_until.is_(None), Grant.lease_until < instant),
            )
            .values(lease_until=instant + _LEASE, fence=Grant.fence + 1)
            .returning(Grant.id)
        )
        return taken.scalar_one_or_none() is not None

    async def _store(self, opened: _Opened, tokens: TokenSet) -> None:
        instant = now()
        async with self._database.work(SYSTEM) as work:
            stored = await work.session.execute(
                update(Grant)
                .where(Grant.id == self._grant_id, Grant.fence == opened.fence, Grant.version == opened.version)
                .values(
                    **sealed_tokens(self._keyring, self._grant_id, tokens),
                    previous_refresh_token=self._keyring.seal(
                        opened.refresh_token, place=_place(self._grant_id, "previous_refresh_token")
                    ),
                    previous_until=instant + _GRACE,
                    expires_at=tokens.expires_at,
                    refreshed_at=instant,
                    version=Grant.version + 1,
                    lease_until=None,
                )
                .returning(Grant.id)
            )
            if stored.scalar_one_or_none() is None:
                raise XeroBusy(1, "unavailable")  # our lease ran out; the next reader finds the newer pair

    async def _release(self, opened: _Opened) -> None:
        async with self._database.work(SYSTEM) as work:
            await work.session.execute(
                update(Grant).where(Grant.id == self._grant_id, Grant.fence == opened.fence).values(lease_until=None)
            )

    async def _end(self, opened: _Opened) -> bool:
        async with self._database.work(SYSTEM) as work:
            ended = await work.session.execute(
                update(Grant)
                .where(Grant.id == self._grant_id, Grant.fence == opened.fence)
                .values(lease_until=None, ended_at=now())
                .returning(Grant.id)
            )
            return ended.scalar_one_or_none() is not None

    async def _read(self, session: AsyncSession) -> _Opened:
        grant = (await session.execute(select(Grant).where(Grant.id == self._grant_id))).scalar_one_or_none()
        if grant is None or grant.ended_at is not None:
            raise XeroDisconnected("token")
        in_grace = grant.previous_refresh_token and grant.previous_until and grant.previous_until > now()
        return _Opened(
            access_token=self._open(grant.access_token, "access_token"),
            refresh_token=self._open(grant.refresh_token, "refresh_token"),
            previous=self._open(grant.previous_refresh_token, "previous_refresh_token")
            if in_grace and grant.previous_refresh_token
            else None,
            expires_at=grant.expires_at,
            version=grant.version,
            fence=grant.fence,
        )

    def _open(self, sealed: str, column: str) -> str:
        return self._keyring.open(sealed, place=_place(self._grant_id, column))


def _place(grant_id: UUID, column: str) -> str:
    return f"grants/{grant_id}/{column}"
