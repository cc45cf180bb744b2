"""Xero's clock, read from the `Date` header of its replies. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# In a longer call, Xero may have written the Date at any instant of too long a time.
_LONGEST_CALL_SECONDS = 10.0
# The header has whole seconds: on average Xero's clock showed half a second more.
_HALF_A_SECOND = timedelta(seconds=0.5)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What Xero's clock showed, and how many seconds before the end of the call that was."""

    xero_time: datetime
    seconds_ago: float

    @classmethod
    def from_reply(cls, status: int, headers: Mapping[str, str], call_seconds: float) -> "ClockReading | None":
        """The reading of a reply whose call took so long; None if it says nothing certain about Xero's clock.

        Only a 2xx counts, because something in front of Xero may have written another reply.
        """
        if not 200 <= status < 300 or call_seconds > _LONGEST_CALL_SECONDS:
            return None
        text = {name.lower(): value for name, value in headers.items()}.get("date")
        try:
            instant = parsedate_to_datetime(text) if text else None
        except ValueError:
            return None
        if instant is None or instant.tzinfo is None:
            return None
        return cls(instant.astimezone(UTC) + _HALF_A_SECOND, call_seconds / 2)

    def ahead_of(self, instant: datetime) -> timedelta:
        """How far Xero's clock is ahead of another one, which shows `instant` at the end of the call."""
        return self.xero_time - (instant - timedelta(seconds=self.seconds_ago))
