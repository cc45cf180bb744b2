"""Writing to Xero exactly once: what other packages may use."""

from datetime import timedelta
from typing import Final

from api.platform.db.work import UnitOfWork
from api.sync.writes.adapter import Adapter, Attempt, Batch, Held, Locked, Outcomes
from api.sync.writes.attempts import commit_attempt
from api.sync.writes.lease import WriteLease, leased, queue_writes, wake_due_businesses
from api.sync.writes.recovery import OpenAttempts, open_attempts, recover
from api.sync.writes.repository import WriteAttemptRepository, erase_bodies
from api.sync.writes.schemas import WaitingFor
from api.sync.writes.sending import send_beside
from api.sync.writes.states import AttemptState, NextStep, WriteKind
from api.sync.writes.turns import CALLS, Flights, Turn

__all__ = [
    "CALLS",
    "Adapter",
    "Attempt",
    "AttemptState",
    "Batch",
    "Flights",
    "Held",
    "Locked",
    "NextStep",
    "OpenAttempts",
    "Outcomes",
    "Turn",
    "WaitingFor",
    "WriteAttemptRepository",
    "WriteKind",
    "WriteLease",
    "commit_attempt",
    "erase_old_bodies",
    "leased",
    "open_attempts",
    "queue_writes",
    "recover",
    "send_beside",
    "wake_due_businesses",
]

_BODIES_KEPT_FOR: Final = timedelta(days=90)


async def erase_old_bodies(work: UnitOfWork) -> None:
    """Erase the bytes of calls whose outcome is known for 90 days; their hash, key, times and elements stay."""
    await erase_bodies(work, _BODIES_KEPT_FOR)
