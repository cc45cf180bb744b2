"""The session cookie: host-only, not readable by scripts, and only over TLS where the public address is https."""

from fastapi import Request, Response

from api.identity.access import ABSOLUTE_TIMEOUT, session_cookie_name


def set_session_cookie(request: Request, response: Response, secret: str) -> None:
    """Set the cookie with the secret of a new session."""
    response.set_cookie(
        session_cookie_name(request),
        secret,
        max_age=int(ABSOLUTE_TIMEOUT.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.is_https,
    )


def clear_session_cookie(request: Request, response: Response) -> None:
    """Delete the cookie in the browser."""
    response.delete_cookie(
        session_cookie_name(request),
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.is_https,
    )
