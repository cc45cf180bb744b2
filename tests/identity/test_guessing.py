"""Guessing passwords: failures count for the network and the account; those of others keep no user out."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager

import pytest
import time_machine
from fastapi import FastAPI

from api.identity import passwords
from api.identity.throttle import ACCOUNT_FAILURES_PER_HOUR, FAILURES_PER_MINUTE
from api.identity.turns import Turns, Waiter
from api.platform.clock import now
from api.platform.http.limits import RequestCounts, RequestLimiter
from tests.callers import PASSWORD, Caller, sign_up
from tests.identity.conftest import ADDRESS, Open, sign_in

SESSION = "/api/v1/session"
GUESS = "a guess too many"
pytestmark = pytest.mark.usefixtures("start_of_minute")


async def guess(browser: Open, email: str, address: str, times: int) -> list[int]:
    """The statuses of wrong passwords from one address."""
    guesser = await browser(client=(address, 40000))
    return [(await sign_in(guesser, email, GUESS)).status_code for _ in range(times)]


async def test_a_network_has_twenty_wrong_passwords_a_minute_over_all_accounts(browser: Open):
    guesser = await browser()
    statuses = [(await sign_in(guesser, f"u{number}@example.nz", GUESS)).status_code for number in range(21)]
    assert statuses == [401] * FAILURES_PER_MINUTE + [429]


async def test_addresses_of_one_ipv6_network_are_counted_together(browser: Open):
    statuses = [await guess(browser, "mere@example.nz", f"2001:db8::{number:x}", 1) for number in range(21)]
    assert statuses == [[401]] * FAILURES_PER_MINUTE + [[429]]
    assert await guess(browser, "mere@example.nz", "2001:db8:0:1::1", 1) == [401]


async def test_right_passwords_are_not_counted(browser: Open, client: Caller):
    signing_in = await browser()
    statuses = [(await sign_in(signing_in, client.email)).status_code for _ in range(25)]
    assert statuses == [201] * 25


async def test_right_passwords_on_new_devices_are_not_counted_for_the_account(
    app: FastAPI, browser: Open, client: Caller
):
    app.state.attempts.account = RequestLimiter(RequestCounts(None), "failures-account", 2, window_seconds=3600)
    newcomers = [await browser(client=(f"192.0.2.{number}", 40000)) for number in range(4)]
    statuses = [(await sign_in(newcomer, client.email)).status_code for newcomer in newcomers]
    assert statuses == [201] * 4


async def test_after_wrong_passwords_of_others_the_user_signs_in_from_an_own_address(browser: Open, client: Caller):
    assert await guess(browser, client.email, "192.0.2.1", 22) == [401] * 20 + [429] * 2
    owner = await browser(client=("192.0.2.2", 40000))
    assert (await sign_in(owner, client.email)).status_code == 201


async def test_an_account_has_two_hundred_wrong_passwords_an_hour_over_all_networks(browser: Open, client: Caller):
    for number in range(ACCOUNT_FAILURES_PER_HOUR // 20):
        await guess(browser, client.email, f"192.0.2.{number}", 20)
    newcomer = await browser(client=("192.0.2.99", 40000))
    refused = await sign_in(newcomer, client.email)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["retry-after"]) <= 3600
    assert (await sign_in(newcomer, "other@example.nz", GUESS)).status_code == 401, "other accounts are not concerned"


async def test_a_device_that_signed_in_before_signs_in_whatever_others_do(browser: Open, client: Caller):
    for number in range(ACCOUNT_FAILURES_PER_HOUR // 20):
        await guess(browser, client.email, f"192.0.2.{number}", 20)
    await guess(browser, "other@example.nz", "127.0.0.1", 21)  # the address of the client
    assert (await client.delete(SESSION)).status_code == 204
    assert (await sign_in(client, client.email)).status_code == 201


async def test_a_known_device_has_twenty_wrong_passwords_a_minute(client: Caller):
    statuses = [(await sign_in(client, client.email, GUESS)).status_code for _ in range(21)]
    assert statuses == [401] * 20 + [429]


async def test_the_cookie_of_a_device_counts_for_its_own_account_and_for_half_a_year(client: Caller, browser: Open):
    other, cookie = await sign_up(await browser()), client.cookies["jt_device"]
    for number in range(ACCOUNT_FAILURES_PER_HOUR // 20):
        await guess(browser, other.email, f"192.0.2.{number}", 20)
        await guess(browser, client.email, f"192.0.3.{number}", 20)
    device, issued_at, signature = cookie.split(".")
    forged = (f"{device}x.{issued_at}.{signature}", f"{device}.{int(issued_at) + 1}.{signature}", "x.y.z", "", "...")
    for value in forged:
        forger = await browser(client=("192.0.2.99", 40000), cookies={"jt_device": value})
        assert (await sign_in(forger, client.email)).status_code == 429
    mine = await browser(client=("192.0.2.99", 40000), cookies={"jt_device": cookie})
    assert (await sign_in(mine, other.email)).status_code == 429
    assert (await sign_in(mine, client.email)).status_code == 201
    with time_machine.travel(now().replace(year=now().year + 1)):
        for number in range(ACCOUNT_FAILURES_PER_HOUR // 20):
            await guess(browser, client.email, f"192.0.3.{number}", 20)
        old = await browser(client=("192.0.2.99", 40000), cookies={"jt_device": cookie})
        assert (await sign_in(old, client.email)).status_code == 429


@pytest.mark.parametrize("issued_at", ["9" * 400, "9" * 5000, "-1", "1e9", "", "\u00b2"])
async def test_with_a_made_up_cookie_of_a_device_a_wrong_password_is_refused_as_without(
    browser: Open, client: Caller, issued_at: str
):
    for signature in ("00" * 16, "\u00e9", ""):
        cookie = f"jt_device=device.{issued_at}.{signature}".encode("latin-1")
        headers = {b"Origin": ADDRESS.encode(), b"Cookie": cookie}
        body = {"email": client.email, "password": GUESS}
        assert (await (await browser()).post(SESSION, json=body, headers=headers)).status_code == 401


async def test_the_cookie_of_a_device_cannot_be_read_by_scripts(client: Caller, browser: Open):
    reply = await sign_in(await browser(), client.email)
    [cookie] = [line for line in reply.headers.get_list("set-cookie") if line.startswith("jt_device=")]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.email not in cookie


async def test_guesses_of_the_own_password_are_counted_for_the_session(client: Caller, browser: Open):
    def change(password: str) -> dict[str, str]:
        return {"current_password": password, "new_password": "four unrelated plain words"}

    await guess(browser, client.email, "127.0.0.1", 20)
    statuses = [(await client.put(f"{SESSION}/password", json=change(GUESS))).status_code for _ in range(21)]
    assert statuses == [422] * 20 + [429]


def _at_once() -> int:
    return max(1, (os.cpu_count() or 1) // 2)


@pytest.fixture
def blocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hashing waits until the test sets the event."""
    opened = threading.Event()
    verify = passwords._verify

    def wait(password: str, stored: str | None) -> bool:
        assert opened.wait(20)
        return verify(password, stored)

    monkeypatch.setattr(passwords, "_verify", wait)
    yield opened
    opened.set()


async def test_when_too_many_passwords_wait_to_be_hashed_sign_in_is_refused_and_the_rest_goes_on(
    app: FastAPI, browser: Open, client: Caller, blocked: threading.Event
):
    guessers = [await browser(client=(f"192.0.{number}.1", 40000)) for number in range(64 + 1 + _at_once())]
    tries = [asyncio.create_task(sign_in(each, "nobody@example.nz", GUESS)) for each in guessers]
    done, waiting = await asyncio.wait(tries, return_when=asyncio.FIRST_COMPLETED)
    [refused] = [task.result() for task in done]
    assert (refused.status_code, refused.json()["code"]) == (503, "temporarily_unavailable")
    assert int(refused.headers["retry-after"]) >= 1
    assert app.state.database.engine.pool.checkedout() == 0
    assert (await client.get(SESSION)).status_code == 200, "others are not hindered"
    blocked.set()
    assert {reply.status_code for reply in await asyncio.gather(*waiting)} == {401}


async def test_many_wrong_passwords_at_once_do_not_keep_another_user_from_signing_in(
    browser: Open, client: Caller, blocked: threading.Event, monkeypatch: pytest.MonkeyPatch
):
    hashed: list[str] = []
    verify = passwords._verify

    def noting(password: str, stored: str | None) -> bool:
        hashed.append(password)
        return verify(password, stored)

    joined, turn = asyncio.Event(), Turns.turn

    def noting_turn(turns: Turns, waiter: Waiter) -> AbstractAsyncContextManager[None]:
        if waiter.name == "198.51.100.7":
            joined.set()
        return turn(turns, waiter)

    monkeypatch.setattr(passwords, "_verify", noting)
    monkeypatch.setattr(Turns, "turn", noting_turn)
    guessers = [await browser(client=(f"192.0.2.{number}", 40000)) for number in range(12)]
    tries = [
        asyncio.create_task(sign_in(each, f"nobody{number}@example.nz", GUESS))
        for number in range(8)
        for each in guessers
    ]
    await asyncio.wait(tries, return_when=asyncio.FIRST_COMPLETED)  # so many wait that one is refused
    owner = await browser(client=("198.51.100.7", 40000))
    signing_in = asyncio.create_task(sign_in(owner, client.email))
    await joined.wait()
    blocked.set()
    assert (await signing_in).status_code == 201
    await asyncio.gather(*tries)
    assert hashed.index(PASSWORD) < len(hashed) / 2
