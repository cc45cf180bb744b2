"""The audit trail: one event for each important change, written in the transaction of that change."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from api.identity.models import AuditEvent
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice, keyset_page
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
        self._work = work

    async def page(self, paging: Paging) -> Slice:
        """List the events, newest first."""
        columns = (
            AuditEvent.id,
            AuditEvent.actor,
            AuditEvent.action,
            AuditEvent.subject,
            AuditEvent.outcome,
            AuditEvent.request_id,
            AuditEvent.details,
            AuditEvent.created_at,
        )
        statement = select(*columns).where(AuditEvent.business_id == self._work.business_id)
        by = AuditEvent.id  # ids grow with time
        return await keyset_page(self._work.session, statement, paging, by=by, tie=by, descending=True)
