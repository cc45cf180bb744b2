"""Refused requests in the audit trail: a caller who is known but lacks the right."""

from collections.abc import Sequence

from fastapi import Request

from api.identity.events import record_event
from api.platform.db.work import UnitOfWork
from api.platform.errors import TooManyRequests

RECORDED_PER_MINUTE = 10  # of one caller: a program that does not stop would fill the audit trail


async def is_worth_recording(request: Request, actor: str) -> bool:
    """Whether this refusal is one of the first of the caller in this minute."""
    try:
        await request.app.state.refusals.spend(actor)
    except TooManyRequests:
        return False
    return True


def record(request: Request, work: UnitOfWork, scopes: Sequence[str]) -> None:
    """Record that the caller of the unit of work lacks a scope."""
    route = getattr(request.scope.get("route"), "name", None)
    record_event(work, "access.check", outcome="refused", method=request.method, route=route, scopes=sorted(scopes))
