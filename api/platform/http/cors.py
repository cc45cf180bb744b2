"""Pages of origins that the operator lists may read our answers; all others may not."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from api.platform.errors import Forbidden
from api.platform.http.problems import problem


class OriginNotListed(Forbidden):
    code, title = "origin_not_listed", "This page's origin is not listed"
    remedy = "Have the operator add the origin to JOBTALLY_ALLOWED_ORIGINS."


class ProblemCORS(CORSMiddleware):
    """CORS with our cookie, for listed origins only; a refused preflight is a problem like any other."""

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        super().__init__(
            app,
            allow_origins=sorted(origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Request-Id",
            ],
            expose_headers=[
                "ETag", "Idempotent-Replayed", "Location", "RateLimit", "RateLimit-Policy", "Retry-After",
                "X-Poll-Interval", "X-Request-Id",
            ],
            allow_credentials=True,
            max_age=600,
        )  # fmt: skip

    def preflight_response(self, request_headers: Headers) -> Response:
        """What a browser asks before it sends an unsafe request from another origin."""
        response = super().preflight_response(request_headers)
        return response if response.status_code < 400 else problem(OriginNotListed(headers={"Vary": "Origin"}))
