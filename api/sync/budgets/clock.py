"""How far Xero's clock and the database's clock differ: measured at each reply, and said when it is a minute."""

from datetime import datetime, timedelta

from prometheus_client import Gauge

from api.platform.db.work import SYSTEM, Database
from api.platform.log import get_logger
from api.sync.budgets.models import Budget
from api.sync.budgets.repository import clock_difference
from api.xero.clock import ClockReading

TOLERANCE = timedelta(seconds=60)
_RECENT = timedelta(days=1)
_DIFFERENCE = Gauge(
    "jobtally_xero_clock_difference_seconds", "Xero's clock minus the database's clock, at the latest reply."
)
_logger = get_logger("jobtally.budgets")


def note_clock(budget: Budget, reading: ClockReading, instant: datetime) -> None:
    """Keep how far Xero's clock is ahead, for the organisation's row; `instant` is the database's, at the reply."""
    before, ahead = budget.xero_clock_ahead, reading.ahead_of(instant)
    budget.xero_clock_ahead, budget.clock_read_at = ahead, instant
    _DIFFERENCE.set(ahead.total_seconds())
    if abs(ahead) > TOLERANCE and (before is None or abs(before) <= TOLERANCE):
        _logger.warning("clocks differ, Xero's is used", xero_ahead_seconds=round(ahead.total_seconds()))


async def clock_warning(database: Database) -> str | None:
    """A sentence for the operator if the clocks differed by more than a minute at a reply of the last day."""
    async with database.work(SYSTEM) as work:
        ahead = await clock_difference(work, _RECENT)
    if ahead is None or abs(ahead) <= TOLERANCE:
        return None
    direction = "behind" if ahead > timedelta(0) else "ahead of"
    seconds = round(abs(ahead).total_seconds())
    return (
        f"The database's clock is {seconds:,} seconds {direction} Xero's. Look-ups go by Xero's clock, so nothing is"
        " sent twice. Set the clock of the database's machine, best by NTP."
    )
