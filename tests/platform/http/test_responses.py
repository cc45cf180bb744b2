"""What every response has: ETags, rate limit headers, security headers."""

import httpx2
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.xero.config import JobtallySettings
from tests.callers import Caller, sign_up
from tests.platform.http.conftest import LISTED, status_and_code

STATUSES = "/api/v1/job-statuses"


@pytest.fixture
def settings(settings: JobtallySettings) -> JobtallySettings:
    """Five requests a minute, and a second allowed origin."""
    return settings.model_copy(update={"requests_per_minute": 5, "allowed_origins": (LISTED,)})


@pytest.mark.usefixtures("start_of_minute")
async def test_an_unchanged_resource_is_not_sent_again_and_not_counted(client: Caller):
    made = await client.post(STATUSES, json={"name": "One"})
    first = await client.get(made.headers["location"])
    for _ in range(10):
        again = await client.get(made.headers["location"], headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["ratelimit"].startswith('"requests";r=3;')
    await client.patch(made.headers["location"], json={"name": "Two"})
    changed = await client.get(made.headers["location"], headers={"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, changed.json()["name"]) == (200, "Two")


async def test_a_list_has_a_weak_etag_and_a_single_resource_a_strong_one(client: Caller):
    made = await client.post(STATUSES, json={"name": "One"})
    assert (await client.get(STATUSES)).headers["etag"].startswith('W/"')
    assert (await client.get(made.headers["location"])).headers["etag"].startswith('"')


@pytest.mark.usefixtures("start_of_minute")
async def test_too_many_requests_of_one_caller_are_refused_with_the_time_to_wait(client: Caller, app: FastAPI):
    replies = [await client.get(STATUSES) for _ in range(6)]
    assert [reply.status_code for reply in replies] == [200] * 5 + [429]
    assert [reply.headers["ratelimit"].split(";")[1] for reply in replies] == ["r=4", "r=3", "r=2", "r=1", "r=0", "r=0"]
    assert replies[0].headers["ratelimit-policy"] == '"requests";q=5;w=60'
    assert status_and_code(replies[-1]) == (429, "too_many_requests")
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 61
    async with Caller(transport=client._transport, base_url="http://localhost:8080") as other:
        await sign_up(other)
        assert (await other.get(STATUSES)).status_code == 200, "other callers are not limited"


async def test_every_response_has_the_security_headers(anonymous: httpx2.AsyncClient):
    for path in ("/healthz", "/api/v1/session", "/api/v1/nothing", "/problems/invalid", "/"):
        headers = (await anonymous.get(path, headers={"Accept": "text/html"})).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert "unsafe-inline" not in headers["content-security-policy"].split("style-src")[0], path
        assert "server" not in headers, path


async def test_no_shared_cache_stores_personal_responses(client: Caller):
    assert (await client.get("/api/v1/session")).headers["cache-control"] == "no-store"
    assert (await client.get(STATUSES)).headers["cache-control"] == "private, no-cache"
    assert (await client.get("/api/v1/nothing")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/invitations", {"email": "hemi@example.nz", "role": "member"}),
        ("/api/v1/businesses", {"business_name": "Tūī Electrical", "country": "NZ"}),
        ("/api/v1/connections/xero/authorizations", None),
    ],
)
async def test_an_answer_that_may_contain_a_secret_is_stored_by_no_cache(client: Caller, path: str, body: object):
    reply = await client.post(path, json=body)
    assert (reply.status_code, reply.headers["cache-control"]) == (201, "no-store")


async def test_a_page_of_an_allowed_origin_may_send_and_read_with_the_cookie(client: Caller):
    origin = {"Origin": LISTED}
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "content-type,if-match"}
    preflight = await client.options("/api/v1/preferences", headers=origin | asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == origin["Origin"]
    assert preflight.headers["access-control-allow-credentials"] == "true"
    reply = await client.post(STATUSES, json={"name": "One"}, headers=origin)
    assert reply.status_code == 201
    assert "ETag" in reply.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://app.kereru.nz", "https://app.kereru.nz.evil.example"]
)
async def test_a_page_of_any_other_origin_may_neither_send_nor_read(client: Caller, origin: str):
    asked = {"Origin": origin, "Access-Control-Request-Method": "PATCH"}
    preflight = await client.options("/api/v1/preferences", headers=asked)
    assert status_and_code(preflight) == (403, "origin_not_listed")
    for reply in (preflight, await client.get("/api/v1/session", headers={"Origin": origin})):
        assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize(("path", "status"), [("/api/v1/nothing", 404), ("/api/v1/probe/crashes", 500)])
async def test_a_page_of_an_allowed_origin_can_read_errors(anonymous: httpx2.AsyncClient, path: str, status: int):
    reply = await anonymous.get(path, headers={"Origin": LISTED})
    assert reply.status_code == status
    assert reply.headers["access-control-allow-origin"] == LISTED


@pytest.mark.usefixtures("start_of_minute")
async def test_sign_in_is_limited_by_the_address_behind_trusted_proxies(settings: JobtallySettings):
    behind = settings.model_copy(update={"trusted_proxies": ("10.0.0.0/8",)})
    app = create_app(behind, embedded_worker=False)
    credentials = {"email": "mere@example.nz", "password": "x"}

    async def tries(peer: str, forwarded: str) -> list[int]:
        transport = httpx2.ASGITransport(app=app, client=(peer, 4000))
        headers = {"X-Forwarded-For": forwarded}
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080", headers=headers) as caller:
            bodies = [credentials | {"email": f"{peer}.{forwarded[:3]}.{n}@example.nz"} for n in range(21)]
            return [(await caller.post("/api/v1/session", json=body)).status_code for body in bodies]

    async with app.router.lifespan_context(app):
        assert (await tries("10.0.0.1", "192.0.2.1"))[-1] == 429
        assert (await tries("10.0.0.1", "198.51.100.7, 10.2.2.2"))[0] == 401, "another client behind the same proxy"
        assert (await tries("203.0.113.9", "1.1.1.1"))[-1] == 429
        assert (await tries("203.0.113.9", "2.2.2.2"))[0] == 429, "an untrusted peer cannot choose its address"
