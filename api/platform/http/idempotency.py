"""Idempotency-Key on POST: the answer is stored for 24 hours, in the transaction of the request."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from api.platform.clock import now
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, FieldError, Invalid
from api.platform.http.models import IdempotentReply
from api.platform.http.repository import IdempotentReplyRepository

KEPT_FOR = timedelta(hours=24)
_MAX_KEY_CHARACTERS = 255
_KEPT_HEADERS = ("content-type", "location", "etag", "retry-after")


class IdempotencyKeyReused(Invalid):
    code, title = "idempotency_key_reused", "This Idempotency-Key was used for something else"
    remedy = "Use a new key for a new request. Repeat a key only with exactly the same request."


class IdempotentRequestRunning(Conflict):
    code, title = "idempotent_request_running", "The first request with this Idempotency-Key is still running"
    remedy = "Wait for the seconds in Retry-After and repeat it with the same key."


class Replay(Exception):
    """The request was answered before; `response` is the stored answer."""

    def __init__(self, stored: IdempotentReply) -> None:
        super().__init__("the request was answered before")
        self.response = Response(
            stored.body, status_code=stored.status, headers={**stored.headers, "Idempotent-Replayed": "true"}
        )


@dataclass(frozen=True)
class Pending:
    """A request with a key that is answered for the first time."""

    work: UnitOfWork
    owner: str
    key: str
    fingerprint: str


async def begin(request: Request, work: UnitOfWork, owner: str) -> None:
    """Replay, refuse or register a POST with a key. Call it before the request has any effect."""
    key = request.headers.get("idempotency-key")
    if key is None or request.method != "POST" or not request.state.keyed:
        return
    if not 1 <= len(key) <= _MAX_KEY_CHARACTERS or not key.isprintable():
        detail = f"Use 1 to {_MAX_KEY_CHARACTERS} printable characters."
        raise Invalid(errors=[FieldError("idempotency_key_malformed", detail, parameter="Idempotency-Key")])
    replies = IdempotentReplyRepository(work)
    if not await replies.reserve(owner, key):
        raise IdempotentRequestRunning(headers={"Retry-After": "1"})
    fingerprint = await _fingerprint(request)
    stored = await replies.of(owner, key)
    if stored is not None and stored.created_at > now() - KEPT_FOR:
        if stored.fingerprint != fingerprint:
            raise IdempotencyKeyReused(
                errors=[FieldError("idempotency_key_reused", IdempotencyKeyReused.remedy, parameter="Idempotency-Key")]
            )
        raise Replay(stored)
    request.state.idempotency = Pending(work, owner, key, fingerprint)


async def keep(request: Request, response: Response) -> None:
    """Store a successful answer before the transaction of the request commits."""
    pending: Pending | None = getattr(request.state, "idempotency", None)
    if pending is None or not 200 <= response.status_code < 300:
        return
    await IdempotentReplyRepository(pending.work).store(
        pending.owner,
        pending.key,
        fingerprint=pending.fingerprint,
        status=response.status_code,
        headers={name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers},
        body=bytes(response.body),
        created_at=now(),
    )


async def forget_expired(work: UnitOfWork) -> None:
    """Delete the answers that are older than 24 hours."""
    await IdempotentReplyRepository(work).forget_before(now() - KEPT_FOR)


async def _fingerprint(request: Request) -> str:
    target = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(target + await request.body()).hexdigest()
