"""The task queue: workers are woken after the commit, and trouble with the queue fails no request."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import AsyncMock
from uuid import uuid4

import pytest
from fastapi import FastAPI

from api.platform.db.work import SYSTEM, Database
from api.platform.log import bound_contextvars, current_request_id
from api.platform.queue import ArqTaskQueue, WorkerPlan, open_redis, run_worker
from tests.sync.queues import RecordingQueue

NO_REDIS = "redis://127.0.0.1:9/0"


@pytest.fixture
async def queue() -> AsyncIterator[ArqTaskQueue]:
    """A queue on the Redis inside this process."""
    redis = await open_redis(None)
    yield ArqTaskQueue(redis)
    await redis.aclose(close_connection_pool=True)


async def empty_sweep() -> None:
    """A sweep without work."""


async def idle(context: dict[str, Any]) -> None:
    """A task that does nothing."""


async def test_a_task_is_queued_once_and_only_after_the_commit(database_url: str):
    queue = RecordingQueue()
    database = Database(database_url, queue)
    run = uuid4()
    async with database.work(SYSTEM) as work:
        work.wake_after_commit("exports.drain", run)
        work.wake_after_commit("exports.drain", run)
        assert queue.wake_ups == []
    assert queue.wake_ups == [("exports.drain", str(run))]

    async def fail_before_commit() -> None:
        async with database.work(SYSTEM) as work:
            work.wake_after_commit("exports.drain", uuid4())
            raise RuntimeError("nothing is committed")

    with pytest.raises(RuntimeError, match="nothing is committed"):
        await fail_before_commit()
    assert len(queue.wake_ups) == 1
    await database.close()


async def test_a_task_gets_its_ids_and_the_id_of_the_request_that_queued_it(queue: ArqTaskQueue):
    received: list[tuple[str, str | None]] = []
    woken = asyncio.Event()

    async def drain(context: dict[str, Any], run: str) -> None:
        received.append((run, current_request_id()))
        woken.set()

    plan = WorkerPlan({"exports.drain": drain}, [], empty_sweep, 5.0, {})
    async with run_worker(plan, queue):
        with bound_contextvars(request_id="req_12345678"):
            await queue.wake("exports.drain", "exp_1")
        async with asyncio.timeout(20):
            await woken.wait()
    assert received == [("exp_1", "req_12345678")]


async def test_queueing_does_not_fail_while_redis_is_away():
    redis = await open_redis(NO_REDIS)
    await ArqTaskQueue(redis).wake("exports.drain", "exp_1")
    await redis.aclose(close_connection_pool=True)


async def test_a_wake_up_during_a_running_task_starts_the_task_again(queue: ArqTaskQueue):
    started: asyncio.Queue[str] = asyncio.Queue()
    released = asyncio.Event()

    async def drain(context: dict[str, Any], business: str) -> None:
        await started.put(business)
        await released.wait()

    async with run_worker(WorkerPlan({"exports.drain": drain}, [], empty_sweep, 600.0, {}), queue), asyncio.timeout(20):
        await queue.wake("exports.drain", "first")
        assert await started.get() == "first"
        await queue.wake("exports.drain", "first")
        assert await started.get() == "first"
        released.set()


async def test_of_equal_wake_ups_one_waits(queue: ArqTaskQueue):
    started: asyncio.Queue[str] = asyncio.Queue()

    async def drain(context: dict[str, Any], business: str) -> None:
        await started.put(business)

    for business in ("first", "second", "first", "first", "second", "last"):
        await queue.wake("exports.drain", business)
    async with run_worker(WorkerPlan({"exports.drain": drain}, [], empty_sweep, 600.0, {}), queue), asyncio.timeout(20):
        runs = {await started.get() for _ in range(3)}
    assert runs == {"first", "second", "last"}
    assert started.empty()


async def test_a_wake_up_that_redis_lost_after_it_was_counted_is_not_the_last(
    queue: ArqTaskQueue, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as losing:
        losing.setattr(queue.redis, "enqueue_job", AsyncMock())
        await queue.wake("exports.drain", "first")
    (key,) = await queue.redis.keys()
    assert 0 < await queue.redis.ttl(key) <= 15


async def test_a_worker_without_redis_runs_the_tasks_that_it_wakes_a_bounded_number_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
):
    redis = await open_redis(NO_REDIS)
    queue = ArqTaskQueue(redis)
    started: asyncio.Queue[str] = asyncio.Queue()
    released = {name: asyncio.Event() for name in ("hangs", "a", "b")}
    monkeypatch.setattr("api.platform.queue.MAX_CONCURRENT_TASKS", 2)

    async def drain(context: dict[str, Any], business: str) -> None:
        await started.put(business)
        await released[business].wait()

    async def sweep() -> None:
        for business in released:
            await queue.wake("exports.drain", business)

    async with run_worker(WorkerPlan({"exports.drain": drain}, [], sweep, 600.0, {}), queue), asyncio.timeout(20):
        assert [await started.get(), await started.get()] == ["hangs", "a"]
        await queue.wake("exports.drain", "b")
        assert started.empty()
        released["a"].set()
        assert await started.get() == "b"
        released["b"].set()
        released["hangs"].set()
    assert started.empty()
    await redis.aclose(close_connection_pool=True)


async def test_a_redis_that_does_not_answer_is_not_waited_for_by_each_wake_up(
    queue: ArqTaskQueue, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []
    done: asyncio.Queue[str] = asyncio.Queue()

    async def hang(key: str, *value: object, **options: object) -> None:
        asked.append(key)
        await asyncio.Event().wait()

    async def drain(context: dict[str, Any], business: str) -> None:
        await done.put(business)

    monkeypatch.setattr("api.platform.queue._WAKE_SECONDS", 0.01)
    monkeypatch.setattr("api.platform.queue._AWAY_SECONDS", 600.0)
    async with run_worker(WorkerPlan({"exports.drain": drain}, [], empty_sweep, 600.0, {}), queue), asyncio.timeout(20):
        monkeypatch.setattr(queue.redis, "set", hang)
        for business in ("first", "second"):
            await queue.wake("exports.drain", business)
        assert [await done.get(), await done.get()] == ["first", "second"]
    assert len(asked) == 1


async def test_a_failed_task_does_not_end_the_worker(queue: ArqTaskQueue):
    done = asyncio.Event()

    async def fail(context: dict[str, Any]) -> None:
        raise RuntimeError("this task fails")

    async def succeed(context: dict[str, Any]) -> None:
        done.set()

    plan = WorkerPlan({"a.fail": fail, "a.succeed": succeed}, [], empty_sweep, 5.0, {})
    async with run_worker(plan, queue):
        await queue.wake("a.fail")
        await queue.wake("a.succeed")
        async with asyncio.timeout(20):
            await done.wait()


async def test_a_stopping_worker_finishes_running_tasks_and_starts_no_new_ones(queue: ArqTaskQueue):
    running, events = asyncio.Event(), []

    async def first(context: dict[str, Any]) -> None:
        running.set()
        await queue.wake("a.second")  # as a drain does that leaves work for the next one
        await asyncio.sleep(1)
        events.append("first is done")

    async def second(context: dict[str, Any]) -> None:
        events.append("second has started")
        await asyncio.sleep(60)

    async with run_worker(WorkerPlan({"a.first": first, "a.second": second}, [], empty_sweep, 5.0, {}), queue):
        await queue.wake("a.first")
        async with asyncio.timeout(20):
            await running.wait()
    assert events == ["first is done"]


async def test_the_sweep_goes_on_after_a_failure(queue: ArqTaskQueue):
    swept = asyncio.Event()
    calls: list[int] = []

    async def sweep() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the database is away")
        swept.set()

    async with run_worker(WorkerPlan({"a.idle": idle}, [], sweep, 0.01, {}), queue), asyncio.timeout(20):
        await swept.wait()


async def test_a_unit_of_work_without_a_business_raises_when_asked_for_it(app: FastAPI):
    async with app.state.database.work(SYSTEM) as work:
        with pytest.raises(LookupError, match="no business"):
            _ = work.business_id


async def test_a_running_sweep_is_finished_before_the_worker_stops(queue: ArqTaskQueue):
    started, released, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def sweep() -> None:
        started.set()
        await released.wait()
        ended.set()

    async with run_worker(WorkerPlan({"a.idle": idle}, [], sweep, 0.01, {}), queue):
        await started.wait()
        asyncio.get_running_loop().call_later(0.1, released.set)

    assert ended.is_set()


async def test_a_worker_stops_although_its_sweep_ignores_a_cancellation(
    queue: ArqTaskQueue, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("api.platform.queue._FINISH_SECONDS", 0.0)
    started = asyncio.Event()
    cancellations = 0

    async def sweep() -> None:
        nonlocal cancellations
        started.set()
        while cancellations < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancellations += 1

    async with asyncio.timeout(30), run_worker(WorkerPlan({"a.idle": idle}, [], sweep, 0.01, {}), queue):
        await started.wait()

    assert cancellations == 2
