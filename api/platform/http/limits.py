"""How many requests one caller may send in a minute: counted in Redis for all processes, else in this process."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from limits.aio.storage import RedisStorage
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from api.platform.clock import now
from api.platform.errors import TooManyRequests
from api.platform.log import get_logger

_MINUTE_SECONDS = 60
_REDIS_TIMEOUT_SECONDS = 1.0
_REDIS_PAUSE_SECONDS = 5.0
_SWEEP_SECONDS = 60.0
_logger = get_logger("jobtally.http")


class MemoryCounts:
    """Counters of this process that expire.

    The storage in memory of `limits` looks at all its keys with every increase: it takes longer with every caller.
    """

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, float]] = {}  # the count, and when it expires
        self._next_sweep = 0.0

    def increase(self, key: str, amount: int, window_seconds: int) -> int:
        """Add `amount` and give the new count."""
        instant = now().timestamp()
        if instant >= self._next_sweep:
            self._next_sweep = instant + _SWEEP_SECONDS
            self._counts = {key: kept for key, kept in self._counts.items() if kept[1] > instant}
        count, expires = self._counts.get(key, (0, 0.0))
        if expires <= instant:
            count, expires = 0, instant + window_seconds
        self._counts[key] = (count + amount, expires)
        return count + amount

    def __len__(self) -> int:
        return len(self._counts)


class RequestCounts:
    """Counters that expire: in Redis if there is a `pool`, and in memory without one or while Redis does not answer."""

    def __init__(self, pool: ConnectionPool | None) -> None:
        self._memory = MemoryCounts()
        self._redis = _redis_storage(pool) if pool is not None else None
        self._is_redis_away = False
        self._next_attempt = 0.0

    async def increase(self, key: str, amount: int, window_seconds: int = _MINUTE_SECONDS) -> int:
        """Add `amount` (it may be 0 or negative) and give the new count; never fails because of Redis."""
        if self._redis is not None and time.monotonic() >= self._next_attempt:
            if self._is_redis_away:  # one request tries Redis, the others do not wait for it
                self._next_attempt = time.monotonic() + _REDIS_PAUSE_SECONDS
            try:
                count = await self._redis.incr(key, window_seconds, amount)
            except (RedisError, OSError) as error:
                self._leave_redis(error)
            else:
                self._return_to_redis()
                return count
        return self._memory.increase(key, amount, window_seconds)

    def _leave_redis(self, error: Exception) -> None:
        if not self._is_redis_away:
            _logger.warning("Redis unreachable, requests are counted per process", error=type(error).__name__)
        self._is_redis_away = True
        self._next_attempt = time.monotonic() + _REDIS_PAUSE_SECONDS

    def _return_to_redis(self) -> None:
        if self._is_redis_away:
            _logger.info("Redis answers, requests are counted for all processes")
        self._is_redis_away = False


@asynccontextmanager
async def open_request_counts(redis_url: str | None) -> AsyncIterator[RequestCounts]:
    """The counters of one process, with connections to Redis of their own that give up quickly."""
    if redis_url is None:
        yield RequestCounts(None)
        return
    timeout = _REDIS_TIMEOUT_SECONDS
    pool = ConnectionPool.from_url(redis_url, socket_timeout=timeout, socket_connect_timeout=timeout)
    try:
        yield RequestCounts(pool)
    finally:
        await pool.aclose()


class RequestLimiter:
    """At most `most` requests of one caller in a minute (or other window) of the clock; `name` separates limiters."""

    def __init__(self, counts: RequestCounts, name: str, most: int, window_seconds: int = _MINUTE_SECONDS) -> None:
        self.most = most
        self._window_seconds = window_seconds
        self._counts = counts
        self._name = name
        self._window = 0
        # Of this window and this process: the last known count of each caller, and the requests to give back.
        self._spent: dict[str, int] = {}
        self._refunds: dict[str, int] = {}

    async def spend(self, caller: str, amount: int = 1) -> Mapping[str, str]:
        """Count `amount` requests and give the RateLimit headers; TooManyRequests if nothing is left."""
        self._begin_window()
        window, change = self._window, amount - self._refunds.pop(caller, 0)
        count = await self._counts.increase(f"{self._name}/{caller}/{window}", change, self._window_seconds)
        if window == self._window:
            self._spent[caller] = count
        headers = self._headers(count)
        if count > self.most:
            raise TooManyRequests(headers={"Retry-After": str(self._seconds_left()), **headers})
        return headers

    def check(self, caller: str) -> None:
        """Raise TooManyRequests if this process knows that nothing is left. Nothing is counted; Redis is not asked."""
        self._begin_window()
        count = self._spent.get(caller, 0)
        if count >= self.most:
            raise TooManyRequests(headers={"Retry-After": str(self._seconds_left()), **self._headers(count)})

    def refund(self, caller: str, amount: int = 1) -> Mapping[str, str]:
        """Give back the last `amount` requests; the RateLimit headers as they are then.

        The caller's next request in this process takes the refund with it, so a refund costs no call to Redis.
        """
        self._begin_window()
        count = self._spent.get(caller, 0)
        if count > 0:
            given_back = min(count, amount)
            count -= given_back
            self._spent[caller] = count
            self._refunds[caller] = self._refunds.get(caller, 0) + given_back
        return self._headers(count)

    def _begin_window(self) -> None:
        window = int(now().timestamp()) // self._window_seconds
        if window != self._window:
            self._window, self._spent, self._refunds = window, {}, {}

    def _headers(self, count: int) -> dict[str, str]:
        remaining = max(0, self.most - count)
        return {
            "RateLimit-Policy": f'"requests";q={self.most};w={self._window_seconds}',
            "RateLimit": f'"requests";r={remaining};t={self._seconds_left()}',
        }

    def _seconds_left(self) -> int:
        return self._window_seconds - int(now().timestamp()) % self._window_seconds


def _redis_storage(pool: ConnectionPool) -> RedisStorage:
    options: dict[str, Any] = {"connection_pool": pool}  # declared as text or numbers only
    return RedisStorage("async+redis://", implementation="redispy", key_prefix="jobtally", **options)
