"""Idempotency keys: six minutes from the first call, errors kept too, a concurrent repeat waits for the first."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.replies import Refusal, Reply

LIFETIME = timedelta(minutes=6)
LONGEST_KEY = 128


@dataclass
class Entry:
    """The first call with a key, and its reply once there is one."""

    fingerprint: str
    first_seen: datetime
    reply: asyncio.Future[Reply]


@dataclass
class Replies:
    """Replies by app and key."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)

    async def once(
        self,
        now: datetime,
        client_id: str,
        key: str,
        fingerprint: str,
        answer: Callable[[], Awaitable[Reply]],
    ) -> Reply:
        """The reply of the first call with this key; a different request under the same key is refused."""
        if len(key) > LONGEST_KEY:
            raise _refuse(f"Idempotency Key must not be longer than {LONGEST_KEY} characters.")
        self.entries = {name: entry for name, entry in self.entries.items() if now - entry.first_seen < LIFETIME}
        entry = self.entries.get((client_id, key))
        if entry is None:
            entry = Entry(fingerprint, now, asyncio.get_running_loop().create_future())
            self.entries[client_id, key] = entry
            try:
                entry.reply.set_result(await answer())
            except BaseException:
                entry.reply.cancel()
                del self.entries[client_id, key]
                raise
        if entry.fingerprint != fingerprint:
            raise _refuse(f"Idempotency Key '{key}' is used with a different request.")
        return await asyncio.shield(entry.reply)


def fingerprint(*parts: str | bytes) -> str:
    """What makes two requests the same request."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def _refuse(text: str) -> Refusal:
    return Refusal(Reply(400, {"ErrorNumber": 10, "Type": "ValidationException", "Message": text, "Elements": []}))
