"""What may stand in the mails of an installation, and how many invitations it sends for one business and one user."""

import httpx2
import pytest

from api.platform.mail import MailMessage
from tests.callers import Caller, sign_up
from tests.identity.conftest import Open, join
from tests.identity.test_new_passwords import NEW, refusals


@pytest.mark.parametrize("name", ["Kauri\r\nBcc: all@example.nz", "Kauri\nHomes", "Kauri\tHomes", "Kauri\x85Homes"])
async def test_names_have_one_line(anonymous: httpx2.AsyncClient, client: Caller, name: str):
    for field in ("business_name", "name"):
        refused = await refusals(anonymous, "/api/v1/businesses", NEW | {field: name})
        assert refused == [(f"#/{field}", "control_character")]
    key = {"name": name, "scopes": ["contacts:read"], "expires_on": "2026-12-31"}
    assert ("#/name", "control_character") in await refusals(client, "/api/v1/api-keys", key)


WEB_ADDRESSES = [
    "Visit https://evil.example/login now",
    "HTTP://EVIL.EXAMPLE",
    "Kauri www.evil.example",
    "Www\u200b.evil.example",
    "ftp:\u200b//evil.example",
]


@pytest.mark.parametrize("name", WEB_ADDRESSES)
async def test_a_name_that_is_written_in_mails_has_no_web_address(
    anonymous: httpx2.AsyncClient, client: Caller, messages: list[MailMessage], name: str
):
    for field in ("business_name", "name"):
        refused = await refusals(anonymous, "/api/v1/businesses", NEW | {field: name})
        assert refused == [(f"#/{field}", "web_address")]
    another = {"business_name": name, "country": "NZ"}
    assert await refusals(client, "/api/v1/businesses", another) == [("#/business_name", "web_address")]
    await client.post("/api/v1/invitations", json={"email": "hemi@example.nz", "role": "member"})
    accept = {"token": messages[-1].secret.partition("#")[2], "name": name, "password": "four plain words"}
    assert ("#/name", "web_address") in await refusals(client, "/api/v1/invitations/acceptances", accept)


@pytest.mark.parametrize("name", ["Tūī & Sons (2019) Ltd.", "Plumbing: day/night", "Awww Pets", "Kauri.co.nz", "A//B"])
async def test_usual_names_of_businesses_are_accepted(anonymous: httpx2.AsyncClient, name: str):
    reply = await anonymous.post("/api/v1/businesses", json=NEW | {"business_name": name})
    assert reply.status_code == 201, reply.text


async def invite(caller: Caller, number: int) -> httpx2.Response:
    body = {"email": f"invited.{number}@example.nz", "role": "viewer"}
    return await caller.post("/api/v1/invitations", json=body)


async def test_a_business_sends_at_most_twenty_invitations_a_day(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    other = await browser()
    await join(client, other, messages, role="admin")
    made = [await invite(caller, number) for caller in (client, other) for number in range(9)]
    made.append(await invite(client, 18))
    assert {reply.status_code for reply in made} == {201}
    await client.delete(made[-1].headers["location"])
    refused = await invite(other, 19)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_invitations")
    assert int(refused.headers["retry-after"]) > 0
    assert len(messages) == 20


async def test_a_user_sends_at_most_twenty_invitations_a_day_over_all_businesses(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    await join(client, await browser(), messages, role="admin")
    assert [(await invite(client, number)).status_code for number in range(9)] == [201] * 9
    await client.post("/api/v1/businesses", json={"business_name": "Tūī Electrical", "country": "NZ"})
    assert [(await invite(client, number)).status_code for number in range(11)] == [201] * 10 + [429]
    assert len(messages) == 20

    neighbour = await sign_up(await browser())
    assert (await invite(neighbour, 1)).status_code == 201, "other users are not concerned"
