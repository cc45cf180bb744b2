"""Stored answers to requests with an Idempotency-Key."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from api.platform.db.locks import LockClass, try_acquire
from api.platform.db.work import UnitOfWork
from api.platform.http.models import IdempotentReply


class IdempotentReplyRepository:
    """Rows of `idempotency_keys`."""

    def __init__(self, work: UnitOfWork) -> None:
        self._session = work.session

    async def reserve(self, owner: str, key: str) -> bool:
        """Keep other requests with this key out until this transaction ends; False if another request runs."""
        return bool(await self._session.scalar(try_acquire(LockClass.IDEMPOTENCY_KEY, owner, key)))

    async def of(self, owner: str, key: str) -> IdempotentReply | None:
        """The stored answer, expired or not."""
        return await self._session.get(IdempotentReply, (owner, key))

    async def store(
        self,
        owner: str,
        key: str,
        *,
        fingerprint: str,
        status: int,
        headers: dict[str, str],
        body: bytes,
        created_at: datetime,
    ) -> None:
        """Store an answer; it replaces an expired answer to the same key."""
        values = {
            "fingerprint": fingerprint,
            "status": status,
            "headers": headers,
            "body": body,
            "created_at": created_at,
        }
        statement = insert(IdempotentReply).values(owner=owner, key=key, **values)
        await self._session.execute(statement.on_conflict_do_update(index_elements=["owner", "key"], set_=values))

    async def forget_before(self, instant: datetime) -> None:
        """Delete the answers that are older."""
        await self._session.execute(delete(IdempotentReply).where(IdempotentReply.created_at < instant))
