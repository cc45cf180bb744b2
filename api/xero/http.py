"""The only HTTP client of the product. No other module imports the HTTP library."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import httpx2 as httpx

Http = httpx.AsyncClient
Transport = httpx.AsyncBaseTransport
TransportFailure = httpx.RequestError

CONNECT_SECONDS = 5.0
CALL_SECONDS = 60.0
TOKEN_SECONDS = 10.0
MAX_REPLY_BYTES = 16 * 1024 * 1024


class ReplyTooLarge(httpx.TransportError):
    """The decompressed reply is larger than `MAX_REPLY_BYTES`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP reply. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@asynccontextmanager
async def open_http(transport: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[Http]:
    """Open a client that the whole process shares until it ends.

    Redirects and cookies are off, because the addresses are configured and one process serves many businesses.
    """
    async with httpx.AsyncClient(
        transport=transport,
        # A proxy of the environment serves public addresses, not a stand-in on this machine.
        mounts=None if transport else dict.fromkeys(("all://localhost", "all://127.0.0.1", "all://[::1]")),
        timeout=httpx.Timeout(CALL_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        headers={"User-Agent": f"Jobtally/{version('jobtally')}", "Accept-Encoding": "gzip"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
    ) as http:
        yield http


async def send(
    http: Http,
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    form: Mapping[str, str] | None = None,
    auth: httpx.Auth | None = None,
    seconds: float = CALL_SECONDS,
) -> Answer:
    """Send one request and read its whole reply within `seconds`. Every network failure raises TransportFailure."""
    try:
        async with (
            asyncio.timeout(seconds),
            http.stream(method, url, params=params, headers=headers, content=content, data=form, auth=auth) as response,
        ):
            body = await _read(response)
    except TimeoutError:
        raise httpx.ReadTimeout(f"no whole reply within {seconds:g} seconds") from None
    return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body)


async def _read(response: httpx.Response) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > MAX_REPLY_BYTES:
            raise ReplyTooLarge("reply larger than 16 MB")
        chunks.append(chunk)
    return b"".join(chunks)
