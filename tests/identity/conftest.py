"""Fixtures: further browsers and programs, and the mail that the app sent."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from api.platform.mail import Delivery, Mailer, MailMessage
from api.platform.settings import Settings
from tests.callers import PASSWORD, Caller

Open = Callable[..., Awaitable[Caller]]
Program = Callable[[str], Awaitable[httpx2.AsyncClient]]
ADDRESS = "http://localhost:8080"


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Open]:
    """Opens another browser without a session; the options are those of the HTTP client."""
    async with AsyncExitStack() as stack:

        async def open_client(**options: Any) -> Caller:
            client = options.pop("client", ("127.0.0.1", 40000))
            transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False, client=client)
            return await stack.enter_async_context(Caller(transport=transport, base_url=ADDRESS, **options))

        yield open_client


@pytest.fixture
async def program(app: FastAPI) -> AsyncIterator[Program]:
    """Opens a program that sends an API key and no cookies."""
    async with AsyncExitStack() as stack:

        async def open_client(secret: str) -> httpx2.AsyncClient:
            transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            headers = {"Authorization": f"Bearer {secret}"}
            client = httpx2.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers)
            return await stack.enter_async_context(client)

        yield open_client


class RecordingMailer(Mailer):
    """A mailer that keeps the messages instead of sending them."""

    is_set_up = True

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.messages: list[MailMessage] = []

    async def send(self, message: MailMessage) -> Delivery:
        self.messages.append(message)
        return Delivery.SENT


@pytest.fixture
def messages(app: FastAPI) -> list[MailMessage]:
    """The mail that the app sent."""
    app.state.mailer = mailer = RecordingMailer(app.state.settings)
    return mailer.messages


async def sign_in(browser: Caller, email: str, password: str = PASSWORD) -> httpx2.Response:
    """Sign in with an address and a password."""
    return await browser.post("/api/v1/session", json={"email": email, "password": password})


async def join(admin: Caller, newcomer: Caller, messages: list[MailMessage], *, role: str = "member") -> str:
    """Invite a person without an account and accept the invitation; returns the new user's id."""
    email = f"hemi.{len(messages)}@example.nz"
    invited = await admin.post("/api/v1/invitations", json={"email": email, "role": role})
    assert invited.status_code == 201, invited.text
    body = {"token": messages[-1].secret.partition("#")[2], "name": "Hemi Walker", "password": PASSWORD}
    accepted = await newcomer.post("/api/v1/invitations/acceptances", json=body)
    assert accepted.status_code == 201, accepted.text
    newcomer.email = email
    newcomer.business = accepted.json()
    return str(accepted.json()["user"]["id"])
