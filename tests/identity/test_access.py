"""The table of routes and scopes is complete, and the app enforces it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from api.identity.roles import KEY_SCOPES, ROLE_SCOPES
from api.platform.clock import now
from api.platform.mail import MailMessage
from tests.callers import Caller
from tests.identity.conftest import Open, Program, join
from tests.routes import Route, every_route

TABLE = Path(__file__).with_name("access_table.txt")


def written_table() -> list[Route]:
    lines = [line.split(maxsplit=2) for line in TABLE.read_text("utf-8").splitlines() if line.strip()]
    return [Route(*line) for line in lines if not line[0].startswith("#")]


def address(route: Route) -> str:
    return re.sub(r"{[^}]*}", "unknown", route.path)


def test_the_table_names_every_route_and_what_it_needs(app: FastAPI):
    known, written = set(every_route(app)), set(written_table())
    message = f"access_table.txt lacks {known - written} and has too much with {written - known}"
    assert known == written, message


def test_only_these_api_routes_need_no_credentials():
    public = {(route.method, route.path) for route in written_table() if route.needs == "nobody"}
    assert {path for _, path in public if path.startswith("/api/v1")} == {
        "/api/v1/businesses",
        "/api/v1/session",
        "/api/v1/email-verifications",
        "/api/v1/invitations/acceptances",
        "/api/v1/password-resets",
        "/api/v1/password-resets/acceptances",
        "/api/v1/connections/xero/callback",
    }


async def test_every_other_route_answers_401_without_credentials(app: FastAPI, browser: Open):
    signed_out = await browser()
    for route in every_route(app):
        if route.needs != "nobody":
            reply = await signed_out.request(route.method, address(route))
            assert (reply.status_code, reply.json()["code"]) == (401, "not_signed_in"), route


@pytest.mark.parametrize("role", ["viewer", "member", "admin"])
async def test_a_role_allows_exactly_the_routes_of_its_scopes(
    app: FastAPI, client: Caller, browser: Open, messages: list[MailMessage], role: Any
):
    member = await browser()
    await join(client, member, messages, role=role)
    for route in every_route(app):
        if route.needs in {"nobody", "session"}:
            continue
        reply = await member.request(route.method, address(route))
        refused = reply.status_code == 403 and reply.json()["code"] == "scope_missing"
        assert refused is (route.needs not in ROLE_SCOPES[role]), (route, reply.text)
        assert reply.status_code < 500, (route, reply.text)


async def test_a_key_allows_exactly_the_routes_of_its_scopes(app: FastAPI, client: Caller, program: Program):
    async def key_with(scopes: set[str]) -> Any:
        expires_on = (now().date() + timedelta(days=9)).isoformat()
        body = {"name": "Robot", "scopes": sorted(scopes), "expires_on": expires_on}
        made = await client.post("/api/v1/api-keys", json=body)
        return await program(made.json()["secret"])

    alone = {scope: await key_with({scope}) for scope in KEY_SCOPES}
    others = {scope: await key_with(set(KEY_SCOPES) - {scope}) for scope in KEY_SCOPES}
    everything = await key_with(set(KEY_SCOPES))
    for route in every_route(app):
        if route.needs == "nobody":
            continue
        refusing = others.get(route.needs, everything)
        refusal = await refusing.request(route.method, address(route))
        expected = "session_only" if route.needs == "session" else "scope_missing"
        assert (refusal.status_code, refusal.json()["code"]) == (403, expected), route
        if route.needs != "session":
            assert route.needs in refusal.json()["detail"]
        if route.needs in alone:
            reply = await alone[route.needs].request(route.method, address(route))
            is_allowed = reply.status_code not in {401, 403} or reply.json()["code"] == "session_only"
            assert is_allowed, (route, reply.text)
