"""The audit trail of one business."""

from sqlalchemy import select

from api.identity.models import AuditEvent
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice, keyset_page


class AuditEventRepository:
    """Rows of `audit_events`; they are only added and read."""

    def __init__(self, work: UnitOfWork) -> None:
        self._session = work.session
        self._business_id = work.business_id

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
        statement = select(*columns).where(AuditEvent.business_id == self._business_id)
        by = AuditEvent.id  # ids grow with time
        return await keyset_page(self._session, statement, paging, by=by, tie=by, descending=True)
