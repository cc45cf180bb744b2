"""The task queue: arq wakes a worker; the work itself is rows in the database."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

import arq.worker
from arq.connections import ArqRedis, RedisSettings
from arq.cron import CronJob
from arq.worker import Worker, func
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from api.platform.log import bound_contextvars, current_request_id, get_logger

QUEUE = "jobtally"
_TASK_SECONDS = 120
_SWEEP_SECONDS = 5.0
_LONGEST_PAUSE = 30.0
_FINISH_SECONDS = 20.0
_logger = get_logger("jobtally.queue")

Task: TypeAlias = Callable[..., Coroutine[Any, Any, None]]


def _encode(content: dict[str, Any]) -> bytes:
    # Ids and nothing else travel, so JSON is enough; pickle would turn a Redis write into code.
    return json.dumps(content, default=str).encode()


def _decode(content: bytes) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(content)
    return decoded


async def open_redis(url: str | None) -> ArqRedis:
    """Redis at `url`, or a private one in this process when there is none."""
    codec: dict[str, Any] = {
        "job_serializer": _encode,
        "job_deserializer": _decode,
        "default_queue_name": QUEUE,
    }
    if url is not None:
        settings = RedisSettings.from_dsn(url)
        pool = ConnectionPool.from_url(url, socket_connect_timeout=settings.conn_timeout, socket_timeout=10)
        return ArqRedis(pool, **codec)
    from fakeredis import FakeServer
    from fakeredis.aioredis import FakeAsyncRedisConnection

    private: dict[str, Any] = {"connection_class": FakeAsyncRedisConnection, "server": FakeServer()}
    return ArqRedis(ConnectionPool(**private), **codec)


class ArqTaskQueue:
    """Rings through arq; the request id travels along so that one search tells a whole story."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis

    async def wake(self, task: str, *ids: str) -> None:
        """Wake a worker for `task`; when Redis is away the sweep will find the row."""
        job_id = ":".join((task, *ids))
        try:
            await self._redis.enqueue_job(task, *ids, request_id=current_request_id(), _job_id=job_id)
        except (RedisError, OSError) as error:
            _logger.warning("queue unreachable, the sweep will find it", task=task, error=type(error).__name__)


@dataclass(frozen=True)
class WorkerPlan:
    """What a worker runs: tasks by name, timed tasks, and the sweep that needs no Redis."""

    tasks: dict[str, Task]
    crons: Sequence[CronJob]
    sweep: Callable[[], Coroutine[Any, Any, None]]
    context: dict[str, Any]


@asynccontextmanager
async def working(plan: WorkerPlan, redis: ArqRedis, *, embedded: bool) -> AsyncIterator[None]:
    """Run a supervised worker and its sweep for as long as the block lasts; running tasks are finished first."""
    if embedded:
        _forgo_info()
    worker = _Supervised(plan, redis)
    stopping = asyncio.Event()
    polling = asyncio.create_task(worker.run())
    sweeping = asyncio.create_task(_sweeping(plan.sweep, stopping))
    try:
        yield
    finally:
        # Nothing new is taken up from here on: a task that ends may have rung for the next.
        stopping.set()
        await _end(polling, patience=0)
        await worker.finish()
        await _end(sweeping, patience=_FINISH_SECONDS)


class _Supervised:
    """Restarts arq's worker when Redis drops it, waiting longer each time."""

    def __init__(self, plan: WorkerPlan, redis: ArqRedis) -> None:
        self._plan = plan
        self._redis = redis
        self._worker: Worker | None = None

    async def run(self) -> None:
        pause = 0.5
        while True:
            self._worker = self._build()
            try:
                await self._worker.async_run()
                return
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - the poll loop ends on any Redis trouble
                _logger.warning("worker lost Redis, trying again", error=type(error).__name__, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def finish(self) -> None:
        running = [task for task in self._worker.tasks.values() if not task.done()] if self._worker else []
        if not running:
            return
        _, late = await asyncio.wait(running, timeout=_FINISH_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _build(self) -> Worker:
        return Worker(
            functions=[func(_named(task), name=name, keep_result=0) for name, task in self._plan.tasks.items()],
            cron_jobs=list(self._plan.crons),
            queue_name=QUEUE,
            redis_pool=self._redis,
            handle_signals=False,
            ctx=dict(self._plan.context),
            max_jobs=10,
            max_tries=1,
            keep_result=0,
            job_timeout=_TASK_SECONDS,
            poll_delay=0.2,
            job_serializer=_encode,
            job_deserializer=_decode,
            log_results=False,
        )


def _named(task: Task) -> Task:
    async def run(ctx: dict[str, Any], *ids: str, request_id: str | None = None) -> None:
        with bound_contextvars(request_id=request_id, task_id=ctx["job_id"]):
            try:
                await task(ctx, *ids)
            except Exception:
                _logger.exception("task failed, its rows wait for the sweep")

    run.__qualname__ = getattr(task, "__qualname__", "task")
    return run


async def _end(task: asyncio.Task[None], *, patience: float) -> None:
    """Have a task finish by itself if it can, and end it when it cannot, however often it has to be told."""
    await asyncio.wait({task}, timeout=patience)
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1)


async def _sweeping(sweep: Callable[[], Coroutine[Any, Any, None]], stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            await sweep()
        except Exception as error:  # noqa: BLE001 - a database that is away comes back
            _logger.warning("sweep failed, trying again", error=f"{type(error).__name__}: {error}"[:200])
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _SWEEP_SECONDS)


def _forgo_info() -> None:
    # arq greets Redis with INFO when it starts; the in-process Redis does not know that command.
    async def greet(redis: Any, log: Any) -> None:
        return None

    vars(arq.worker)["log_redis_info"] = greet
