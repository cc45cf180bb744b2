"""Waiting for the renewals of leases, which happen in the background."""

import asyncio

import pytest

from api.platform.db.lease import Lease
from api.platform.db.work import Database, Scope


class Renewals:
    """Counts the renewals of every lease in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._started = self._finished = 0
        self._changed = asyncio.Condition()
        renew = Lease.renew

        async def counted(lease: Lease, database: Database, scope: Scope) -> None:
            self._started += 1
            number = self._started
            await renew(lease, database, scope)
            async with self._changed:
                self._finished = number
                self._changed.notify_all()

        monkeypatch.setattr(Lease, "renew", counted)

    async def next(self) -> None:
        """Wait for a renewal that starts after this call."""
        number = self._started + 1
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: self._finished >= number)
