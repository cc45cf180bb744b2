"""The arithmetic of Xero's limits: whether one more call to an organisation may begin. Pure; it stores no counts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from api.xero.errors import Limit
from api.xero.outcomes import limit_named, retry_after_seconds

# Xero counts in fixed minutes of unknown phase. A sliding window one second longer is safe in every phase.
MINUTE_WINDOW = timedelta(seconds=61)
# Calls are remembered for two windows: a reading up to one window old is compared with the window before it.
LOG_WINDOW = 2 * MINUTE_WINDOW
DAY_WINDOW = timedelta(hours=24)
MINUTE_SLACK_CALLS = 2
FLIGHT_SLACK_CALLS = 1
APP_SLACK_CALLS = 100
# Xero names no waiting time when the limit on concurrent calls is exceeded.
FLIGHT_WAIT = timedelta(seconds=1)
NO_WAIT = timedelta(0)


class Priority(StrEnum):
    """Who gets the last calls of a day: what resolves unknown outcomes, then what somebody waits for."""

    ESSENTIAL = "essential"
    NORMAL = "normal"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Ceilings:
    """Xero's limits for one organisation, in calls. We spend less than these."""

    per_minute: int = 60
    per_day: int = 5000
    concurrent: int = 5

    def day_reserve(self, priority: "Priority") -> int:
        """Calls of a day that are reserved for calls of a higher priority."""
        reserves = {
            Priority.ESSENTIAL: 0,
            Priority.NORMAL: min(max(50, self.per_day // 20), self.per_day // 2),
            Priority.BACKGROUND: self.per_day * 3 // 10,
        }
        return reserves[priority]


@dataclass(frozen=True, slots=True)
class LimitReading:
    """What one answer said about the limits. None means that the answer did not say."""

    minute_remaining: int | None = None
    day_remaining: int | None = None
    app_remaining: int | None = None
    retry_after: float | None = None
    limit: Limit | None = None

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> "LimitReading":
        """Read the headers X-*Limit-Remaining, Retry-After and X-Rate-Limit-Problem, in any letter case."""
        head = {name.lower(): value for name, value in headers.items()}
        return cls(
            minute_remaining=_count(head.get("x-minlimit-remaining")),
            day_remaining=_count(head.get("x-daylimit-remaining")),
            app_remaining=_count(head.get("x-appminlimit-remaining")),
            retry_after=retry_after_seconds(head),
            limit=limit_named(head.get("x-rate-limit-problem", "")),
        )

    @property
    def names_new_day(self) -> bool:
        """Whether this answer says when a new day begins."""
        return self.limit == "day" and self.retry_after is not None

    def blocks_until(self, now: datetime) -> datetime | None:
        """The instant until which this answer forbids every call to the organisation; None when it forbids none."""
        if self.retry_after is not None:
            return now + timedelta(seconds=self.retry_after)
        return now + FLIGHT_WAIT if self.limit is not None else None


@dataclass(frozen=True, slots=True)
class Usage:
    """The known calls of one organisation. All instants are aware UTC, in any order."""

    starts: Sequence[datetime] = ()  # calls that began within LOG_WINDOW, settled or not
    deadlines: Sequence[datetime] = ()  # of the calls that are still in flight
    day_count: int = 0  # calls that began within DAY_WINDOW, or since Xero said that a new day begins
    leaving: datetime | None = None  # when the last of the calls began that `day_surplus` counts
    blocked_until: datetime | None = None
    blocked_by: Limit = "unavailable"
    reading: LimitReading | None = None  # the latest
    read_at: datetime | None = None
    day_count_at_reading: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """The call may begin, or has to wait for `wait` seconds because of `limit`."""

    wait: float = 0.0
    limit: Limit | None = None

    @property
    def go(self) -> bool:
        """Whether the call may begin now."""
        return self.limit is None


GO = Decision()


def decide(ceilings: Ceilings, usage: Usage, now: datetime, priority: Priority = Priority.NORMAL) -> Decision:
    """Decide whether one more call may begin; the longest wait wins."""
    waits: list[tuple[timedelta, Limit]] = [
        (_blocked(usage, now), usage.blocked_by),
        (_minute_wait(ceilings, usage, now), "minute"),
        (_flight_wait(ceilings, usage, now), "concurrent"),
        (_day_wait(ceilings, usage, now, priority), "day"),
        (_app_wait(usage, now), "app"),
    ]
    wait, limit = max(waits, key=lambda entry: entry[0])
    return Decision(wait.total_seconds(), limit) if wait > NO_WAIT else GO


def _blocked(usage: Usage, now: datetime) -> timedelta:
    return usage.blocked_until - now if usage.blocked_until else NO_WAIT


def _minute_wait(ceilings: Ceilings, usage: Usage, now: datetime) -> timedelta:
    window = sorted(start for start in usage.starts if start > now - MINUTE_WINDOW)
    ours = ceilings.per_minute - MINUTE_SLACK_CALLS
    allowed = ours - _foreign_minute(ceilings, usage, now)
    if allowed <= 0:
        return max(_reading_expires(usage, now, MINUTE_WINDOW), _window_wait(window, ours, now))
    return _window_wait(window, allowed, now)


def _window_wait(window: Sequence[datetime], allowed: int, now: datetime) -> timedelta:
    """The time until fewer than `allowed` calls of the sorted window are left in it."""
    if len(window) < allowed or allowed <= 0:
        return NO_WAIT
    return window[len(window) - allowed] + MINUTE_WINDOW - now


def _foreign_minute(ceilings: Ceilings, usage: Usage, now: datetime) -> int:
    """Calls of this minute that Xero has counted and we have not. Never negative: a reading only lowers the limit."""
    if usage.reading is None or usage.reading.minute_remaining is None or usage.read_at is None:
        return 0
    if now - usage.read_at >= MINUTE_WINDOW:
        return 0
    ours = sum(usage.read_at - MINUTE_WINDOW < start <= usage.read_at for start in usage.starts)
    return max(0, ceilings.per_minute - usage.reading.minute_remaining - ours)


def _flight_wait(ceilings: Ceilings, usage: Usage, now: datetime) -> timedelta:
    flying = [deadline for deadline in usage.deadlines if deadline > now]
    if len(flying) < ceilings.concurrent - FLIGHT_SLACK_CALLS:
        return NO_WAIT
    return min(FLIGHT_WAIT, min(flying) - now) if flying else FLIGHT_WAIT


def day_surplus(ceilings: Ceilings, usage: Usage, now: datetime, priority: Priority = Priority.NORMAL) -> int:
    """How many of our calls, the oldest first, have to leave the day before one more may begin; 0 if it may now."""
    ours = ceilings.per_day - ceilings.day_reserve(priority)
    return max(0, usage.day_count + 1 - (ours - _foreign_day(ceilings, usage, now)))


def day_left(ceilings: Ceilings, usage: Usage, now: datetime) -> int:
    """How many calls of the day Xero still takes, the reserve included."""
    return max(0, ceilings.per_day - usage.day_count - _foreign_day(ceilings, usage, now))


def _day_wait(ceilings: Ceilings, usage: Usage, now: datetime, priority: Priority) -> timedelta:
    if day_surplus(ceilings, usage, now, priority) == 0:
        return NO_WAIT
    if usage.leaving is not None:
        return usage.leaving + DAY_WINDOW - now
    # Ours are too few: calls have to leave that only Xero has counted, at the latest a day after it reported them.
    return _reading_expires(usage, now, DAY_WINDOW)


def _foreign_day(ceilings: Ceilings, usage: Usage, now: datetime) -> int:
    """Calls of this day that Xero has counted and we have not. Never negative: a reading only lowers the limit."""
    if usage.reading is None or usage.reading.day_remaining is None or usage.read_at is None:
        return 0
    if now - usage.read_at >= DAY_WINDOW:
        return 0
    return max(0, ceilings.per_day - usage.reading.day_remaining - usage.day_count_at_reading)


def _app_wait(usage: Usage, now: datetime) -> timedelta:
    if usage.reading is None or usage.reading.app_remaining is None or usage.read_at is None:
        return NO_WAIT
    if usage.reading.app_remaining > APP_SLACK_CALLS or now - usage.read_at >= MINUTE_WINDOW:
        return NO_WAIT
    return _reading_expires(usage, now, MINUTE_WINDOW)


def _reading_expires(usage: Usage, now: datetime, believed: timedelta) -> timedelta:
    return (usage.read_at or now) + believed - now


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"\d{1,9}", text.strip()) else None
