"""Request limits: one minute for each caller, shared by all processes, and never a reason for a request to fail."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import time_machine
from fakeredis import FakeServer
from fakeredis.aioredis import FakeAsyncRedisConnection
from fastapi import FastAPI
from redis.asyncio import ConnectionPool, Redis
from structlog.testing import capture_logs

from api.platform.errors import TooManyRequests
from api.platform.http import limits
from api.platform.http.limits import MemoryCounts, RequestCounts, RequestLimiter, open_request_counts
from tests.callers import Caller

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
Process = Callable[[], RequestCounts]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def redis_server() -> FakeServer:
    return FakeServer()


@pytest.fixture
async def open_pool(redis_server: FakeServer) -> AsyncIterator[Callable[[], ConnectionPool]]:
    async with AsyncExitStack() as stack:

        def build() -> ConnectionPool:
            options: dict[str, Any] = {"connection_class": FakeAsyncRedisConnection, "server": redis_server}
            pool = ConnectionPool(**options)
            stack.push_async_callback(pool.aclose)
            return pool

        yield build


@pytest.fixture
def process(open_pool: Callable[[], ConnectionPool]) -> Process:
    """Gives the counters of one more process that uses the same Redis."""
    return lambda: RequestCounts(open_pool())


@pytest.fixture
def redis(open_pool: Callable[[], ConnectionPool]) -> Redis:
    return Redis(connection_pool=open_pool())


async def count(limiter: RequestLimiter, caller: str) -> str:
    """Spend one request; the RateLimit header, also of a refusal."""
    try:
        return (await limiter.spend(caller))["RateLimit"]
    except TooManyRequests as refused:
        return f"{refused.headers['RateLimit']} refused, {refused.headers['Retry-After']} s"


@pytest.fixture(params=["memory", "redis"])
def counts(request: pytest.FixtureRequest, process: Process) -> RequestCounts:
    return RequestCounts(None) if request.param == "memory" else process()


def test_callers_of_past_minutes_take_no_memory(clock: time_machine.Traveller):
    counts = MemoryCounts()
    for number in range(100):
        counts.increase(f"caller {number}", 1, 60)
    assert counts.increase("a failure of this hour", 1, 3600) == 1
    clock.shift(timedelta(minutes=2))
    assert counts.increase("caller 1", 1, 60) == 1
    assert counts.increase("a failure of this hour", 1, 3600) == 2
    assert len(counts) == 2


async def test_a_caller_has_its_requests_of_each_minute(counts: RequestCounts, clock: time_machine.Traveller):
    limiter = RequestLimiter(counts, "requests", 2)
    assert await count(limiter, "mere") == '"requests";r=1;t=60'
    clock.shift(timedelta(seconds=45))
    assert await count(limiter, "mere") == '"requests";r=0;t=15'
    assert await count(limiter, "mere") == '"requests";r=0;t=15 refused, 15 s'
    assert await count(limiter, "hemi") == '"requests";r=1;t=15'
    clock.shift(timedelta(seconds=15))
    assert await count(limiter, "mere") == '"requests";r=1;t=60'


async def test_two_limiters_do_not_share_their_counts(counts: RequestCounts, clock: time_machine.Traveller):
    requests, attempts = RequestLimiter(counts, "requests", 1), RequestLimiter(counts, "attempts", 1)
    await requests.spend("mere")
    assert await count(attempts, "mere") == '"requests";r=0;t=60'


async def test_a_refunded_request_can_be_spent_again(counts: RequestCounts, clock: time_machine.Traveller):
    limiter = RequestLimiter(counts, "requests", 2)
    for _ in range(5):
        await limiter.spend("mere")
        assert limiter.refund("mere")["RateLimit"] == '"requests";r=2;t=60'
    assert await count(limiter, "mere") == '"requests";r=1;t=60'
    assert await count(limiter, "mere") == '"requests";r=0;t=60'
    assert "refused" in await count(limiter, "mere")


async def test_concurrent_requests_are_refunded_one_by_one(counts: RequestCounts, clock: time_machine.Traveller):
    limiter = RequestLimiter(counts, "requests", 3)
    for _ in range(3):
        await limiter.spend("mere")
    for remaining in (1, 2, 3):
        assert limiter.refund("mere")["RateLimit"] == f'"requests";r={remaining};t=60'
    assert await count(limiter, "mere") == '"requests";r=2;t=60'


async def test_a_refund_of_the_minute_before_is_not_carried_over(counts: RequestCounts, clock: time_machine.Traveller):
    limiter = RequestLimiter(counts, "requests", 1)
    await limiter.spend("mere")
    limiter.refund("mere")
    clock.shift(timedelta(seconds=60))
    assert await count(limiter, "mere") == '"requests";r=0;t=60'
    assert "refused" in await count(limiter, "mere")


async def test_processes_share_the_count_of_a_caller(process: Process, clock: time_machine.Traveller):
    first, second = (RequestLimiter(process(), "requests", 3) for _ in range(2))
    assert await count(first, "mere") == '"requests";r=2;t=60'
    assert await count(second, "mere") == '"requests";r=1;t=60'
    assert await count(first, "mere") == '"requests";r=0;t=60'
    assert "refused" in await count(second, "mere")


async def test_a_counter_in_redis_expires(process: Process, redis: Redis, clock: time_machine.Traveller):
    await RequestLimiter(process(), "requests", 3).spend("mere")
    [key] = await redis.keys()
    assert key.startswith(b"jobtally")
    assert await redis.ttl(key) == 60


async def test_each_request_is_one_call_to_redis(
    process: Process, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    limiter = RequestLimiter(process(), "requests", 10)
    await limiter.spend("mere")  # connects, and loads the script
    commands: list[Any] = []
    send = FakeAsyncRedisConnection.send_command

    async def record(self: Any, *args: Any, **kwargs: Any) -> None:
        commands.append(args[0])
        await send(self, *args, **kwargs)

    monkeypatch.setattr(FakeAsyncRedisConnection, "send_command", record)
    await limiter.spend("mere")
    limiter.refund("mere")
    await limiter.spend("mere")
    assert commands == ["EVALSHA", "EVALSHA"]


async def test_without_redis_requests_are_counted_in_the_process_and_the_loss_is_logged_once(
    process: Process, redis_server: FakeServer, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limits, "_REDIS_PAUSE_SECONDS", 0.0)
    limiter = RequestLimiter(process(), "requests", 2)
    await limiter.spend("mere")
    redis_server.connected = False
    with capture_logs() as lines:
        assert await count(limiter, "mere") == '"requests";r=1;t=60'
        assert await count(limiter, "mere") == '"requests";r=0;t=60'
        assert "refused" in await count(limiter, "mere")
    assert [line["event"] for line in lines] == ["Redis unreachable, requests are counted per process"]

    redis_server.connected = True
    with capture_logs() as lines:
        assert await count(limiter, "mere") == '"requests";r=0;t=60', "the count in Redis goes on"
    assert [line["event"] for line in lines] == ["Redis answers, requests are counted for all processes"]


async def test_while_redis_is_away_requests_do_not_wait_for_it(
    process: Process, redis_server: FakeServer, clock: time_machine.Traveller
):
    limiter = RequestLimiter(process(), "requests", 9)
    redis_server.connected = False
    await limiter.spend("mere")
    redis_server.connected = True
    assert await count(limiter, "mere") == '"requests";r=7;t=60', "still counted in the process"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/v1/invoices?zzz=1", {}, 422),
        ("/api/v1/invoices", {"Authorization": "Bearer jt_aaaaaaaa_unknown"}, 401),
        ("/api/v1/invoices", {}, 401),
    ],
    ids=["unknown parameter", "unknown key", "no credentials"],
)
async def test_requests_refused_before_their_caller_is_known_are_counted_by_address(
    app: FastAPI, anonymous: httpx2.AsyncClient, path: str, headers: dict[str, str], status: int
):
    app.state.limiter = RequestLimiter(RequestCounts(None), "requests", 2)
    replies = [await anonymous.get(path, headers=headers) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [status, status, 429]
    assert replies[0].headers["ratelimit"].startswith('"requests";r=1;')


async def test_a_caller_who_is_known_is_not_counted_by_address(app: FastAPI, client: Caller):
    app.state.limiter = RequestLimiter(RequestCounts(None), "requests", 2)
    refused = [await client.get("/api/v1/invoices?zzz=1") for _ in range(3)]
    assert [reply.status_code for reply in refused] == [422, 422, 429]
    replies = [await client.get("/api/v1/contacts/con_unknown") for _ in range(3)]
    assert [reply.status_code for reply in replies] == [404, 404, 429]


async def test_an_unreachable_address_does_not_fail_a_request(clock: time_machine.Traveller):
    async with open_request_counts("redis://127.0.0.1:9/0") as counts:
        assert await count(RequestLimiter(counts, "requests", 2), "mere") == '"requests";r=1;t=60'
