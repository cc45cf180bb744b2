"""The task queue is woken after the commit, carries ids, and never fails the work that wakes it."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from api.platform.db.work import SYSTEM, Database
from api.platform.log import bound_contextvars, current_request_id
from api.platform.queue import ArqTaskQueue, WorkerPlan, open_redis, working


class RecordingQueue:
    """Notes every wake_up."""

    def __init__(self) -> None:
        self.wake_ups: list[tuple[str, ...]] = []

    async def wake(self, task: str, *ids: str) -> None:
        self.wake_ups.append((task, *ids))


async def nothing() -> None:
    """A sweep that finds nothing."""


async def test_a_bell_is_rung_once_and_only_when_the_work_is_committed(database_url: str):
    queue = RecordingQueue()
    database = Database(database_url, queue)
    run = uuid4()
    async with database.work(SYSTEM) as work:
        work.wake_after_commit("exports.drain", run)
        work.wake_after_commit("exports.drain", run)
        assert queue.wake_ups == []
    assert queue.wake_ups == [("exports.drain", str(run))]

    async def think_twice() -> None:
        async with database.work(SYSTEM) as work:
            work.wake_after_commit("exports.drain", uuid4())
            raise RuntimeError("on second thoughts")

    with pytest.raises(RuntimeError, match="on second thoughts"):
        await think_twice()
    assert len(queue.wake_ups) == 1
    await database.close()


async def test_a_ring_wakes_the_worker_with_its_ids_and_its_request():
    heard: list[tuple[str, str | None]] = []
    woken = asyncio.Event()

    async def drain(context: dict[str, Any], run: str) -> None:
        heard.append((run, current_request_id()))
        woken.set()

    redis = await open_redis(None)
    plan = WorkerPlan({"exports.drain": drain}, [], nothing, {})
    async with working(plan, redis, embedded=True):
        with bound_contextvars(request_id="req_12345678"):
            await ArqTaskQueue(redis).wake("exports.drain", "exp_1")
        async with asyncio.timeout(20):
            await woken.wait()
    assert heard == [("exp_1", "req_12345678")]
    await redis.aclose(close_connection_pool=True)


async def test_a_doorbell_without_redis_stays_silent():
    redis = await open_redis("redis://127.0.0.1:9/0")
    await ArqTaskQueue(redis).wake("exports.drain", "exp_1")
    await redis.aclose(close_connection_pool=True)


async def test_a_task_that_fails_takes_the_worker_not_with_it():
    done = asyncio.Event()

    async def fail(context: dict[str, Any]) -> None:
        raise RuntimeError("this one is lost")

    async def succeed(context: dict[str, Any]) -> None:
        done.set()

    redis = await open_redis(None)
    plan = WorkerPlan({"a.fail": fail, "a.succeed": succeed}, [], nothing, {})
    async with working(plan, redis, embedded=True):
        await ArqTaskQueue(redis).wake("a.fail")
        await ArqTaskQueue(redis).wake("a.succeed")
        async with asyncio.timeout(20):
            await done.wait()
    await redis.aclose(close_connection_pool=True)


async def test_a_worker_that_stops_finishes_what_runs_and_takes_up_nothing_new():
    running, said = asyncio.Event(), []

    async def first(context: dict[str, Any]) -> None:
        running.set()
        await ArqTaskQueue(redis).wake("a.second")  # as a slice does that leaves work for the next
        await asyncio.sleep(1)
        said.append("first is done")

    async def second(context: dict[str, Any]) -> None:
        said.append("second has begun")
        await asyncio.sleep(60)

    redis = await open_redis(None)
    async with working(WorkerPlan({"a.first": first, "a.second": second}, [], nothing, {}), redis, embedded=True):
        await ArqTaskQueue(redis).wake("a.first")
        async with asyncio.timeout(20):
            await running.wait()
    assert said == ["first is done"]
    await redis.aclose(close_connection_pool=True)


async def test_the_sweep_goes_on_after_a_failure(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.platform.queue._SWEEP_SECONDS", 0.01)
    swept = asyncio.Event()
    calls: list[int] = []

    async def sweep() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the database is away")
        swept.set()

    async def idle(context: dict[str, Any]) -> None: ...

    redis = await open_redis(None)
    async with working(WorkerPlan({"a.idle": idle}, [], sweep, {}), redis, embedded=True), asyncio.timeout(20):
        await swept.wait()
    await redis.aclose(close_connection_pool=True)


async def test_a_business_cannot_be_asked_of_work_that_has_none(app: FastAPI):
    async with app.state.database.work(SYSTEM) as work:
        with pytest.raises(LookupError, match="no business"):
            _ = work.business_id


async def test_a_sweep_at_work_is_heard_out_before_the_worker_stops():
    begun, released, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def sweep() -> None:
        begun.set()
        await released.wait()
        ended.set()

    redis = await open_redis(None)
    async with working(WorkerPlan({"nothing": nothing}, [], sweep, {}), redis, embedded=True):
        await begun.wait()
        asyncio.get_running_loop().call_later(0.1, released.set)

    assert ended.is_set()
    await redis.aclose(close_connection_pool=True)


async def test_a_worker_stops_although_its_sweep_takes_no_hint(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.platform.queue._FINISH_SECONDS", 0.0)
    begun = asyncio.Event()
    hints = 0

    async def sweep() -> None:
        nonlocal hints
        begun.set()
        while hints < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                hints += 1

    redis = await open_redis(None)
    async with asyncio.timeout(30), working(WorkerPlan({"nothing": nothing}, [], sweep, {}), redis, embedded=True):
        await begun.wait()

    assert hints == 2
    await redis.aclose(close_connection_pool=True)
