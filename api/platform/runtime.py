"""What a running process holds: made once from settings, passed down, closed in reverse order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from arq.connections import ArqRedis

from api.platform.crypto import Keyring, development_keys
from api.platform.db.work import Database
from api.platform.queue import ArqTaskQueue, open_redis
from api.platform.settings import Settings, SettingsInvalid


@dataclass(frozen=True)
class Runtime:
    """Settings, keys, the database and the queue of one process."""

    settings: Settings
    keyring: Keyring
    redis: ArqRedis
    database: Database


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Open what the settings name; needs a database address (the command line starts the embedded one)."""
    if settings.database_url is None:
        raise SettingsInvalid(["JOBTALLY_DATABASE_URL: has to be set here"])
    redis = await open_redis(settings.redis_url)
    database = Database(settings.database_url, ArqTaskQueue(redis))
    keys = settings.keys() or development_keys(settings.data_dir)
    try:
        yield Runtime(settings, Keyring(keys), redis, database)
    finally:
        await database.close()
        await redis.aclose(close_connection_pool=True)
