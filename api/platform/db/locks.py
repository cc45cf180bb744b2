"""Advisory locks of PostgreSQL: held until the transaction ends, named, and declared in one place."""

import hashlib
from enum import StrEnum

from sqlalchemy import Select, func, select


class LockClass(StrEnum):
    """What a lock protects; the names after it say which of them."""

    MIGRATION = "migration"  # the schema: one process migrates at a time
    IDEMPOTENCY_KEY = "idempotency_key"  # owner, key: one request with a key runs at a time
    ORGANISATION = "organisation"  # organisation id: one business connects it at a time
    EXPORT_NUMBER = "export_number"  # business id: one export of a business is numbered at a time
    CONTACT_IMPORT = "contact_import"  # business id: one import of contacts of a business is started at a time
    XERO_USER = "xero_user"  # Xero's user id: one consent stores the grant of a user at a time


def acquire(lock: LockClass, *names: str) -> Select[tuple[None]]:
    """The statement that waits for the lock."""
    return select(func.pg_advisory_xact_lock(_number(lock, names)))


def try_acquire(lock: LockClass, *names: str) -> Select[tuple[bool]]:
    """The statement that takes the lock, or gives False at once if another transaction has it."""
    return select(func.pg_try_advisory_xact_lock(_number(lock, names)))


def _number(lock: LockClass, names: tuple[str, ...]) -> int:
    digest = hashlib.sha256("\0".join((lock, *names)).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
