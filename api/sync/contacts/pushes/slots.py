"""When a business is due: its six hours begin at a minute of its own, so that not all are due at once. Pure."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

PERIOD: Final = timedelta(hours=6)
ID_DIGITS: Final = 7  # the last hexadecimal digits of an id, which are random
MINUTES: Final = PERIOD // timedelta(minutes=1)
ORIGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)


def slot_at(business_id: UUID, instant: datetime) -> datetime:
    """When the six hours began in which this instant is; the same as the SQL of the repository computes."""
    minute = business_id.int % 16**ID_DIGITS % MINUTES
    begins = ORIGIN + timedelta(minutes=minute)
    return begins + (instant - begins) // PERIOD * PERIOD
