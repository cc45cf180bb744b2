"""The feed: nothing skipped, nothing told twice, and waiting costs nobody a connection."""

import asyncio
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


async def tell(app: FastAPI, client: Caller, *messages: str, once: str | None = None) -> None:
    """As a worker does at the end of what it did."""
    for message in messages:
        async with app.state.database.work(business_of(client)) as work:
            await NotificationService(work).publish("export.finished", message, {"total": 3}, once=once)


async def read(client: Caller, **asked: Any) -> dict[str, Any]:
    reply = await client.get(FEED, params=asked)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def messages(feed: dict[str, Any]) -> list[str]:
    return [item["message"] for item in feed["items"]]


async def test_a_new_business_has_an_empty_feed_and_a_cursor_to_go_on_from(client: Caller, app: FastAPI) -> None:
    empty = await read(client)
    assert (empty["items"], empty["has_more"], empty["unread"]) == ([], False, 0)

    await tell(app, client, "3 of 3 invoices have been exported to Xero.")

    news = await read(client, after=empty["next_cursor"])
    assert messages(news) == ["3 of 3 invoices have been exported to Xero."]
    assert news["items"][0]["kind"] == "export.finished"
    assert news["items"][0]["data"] == {"total": 3}


async def test_the_feed_is_walked_page_by_page_oldest_first(client: Caller, app: FastAPI) -> None:
    told = [f"Message {number}." for number in range(5)]
    await tell(app, client, *told)

    walked, cursor, pages = [], None, 0
    while True:
        feed = await read(client, limit=2, **({"after": cursor} if cursor else {}))
        walked += messages(feed)
        cursor, pages = feed["next_cursor"], pages + 1
        if not feed["has_more"]:
            break

    assert (walked, pages) == (told, 3)
    assert messages(await read(client, after=cursor)) == []


async def test_a_commit_that_comes_late_is_not_skipped_by_a_reader(client: Caller, app: FastAPI) -> None:
    async with app.state.database.work(business_of(client)) as slow:
        await NotificationService(slow).publish("export.finished", "First.", {})
        second = asyncio.create_task(tell(app, client, "Second."))
        await asyncio.wait([second], timeout=0.3)  # room to overtake, if it could
        early = await read(client)
    await second

    late = await read(client, after=early["next_cursor"])

    assert messages(early) + messages(late) == ["First.", "Second."]


async def test_what_was_rolled_back_leaves_no_trace_and_no_gap(client: Caller, app: FastAPI) -> None:
    async def fail_after_telling() -> None:
        async with app.state.database.work(business_of(client)) as work:
            await NotificationService(work).publish("export.finished", "Never happened.", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_after_telling()
    await tell(app, client, "Happened.")

    feed = await read(client)

    assert messages(feed) == ["Happened."]
    assert feed["unread"] == 1


async def test_the_same_fact_is_told_once(client: Caller, app: FastAPI) -> None:
    await tell(app, client, "Done.", "Done.", once="export:1")
    await tell(app, client, "Something else.")

    feed = await read(client)

    assert messages(feed) == ["Done.", "Something else."]
    assert feed["unread"] == 2


async def test_two_workers_with_the_same_fact_at_the_same_moment_tell_it_once(client: Caller, app: FastAPI) -> None:
    await asyncio.gather(*(tell(app, client, "Reconnect to Xero.", once="reconnect") for _ in range(4)))

    assert messages(await read(client)) == ["Reconnect to Xero."]


async def test_an_unchanged_feed_costs_no_body(client: Caller, app: FastAPI) -> None:
    await tell(app, client, "Done.")
    first = await client.get(FEED)
    tag = first.headers["ETag"]

    again = await client.get(FEED, headers={"If-None-Match": tag})

    assert tag.startswith('W/"')
    assert int(first.headers["X-Poll-Interval"]) > 0
    assert (again.status_code, again.content) == (304, b"")
    await tell(app, client, "And more.")
    assert (await client.get(FEED, headers={"If-None-Match": tag})).status_code == 200


async def test_forty_who_wait_hear_the_news_and_hold_no_connection(client: Caller, app: FastAPI) -> None:
    waiting = [asyncio.create_task(read(client, wait=25)) for _ in range(40)]  # twice what the pool could lend
    answered, _ = await asyncio.wait(waiting, timeout=1)

    await tell(app, client, "Done.")

    assert not answered

    assert [messages(feed) for feed in await asyncio.gather(*waiting)] == [["Done."]] * 40


async def test_waiting_ends_when_the_time_is_up(client: Caller) -> None:
    feed = await read(client, wait=1)

    assert feed["items"] == []


async def test_reading_is_marked_for_one_person_and_never_goes_back(client: Caller, app: FastAPI) -> None:
    await tell(app, client, "One.", "Two.")
    first = await read(client, limit=1)
    everything = await read(client)
    assert (await client.put(f"{FEED}/read-marker", json={"cursor": everything["next_cursor"]})).status_code == 204

    assert (await client.put(f"{FEED}/read-marker", json={"cursor": first["next_cursor"]})).status_code == 204

    await tell(app, client, "Three.")
    feed = await read(client)
    assert [item["read"] for item in feed["items"]] == [True, True, False]
    assert feed["unread"] == 1


async def test_a_neighbour_hears_nothing_and_cannot_use_our_cursor(
    client: Caller, neighbour: Caller, app: FastAPI
) -> None:
    await tell(app, client, "Done.")
    cursor = (await read(client))["next_cursor"]

    assert (await read(neighbour))["items"] == []
    refused = await neighbour.get(FEED, params={"after": cursor})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "after")


@pytest.mark.parametrize("cursor", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "é", "0"])
async def test_a_made_up_cursor_is_refused(client: Caller, cursor: str) -> None:
    assert (await client.get(FEED, params={"after": cursor})).json()["errors"][0]["code"] == "cursor_unusable"
    refused = await client.put(f"{FEED}/read-marker", json={"cursor": cursor or "?"})
    assert refused.json()["errors"][0]["pointer"] == "#/cursor"


@pytest.mark.parametrize("asked", [{"wait": "26"}, {"wait": "-1"}, {"limit": "201"}, {"before": "x"}])
async def test_what_the_feed_does_not_offer_is_named(client: Caller, asked: dict[str, str]) -> None:
    refused = await client.get(FEED, params=asked)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["parameter"] == next(iter(asked))


async def test_a_stranger_is_told_to_sign_in(anonymous: httpx2.AsyncClient) -> None:
    assert (await anonymous.get(FEED)).status_code == 401


async def test_a_program_reads_the_feed_with_its_key_but_has_no_marker(client: Caller, app: FastAPI) -> None:
    wanted = {
        "name": "Job system",
        "scopes": ["notifications:read"],
        "expires_on": str(now().date() + timedelta(days=30)),
    }
    made = await client.post("/api/v1/api-keys", json=wanted)
    await tell(app, client, "Done.")
    bearer = {"Authorization": f"Bearer {made.json()['secret']}"}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://localhost:8080") as program:
        feed = (await program.get(FEED, headers=bearer, params={"wait": 5})).json()
        marked = await program.put(f"{FEED}/read-marker", headers=bearer, json={"cursor": feed["next_cursor"]})

    assert messages(feed) == ["Done."]
    assert (feed["items"][0]["read"], feed["unread"]) == (False, 1)
    assert (marked.status_code, marked.json()["code"]) == (403, "session_only")
