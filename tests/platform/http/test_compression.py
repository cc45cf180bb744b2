"""Text answers are compressed, secrets are not, and the files of the app come in the form that the build compressed."""

import gzip
from collections.abc import Callable
from pathlib import Path

import brotli
import httpx2
import pytest
from fastapi import FastAPI
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.platform.http import spa
from api.platform.http.compression import Compression
from tests.callers import Caller
from tests.identity.conftest import sign_in

CONTACTS = "/api/v1/contacts"
TEXT = "export {};" * 200


async def raw(client: httpx2.AsyncClient, path: str, accepted: str) -> tuple[httpx2.Response, bytes]:
    """An answer and its bytes as they were sent."""
    async with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as reply:
        return reply, b"".join([part async for part in reply.aiter_raw()])


@pytest.fixture
async def full(client: Caller) -> Caller:
    """A business whose list of contacts is longer than 1 KB."""
    for number in range(5):
        body = {"kind": "company", "name": f"Kererū Dental {number}", "roles": ["customer"]}
        await client.post(CONTACTS, json=body)
    return client


RESTORED: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("BR", "br"),
        ("*", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("gzip;q=0.5, *;q=0.9", "br"),
        ("br;q=0, *", "gzip"),
        ("identity;q=0.1, gzip;q=0.2", "gzip"),
    ],
)
async def test_a_long_answer_is_compressed_in_the_form_that_the_client_prefers(
    full: Caller, accepted: str, coding: str
):
    compressed, body = await raw(full, CONTACTS, accepted)
    plain, text = await raw(full, CONTACTS, "identity")
    assert compressed.headers["content-encoding"] == coding
    assert int(compressed.headers["content-length"]) == len(body) < len(text) / 2
    assert RESTORED[coding](body) == text
    assert "content-encoding" not in plain.headers
    for reply in (compressed, plain):
        assert "Accept-Encoding" in reply.headers["vary"], "a cache keeps the forms apart"


async def test_the_tag_is_that_of_the_resource_in_every_form(full: Caller):
    tags = set()
    for accepted in ("br", "gzip", "identity"):
        reply, _ = await raw(full, CONTACTS, accepted)
        tags.add(reply.headers["etag"])
        headers = {"If-None-Match": reply.headers["etag"], "Accept-Encoding": accepted}
        again = await full.get(CONTACTS, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    assert len(tags) == 1
    assert tags.pop().startswith('W/"')


@pytest.mark.parametrize(
    "accepted", ["", "identity", "gzip;q=0", "br;q=0, gzip; q=0.0", "xgzip", "br;q=x", "identity, gzip;q=0.5", "*;q=0"]
)
async def test_who_accepts_neither_form_gets_the_plain_answer(full: Caller, accepted: str):
    reply, _ = await raw(full, CONTACTS, accepted)
    assert "content-encoding" not in reply.headers
    assert len(reply.headers["content-length"]) == 4


async def test_an_answer_with_a_secret_is_not_compressed(client: Caller):
    for number in range(4):  # names that make the answer long
        await client.post("/api/v1/businesses", json={"business_name": f"{number}" * 120, "country": "NZ"})
    for reply in (await sign_in(client, client.email), await client.get("/api/v1/session")):
        assert len(reply.content) > 1024
        assert reply.headers["cache-control"] == "no-store"
        assert "content-encoding" not in reply.headers


async def answered(response: Response, accepted: str) -> tuple[httpx2.Response, bytes]:
    """What a client gets of this answer."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await response(scope, receive, send)

    transport = httpx2.ASGITransport(app=Compression(answer))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await raw(client, "/", accepted)


@pytest.mark.parametrize("coding", RESTORED)
@pytest.mark.parametrize(
    ("media_type", "size", "is_compressed"),
    [
        ("application/json", 1024, True),
        ("application/problem+json", 1024, True),
        ("application/yaml", 1024, True),
        ("text/csv", 1024, True),
        ("image/svg+xml", 1024, True),
        ("application/json", 1023, False),
        ("text/event-stream", 5000, False),
        ("application/pdf", 5000, False),
        ("image/png", 5000, False),
        ("font/woff2", 5000, False),
    ],
)
async def test_only_text_of_at_least_a_kilobyte_is_compressed(
    media_type: str, size: int, is_compressed: bool, coding: str
):
    reply, _ = await answered(Response(b"x" * size, media_type=media_type), coding)
    assert reply.headers.get("content-encoding") == (coding if is_compressed else None)


@pytest.mark.parametrize("coding", RESTORED)
@pytest.mark.parametrize("size", [2_000, 300_000])
async def test_what_is_sent_in_parts_is_compressed_and_complete(coding: str, size: int):
    parts = [b"invoice,total\n", b"KP-1,115.00\n" * (size // 12), b"KP-2,230.00\n"]
    reply, body = await answered(StreamingResponse(iter(parts), media_type="text/csv"), coding)
    assert reply.headers["content-encoding"] == coding
    assert len(body) < size / 10
    assert RESTORED[coding](body) == b"".join(parts)


@pytest.fixture
def built(app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build with a script in three forms, and a font that has only one."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Jobtally</title>")
    (folder / "index.html.br").write_bytes(b"the page in brotli")
    (folder / "assets/index-Bx12.js").write_text(TEXT)
    (folder / "assets/index-Bx12.js.br").write_bytes(b"the script in brotli")
    (folder / "assets/index-Bx12.js.gz").write_bytes(gzip.compress(TEXT.encode()))
    (folder / "assets/inter-Ad34.woff2").write_bytes(b"font" * 1000)
    monkeypatch.setattr(app.router, "default", spa.SinglePageApp(folder))
    return folder


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("gzip, deflate, br, zstd", "br"), ("br;q=0, gzip", "gzip"), ("GZIP", "gzip"), ("identity", None)],
)
async def test_a_file_of_the_app_comes_in_the_shortest_form_that_is_accepted(
    built: Path, anonymous: httpx2.AsyncClient, accepted: str, coding: str | None
):
    reply, body = await raw(anonymous, "/assets/index-Bx12.js", accepted)
    ending = {"br": ".br", "gzip": ".gz", None: ""}[coding]
    assert body == (built / f"assets/index-Bx12.js{ending}").read_bytes()
    assert reply.headers.get("content-encoding") == coding
    assert reply.headers["content-type"].startswith("text/javascript")
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["vary"] == "Accept-Encoding, Origin"


async def test_each_form_of_a_file_has_its_own_tag_and_is_not_sent_twice(built: Path, anonymous: httpx2.AsyncClient):
    tags = {}
    for accepted in ("br", "gzip", "identity"):
        first, _ = await raw(anonymous, "/assets/index-Bx12.js", accepted)
        tags[accepted] = first.headers["etag"]
        headers = {"If-None-Match": tags[accepted], "Accept-Encoding": accepted}
        again = await anonymous.get("/assets/index-Bx12.js", headers=headers)
        assert (again.status_code, again.content, again.headers["vary"]) == (304, b"", "Accept-Encoding, Origin")
        assert again.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert len(set(tags.values())) == 3


async def test_a_font_is_sent_as_it_is(built: Path, anonymous: httpx2.AsyncClient):
    reply, body = await raw(anonymous, "/assets/inter-Ad34.woff2", "br, gzip")
    assert (reply.status_code, reply.headers.get("content-encoding"), len(body)) == (200, None, 4000)


async def test_the_page_of_the_app_is_compressed_and_asked_for_each_time(built: Path, anonymous: httpx2.AsyncClient):
    headers = {"Accept": "text/html", "Accept-Encoding": "br"}
    async with anonymous.stream("GET", "/invoices", headers=headers) as page:
        assert b"".join([part async for part in page.aiter_raw()]) == b"the page in brotli"
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    assert "script-src 'self';" in page.headers["content-security-policy"]
    again = await anonymous.get("/exports", headers=headers | {"If-None-Match": page.headers["etag"]})
    assert again.status_code == 304
