"""Guessing made slow: twenty tries a minute per client address and per account."""

import hashlib

from fastapi import Request

from api.platform.http.address import client_address

TRIES_PER_MINUTE = 20


def throttle(request: Request, email: str) -> None:
    """Count one try to sign in or up; TooManyRequests when the address or the account had its share."""
    account = hashlib.sha256(email.encode()).hexdigest()  # addresses are not kept in memory as text
    limiter = request.app.state.guess_limiter
    limiter.spend(f"address:{client_address(request)}")
    limiter.spend(f"account:{account}")
