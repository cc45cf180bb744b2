"""New passwords: common ones, and those of the names that everybody can read, are refused."""

from importlib.resources import files
from typing import Any

import httpx2
import pytest

from api.platform.mail import MailMessage
from tests.callers import PASSWORD, Caller
from tests.identity.conftest import Open

NEW = {
    "business_name": "Kererū Plumbing",
    "country": "NZ",
    "name": "Mere Hohepa",
    "email": "mere.h@rimu-builders.co.nz",
    "password": PASSWORD,
}


async def refusals(caller: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> list[tuple[str, str]]:
    """The places and codes of the errors."""
    reply = await caller.request("PUT" if path.endswith("password") else "POST", path, json=body)
    return [(error["pointer"], error["code"]) for error in reply.json().get("errors", [])]


def test_more_than_ten_thousand_common_passwords_are_known():
    words = files("api.identity").joinpath("common_passwords.txt").read_text("utf-8").split()
    assert len(set(words)) == len(words) > 10_000
    assert {"password", "football", "qwertyuiop", "12345678", "jennifer"} <= set(words)


@pytest.mark.parametrize(
    "password", ["Trustno1", "COMPUTER", "1qaz2wsx", "aaaaaaaa", "zzzzzzzzzzzzzzzz", "abababab", "11111111"]
)
async def test_a_common_password_and_one_of_one_or_two_characters_is_refused(
    anonymous: httpx2.AsyncClient, password: str
):
    refused = await refusals(anonymous, "/api/v1/businesses", NEW | {"password": password})
    assert refused == [("#/password", "password_too_common")]


LIKE_COMMON_ONES = [
    "Password123!",
    "Password 1",
    "password1 ",
    " password1",
    "\u200bpassword1",
    "pass\u200bword",
    "\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff11",
    "p\u00e4ssword",
    "P@55w0rd!?",
    "passwordpassword",
    "Summer2026",
    "summer summer 1",
    "xero1234",
    "Plumber!2026",
    "Jobtally2026",
]


@pytest.mark.parametrize("password", LIKE_COMMON_ONES)
async def test_a_common_word_with_other_letters_blanks_or_an_ending_is_refused(
    anonymous: httpx2.AsyncClient, password: str
):
    refused = await refusals(anonymous, "/api/v1/businesses", NEW | {"password": password})
    assert refused == [("#/password", "password_too_common")]


OWN_ONES = [
    "four unrelated plain words",
    "correct horse battery staple",
    "the summer of the long boat",
    "my xero is green on tuesdays",
    "password is what I never use",
    "Summer rain, 2026 sheep",
    "tui-kauri-harakeke-9",
    "kT9xW2mQ",
    "x7#Lq!02vB",
    "8371046295",
    "\u043c\u043e\u0441\u0442 \u0447\u0435\u0440\u0435\u0437 \u0440\u0435\u043a\u0443",
    "\u96e8\u304c\u964d\u308b\u5915\u65b9\u306e\u6e2f",
]


@pytest.mark.parametrize("password", OWN_ONES)
async def test_a_sentence_of_unrelated_words_and_a_random_password_are_accepted(
    anonymous: httpx2.AsyncClient, password: str
):
    reply = await anonymous.post("/api/v1/businesses", json=NEW | {"password": password})
    assert reply.status_code == 201, reply.text


async def test_a_name_with_digits_for_letters_is_refused(anonymous: httpx2.AsyncClient):
    for password in ("W1remu!!", "w1r3mu2026", "W\u200biremu!!"):
        refused = await refusals(anonymous, "/api/v1/businesses", NEW | {"name": "Wiremu", "password": password})
        assert refused == [("#/password", "password_has_name")]


OF_NAMES = [
    "MereHohepa",
    "hohepa-1985",
    "kereruplumbing",
    "Kererū 2026!",
    "jobtally!!mere",
    "rimu-builders",
    "mere.h@rimu-builders.co.nz",
]


@pytest.mark.parametrize("password", OF_NAMES)
async def test_a_password_of_the_names_of_the_person_the_business_or_the_product_is_refused(
    anonymous: httpx2.AsyncClient, password: str
):
    refused = await refusals(anonymous, "/api/v1/businesses", NEW | {"password": password})
    assert refused == [("#/password", "password_has_name")]


@pytest.mark.parametrize("password", ["kererū in the pear tree", "merely a long sentence", "x" * 4 + "yz" * 126])
async def test_a_password_with_enough_of_its_own_is_accepted(anonymous: httpx2.AsyncClient, password: str):
    reply = await anonymous.post("/api/v1/businesses", json=NEW | {"password": password})
    assert reply.status_code == 201, reply.text


async def test_a_change_a_reset_and_an_invitation_refuse_passwords_of_names_too(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    change = {"current_password": PASSWORD, "new_password": "hohepa-1985"}
    assert await refusals(client, "/api/v1/session/password", change) == [("#/new_password", "password_has_name")]
    await client.post("/api/v1/password-resets", json={"email": client.email})
    token = messages[-1].secret.partition("#")[2]
    reset = {"token": token, "password": "kereruplumbing"}
    refused = await refusals(await browser(), "/api/v1/password-resets/acceptances", reset)
    assert refused == [("#/password", "password_has_name")]
    reply = await client.post("/api/v1/password-resets/acceptances", json=reset | {"password": "four plain words"})
    assert reply.status_code == 204, "the refused password did not use the link up"
    await client.post("/api/v1/session", json={"email": client.email, "password": "four plain words"})
    await client.post("/api/v1/invitations", json={"email": "hemi@example.nz", "role": "member"})
    accept = {"token": messages[-1].secret.partition("#")[2], "name": "Hemi Walker", "password": "hemi walker 1"}
    refused = await refusals(await browser(), "/api/v1/invitations/acceptances", accept)
    assert refused == [("#/password", "password_has_name")]
