"""Idempotency keys: replies and errors are stored for six minutes; a concurrent repeat waits for the first call."""

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
    """The first call with a key, and its future reply."""

    fingerprint: str
    first_seen: datetime
    reply: asyncio.Future[Reply]


@dataclass
class Replies:
    """The stored replies by app and key."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)

    async def once(
        self,
        now: datetime,
        client_id: str,
        key: str,
        fingerprint: str,
        run: Callable[[], Awaitable[Reply]],
    ) -> Reply:
        """The reply of the first call with this key; only that call runs. A different request is refused with 400."""
        if len(key) > LONGEST_KEY:
            raise _refuse(f"Idempotency Key must not be longer than {LONGEST_KEY} characters.")
        self.entries = {name: entry for name, entry in self.entries.items() if now - entry.first_seen < LIFETIME}
        entry = self.entries.get((client_id, key))
        if entry is None:
            entry = Entry(fingerprint, now, asyncio.get_running_loop().create_future())
            self.entries[client_id, key] = entry
            try:
                entry.reply.set_result(await run())
            except BaseException:
                entry.reply.cancel()
                del self.entries[client_id, key]
                raise
        if entry.fingerprint != fingerprint:
            raise _refuse(f"Idempotency Key '{key}' is used with a different request.")
        return await asyncio.shield(entry.reply)


def fingerprint(*parts: str | bytes) -> str:
    """A hash that is equal for equal requests."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def _refuse(text: str) -> Refusal:
    return Refusal(Reply(400, {"ErrorNumber": 10, "Type": "ValidationException", "Message": text, "Elements": []}))
