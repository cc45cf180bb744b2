"""If-Match on members, API keys and invitations: two administrators do not overwrite each other."""

from datetime import timedelta

import pytest

from api.platform.clock import now
from api.platform.mail import MailMessage
from tests.callers import Caller
from tests.identity.conftest import Open, Program, join

API = "/api/v1"


async def test_of_two_administrators_who_change_a_role_the_second_is_refused(
    client: Caller, browser: Open, messages: list[MailMessage]
) -> None:
    address = f"{API}/users/{await join(client, await browser(), messages)}"
    read = (await client.get(address)).headers["ETag"]

    first = await client.patch(address, json={"role": "viewer"}, headers={"If-Match": read})
    second = await client.patch(address, json={"role": "admin"}, headers={"If-Match": read})
    removal = await client.delete(address, headers={"If-Match": read})

    assert first.status_code == 200
    for refused in (second, removal):
        assert (refused.status_code, refused.json()["code"]) == (412, "changed_meanwhile")
        assert refused.headers["ETag"] == first.headers["ETag"] != read
    assert (await client.get(address)).json()["role"] == "viewer"
    assert (await client.delete(address, headers={"If-Match": first.headers["ETag"]})).status_code == 204


async def test_an_api_key_is_revoked_in_the_version_that_was_read_even_after_it_was_used(
    client: Caller, program: Program
) -> None:
    expires_on = (now() + timedelta(days=30)).date().isoformat()
    content = {"name": "Nightly import", "scopes": ["contacts:read"], "expires_on": expires_on}
    made = await client.post(f"{API}/api-keys", json=content)
    address, tag = made.headers["Location"], made.headers["ETag"]

    await (await program(made.json()["secret"])).get(f"{API}/contacts")
    used = await client.get(address)

    assert used.json()["last_used_at"] is not None
    assert used.headers["ETag"] == tag, "its use is no change of the key"
    assert (await client.delete(address, headers={"If-Match": '"another"'})).status_code == 412
    assert (await client.get(address)).status_code == 200
    assert (await client.delete(address, headers={"If-Match": tag})).status_code == 204


@pytest.mark.usefixtures("messages")
async def test_an_invitation_is_withdrawn_only_in_the_version_that_was_read(client: Caller) -> None:
    hemi = {"email": "hemi@example.nz", "role": "member"}
    earlier = await client.post(f"{API}/invitations", json=hemi | {"role": "viewer"})
    made = await client.post(f"{API}/invitations", json=hemi)
    address, tag = made.headers["Location"], made.headers["ETag"]

    assert (await client.get(address)).headers["ETag"] == tag
    refused = await client.delete(address, headers={"If-Match": earlier.headers["ETag"]})
    assert (refused.status_code, refused.json()["code"]) == (412, "changed_meanwhile")
    assert (await client.delete(address, headers={"If-Match": tag})).status_code == 204
