"""Advisory locks: one transaction at a time, one lock per class and name."""

from collections.abc import AsyncIterator

import pytest

from api.platform.db.locks import LockClass, acquire, try_acquire
from api.platform.db.work import SYSTEM, Database
from tests.sync.queues import SilentQueue


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, SilentQueue())
    yield database
    await database.close()


async def _is_free(database: Database, lock: LockClass, *names: str) -> bool:
    async with database.work(SYSTEM) as work:
        return bool(await work.session.scalar(try_acquire(lock, *names)))


async def test_a_lock_is_held_until_the_transaction_ends(database: Database) -> None:
    async with database.work(SYSTEM) as work:
        await work.session.execute(acquire(LockClass.ORGANISATION, "a"))
        assert not await _is_free(database, LockClass.ORGANISATION, "a")
    assert await _is_free(database, LockClass.ORGANISATION, "a")


async def test_another_class_and_another_name_are_other_locks(database: Database) -> None:
    async with database.work(SYSTEM) as work:
        await work.session.execute(acquire(LockClass.IDEMPOTENCY_KEY, "owner", "key"))
        assert await _is_free(database, LockClass.XERO_USER, "owner", "key")
        assert await _is_free(database, LockClass.IDEMPOTENCY_KEY, "owner", "other")
        assert await _is_free(database, LockClass.IDEMPOTENCY_KEY, "ownerkey")
