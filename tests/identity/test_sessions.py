"""Sign-in, sign-out, and the lifetime of a session."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import text

from api.identity import passwords
from api.identity.devices import browser_words
from api.platform.clock import now
from api.platform.db.work import SYSTEM
from api.platform.mail import MailMessage
from api.worker import housekeeping
from tests.callers import PASSWORD, Caller, sign_up
from tests.identity.conftest import Open, join, sign_in

SESSION, SESSIONS = "/api/v1/session", "/api/v1/sessions"
MOZILLA = "Mozilla/5.0"


async def test_signing_in_answers_the_user_and_the_business(client: Caller, browser: Open):
    another = await browser()
    reply = await sign_in(another, client.email.upper())
    assert reply.status_code == 201
    assert reply.json() == (await another.get(SESSION)).json() == client.business


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Caller, browser: Open):
    another = await browser()
    wrong = await sign_in(another, client.email, "not the password")
    unknown = await sign_in(another, "nobody@example.nz", "not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["code"] == "wrong_credentials"
    assert wrong.json() | {"request_id": ""} == unknown.json() | {"request_id": ""}
    assert "set-cookie" not in wrong.headers


async def test_an_unknown_address_costs_as_much_hashing_as_a_wrong_password(
    client: Caller, browser: Open, monkeypatch: pytest.MonkeyPatch
):
    checked: list[str] = []
    verify = passwords._argon2id.verify

    def counting(password: str, stored: str) -> bool:
        checked.append(stored)
        return verify(password, stored)

    monkeypatch.setattr(passwords._argon2id, "verify", counting)
    another = await browser()
    await sign_in(another, "nobody@example.nz", "not the password")
    await sign_in(another, client.email, "not the password")
    assert len(checked) == 2
    assert checked[0].split("$")[:4] == checked[1].split("$")[:4], "the same algorithm with the same cost"


async def test_a_password_that_nobody_can_have_is_not_hashed(client: Caller, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(passwords, "_argon2id", None)  # would fail
    refused = await sign_in(client, client.email, "x" * 257)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert refused.json()["errors"][0]["code"] == "string_too_long"


async def test_signing_out_ends_the_session_on_the_server(client: Caller):
    secret = client.cookies["jt_session"]
    assert (await client.delete(SESSION)).status_code == 204
    client.cookies.set("jt_session", secret)
    assert (await client.get(SESSION)).status_code == 401


async def test_signing_in_again_gives_a_new_secret_and_ends_the_old_session(client: Caller, browser: Open):
    before = client.cookies["jt_session"]
    await sign_in(client, client.email)
    assert client.cookies["jt_session"] != before
    holder_of_the_old_cookie = await browser(cookies={"jt_session": before})
    assert (await holder_of_the_old_cookie.get(SESSION)).status_code == 401


@pytest.mark.parametrize(("pause", "status"), [(timedelta(hours=11, minutes=58), 200), (timedelta(hours=12), 401)])
async def test_a_session_ends_after_twelve_hours_without_a_request(client: Caller, pause: timedelta, status: int):
    with time_machine.travel(now() + pause, tick=False):
        assert (await client.get(SESSION)).status_code == status


async def test_a_session_in_use_still_ends_after_thirty_days(client: Caller, browser: Open):
    began, secret = now(), client.cookies["jt_session"]
    for hours in range(11, 720, 11):
        with time_machine.travel(began + timedelta(hours=hours), tick=False):
            assert (await client.get(SESSION)).status_code == 200
    another = await browser()  # keeps sending the cookie, which `client` deletes when it expires
    with time_machine.travel(began + timedelta(days=30, minutes=1), tick=False):
        reply = await another.get(SESSION, headers={"Cookie": f"jt_session={secret}"})
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"


async def test_a_user_sees_the_sessions_that_can_still_be_used(client: Caller, browser: Open):
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
    office = await browser(client=("203.0.113.7", 40000))
    office.headers["User-Agent"] = windows
    await sign_in(office, client.email)
    other = await sign_up(await browser())

    present, earlier = (await office.get(SESSIONS)).json()["items"]
    assert (present["browser"], present["address"], present["current"]) == ("Firefox on Windows", "203.0.113.7", True)
    assert (earlier["address"], earlier["current"]) == ("127.0.0.1", False)
    began = datetime.fromisoformat(present["created_at"])
    assert datetime.fromisoformat(present["expires_at"]) - began == pytest.approx(
        timedelta(days=30), abs=timedelta(minutes=1)
    )
    assert len((await other.get(SESSIONS)).json()["items"]) == 1
    with time_machine.travel(now() + timedelta(hours=11), tick=False):
        await office.get(SESSION)
    with time_machine.travel(now() + timedelta(hours=13), tick=False):
        assert [item["id"] for item in (await office.get(SESSIONS)).json()["items"]] == [present["id"]]


async def test_a_user_ends_a_session_on_another_device_but_no_session_of_others(client: Caller, browser: Open):
    lost, other = await browser(), await sign_up(await browser())
    await sign_in(lost, client.email)
    [session] = [item["id"] for item in (await client.get(SESSIONS)).json()["items"] if not item["current"]]
    assert (await other.delete(f"{SESSIONS}/{session}")).status_code == 404
    assert (await lost.get(SESSION)).status_code == 200
    assert (await client.delete(f"{SESSIONS}/{session}")).status_code == 204
    assert (await lost.get(SESSION)).status_code == 401
    assert (await client.get(SESSION)).status_code == 200
    assert (await client.delete(f"{SESSIONS}/{session}")).status_code == 404, "it has ended"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
            "Safari on macOS",
        ),
        (f"{MOZILLA} (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        (
            f"{MOZILLA} (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/126.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPhone",
        ),
        ("curl/8.5.0", "curl"),
        (MOZILLA, "Unknown browser"),
        ("", "Unknown browser"),
        ("<script>/" + "x" * 5000, "Unknown browser"),
    ],
)
def test_a_browser_is_described_in_short_words(user_agent: str, words: str):
    assert browser_words(user_agent) == words


async def test_neither_password_nor_session_secret_is_stored(client: Caller, app: FastAPI):
    async with app.state.database.work(SYSTEM) as work:
        users = str((await work.session.execute(text("SELECT * FROM users"))).all())
        sessions = str((await work.session.execute(text("SELECT * FROM sessions"))).all())
    assert client.cookies["jt_session"] not in sessions
    assert PASSWORD not in users
    assert "$argon2id$" in users


async def test_sessions_and_links_that_have_ended_are_deleted(
    client: Caller, browser: Open, app: FastAPI, messages: list[MailMessage]
):
    async def rows() -> list[int]:
        async with app.state.database.work(SYSTEM) as work:
            counts = ("SELECT count(*) FROM sessions", "SELECT count(*) FROM one_time_links")
            return [(await work.session.execute(text(count))).scalar_one() for count in counts]

    await client.post("/api/v1/password-resets", json={"email": client.email})
    with time_machine.travel(now() + timedelta(days=29), tick=False):
        await sign_in(await browser(), client.email)
        await housekeeping({"gateways": app.state.gateways})
        assert await rows() == [1, 0], "a session that is not used for twelve hours has ended"
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        await housekeeping({"gateways": app.state.gateways})
        assert await rows() == [0, 0]


async def test_a_session_cannot_switch_to_a_business_of_others(client: Caller, browser: Open):
    foreign = (await sign_up(await browser())).business["business"]["id"]
    reply = await client.put(f"{SESSION}/business", json={"business_id": foreign})
    assert reply.status_code == 422
    assert reply.json()["errors"][0] | {"detail": ""} == {
        "pointer": "#/business_id",
        "code": "unknown_business",
        "detail": "",
    }


async def test_a_wrong_password_leaves_the_present_session_as_it_is(client: Caller) -> None:
    wrong = await client.post("/api/v1/session", json={"email": client.email, "password": "not my password"})

    assert wrong.status_code == 401
    assert (await client.get("/api/v1/session")).status_code == 200


async def test_no_transaction_is_open_while_a_password_is_hashed(
    app: FastAPI, client: Caller, browser: Open, messages: list[MailMessage], monkeypatch: pytest.MonkeyPatch
):
    open_connections: list[int] = []

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def hashing(*arguments: str) -> Any:
            open_connections.append(app.state.database.engine.pool.checkedout())
            return function(*arguments)

        return hashing

    for name in ("hash", "verify"):
        monkeypatch.setattr(passwords._argon2id, name, counting(getattr(passwords._argon2id, name)))
    await sign_in(client, client.email)
    await sign_in(client, client.email, "not the password")
    await sign_up(client)
    await join(client, await browser(), messages)
    assert open_connections == [0] * 4
