"""The audit trail of one business."""

from sqlalchemy import select

from api.identity.models import AuditEvent
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice, keyset_page


class AuditTrailService:
    """Reads what `api.identity.audit` recorded; nothing changes it."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def page(self, paging: Paging) -> Slice:
        """Events of the business at work, newest first."""
        columns = (
            AuditEvent.id, AuditEvent.actor, AuditEvent.action, AuditEvent.subject, AuditEvent.outcome,
            AuditEvent.request_id, AuditEvent.details, AuditEvent.created_at,
        )  # fmt: skip
        statement = select(*columns).where(AuditEvent.business_id == self._work.business_id)
        by = AuditEvent.id  # ids rise with time
        return await keyset_page(self._work.session, statement, paging, by=by, tie=by, descending=True)
