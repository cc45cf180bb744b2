"""Slows down guessing: twenty attempts a minute for each client address and for each account."""

import hashlib

from fastapi import Request

from api.platform.http.address import client_address

ATTEMPTS_PER_MINUTE = 20


async def throttle(request: Request, account: str) -> None:
    """Count one attempt to give a password, an address or the token of a link; TooManyRequests after twenty."""
    limiter = request.app.state.attempt_limiter
    await limiter.spend(f"address:{client_address(request)}")
    # Hashed, because e-mail addresses do not belong into Redis.
    await limiter.spend(f"account:{hashlib.sha256(account.encode()).hexdigest()}")
