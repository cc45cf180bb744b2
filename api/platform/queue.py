"""The task queue: arq wakes a worker, and the rows in the database say what there is to do."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from arq.connections import ArqRedis, RedisSettings
from arq.cron import CronJob
from arq.worker import Worker, func
from redis.asyncio import ConnectionPool
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

from api.platform.log import bound_contextvars, current_request_id, get_logger

QUEUE = "jobtally"
_TASK_TIMEOUT_SECONDS = 120
_POLL_SECONDS = 0.2
_SOCKET_TIMEOUT_SECONDS = 10
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_FINISH_SECONDS = 20.0
_CANCEL_SECONDS = 1.0
_MAX_CONCURRENT_TASKS = 10
_logger = get_logger("jobtally.queue")

Task: TypeAlias = Callable[..., Coroutine[Any, Any, None]]


def _encode(content: dict[str, Any]) -> bytes:
    # A task carries ids only, so JSON is enough. Pickle would let anyone who writes to Redis run code here.
    return json.dumps(content, default=str).encode()


def _decode(content: bytes) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(content)
    return decoded


class _InProcessPipeline(Pipeline):
    """A pipeline that answers INFO with nothing: arq sends INFO at its start, fakeredis does not know it."""

    def info(self, section: str | None = None, *args: list[str], **kwargs: Any) -> Any:
        return self.execute_command("HGETALL", "no-info")


class _InProcessRedis(ArqRedis):
    """arq's client for the Redis inside this process."""

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        return _InProcessPipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


async def open_redis(url: str | None) -> ArqRedis:
    """Redis at `url`, or a private one in this process if there is no url."""
    codec: dict[str, Any] = {
        "job_serializer": _encode,
        "job_deserializer": _decode,
        "default_queue_name": QUEUE,
    }
    if url is not None:
        connect_seconds = RedisSettings.from_dsn(url).conn_timeout
        pool = ConnectionPool.from_url(
            url, socket_connect_timeout=connect_seconds, socket_timeout=_SOCKET_TIMEOUT_SECONDS
        )
        return ArqRedis(pool, **codec)
    from fakeredis import FakeServer
    from fakeredis.aioredis import FakeAsyncRedisConnection

    private: dict[str, Any] = {"connection_class": FakeAsyncRedisConnection, "server": FakeServer()}
    return _InProcessRedis(ConnectionPool(**private), **codec)


class ArqTaskQueue:
    """Queues tasks in arq, each with the id of the request that caused it."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis

    async def wake(self, task: str, *ids: str) -> None:
        """Wake a worker for `task`. While Redis is away this does nothing, and the sweep finds the row."""
        job_id = ":".join((task, *ids))
        try:
            await self._redis.enqueue_job(task, *ids, request_id=current_request_id(), _job_id=job_id)
        except (RedisError, OSError) as error:
            _logger.warning("queue unreachable, the sweep will find it", task=task, error=type(error).__name__)


@dataclass(frozen=True)
class WorkerPlan:
    """What a worker runs: tasks by name, scheduled tasks, and the sweep, which does not need Redis."""

    tasks: dict[str, Task]
    crons: Sequence[CronJob]
    sweep: Callable[[], Coroutine[Any, Any, None]]
    sweep_seconds: float
    context: dict[str, Any]


@asynccontextmanager
async def run_worker(plan: WorkerPlan, redis: ArqRedis) -> AsyncIterator[None]:
    """Run a worker and its sweep until the block ends; then running tasks are finished and no new ones started."""
    worker = _RestartedWorker(plan, redis)
    stopping = asyncio.Event()
    polling = asyncio.create_task(worker.run())
    sweeping = asyncio.create_task(_sweep_until(stopping, plan))
    try:
        yield
    finally:
        # Polling ends first, because a task that finishes may have queued the next one.
        stopping.set()
        await _end(polling, patience_seconds=0)
        await worker.finish()
        await _end(sweeping, patience_seconds=_FINISH_SECONDS)


class _RestartedWorker:
    """Starts arq's worker again after each loss of Redis, with longer and longer pauses."""

    def __init__(self, plan: WorkerPlan, redis: ArqRedis) -> None:
        self._plan = plan
        self._redis = redis
        self._worker: Worker | None = None

    async def run(self) -> None:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            self._worker = self._build()
            try:
                await self._worker.async_run()
                return
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - any trouble with Redis ends arq's poll loop
                _logger.warning("worker lost Redis, trying again", error=type(error).__name__, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def finish(self) -> None:
        """Wait for running tasks, and cancel those that take too long."""
        running = [task for task in self._worker.tasks.values() if not task.done()] if self._worker else []
        if not running:
            return
        _, late = await asyncio.wait(running, timeout=_FINISH_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _build(self) -> Worker:
        return Worker(
            functions=[func(_logged(task), name=name, keep_result=0) for name, task in self._plan.tasks.items()],
            cron_jobs=list(self._plan.crons),
            queue_name=QUEUE,
            redis_pool=self._redis,
            handle_signals=False,
            ctx=dict(self._plan.context),
            max_jobs=_MAX_CONCURRENT_TASKS,
            max_tries=1,
            keep_result=0,
            job_timeout=_TASK_TIMEOUT_SECONDS,
            poll_delay=_POLL_SECONDS,
            job_serializer=_encode,
            job_deserializer=_decode,
            log_results=False,
        )


def _logged(task: Task) -> Task:
    """`task` with its ids in each log line; a failure is logged and does not end the worker."""

    async def run(ctx: dict[str, Any], *ids: str, request_id: str | None = None) -> None:
        with bound_contextvars(request_id=request_id, task_id=ctx["job_id"]):
            try:
                await task(ctx, *ids)
            except Exception:
                _logger.exception("task failed, its rows wait for the sweep")

    run.__qualname__ = getattr(task, "__qualname__", "task")
    return run


async def _end(task: asyncio.Task[None], *, patience_seconds: float) -> None:
    """Wait for a task, then cancel it until it ends: a task may catch a cancellation and go on."""
    await asyncio.wait({task}, timeout=patience_seconds)
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_CANCEL_SECONDS)


async def _sweep_until(stopping: asyncio.Event, plan: WorkerPlan) -> None:
    while not stopping.is_set():
        try:
            await plan.sweep()
        except Exception as error:  # noqa: BLE001 - the next sweep works when the database is back
            _logger.warning("sweep failed, trying again", error=f"{type(error).__name__}: {error}"[:200])
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), plan.sweep_seconds)
