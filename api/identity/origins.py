"""Pages whose requests may act for a user: our own and those that the operator lists."""

from fastapi import Request

from api.platform.errors import Forbidden

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class ForeignOrigin(Forbidden):
    code, title = "foreign_origin", "A request from this origin may not act for you"
    remedy = "Send the request from the app's own address, or list the origin in JOBTALLY_ALLOWED_ORIGINS."


_ORIGIN_MISSING = (
    "A request that changes something and sends the session cookie needs an Origin header. Browsers send it; in a"
    " program, use an API key instead of the cookie."
)


def session_cookie_name(request: Request) -> str:
    """The name of the session cookie. With an https address, `__Host-` binds it to this host and to https."""
    return "__Host-jt_session" if request.app.state.settings.is_https else "jt_session"


def check_origin(request: Request) -> None:
    """Raise ForeignOrigin for an unsafe request that a page of another origin sent."""
    if request.method in _SAFE_METHODS:
        return
    if request.headers.get("sec-fetch-site") == "cross-site":
        raise ForeignOrigin
    origin = request.headers.get("origin")
    own = request.app.state.settings.own_origins
    if origin not in own and (origin is not None or session_cookie_name(request) in request.cookies):
        raise ForeignOrigin(_ORIGIN_MISSING if origin is None else None)
