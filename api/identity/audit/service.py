"""The audit trail: one event for each important change, written in the transaction of that change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.identity.audit.repository import AuditEventRepository
from api.identity.events import record_event, record_events
from api.platform.clock import now
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice
from api.platform.ids import decode

__all__ = ["AuditService", "History", "HistoryEvent", "record_event", "record_events"]


@dataclass(frozen=True)
class HistoryEvent:
    """What was done with one record, when, and by whom."""

    id: UUID
    created_at: datetime
    actor: str
    actor_name: str
    action: str
    outcome: str
    details: dict[str, Any]


@dataclass(frozen=True)
class History:
    """One page of the history of a record."""

    events: Sequence[HistoryEvent]
    next_cursor: str | None


class AuditService:
    """The recorded events of one business. They are never changed."""

    def __init__(self, work: UnitOfWork) -> None:
        self._events = AuditEventRepository(work)

    async def page(self, paging: Paging) -> Slice:
        """List the events, newest first."""
        return await self._events.page(paging)

    async def count_of_a_day(self, action: str) -> int:
        """How often this was done within the last 24 hours."""
        return await self._events.count_since(action, now() - timedelta(days=1))

    async def count_of_a_day_by(self, user_id: UUID, action: str) -> int:
        """How often this user did this within the last 24 hours, in every business of the user."""
        return await self._events.count_of_user_since(user_id, action, now() - timedelta(days=1))

    async def history(self, paging: Paging, subject: str) -> History:
        """List the events of one record, newest first, with the name of the user or the API key of each."""
        page = await self._events.page(paging, subject)
        actors = {event.actor: _id_of(event.actor) for event in page.rows}
        names = await self._events.names([actor_id for actor_id in actors.values() if actor_id is not None])
        events = [
            HistoryEvent(
                id=event.id,
                created_at=event.created_at,
                actor=event.actor,
                actor_name=names.get(actors[event.actor] or event.id, "Jobtally"),
                action=event.action,
                outcome=event.outcome,
                details=event.details,
            )
            for event in page.rows
        ]
        return History(events, page.next_cursor)


def _id_of(actor: str) -> UUID | None:
    """The id of the user or the API key; None for `system`."""
    prefix = actor.partition("_")[0]
    return decode(prefix, actor) if prefix in {"usr", "key"} else None
