"""Xero's rate limits: fixed windows per app and organisation, each with its own offset, and calls in flight."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from sandbox.replies import Refusal, Reply
from sandbox.state import Options

MINUTE_SECONDS, DAY_SECONDS = 60, 86_400


@dataclass
class Window:
    """The number of a window and the calls counted in it."""

    number: int = -1
    used: int = 0


@dataclass
class Usage:
    windows: dict[tuple[str, ...], Window] = field(default_factory=dict)
    in_flight: Counter[tuple[str, str]] = field(default_factory=Counter)

    def enter(self, options: Options, now: datetime, client_id: str, tenant_id: str) -> dict[str, str]:
        """Count a call and return its `X-…-Remaining` headers. Raises Refusal (429), without counting, over a limit.

        After a successful `enter` the caller must call `leave`.
        """
        key = (client_id, tenant_id)
        if self.in_flight[key] >= options.concurrency:
            raise _refuse("concurrent", None)
        limits = {
            "minute": (("minute", *key), MINUTE_SECONDS, options.calls_per_minute),
            "day": (("day", *key), DAY_SECONDS, options.calls_per_day),
            "appminute": (("appminute", client_id), MINUTE_SECONDS, options.app_calls_per_minute),
        }
        for problem, (name, length, limit) in limits.items():
            window, seconds_left = self._window(name, length, now)
            if window.used >= limit:
                raise _refuse(problem, seconds_left)
        for name, _, _ in limits.values():
            self.windows[name].used += 1
        self.in_flight[key] += 1
        remaining = {problem: limit - self.windows[name].used for problem, (name, _, limit) in limits.items()}
        return {
            "X-MinLimit-Remaining": str(remaining["minute"]),
            "X-DayLimit-Remaining": str(remaining["day"]),
            "X-AppMinLimit-Remaining": str(remaining["appminute"]),
        }

    def leave(self, client_id: str, tenant_id: str) -> None:
        """End a call in flight."""
        self.in_flight[client_id, tenant_id] -= 1

    def _window(self, name: tuple[str, ...], length: int, now: datetime) -> tuple[Window, int]:
        position = now.timestamp() + zlib.crc32("/".join(name).encode()) % length
        number = int(position // length)
        window = self.windows.setdefault(name, Window())
        if window.number != number:
            window.number, window.used = number, 0
        return window, max(1, ceil((number + 1) * length - position))


def _refuse(problem: str, retry_after: int | None) -> Refusal:
    headers = {"X-Rate-Limit-Problem": problem}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Refusal(Reply(429, headers=headers, media_type="text/plain; charset=utf-8"))
