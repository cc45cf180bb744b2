"""Rights are checked when they are used; who lacks one is refused, and the audit trail says so."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from api.identity.refusals import RECORDED_PER_MINUTE
from api.platform.db.work import SYSTEM
from api.platform.mail import MailMessage
from tests.callers import PASSWORD, Caller
from tests.identity.conftest import Open, join

CONTACTS = "/api/v1/contacts"
NEW_CONTACT = {"kind": "company", "name": "Kauri Homes", "roles": ["customer"]}


async def trail(admin: Caller, action: str) -> list[dict[str, Any]]:
    """The events of one action, the newest first."""
    events = (await admin.get("/api/v1/audit-events", params={"limit": 200})).json()["items"]
    return [event for event in events if event["action"] == action]


async def test_a_stored_answer_is_not_given_to_somebody_who_has_lost_the_right(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    member, key = await browser(), {"Idempotency-Key": "import-1"}
    user = await join(client, member, messages)
    assert (await member.post(CONTACTS, json=NEW_CONTACT, headers=key)).status_code == 201
    await client.patch(f"/api/v1/users/{user}", json={"role": "viewer"})
    refused = await member.post(CONTACTS, json=NEW_CONTACT, headers=key)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    [event] = await trail(client, "access.check")
    assert (event["actor"], event["outcome"]) == (user, "refused")
    assert event["details"] == {"method": "POST", "route": "create_contact", "scopes": ["contacts:write"]}
    await client.patch(f"/api/v1/users/{user}", json={"role": "member"})
    again = await member.post(CONTACTS, json=NEW_CONTACT, headers=key)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")


async def test_a_refusal_of_a_route_that_calls_xero_is_recorded_too(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    member = await browser()
    user = await join(client, member, messages)
    assert (await member.delete("/api/v1/connections/xero")).status_code == 403
    [event] = await trail(client, "access.check")
    assert (event["actor"], event["details"]["scopes"]) == (user, ["connections:write"])


@pytest.mark.usefixtures("start_of_minute")
async def test_a_program_that_does_not_stop_does_not_fill_the_trail(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    member = await browser()
    await join(client, member, messages, role="viewer")
    for _ in range(RECORDED_PER_MINUTE + 5):
        assert (await member.post(CONTACTS, json=NEW_CONTACT)).status_code == 403
    assert len(await trail(client, "access.check")) == RECORDED_PER_MINUTE


async def test_events_say_where_the_request_came_from(client: Caller, browser: Open):
    elsewhere = await browser(client=("192.0.2.7", 40000))
    await elsewhere.post("/api/v1/session", json={"email": client.email, "password": "not the password"})
    refused, _ = await trail(client, "session.sign_in")
    assert (refused["address"], refused["outcome"]) == ("192.0.2.7", "refused")


async def test_a_change_of_preferences_is_recorded(client: Caller):
    preferences = await client.get("/api/v1/preferences")
    headers = {"If-Match": preferences.headers["etag"]}
    reply = await client.patch("/api/v1/preferences", json={"person_name_format": "last_first"}, headers=headers)
    assert reply.status_code == 200, reply.text
    [event] = await trail(client, "preferences.change")
    assert event["actor"] == client.business["user"]["id"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor = 'nobody'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "DELETE FROM businesses",
        "TRUNCATE businesses CASCADE",
    ],
)
async def test_the_product_cannot_change_or_delete_events(app: FastAPI, client: Caller, statement: str):
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with app.state.database.work(SYSTEM) as work:
            await work.session.execute(text(statement))


async def test_no_statement_of_the_product_changes_events_by_a_foreign_key(app: FastAPI, client: Caller):
    async with app.state.database.work(SYSTEM) as work:
        statement = (
            "SELECT confrelid::regclass::text FROM pg_constraint WHERE conrelid = 'audit_events'::regclass"
            " AND contype = 'f' AND (confupdtype <> 'a' AND has_table_privilege(confrelid, 'UPDATE')"
            " OR confdeltype <> 'a' AND has_table_privilege(confrelid, 'DELETE'))"
        )
        assert (await work.session.execute(text(statement))).all() == []


async def test_a_request_of_another_site_cannot_change_anything(client: Caller, anonymous: httpx2.AsyncClient):
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8080"}
    refused = await client.post(CONTACTS, json=NEW_CONTACT, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")
    credentials = {"email": client.email, "password": PASSWORD}
    refused = await anonymous.post("/api/v1/session", json=credentials, headers={"Sec-Fetch-Site": "cross-site"})
    assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")
    for site in ("same-origin", "same-site", "none"):
        accepted = await client.post(CONTACTS, json=NEW_CONTACT, headers={"Sec-Fetch-Site": site})
        assert accepted.status_code == 201
