"""The audit trail: one row for everything that matters, in the transaction that did it."""

from typing import Any
from uuid import UUID

from api.identity.models import AuditEvent
from api.platform.db.work import UnitOfWork
from api.platform.log import current_request_id


def record(
    work: UnitOfWork,
    action: str,
    *,
    subject: str | None = None,
    outcome: str = "done",
    business_id: UUID | None = None,
    **details: Any,
) -> None:
    """Add `room.verb` to the trail of the business at work, if any; details hold no secrets and no personal text."""
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
