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


OF_NAMES = [
    "MereHohepa",
    "hohepa-1985",
    "kereruplumbing",
    "Kererū 2026!",
    "Jobtally2026",
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
