"""Compresses text answers, and chooses the compressed form of a file that was made when the app was built."""

import gzip
from collections.abc import Iterator
from functools import lru_cache

import brotli
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipResponder, IdentityResponder
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CODINGS = ("br", "gzip")  # the shortest first
_SMALLEST_BYTES = 1024
_THREAD_BYTES = 128 * 1024  # compressing more at once would hold up other requests
_GZIP_LEVEL = 3  # a third of the time of level 6, for an answer that is a tenth longer
_KEPT_FIELDS = 128  # clients of a kind send the same
_BROTLI_QUALITY = 3  # a third of the time of quality 5, for an answer that is a tenth longer
_BROTLI_WINDOW_BITS = 18  # as much as a page has; a larger window is memory that has to be cleared for each answer
_PREPARED_QUALITY = 6  # of a text that is compressed once
_NOT_TEXT = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/octet-stream", "application/pdf")


class Compression:
    """Compresses the answers of 1 KB and more for clients that accept br or gzip.

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
        codings = accepted_codings(Headers(scope=scope))
        responder = _RESPONDERS[codings[0] if codings else "identity"]
        await responder(self.app)(scope, receive, send)


class _Identity(IdentityResponder):
    is_secret = False

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, _SMALLEST_BYTES, exclude_content_types=_NOT_TEXT)

    async def send_with_compression(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_secret = "no-store" in Headers(raw=message["headers"]).get("cache-control", "")
        await (self.send(message) if self.is_secret else super().send_with_compression(message))


class _Gzip(_Identity, GZipResponder):
    def __init__(self, app: ASGIApp) -> None:
        GZipResponder.__init__(self, app, _SMALLEST_BYTES, _GZIP_LEVEL, exclude_content_types=_NOT_TEXT)


class _Brotli(_Identity):
    content_encoding = "br"

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._compressor = brotli.Compressor(quality=_BROTLI_QUALITY, lgwin=_BROTLI_WINDOW_BITS)

    async def apply_compression(self, body: bytes, *, more_body: bool) -> bytes:
        if len(body) >= _THREAD_BYTES:
            return await to_thread.run_sync(self._compressed, body, more_body)
        return self._compressed(body, more_body)

    def _compressed(self, body: bytes, more_body: bool) -> bytes:
        start: bytes = self._compressor.process(body)
        if more_body:
            return start + bytes(self._compressor.flush())
        end: bytes = self._compressor.finish()
        del self._compressor  # some 300 KB, which would wait for the garbage collector
        return start + end


_RESPONDERS = {"br": _Brotli, "gzip": _Gzip, "identity": _Identity}


class PreparedText:
    """A long text that stays the same. It is compressed when it is made, which takes a while, not for each request."""

    def __init__(self, text: str, media_type: str) -> None:
        plain = text.encode()
        self._media_type = media_type
        self._forms = {
            "identity": plain,
            "br": brotli.compress(plain, quality=_PREPARED_QUALITY),
            "gzip": gzip.compress(plain, _PREPARED_QUALITY),
        }

    def response(self, request: Request) -> Response:
        """The text in the form that the client wants most."""
        coding = next(iter(accepted_codings(request.headers)), "identity")
        headers = {"Content-Encoding": coding, "Vary": "Accept-Encoding"} if coding != "identity" else {}
        return Response(self._forms[coding], media_type=self._media_type, headers=headers)


def accepted_codings(headers: Headers) -> list[str]:
    """The compressed forms that the client accepts in Accept-Encoding, the one it wants most first.

    Of forms that it wants equally the shortest comes first. Without a form, the answer is sent as it is.
    """
    return list(_codings(",".join(headers.getlist("accept-encoding"))))


@lru_cache(maxsize=_KEPT_FIELDS)
def _codings(field: str) -> list[str]:
    weights = dict(_weights(field.lower()))
    others, plain = weights.get("*", 0.0), weights.get("identity", 0.0)
    wanted = {coding: weights.get(coding, others) for coding in _CODINGS}
    accepted = [coding for coding, weight in wanted.items() if weight > 0 and weight >= plain]
    return sorted(accepted, key=lambda coding: -wanted[coding])


def _weights(field: str) -> Iterator[tuple[str, float]]:
    for entry in field.split(","):
        name, *parameters = (part.strip() for part in entry.split(";"))
        values = [value.strip() for key, _, value in (each.partition("=") for each in parameters) if key.strip() == "q"]
        yield name, _weight(values[0]) if values else 1.0


def _weight(text: str) -> float:
    """A weight from 0 to 1. What is no number counts as 0, so that nobody gets a form they may not understand."""
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
