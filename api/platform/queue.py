"""The task queue: arq wakes a worker, and the rows in the database say what there is to do."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
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
_POLL_SECONDS = 0.1
_SOCKET_TIMEOUT_SECONDS = 10
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 5.0
# One wake-up of a task waits; equal ones are left out meanwhile, for this long at most, because Redis may lose it.
_WAITING_SECONDS = 15
_WAKE_SECONDS = 2.0
# For this long after a failure Redis is not asked, so that a Redis that hangs delays one wake-up and not all.
_AWAY_SECONDS = 2.0
_FINISH_SECONDS = 20.0
_CANCEL_SECONDS = 1.0
MAX_CONCURRENT_TASKS = 10
_READ_AT_ONCE = 100 * MAX_CONCURRENT_TASKS  # tasks that run on other workers stay in front of those that wait
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
    """Queues tasks in arq, each with the id of the request that caused it.

    While Redis is away, a worker runs the tasks itself that it wakes; another process leaves them to the sweep.
    """

    def __init__(self, redis: ArqRedis) -> None:
        self.redis = redis
        self.own_tasks: OwnTasks | None = None  # of a process that is a worker
        self._away_until = 0.0  # of the monotonic clock

    async def wake(self, task: str, *ids: str) -> None:
        """Wake a worker for `task`. An equal wake-up that waits already is enough; one that runs already is not."""
        if time.monotonic() >= self._away_until:
            try:
                async with asyncio.timeout(_WAKE_SECONDS):
                    await self._enqueue(task, ids)
            except (RedisError, OSError) as error:
                self._away_until = time.monotonic() + _AWAY_SECONDS
                _logger.warning("queue unreachable, workers run their own tasks", error=type(error).__name__)
            else:
                return
        if self.own_tasks is not None:
            self.own_tasks.start(task, ids)

    async def begin(self, task: str, *ids: str) -> None:
        """The task begins: a wake-up from now on starts it again."""
        try:
            async with asyncio.timeout(_WAKE_SECONDS):
                await self.redis.delete(_waiting_key(task, ids))
        except (RedisError, OSError) as error:
            _logger.warning("queue unreachable", error=type(error).__name__)

    async def _enqueue(self, task: str, ids: tuple[str, ...]) -> None:
        # arq drops a task whose id is that of a running one. So each has an id of its own, and this key keeps equal
        # ones from filling the queue.
        if await self.redis.set(_waiting_key(task, ids), b"", nx=True, ex=_WAITING_SECONDS):
            await self.redis.enqueue_job(task, *ids, request_id=current_request_id())


def _waiting_key(task: str, ids: tuple[str, ...]) -> str:
    return ":".join((QUEUE, "waiting", task, *ids))


@dataclass(frozen=True)
class WorkerPlan:
    """What a worker runs: tasks by name, scheduled tasks, and the sweep, which wakes tasks and needs no Redis."""

    tasks: dict[str, Task]
    crons: Sequence[CronJob]
    sweep: Callable[[], Coroutine[Any, Any, None]]
    sweep_seconds: float
    context: dict[str, Any]


class OwnTasks:
    """Tasks that a worker runs without Redis: a bounded number at a time, and of equal ones one waits."""

    def __init__(self, plan: WorkerPlan) -> None:
        self._plan = plan
        self._places = asyncio.Semaphore(MAX_CONCURRENT_TASKS)
        self._waiting: dict[tuple[str, tuple[str, ...]], asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def start(self, task: str, ids: tuple[str, ...]) -> None:
        """Run the task as soon as there is a place, unless an equal one waits for a place already."""
        if (task, ids) in self._waiting:
            return
        self._waiting[task, ids] = running = asyncio.create_task(self._run(task, ids))
        self._running.add(running)
        running.add_done_callback(self._running.discard)

    async def finish(self) -> None:
        """Start no more; wait for running tasks, and cancel those that take too long."""
        for waiting in self._waiting.values():
            waiting.cancel()
        await _finish(self._running)

    async def _run(self, task: str, ids: tuple[str, ...]) -> None:
        async with self._places:
            del self._waiting[task, ids]
            with bound_contextvars(task_id=":".join((task, *ids))), suppress(TimeoutError):
                async with asyncio.timeout(_TASK_TIMEOUT_SECONDS):
                    await _logged(self._plan.tasks[task], dict(self._plan.context), ids)


@asynccontextmanager
async def run_worker(plan: WorkerPlan, queue: ArqTaskQueue) -> AsyncIterator[None]:
    """Run a worker and its sweep until the block ends; then running tasks are finished and no new ones started."""
    worker = _RestartedWorker(plan, queue)
    queue.own_tasks = own_tasks = OwnTasks(plan)
    stopping = asyncio.Event()
    polling = asyncio.create_task(worker.run())
    sweeping = asyncio.create_task(_sweep_until(stopping, plan))
    try:
        yield
    finally:
        # Polling ends first, because a task that finishes may have queued the next one.
        stopping.set()
        await _end(polling, patience_seconds=0)
        queue.own_tasks = None
        await asyncio.gather(worker.finish(), own_tasks.finish())
        await _end(sweeping, patience_seconds=_FINISH_SECONDS)


class _RestartedWorker:
    """Starts arq's worker again after each loss of Redis, with longer and longer pauses."""

    def __init__(self, plan: WorkerPlan, queue: ArqTaskQueue) -> None:
        self._plan = plan
        self._queue = queue
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
        await _finish(self._worker.tasks.values() if self._worker else ())

    def _build(self) -> Worker:
        return Worker(
            functions=[func(self._queued(name), name=name, keep_result=0) for name in self._plan.tasks],
            cron_jobs=list(self._plan.crons),
            queue_name=QUEUE,
            redis_pool=self._queue.redis,
            handle_signals=False,
            ctx=dict(self._plan.context),
            max_jobs=MAX_CONCURRENT_TASKS,
            queue_read_limit=_READ_AT_ONCE,
            max_tries=1,
            keep_result=0,
            job_timeout=_TASK_TIMEOUT_SECONDS,
            poll_delay=_POLL_SECONDS,
            job_serializer=_encode,
            job_deserializer=_decode,
            log_results=False,
        )

    def _queued(self, name: str) -> Task:
        async def run(ctx: dict[str, Any], *ids: str, request_id: str | None = None) -> None:
            with bound_contextvars(request_id=request_id, task_id=ctx["job_id"]):
                await self._queue.begin(name, *ids)
                await _logged(self._plan.tasks[name], ctx, ids)

        run.__qualname__ = name
        return run


async def _logged(task: Task, context: dict[str, Any], ids: tuple[str, ...]) -> None:
    """Run the task; a failure is logged and does not end the worker."""
    try:
        await task(context, *ids)
    except Exception:
        _logger.exception("task failed, its rows wait for the sweep")


async def _finish(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Wait for tasks that run, and cancel those that take too long."""
    running = [task for task in tasks if not task.done()]
    if not running:
        return
    _, late = await asyncio.wait(running, timeout=_FINISH_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


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
