"""Compresses text answers with gzip, and chooses the compressed form of a file that was made when the app was built."""

from starlette.datastructures import Headers
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipResponder, IdentityResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SMALLEST_BYTES = 1024
_LEVEL = 6
_NOT_TEXT = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/octet-stream", "application/pdf")


class Compression:
    """Compresses the answers of 1 KB and more for clients that accept gzip.

    An answer with `Cache-Control: no-store` may contain a secret. It is sent as it is, because the length of a
    compressed answer reveals what it has in common with the request. An ETag stays as it is too: it names a version
    of the resource, for If-Match, and not the bytes that are sent.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        responder: IdentityResponder
        if "gzip" in accepted_codings(Headers(scope=scope)):
            responder = _Gzip(self.app, _SMALLEST_BYTES, compresslevel=_LEVEL, exclude_content_types=_NOT_TEXT)
        else:
            responder = IdentityResponder(self.app, _SMALLEST_BYTES, exclude_content_types=_NOT_TEXT)
        await responder(scope, receive, send)


class _Gzip(GZipResponder):
    is_secret = False

    async def send_with_compression(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_secret = "no-store" in Headers(raw=message["headers"]).get("cache-control", "")
        await (self.send(message) if self.is_secret else super().send_with_compression(message))


def accepted_codings(headers: Headers) -> frozenset[str]:
    """The content codings that the client names in Accept-Encoding and does not refuse with `q=0`."""
    entries = (entry.split(";") for entry in ",".join(headers.getlist("accept-encoding")).lower().split(","))
    return frozenset(name.strip() for name, *parameters in entries if not any(map(_is_zero, parameters)))


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and value.strip().strip("0.") == "" and "0" in value
