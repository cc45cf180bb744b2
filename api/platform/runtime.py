"""The resources of one process: opened once from the settings, passed down, closed at the end."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.platform.crypto import Keyring, development_keys
from api.platform.db.work import Database
from api.platform.queue import ArqTaskQueue, open_redis
from api.platform.settings import Settings, SettingsInvalid

_NEW_OBJECTS = 5_000  # between two collections of young objects; a page of rows alone makes Python's 700


@dataclass(frozen=True)
class Runtime:
    """Settings, keys, the task queue and the database of one process."""

    settings: Settings
    keyring: Keyring
    queue: ArqTaskQueue
    database: Database


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Open the resources. A database address is required: `jobtally serve` fills in the embedded one."""
    if settings.database_url is None:
        raise SettingsInvalid(["JOBTALLY_DATABASE_URL: has to be set for this command"])
    queue = ArqTaskQueue(await open_redis(settings.redis_url))
    database = Database(settings.database_url, queue)
    keys = settings.keys() or development_keys(settings.data_dir)
    try:
        yield Runtime(settings, Keyring(keys), queue, database)
    finally:
        await database.close()
        await queue.redis.aclose(close_connection_pool=True)


def exempt_from_collection() -> None:
    """Leave the objects of a started process out of every later garbage collection, and collect less often.

    There are hundreds of thousands, of code and statements: a collection of them all stops every request for 0.3 s.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
