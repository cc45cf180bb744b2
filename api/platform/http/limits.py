"""How often one caller may ask: a sliding minute per caller, kept in this process."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from api.platform.errors import TooManyRequests

_WINDOW = 60.0
_CALLERS_REMEMBERED = 100_000


class RequestLimiter:
    """At most `per_minute` requests in any 60 seconds for one caller; old callers are forgotten."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._spent: OrderedDict[str, deque[float]] = OrderedDict()

    def spend(self, caller: str) -> dict[str, str]:
        """Count one request and give its RateLimit headers; TooManyRequests when nothing is left."""
        instant = self._clock()
        spent = self._spent.setdefault(caller, deque())
        self._spent.move_to_end(caller)
        if len(self._spent) > _CALLERS_REMEMBERED:
            self._spent.popitem(last=False)
        while spent and spent[0] <= instant - _WINDOW:
            spent.popleft()
        if len(spent) >= self.per_minute:
            wait = max(1, round(spent[0] + _WINDOW - instant + 0.5))
            raise TooManyRequests(headers={"Retry-After": str(wait), **self._headers(0, wait)})
        spent.append(instant)
        return self._headers(self.per_minute - len(spent), round(spent[0] + _WINDOW - instant))

    def refund(self, caller: str) -> dict[str, str]:
        """Give back the last request, as unchanged answers are free; the RateLimit headers as they are then."""
        spent = self._spent.get(caller) or deque()
        if spent:
            spent.pop()
        reset = round(spent[0] + _WINDOW - self._clock()) if spent else 0
        return self._headers(self.per_minute - len(spent), reset)

    def _headers(self, remaining: int, reset: int) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"requests";q={self.per_minute};w=60',
            "RateLimit": f'"requests";r={remaining};t={reset}',
        }
