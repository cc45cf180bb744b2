"""The cookie of a browser that has signed in to an account. It gives no access; it only counts attempts apart."""

from datetime import timedelta
from typing import Final

from fastapi import Request, Response

from api.platform.clock import now
from api.platform.crypto import Keyring, fingerprint, random_secret

_LIFETIME: Final = timedelta(days=180)
_ID_BYTES: Final = 12
_PURPOSE: Final = "known device"


def known_device(request: Request, account: str) -> str | None:
    """The id of the device, if it has signed in to this account within 180 days."""
    try:
        device, issued_at, signature = request.cookies.get(_cookie_name(request), "").split(".")
        signed = bytes.fromhex(signature)
    except ValueError:
        return None
    keyring: Keyring = request.app.state.keyring
    if not keyring.verifies(_message(device, issued_at, account), signed, purpose=_PURPOSE):
        return None  # only a number that we wrote is read: any other may have any length
    age = now().timestamp() - int(issued_at)
    return device if 0 <= age <= _LIFETIME.total_seconds() else None


def remember_device(request: Request, response: Response, account: str) -> None:
    """Set the cookie of a device that has just signed in to this account."""
    device = known_device(request, account) or random_secret(_ID_BYTES)
    issued_at = str(int(now().timestamp()))
    keyring: Keyring = request.app.state.keyring
    signature = keyring.sign(_message(device, issued_at, account), purpose=_PURPOSE)
    response.set_cookie(
        _cookie_name(request),
        f"{device}.{issued_at}.{signature.hex()}",
        max_age=int(_LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.is_https,
    )


def _cookie_name(request: Request) -> str:
    return "__Host-jt_device" if request.app.state.settings.is_https else "jt_device"


def _message(device: str, issued_at: str, account: str) -> bytes:
    return f"{device}.{issued_at}.{fingerprint(account)}".encode()
