"""CORS: only pages of the origins that the operator lists may read our answers."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from api.platform.errors import Forbidden
from api.platform.http.problems import problem_response

_PREFLIGHT_SECONDS = 600
_REQUEST_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "X-Request-Id",
)
_RESPONSE_HEADERS = (
    "ETag",
    "Idempotent-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Poll-Interval",
    "X-Request-Id",
)


class OriginNotListed(Forbidden):
    code, title = "origin_not_listed", "This page's origin is not listed"
    remedy = "Ask the operator to add the origin to JOBTALLY_ALLOWED_ORIGINS."


class ProblemCORS(CORSMiddleware):
    """CORS with credentials for the listed origins. A refused preflight is answered with a problem."""

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        super().__init__(
            app,
            allow_origins=sorted(origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=_REQUEST_HEADERS,
            expose_headers=_RESPONSE_HEADERS,
            allow_credentials=True,
            max_age=_PREFLIGHT_SECONDS,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """The answer to the preflight request of a browser."""
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            return response
        return problem_response(OriginNotListed(headers={"Vary": "Origin"}))
