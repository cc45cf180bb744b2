"""The app with two additional routes for these tests."""

import asyncio
from typing import Annotated

import httpx2
import pytest
from fastapi import APIRouter, FastAPI

from api.app import create_app
from api.identity.access import Caller as Known
from api.identity.access import permitted
from api.platform.http.routing import ApiRouter
from api.xero.config import JobtallySettings

LISTED = "https://app.kereru.nz"
Allowed = Annotated[Known, permitted("contacts:read")]


class Gate:
    """Keeps a request inside its route until the test opens the gate."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.opened = asyncio.Event()


@pytest.fixture(scope="session")
def _built() -> FastAPI:
    """The app with `POST /api/v1/probe/waits`, `GET /api/v1/probe/crashes` and a second allowed origin."""
    app = create_app(JobtallySettings.from_env({"JOBTALLY_ALLOWED_ORIGINS": LISTED}), embedded_worker=False)
    router = ApiRouter("/probe", tag="probe")

    @router.post("/waits", status_code=201)
    async def wait_at_gate(caller: Allowed) -> dict[str, str]:
        app.state.gate.entered.set()
        await app.state.gate.opened.wait()
        return {"waited": "yes"}

    @router.get("/crashes")
    async def crash() -> None:
        raise RuntimeError("the secret ingredient is jt_aaaaaaaa_bbbbbbbbbbbbbbbb")

    api = APIRouter(prefix="/api/v1")
    api.include_router(router)
    app.include_router(api)
    return app


@pytest.fixture
def gate(app: FastAPI) -> Gate:
    """What `POST /api/v1/probe/waits` waits for."""
    app.state.gate = Gate()
    gate: Gate = app.state.gate
    return gate


def status_and_code(reply: httpx2.Response) -> tuple[int, str]:
    """The status and code of an error response, which must be a complete problem."""
    body = reply.json()
    assert reply.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "request_id"} <= body.keys()
    assert body["status"] == reply.status_code
    assert body["type"] == f"/problems/{body['code']}"
    assert body["request_id"] == reply.headers["x-request-id"]
    return reply.status_code, body["code"]
