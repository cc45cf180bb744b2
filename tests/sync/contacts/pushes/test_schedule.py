"""Contacts are pushed every six hours, each business at a minute of its own, and caught up once after a pause."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.records.preferences.service import pushing_businesses
from api.sync.contacts.pushes.slots import MINUTES, ORIGIN, PERIOD, slot_at
from api.sync.contacts.pushes.tasks import queue_pushes
from api.worker import TASKS
from tests.callers import Caller
from tests.clock import Clock
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.contacts.pushes.pushing import Pusher
from tests.sync.queues import RecordingQueue


async def _minute(business: ConnectedBusiness) -> list[tuple[str, ...]]:
    """What the schedule of one minute wakes, done; gives the wake-ups."""
    database, recording = business.gateways.database, RecordingQueue()
    queue, database._queue = database._queue, recording
    try:
        await queue_pushes({"gateways": business.gateways})
        for task, *ids in recording.wake_ups:  # it grows meanwhile
            await TASKS[task]({"gateways": business.gateways}, *ids)
    finally:
        database._queue = queue
    return recording.wake_ups


async def _later(business: ConnectedBusiness, clock: Clock, time: timedelta) -> None:
    """Let time pass; the session is used meanwhile, so that it does not end."""
    for _ in range(8):
        clock.shift(time / 8)
        await business.client.get(f"{API}/session")


async def _pushes(business: ConnectedBusiness) -> list[dict[str, Any]]:
    return list((await business.client.get(f"{API}/contact-pushes")).json()["items"])


async def _schedule(business: ConnectedBusiness) -> dict[str, Any]:
    return dict((await business.client.get(f"{API}/contact-pushes/schedule")).json())


def test_the_minutes_of_businesses_are_spread_over_the_six_hours() -> None:
    instant = datetime(2026, 11, 20, 12, tzinfo=UTC)
    minutes = [(slot_at(uuid4(), instant) - ORIGIN) % PERIOD // timedelta(minutes=1) for _ in range(6000)]
    counts = [minutes.count(minute) for minute in range(MINUTES)]
    assert max(counts) < 60
    assert min(counts) > 0


def test_an_instant_is_in_the_six_hours_that_it_gives() -> None:
    business_id, instant = UUID(int=7 * 16**10 + 359), datetime(2026, 11, 20, 12, 34, 56, tzinfo=UTC)
    slot = slot_at(business_id, instant)
    assert slot <= instant < slot + PERIOD
    assert slot_at(business_id, slot) == slot
    assert slot_at(business_id, slot - timedelta(seconds=1)) == slot - PERIOD


async def test_a_push_runs_every_six_hours_and_once_after_a_pause_of_days(
    business: ConnectedBusiness, pusher: Pusher, clock: Clock
) -> None:
    assert await _schedule(business) == {"enabled": False, "last": None, "next_at": None}
    await business.prefer(contact_push_enabled=True)
    await business.company("Tui Cafe")
    assert await _minute(business) == []  # its six hours began before it was switched on

    next_at = datetime.fromisoformat((await _schedule(business))["next_at"])
    clock.shift(next_at - await business.gateways.database.now() + timedelta(seconds=1))
    assert [task for task, *_ in await _minute(business)] == ["contacts.push", "exports.drain"]
    assert await _minute(business) == []  # once in six hours, however often the schedule looks
    (push,) = await _pushes(business)
    assert (push["state"], push["created"], push["started_by"]) == ("done", 1, None)
    assert len(pusher.named("Tui Cafe")) == 1

    await _later(business, clock, timedelta(days=3))
    await business.company("Kea Builders")
    await _minute(business)
    await _minute(business)
    assert [push["created"] for push in await _pushes(business)] == [1, 1]
    shown = (await business.client.get(f"{API}/connections/xero")).json()["last_sync"]
    assert [entry["kind"] for entry in shown[:2]] == ["contact_push", "contact_import"]
    assert datetime.fromisoformat(shown[0]["at"]) < datetime.fromisoformat(shown[0]["next_at"])


async def test_the_database_computes_the_same_minute(business: ConnectedBusiness, clock: Clock) -> None:
    await business.prefer(contact_push_enabled=True)
    slot = slot_at(business.business_id, await business.gateways.database.now()) + PERIOD
    clock.shift(slot - await business.gateways.database.now() - timedelta(seconds=2))
    assert await _minute(business) == []
    clock.shift(timedelta(seconds=4))
    assert await _minute(business) != []
    (row,) = await business.execute("SELECT slot FROM contact_pushes")
    assert row.slot == slot
    assert pushing_businesses().c.keys() == ["business_id", "changed_at"]


async def test_a_push_of_the_schedule_leaves_what_needs_a_look_to_a_person(
    business: ConnectedBusiness, pusher: Pusher, clock: Clock
) -> None:
    pusher.type_in("John Smith", EmailAddress="other@smith.example")
    await business.person("John", "Smith", email="john@smith.example")
    await business.prefer(contact_push_enabled=True)
    await _later(business, clock, PERIOD)
    await _minute(business)
    assert len(await business.notifications("contact_push.finished")) == 1
    pusher.forget_calls()
    await _later(business, clock, PERIOD)
    await _minute(business)
    assert len(await business.notifications("contact_push.finished")) == 1
    assert pusher.calls() == []
    assert (await pusher.push())["unsure"] == 1


async def test_a_push_under_way_is_answered_instead_of_another(business: ConnectedBusiness, pusher: Pusher) -> None:
    await business.company("Tui Cafe")
    first = await business.client.post(f"{API}/contact-pushes")
    second = await business.client.post(f"{API}/contact-pushes")
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json()["id"] == second.json()["id"]
    assert second.headers["location"] == f"{API}/contact-pushes/{first.json()['id']}"


async def test_without_a_connection_no_push_begins(client: Caller) -> None:
    reply = await client.post(f"{API}/contact-pushes")
    assert (reply.status_code, reply.json()["code"]) == (409, "not_connected")


async def test_a_push_waits_for_the_connection_and_goes_on_with_it(business: ConnectedBusiness, pusher: Pusher) -> None:
    await business.company("Tui Cafe")
    push_id = await pusher.start()
    reply = await business.client.delete(f"{API}/connections/xero")
    assert reply.status_code == 204, reply.text
    await business.drain()
    push = await pusher.read(push_id)
    assert (push["state"], push["waiting_for"]) == ("waiting", "connection")
    await business.connect()
    await business.drain()
    assert (await pusher.read(push_id))["created"] == 1


@pytest.mark.parametrize("left", [0.09, 0.11])
async def test_the_last_tenth_of_the_days_calls_is_left_to_exports(
    business: ConnectedBusiness, pusher: Pusher, left: float
) -> None:
    await business.company("Tui Cafe")
    business.gateways.config = business.gateways.config.model_copy(update={"calls_per_day": 1000})
    (row,) = await business.execute("SELECT count(*) AS calls FROM spent_calls")
    await business.execute(
        "INSERT INTO spent_calls (id, organisation_id, started_at, deadline, settled_at)"
        " SELECT gen_random_uuid(), organisation_id, app_now() - interval '1 hour', app_now(), app_now()"
        " FROM connections, generate_series(1, :calls)",
        calls=round(1000 * (1 - left)) - row.calls,
    )
    push_id = await pusher.start()
    await business.execute("UPDATE budgets SET reading = NULL")
    pusher.forget_calls()
    await business.drain()
    push = await pusher.read(push_id)
    if left < 0.1:
        assert (push["state"], push["waiting_for"], pusher.calls()) == ("waiting", "day_limit", [])
        assert push["resume_at"] is not None
    else:
        assert push["created"] == 1
