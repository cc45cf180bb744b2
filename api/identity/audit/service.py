"""The audit trail: one event for each important change, written in the transaction of that change."""

from typing import Any
from uuid import UUID

from api.identity.audit.repository import AuditEventRepository
from api.identity.models import AuditEvent
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice
from api.platform.log import current_request_id


def record_event(
    work: UnitOfWork,
    action: str,
    *,
    subject: str | None = None,
    outcome: str = "done",
    business_id: UUID | None = None,
    **details: Any,
) -> None:
    """Record the action `package.verb` for the business of the unit of work, if it has one.

    `details` must not contain secrets.
    """
    work.session.add(
        AuditEvent(
            business_id=business_id or (work.scope if isinstance(work.scope, UUID) else None),
            actor=work.actor or "system",
            action=action,
            subject=subject,
            outcome=outcome,
            request_id=current_request_id(),
            details=details,
        )
    )


class AuditService:
    """The recorded events of one business. They are never changed."""

    def __init__(self, work: UnitOfWork) -> None:
        self._events = AuditEventRepository(work)

    async def page(self, paging: Paging) -> Slice:
        """List the events, newest first."""
        return await self._events.page(paging)
