"""The session cookie: host-only, out of reach of scripts, and never without TLS in production."""

from fastapi import Request, Response

from api.identity.access import ABSOLUTE, session_cookie_name


def set_session_cookie(request: Request, response: Response, secret: str) -> None:
    """Hand the browser its new secret."""
    response.set_cookie(
        session_cookie_name(request),
        secret,
        max_age=int(ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.in_production,
    )


def clear_session_cookie(request: Request, response: Response) -> None:
    """Have the browser forget its secret."""
    response.delete_cookie(
        session_cookie_name(request),
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.in_production,
    )
