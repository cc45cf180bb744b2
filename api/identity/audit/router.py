"""`/audit-events`: the audit trail of the business, for its administrators."""

from typing import Annotated

from fastapi import Response

from api.identity.access import service
from api.identity.audit.schemas import AuditEventOut
from api.identity.audit.service import AuditService
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter
from api.platform.http.schemas import Page, page_response

router = ApiRouter("/audit-events", tag="users")
Reading = Annotated[AuditService, service(AuditService, "audit:read")]


@router.get("", response_model=Page[AuditEventOut])
async def list_audit_events(service: Reading, paging: PagingDep) -> Response:
    """List who did what, when and with what outcome, newest first. Events are never changed or removed."""
    events = await service.page(paging)
    return page_response(AuditEventOut, events.rows, events.next_cursor)
