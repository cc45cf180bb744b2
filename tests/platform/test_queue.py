"""The task queue: workers are woken after the commit, and trouble with the queue fails no request."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from api.platform.db.work import SYSTEM, Database
from api.platform.log import bound_contextvars, current_request_id
from api.platform.queue import ArqTaskQueue, WorkerPlan, open_redis, run_worker


class RecordingQueue:
    """Remembers each wake-up."""

    def __init__(self) -> None:
        self.wake_ups: list[tuple[str, ...]] = []

    async def wake(self, task: str, *ids: str) -> None:
        self.wake_ups.append((task, *ids))


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


async def test_a_task_gets_its_ids_and_the_id_of_the_request_that_queued_it():
    received: list[tuple[str, str | None]] = []
    woken = asyncio.Event()

    async def drain(context: dict[str, Any], run: str) -> None:
        received.append((run, current_request_id()))
        woken.set()

    redis = await open_redis(None)
    plan = WorkerPlan({"exports.drain": drain}, [], empty_sweep, 5.0, {})
    async with run_worker(plan, redis):
        with bound_contextvars(request_id="req_12345678"):
            await ArqTaskQueue(redis).wake("exports.drain", "exp_1")
        async with asyncio.timeout(20):
            await woken.wait()
    assert received == [("exp_1", "req_12345678")]
    await redis.aclose(close_connection_pool=True)


async def test_queueing_does_not_fail_while_redis_is_away():
    redis = await open_redis("redis://127.0.0.1:9/0")
    await ArqTaskQueue(redis).wake("exports.drain", "exp_1")
    await redis.aclose(close_connection_pool=True)


async def test_a_failed_task_does_not_end_the_worker():
    done = asyncio.Event()

    async def fail(context: dict[str, Any]) -> None:
        raise RuntimeError("this task fails")

    async def succeed(context: dict[str, Any]) -> None:
        done.set()

    redis = await open_redis(None)
    plan = WorkerPlan({"a.fail": fail, "a.succeed": succeed}, [], empty_sweep, 5.0, {})
    async with run_worker(plan, redis):
        await ArqTaskQueue(redis).wake("a.fail")
        await ArqTaskQueue(redis).wake("a.succeed")
        async with asyncio.timeout(20):
            await done.wait()
    await redis.aclose(close_connection_pool=True)


async def test_a_stopping_worker_finishes_running_tasks_and_starts_no_new_ones():
    running, events = asyncio.Event(), []

    async def first(context: dict[str, Any]) -> None:
        running.set()
        await ArqTaskQueue(redis).wake("a.second")  # as a drain does that leaves work for the next one
        await asyncio.sleep(1)
        events.append("first is done")

    async def second(context: dict[str, Any]) -> None:
        events.append("second has started")
        await asyncio.sleep(60)

    redis = await open_redis(None)
    async with run_worker(WorkerPlan({"a.first": first, "a.second": second}, [], empty_sweep, 5.0, {}), redis):
        await ArqTaskQueue(redis).wake("a.first")
        async with asyncio.timeout(20):
            await running.wait()
    assert events == ["first is done"]
    await redis.aclose(close_connection_pool=True)


async def test_the_sweep_goes_on_after_a_failure():
    swept = asyncio.Event()
    calls: list[int] = []

    async def sweep() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the database is away")
        swept.set()

    redis = await open_redis(None)
    async with run_worker(WorkerPlan({"a.idle": idle}, [], sweep, 0.01, {}), redis), asyncio.timeout(20):
        await swept.wait()
    await redis.aclose(close_connection_pool=True)


async def test_a_unit_of_work_without_a_business_raises_when_asked_for_it(app: FastAPI):
    async with app.state.database.work(SYSTEM) as work:
        with pytest.raises(LookupError, match="no business"):
            _ = work.business_id


async def test_a_running_sweep_is_finished_before_the_worker_stops():
    started, released, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def sweep() -> None:
        started.set()
        await released.wait()
        ended.set()

    redis = await open_redis(None)
    async with run_worker(WorkerPlan({"a.idle": idle}, [], sweep, 0.01, {}), redis):
        await started.wait()
        asyncio.get_running_loop().call_later(0.1, released.set)

    assert ended.is_set()
    await redis.aclose(close_connection_pool=True)


async def test_a_worker_stops_although_its_sweep_ignores_a_cancellation(monkeypatch: pytest.MonkeyPatch):
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

    redis = await open_redis(None)
    async with asyncio.timeout(30), run_worker(WorkerPlan({"a.idle": idle}, [], sweep, 0.01, {}), redis):
        await started.wait()

    assert cancellations == 2
    await redis.aclose(close_connection_pool=True)
