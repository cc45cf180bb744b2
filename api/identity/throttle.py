"""Slows down guessing, and adding businesses without end.

Failed attempts are counted for the network that they come from and for the account; new businesses for the network or
the user.
"""

import hashlib
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from fastapi import Request

from api.identity.known_devices import known_device
from api.identity.turns import Waiter
from api.platform.errors import TooManyRequests
from api.platform.http.address import client_network
from api.platform.http.limits import RequestCounts, RequestLimiter

FAILURES_PER_MINUTE: Final = 20  # of one network, and of one device that is known
ACCOUNT_FAILURES_PER_HOUR: Final = 200  # from all networks together, without the devices that are known
NEW_BUSINESSES_PER_HOUR: Final = 60  # of one network, and of one user
_HOUR_SECONDS: Final = 3600


class AttemptLimits:
    """The counters of failed attempts; all processes share them if there is a Redis."""

    def __init__(self, counts: RequestCounts) -> None:
        self.network = RequestLimiter(counts, "failures-network", FAILURES_PER_MINUTE)
        self.device = RequestLimiter(counts, "failures-device", FAILURES_PER_MINUTE)
        self.account = RequestLimiter(counts, "failures-account", ACCOUNT_FAILURES_PER_HOUR, _HOUR_SECONDS)
        self.new_businesses = RequestLimiter(counts, "new-businesses", NEW_BUSINESSES_PER_HOUR, _HOUR_SECONDS)


class TooManyBusinesses(TooManyRequests):
    """Each is a row for ever, and each sign-up a mail to an address that anybody may choose."""

    code, title = "too_many_businesses", "Too many businesses were added from here within an hour"
    remedy = "Wait for the number of seconds in Retry-After, then continue."


class Attempt:
    """One attempt to give a password, an address or the token of a link. It counts as failed until it succeeds."""

    def __init__(self, counted: Sequence[tuple[RequestLimiter, str]], waiter: Waiter) -> None:
        self.waiter = waiter
        self._counted = counted

    def succeed(self) -> None:
        """Take back what was counted."""
        for limiter, key in self._counted:
            limiter.refund(key)


async def begin_attempt(request: Request, account: str) -> Attempt:
    """Count an attempt as failed. Raises TooManyRequests after too many failures of the network or of the account.

    A device that signed in to this account before has a counter of its own, so that others cannot keep its user out.
    """
    limits: AttemptLimits = request.app.state.attempts
    device = known_device(request, account)
    if device is not None:
        return await _counted(Waiter(device, is_known=True), (limits.device, device))
    network = client_network(request)
    return await _counted(Waiter(network), (limits.network, network), (limits.account, _hashed(account)))


async def count_new_business(request: Request, user_id: UUID | None = None) -> None:
    """Count a business that is about to be added, for this user or else for the network. Raises TooManyBusinesses."""
    limits: AttemptLimits = request.app.state.attempts
    try:
        await limits.new_businesses.spend(str(user_id or client_network(request)))
    except TooManyRequests as refused:
        raise TooManyBusinesses(headers=refused.headers) from None


async def begin_attempt_of_session(request: Request, session_id: str) -> Attempt:
    """Count an attempt of a signed-in user as failed. Others cannot use up the attempts of a session."""
    return await _counted(Waiter(session_id, is_known=True), (request.app.state.attempts.device, session_id))


async def _counted(waiter: Waiter, *counters: tuple[RequestLimiter, str]) -> Attempt:
    for limiter, key in counters:
        await limiter.spend(key)
    return Attempt(counters, waiter)


def _hashed(account: str) -> str:
    return hashlib.sha256(account.encode()).hexdigest()  # e-mail addresses do not belong into Redis
