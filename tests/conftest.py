"""Fixtures for all tests: one real PostgreSQL per run, one cloned database per test, the app and its callers."""

import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
import pytest
import structlog
import time_machine
from fastapi import FastAPI
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

from api.app import configure, create_app
from api.identity import passwords
from api.platform.db import migrations, work
from api.platform.embedded_postgres.temporary import temporary_postgres
from api.xero.config import JobtallySettings
from tests.callers import Caller, sign_up
from tests.clock import Clock, moving_clock
from tests.renewals import Renewals

# A slow machine is no reason for a failure. `make faults` takes the profile with more examples.
for _profile, _examples in {"quick": 25, "exhaustive": 100}.items():
    hypothesis_settings.register_profile(
        _profile, max_examples=_examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
hypothesis_settings.load_profile("quick")

_LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost")
_connect = socket.socket.connect


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects to another machine."""

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in _LOCAL_HOSTS:
            raise AssertionError(f"a test tried to reach {address[0]}")
        _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session", autouse=True)
def _plain_tracebacks() -> None:
    """Format tracebacks plainly: structlog's default shows all local variables, which can take half a minute."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ]
    )


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Use argon2id at the lowest cost, because almost every test signs a user up."""
    passwords._argon2id = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """Share compiled statements between the engines of all tests: the cache of a new engine is empty.

    The cache tells dialects apart. All of ours are of one server, so they count as equal.
    """
    compiled: LRUCache[Any, Any] = LRUCache(5000)

    def create_engine(*arguments: Any, **options: Any) -> AsyncEngine:
        engine = create_async_engine(*arguments, **options)
        engine.sync_engine._compiled_cache = compiled
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PGDialectAsync_psycopg, "__eq__", lambda self, other: type(self) is type(other))
        patch.setattr(PGDialectAsync_psycopg, "__hash__", lambda self: hash(type(self)))
        patch.setattr(work, "create_async_engine", create_engine)
        yield


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock of this process, its stand-in and its database; a test can move it."""
    with moving_clock() as clock:
        yield clock


@pytest.fixture
async def renewals(monkeypatch: pytest.MonkeyPatch) -> Renewals:
    """The renewals of every lease in this process."""
    return Renewals(monkeypatch)


class Databases:
    """A server with one migrated template database, of which each test gets a clone."""

    def __init__(self, server: Any) -> None:
        self.server = server
        migrations.upgrade(self.server.owner_url)

    def _connection(self) -> psycopg.Connection[Any]:
        url = self.server.url("postgres", "postgres").replace("postgresql+psycopg", "postgresql")
        return psycopg.connect(url, autocommit=True)

    def clone(self, url: str | None = None) -> str:
        """Clone a database, or the empty one; returns the app role's address of the new database."""
        name, template = f"test_{uuid4().hex}", name_of(url) if url else "jobtally"
        with self._connection() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return str(self.server.url("jobtally_app", name))

    def drop(self, url: str) -> None:
        """Drop a clone."""
        with self._connection() as connection:
            connection.execute(f"DROP DATABASE {name_of(url)} WITH (FORCE)")


def name_of(url: str) -> str:
    """The name of the database at an address."""
    return url.rsplit("/", 1)[1].split("?", maxsplit=1)[0]


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    with temporary_postgres() as server:
        yield Databases(server)


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    url = databases.clone()
    yield url
    databases.drop(url)


@pytest.fixture
def start_of_minute() -> Iterator[None]:
    """A clock that starts at second 0, so that a test's requests count in one minute."""
    with time_machine.travel(datetime.now(UTC).replace(second=0, microsecond=0), tick=True):
        yield


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> JobtallySettings:
    return JobtallySettings.from_env(
        {
            "JOBTALLY_DATABASE_URL": database_url,
            "JOBTALLY_DATA_DIR": str(tmp_path),
            "JOBTALLY_REQUESTS_PER_MINUTE": "100000",
            "XERO_CLIENT_ID": "jobtally-tests",
            "XERO_CLIENT_SECRET": "not-a-secret",
        }
    )


@pytest.fixture(scope="session")
def _built() -> FastAPI:
    """One app for all tests: building its routes is slow, and a running app keeps everything in its state."""
    return create_app(JobtallySettings.from_env({}), embedded_worker=False)


@pytest.fixture
async def app(_built: FastAPI, settings: JobtallySettings) -> AsyncIterator[FastAPI]:
    """The API without a worker. Tests of tasks call them directly."""
    configure(_built, settings)
    async with _built.router.lifespan_context(_built):
        yield _built


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the app without credentials."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
        yield client


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[Caller]:
    """The signed-in admin of a new plumbing business."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with Caller(transport=transport, base_url="http://localhost:8080") as client:
        await sign_up(client)
        yield client
