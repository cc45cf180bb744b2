"""One audit event: written in the transaction of what it is about."""

from typing import Any
from uuid import UUID

from api.identity.models import AuditEvent
from api.platform.db.work import UnitOfWork
from api.platform.http.address import current_address
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
            address=current_address(),
            details=details,
        )
    )
