"""Fixtures: the stand-in in this process and on a socket, and Xero's SDK connected to it."""

import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import uvicorn

from sandbox.app import StandIn, create_stand_in
from tests.sandbox.client import CALLBACK, CLIENT, SCOPES, Clock, StandInClient, redirect_query


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stand_in(clock: Clock) -> StandIn:
    return create_stand_in(clock=clock, calls_per_minute=10_000)


@pytest.fixture
async def anonymous(stand_in: StandIn) -> AsyncIterator[StandInClient]:
    """A client that has not signed in."""
    async with StandInClient(stand_in) as client:
        yield client


@pytest.fixture
async def xero(anonymous: StandInClient) -> StandInClient:
    """A client that is connected to the New Zealand organisation."""
    return await anonymous.sign_in()


@dataclass
class Served:
    """A stand-in on a socket."""

    app: StandIn
    url: str


@pytest.fixture
def served() -> Iterator[Served]:
    app = create_stand_in(calls_per_minute=10_000)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    listener = server.config.bind_socket()
    ready = threading.Event()

    class SignallingServer(type(server)):  # type: ignore[misc]  # uvicorn chooses the class
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            ready.set()

    server.__class__ = SignallingServer
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield Served(app, f"http://localhost:{listener.getsockname()[1]}")
    server.should_exit = True
    thread.join(10)


@dataclass
class Sdk:
    """Xero's Python SDK, signed in."""

    accounting: Any
    identity: Any
    client: Any
    tenant_id: str
    token: dict[str, Any]


@pytest.fixture
def sdk(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sdk]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the SDK uses deprecated features of urllib3 and Python
        yield _sdk(served, monkeypatch)


def _sdk(served: Served, monkeypatch: pytest.MonkeyPatch) -> Sdk:
    from xero_python.accounting import AccountingApi
    from xero_python.api_client import ApiClient
    from xero_python.api_client.configuration import Configuration
    from xero_python.api_client.oauth2 import OAuth2Token, TokenApi
    from xero_python.identity import IdentityApi

    monkeypatch.setattr(TokenApi, "refresh_token_url", f"{served.url}/connect/token")
    monkeypatch.setattr(TokenApi, "revoke_token_url", f"{served.url}/connect/revocation")
    query = {"response_type": "code", "client_id": CLIENT[0], "redirect_uri": CALLBACK, "scope": SCOPES, "auto": "1"}
    exchange = {"grant_type": "authorization_code", "redirect_uri": CALLBACK}
    with httpx2.Client(base_url=served.url) as browser:
        code = redirect_query(browser.get("/identity/connect/authorize", params=query))["code"]
        token = browser.post("/connect/token", data=exchange | {"code": code}, auth=CLIENT).json()
    tokens: dict[str, Any] = {**token, "scope": token["scope"].split()}
    client = ApiClient(Configuration(oauth2_token=OAuth2Token(*CLIENT)), pool_threads=1)
    client.rest_client.pool_manager.connection_pool_kw["retries"] = False  # otherwise urllib3 sleeps for Retry-After
    client.oauth2_token_getter(lambda: tokens)
    client.oauth2_token_saver(tokens.update)
    identity = IdentityApi(client, base_url=served.url)
    accounting = AccountingApi(client, base_url=f"{served.url}/api.xro/2.0")
    return Sdk(accounting, identity, client, identity.get_connections()[0].tenant_id, tokens)
