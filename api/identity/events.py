"""One audit event: written in the transaction of what it is about."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.identity.models import AuditEvent
from api.platform.db.rows import insert_rows
from api.platform.db.work import UnitOfWork
from api.platform.http.address import current_address
from api.platform.ids import uuid7
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
    work.session.add(AuditEvent(subject=subject, **_common(work, action, outcome, business_id, details)))


async def record_events(work: UnitOfWork, action: str, subjects: Sequence[str], **details: Any) -> None:
    """Record that the action was done to each of these subjects, with one statement."""
    events = [{"id": uuid7(), "subject": subject} for subject in subjects]
    await insert_rows(work, AuditEvent, events, **_common(work, action, "done", None, details))


def _common(
    work: UnitOfWork, action: str, outcome: str, business_id: UUID | None, details: dict[str, Any]
) -> dict[str, Any]:
    """What the events of one action share."""
    return {
        "business_id": business_id or (work.scope if isinstance(work.scope, UUID) else None),
        "actor": work.actor or "system",
        "action": action,
        "outcome": outcome,
        "request_id": current_request_id(),
        "address": current_address(),
        "details": details,
    }
