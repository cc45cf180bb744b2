"""Pages of other origins cannot act with our cookie, on any route."""

import re
from typing import Any

import pytest
from fastapi import FastAPI

from tests.callers import PASSWORD, Caller
from tests.routes import every_route

TOKEN = {"token": "of-a-link"}
CREDENTIALS = {"email": "mere@example.nz", "password": PASSWORD}
# Routes that need no credentials look at the origin after the body.
BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/businesses": CREDENTIALS | {"business_name": "Tūī", "country": "NZ", "name": "Mere"},
    "/api/v1/session": CREDENTIALS,
    "/api/v1/invitations/acceptances": TOKEN | {"password": PASSWORD},
    "/api/v1/password-resets": {"email": "mere@example.nz"},
    "/api/v1/password-resets/acceptances": TOKEN | {"password": PASSWORD},
    "/api/v1/email-verifications": TOKEN,
}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:9999", None])
async def test_a_page_of_another_origin_cannot_change_anything_with_our_cookie(
    app: FastAPI, client: Caller, origin: str | None
):
    del client.headers["origin"]
    headers = {} if origin is None else {"Origin": origin}
    routes = [route for route in every_route(app) if route.method not in {"GET", "HEAD"}]
    assert len(routes) > 50
    for route in routes:
        path = re.sub(r"{[^}]*}", "unknown", route.path)
        reply = await client.request(route.method, path, headers=headers, json=BODIES.get(path))
        assert (reply.status_code, reply.json()["code"]) == (403, "foreign_origin"), route
    assert (await client.get("/api/v1/session")).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
async def test_a_page_of_another_origin_cannot_add_a_business_with_our_cookie(client: Caller, origin: str | None):
    del client.headers["origin"]
    headers = {} if origin is None else {"Origin": origin}
    another = {"business_name": "T\u016b\u012b Electrical", "country": "NZ"}
    reply = await client.post("/api/v1/businesses", headers=headers, json=another)
    assert (reply.status_code, reply.json()["code"]) == (403, "foreign_origin")
    assert len((await client.get("/api/v1/session")).json()["businesses"]) == 1
