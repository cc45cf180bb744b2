"""The clock of this process."""

from datetime import UTC, datetime


def now() -> datetime:
    """The current time in UTC, with its time zone."""
    return datetime.now(UTC)
