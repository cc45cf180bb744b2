"""The feed of notifications: order, waiting, the read marker, and separation of businesses."""

import asyncio
import base64
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from api.platform.clock import now
from api.records.notifications.service import NotificationService
from tests.callers import Caller
from tests.records.making import business_of

FEED = "/api/v1/notifications"


async def publish(app: FastAPI, client: Caller, *messages: str, once: str | None = None) -> None:
    """Publish notifications, as a worker does."""
    for message in messages:
        async with app.state.database.work(business_of(client)) as work:
            await NotificationService(work).publish("export.finished", message, {"total": 3}, once=once)


async def read(client: Caller, **asked: Any) -> dict[str, Any]:
    reply = await client.get(FEED, params=asked)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def messages(feed: dict[str, Any]) -> list[str]:
    return [item["message"] for item in feed["items"]]


async def test_a_new_business_has_an_empty_feed_with_a_cursor(client: Caller, app: FastAPI) -> None:
    empty = await read(client)
    assert (empty["items"], empty["has_more"], empty["unread"]) == ([], False, 0)

    await publish(app, client, "3 of 3 invoices have been exported to Xero.")

    news = await read(client, after=empty["next_cursor"])
    assert messages(news) == ["3 of 3 invoices have been exported to Xero."]
    assert news["items"][0]["kind"] == "export.finished"
    assert news["items"][0]["data"] == {"total": 3}


async def test_the_feed_is_paged_oldest_first(client: Caller, app: FastAPI) -> None:
    published = [f"Message {number}." for number in range(5)]
    await publish(app, client, *published)

    seen, cursor, pages = [], None, 0
    while True:
        feed = await read(client, limit=2, **({"after": cursor} if cursor else {}))
        seen += messages(feed)
        cursor, pages = feed["next_cursor"], pages + 1
        if not feed["has_more"]:
            break

    assert (seen, pages) == (published, 3)
    assert messages(await read(client, after=cursor)) == []


async def test_a_late_commit_is_not_skipped_by_a_reader(client: Caller, app: FastAPI) -> None:
    async with app.state.database.work(business_of(client)) as slow:
        await NotificationService(slow).publish("export.finished", "First.", {})
        second = asyncio.create_task(publish(app, client, "Second."))
        await asyncio.wait([second], timeout=0.3)  # time in which it would overtake, if it could
        early = await read(client)
    await second

    late = await read(client, after=early["next_cursor"])

    assert messages(early) + messages(late) == ["First.", "Second."]


async def test_a_rolled_back_notification_leaves_no_gap(client: Caller, app: FastAPI) -> None:
    async def fail_after_telling() -> None:
        async with app.state.database.work(business_of(client)) as work:
            await NotificationService(work).publish("export.finished", "Never happened.", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_after_telling()
    await publish(app, client, "Happened.")

    feed = await read(client)

    assert messages(feed) == ["Happened."]
    assert feed["unread"] == 1


async def test_the_same_event_is_published_once(client: Caller, app: FastAPI) -> None:
    await publish(app, client, "Done.", "Done.", once="export:1")
    await publish(app, client, "Something else.")

    feed = await read(client)

    assert messages(feed) == ["Done.", "Something else."]
    assert feed["unread"] == 2


async def test_concurrent_workers_publish_the_same_event_once(client: Caller, app: FastAPI) -> None:
    await asyncio.gather(*(publish(app, client, "Reconnect to Xero.", once="reconnect") for _ in range(4)))

    assert messages(await read(client)) == ["Reconnect to Xero."]


async def test_an_unchanged_feed_is_answered_304_without_a_body(client: Caller, app: FastAPI) -> None:
    await publish(app, client, "Done.")
    first = await client.get(FEED)
    tag = first.headers["ETag"]

    again = await client.get(FEED, headers={"If-None-Match": tag})

    assert tag.startswith('W/"')
    assert int(first.headers["X-Poll-Interval"]) > 0
    assert (again.status_code, again.content) == (304, b"")
    await publish(app, client, "And more.")
    assert (await client.get(FEED, headers={"If-None-Match": tag})).status_code == 200


async def test_forty_waiting_readers_get_the_notification_and_hold_no_database_connection(
    client: Caller, app: FastAPI
) -> None:
    waiting = [asyncio.create_task(read(client, wait=25)) for _ in range(40)]  # twice the size of the connection pool
    answered, _ = await asyncio.wait(waiting, timeout=1)

    await publish(app, client, "Done.")

    assert not answered

    assert [messages(feed) for feed in await asyncio.gather(*waiting)] == [["Done."]] * 40


async def test_waiting_ends_after_the_requested_time(client: Caller) -> None:
    feed = await read(client, wait=1)

    assert feed["items"] == []


async def test_the_read_marker_belongs_to_one_user_and_never_moves_back(client: Caller, app: FastAPI) -> None:
    await publish(app, client, "One.", "Two.")
    first = await read(client, limit=1)
    everything = await read(client)
    assert (await client.put(f"{FEED}/read-marker", json={"cursor": everything["next_cursor"]})).status_code == 204

    assert (await client.put(f"{FEED}/read-marker", json={"cursor": first["next_cursor"]})).status_code == 204

    await publish(app, client, "Three.")
    feed = await read(client)
    assert [item["read"] for item in feed["items"]] == [True, True, False]
    assert feed["unread"] == 1


async def test_another_business_sees_no_notification_and_cannot_use_our_cursor(
    client: Caller, neighbour: Caller, app: FastAPI
) -> None:
    await publish(app, client, "Done.")
    cursor = (await read(client))["next_cursor"]

    assert (await read(neighbour))["items"] == []
    refused = await neighbour.get(FEED, params={"after": cursor})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "after")


_NESTED = base64.urlsafe_b64encode(b"s" * 16 + b"[" * 4000).decode().rstrip("=")


@pytest.mark.parametrize("cursor", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "é", "0", _NESTED])
async def test_an_invented_cursor_is_refused(client: Caller, cursor: str) -> None:
    assert (await client.get(FEED, params={"after": cursor})).json()["errors"][0]["code"] == "cursor_unusable"
    refused = await client.put(f"{FEED}/read-marker", json={"cursor": cursor or "?"})
    assert refused.json()["errors"][0]["pointer"] == "#/cursor"


@pytest.mark.parametrize("asked", [{"wait": "26"}, {"wait": "-1"}, {"limit": "201"}, {"before": "x"}])
async def test_unknown_parameters_of_the_feed_are_refused_with_their_name(
    client: Caller, asked: dict[str, str]
) -> None:
    refused = await client.get(FEED, params=asked)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["parameter"] == next(iter(asked))


async def test_a_request_without_credentials_is_answered_401(anonymous: httpx2.AsyncClient) -> None:
    assert (await anonymous.get(FEED)).status_code == 401


async def test_an_api_key_reads_the_feed_and_has_no_read_marker(client: Caller, app: FastAPI) -> None:
    wanted = {
        "name": "Job system",
        "scopes": ["notifications:read"],
        "expires_on": str(now().date() + timedelta(days=30)),
    }
    made = await client.post("/api/v1/api-keys", json=wanted)
    await publish(app, client, "Done.")
    bearer = {"Authorization": f"Bearer {made.json()['secret']}"}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://localhost:8080") as program:
        feed = (await program.get(FEED, headers=bearer, params={"wait": 5})).json()
        marked = await program.put(f"{FEED}/read-marker", headers=bearer, json={"cursor": feed["next_cursor"]})

    assert messages(feed) == ["Done."]
    assert (feed["items"][0]["read"], feed["unread"]) == (False, 1)
    assert (marked.status_code, marked.json()["code"]) == (403, "session_only")
