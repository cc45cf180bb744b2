"""The session cookie: host-only, not readable by scripts, and only over TLS where the public address is https."""

from typing import Any, Final

from fastapi import Request, Response

from api.identity.access import ABSOLUTE_TIMEOUT
from api.identity.known_devices import remember_device
from api.identity.origins import session_cookie_name

# The answers of a route for its `responses=`, by the status with which it sets or deletes the cookie.
SETS_COOKIE: Final[dict[int | str, dict[str, Any]]] = {
    201: {
        "headers": {
            "Set-Cookie": {
                "description": "The cookie of a new session, for 30 days. Where the public address is https, its name"
                " is `__Host-jt_session` and it is `Secure`.",
                "schema": {"type": "string"},
                "example": "jt_session=v3rY-l0ng-s3cret; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax",
            }
        }
    }
}
DELETES_COOKIE: Final[dict[int | str, dict[str, Any]]] = {
    204: {
        "headers": {
            "Set-Cookie": {
                "description": "The cookie of the ended session, without a value: the browser deletes it.",
                "schema": {"type": "string"},
                "example": 'jt_session=""; HttpOnly; Max-Age=0; Path=/; SameSite=lax',
            }
        }
    }
}


def set_session_cookie(request: Request, response: Response, secret: str, email: str) -> None:
    """Set the cookie with the secret of a new session, and the one with which the device is known to the account."""
    response.set_cookie(
        session_cookie_name(request),
        secret,
        max_age=int(ABSOLUTE_TIMEOUT.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.is_https,
    )
    remember_device(request, response, email)


def clear_session_cookie(request: Request, response: Response) -> None:
    """Delete the cookie in the browser."""
    response.delete_cookie(
        session_cookie_name(request),
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.is_https,
    )
