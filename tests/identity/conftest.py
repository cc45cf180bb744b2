"""More browsers and programs than one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from api.platform.mail import MailMessage
from tests.callers import PASSWORD, Caller

Open = Callable[..., Awaitable[Caller]]
Program = Callable[[str], Awaitable[httpx2.AsyncClient]]
ADDRESS = "http://localhost:8080"


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Open]:
    """Opens another browser nobody has signed in with; options as of the HTTP client."""
    async with AsyncExitStack() as stack:

        async def open_one(**options: Any) -> Caller:
            client = options.pop("client", ("127.0.0.1", 40000))
            transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False, client=client)
            return await stack.enter_async_context(Caller(transport=transport, base_url=ADDRESS, **options))

        yield open_one


@pytest.fixture
async def program(app: FastAPI) -> AsyncIterator[Program]:
    """Opens a program that speaks with a key and without cookies."""
    async with AsyncExitStack() as stack:

        async def open_one(secret: str) -> httpx2.AsyncClient:
            transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            headers = {"Authorization": f"Bearer {secret}"}
            client = httpx2.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers)
            return await stack.enter_async_context(client)

        yield open_one


@pytest.fixture
def messages(app: FastAPI) -> list[MailMessage]:
    """What the app mailed, where no mail is set up."""
    shown: list[MailMessage] = []
    app.state.mailer.show = shown.append
    return shown


async def sign_in(browser: Caller, email: str, password: str = PASSWORD) -> httpx2.Response:
    """Sign in as its users do."""
    return await browser.post("/api/v1/session", json={"email": email, "password": password})


async def join(admin: Caller, newcomer: Caller, messages: list[MailMessage], *, role: str = "member") -> str:
    """Invite somebody who has no sign-in yet and have them accept; gives their user id."""
    email = f"hemi.{len(messages)}@example.nz"
    invited = await admin.post("/api/v1/invitations", json={"email": email, "role": role})
    assert invited.status_code == 201, invited.text
    body = {"token": messages[-1].secret.partition("#")[2], "name": "Hemi Walker", "password": PASSWORD}
    accepted = await newcomer.post("/api/v1/invitations/acceptances", json=body)
    assert accepted.status_code == 201, accepted.text
    newcomer.email = email
    newcomer.business = accepted.json()
    return str(accepted.json()["user"]["id"])
