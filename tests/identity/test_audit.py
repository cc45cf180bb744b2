"""The audit trail: its events, its readers, its pages."""

from datetime import timedelta

from api.platform.clock import now
from api.platform.mail import MailMessage
from tests.callers import PASSWORD, Caller, sign_up
from tests.identity.conftest import Open, join, sign_in

TRAIL = "/api/v1/audit-events"


async def test_the_trail_lists_who_did_what_with_what_outcome(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    other = await browser()
    user = await join(client, other, messages)
    await sign_in(await browser(), client.email, "not the password")
    expiry = (now().date() + timedelta(days=9)).isoformat()
    key = {"name": "Robot", "scopes": ["contacts:read"], "expires_on": expiry}
    made = await client.post("/api/v1/api-keys", json=key, headers={"X-Request-Id": "the-request-of-the-key"})
    await client.delete(made.headers["location"])
    await client.patch(f"/api/v1/users/{user}", json={"role": "viewer"})
    await other.delete("/api/v1/session")

    events = (await client.get(TRAIL, params={"limit": 200})).json()["items"]
    mine = client.business["user"]["id"]
    assert [(event["action"], event["outcome"], event["actor"]) for event in reversed(events)] == [
        ("business.begin", "done", mine),
        ("session.sign_in", "done", mine),
        ("invitation.create", "done", mine),
        ("invitation.accept", "done", user),
        ("session.sign_in", "done", user),
        ("session.sign_in", "refused", mine),
        ("api_key.create", "done", mine),
        ("api_key.revoke", "done", mine),
        ("user.change_role", "done", mine),
        ("session.sign_out", "done", user),
    ]
    by_action = {event["action"]: event for event in events}
    assert by_action["api_key.create"]["request_id"] == "the-request-of-the-key"
    assert by_action["api_key.create"]["subject"] == made.json()["id"]
    assert by_action["user.change_role"]["details"] == {"before": "member", "after": "viewer"}
    text = str(events)
    assert made.json()["secret"] not in text
    assert PASSWORD not in text
    assert "@" not in text


async def test_only_administrators_of_the_business_read_its_trail(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    member = await browser()
    await join(client, member, messages)
    assert (await member.get(TRAIL)).status_code == 403
    other = await sign_up(await browser())
    actors = {event["actor"] for event in (await other.get(TRAIL)).json()["items"]}
    assert actors == {other.business["user"]["id"]}


async def test_the_trail_is_paged_newest_first(client: Caller):
    for _ in range(3):
        await sign_in(client, client.email)
    first = (await client.get(TRAIL, params={"limit": 3})).json()
    second = (await client.get(TRAIL, params={"limit": 3, "cursor": first["next_cursor"]})).json()
    ids = [event["id"] for page in (first, second) for event in page["items"]]
    assert len(set(ids)) == 5
    assert ids == sorted(ids, reverse=True)
    assert second["next_cursor"] is None
