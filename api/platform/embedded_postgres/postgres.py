"""A real PostgreSQL on a private Unix socket. It stops with the last process that uses it."""

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import URL

from api.platform.embedded_postgres.cluster import PORT, SUPERUSER, Cluster
from api.platform.embedded_postgres.errors import PostgresUnavailable
from api.platform.embedded_postgres.postmaster import Postmaster
from api.platform.folders import make_private

DATABASE = "jobtally"
OWNER_ROLE = "jobtally_owner"
APP_ROLE = "jobtally_app"

_ROLES = Path(__file__).with_name("roles.sql")
_READY_SECONDS = 60  # includes recovery after a crash
_POLL_SECONDS = 0.02
_KEEPER_SECONDS = 5  # in which a keeper has removed what its dead server left
_STILL_IN_USE = "is still in use"  # by children of a killed server, which end soon


class EmbeddedPostgres:
    """The server of one data directory. The first process starts it, later ones use the same server.

    `start` and `stop` block for about a second; an event loop calls them through `asyncio.to_thread`.
    `start` raises PostgresUnavailable if the server cannot run.
    """

    def __init__(self, data_dir: Path, options: Mapping[str, str] | None = None) -> None:
        self._cluster = Cluster(data_dir.absolute() / "postgres", options or {})
        self._users_lock: int | None = None
        self._keeper: int | None = None
        self._socket_dir: str | None = None

    @property
    def app_url(self) -> str:
        """SQLAlchemy URL of the application role."""
        return self.url(APP_ROLE)

    @property
    def owner_url(self) -> str:
        """SQLAlchemy URL of the role that runs migrations and owns the tables."""
        return self.url(OWNER_ROLE)

    def url(self, role: str, database: str = DATABASE) -> str:
        """SQLAlchemy URL of a role and a database of the running server."""
        if self._socket_dir is None:
            raise PostgresUnavailable("The embedded PostgreSQL is not running: call start() first.")
        where = {"host": self._socket_dir, "port": str(PORT)}
        return str(URL.create("postgresql+psycopg", username=role, database=database, query=where))

    def start(self) -> None:
        """Start or join the server and create its roles and database; a second call does nothing."""
        if self._users_lock is not None:
            return
        with self._alone():
            self._join()

    def is_alive(self) -> bool:
        """Whether the server's process runs."""
        return Postmaster.of(self._cluster.files) is not None

    def restart(self) -> None:
        """Start the server again after it died, on the same socket, so that its addresses stay valid."""
        with self._alone():
            self._launch(self._socket_dir)

    def stop(self) -> None:
        """Leave the server, and stop it if no other process uses it."""
        if self._users_lock is None:
            return
        users_lock, self._users_lock, self._socket_dir = self._users_lock, None, None
        try:
            last = _is_last_user(users_lock)
            server = Postmaster.of(self._cluster.files) if last else None
            if server:
                server.stop()
        finally:
            os.close(users_lock)
        if self._keeper is not None:
            os.waitpid(self._keeper, 0 if last else os.WNOHANG)
            self._keeper = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from starting the server; an error of the files says what to do."""
        home = self._cluster.home
        try:
            make_private(home.parent)
            home.mkdir(mode=0o700, exist_ok=True)
            with (home / "launch.lock").open("ab") as launch_lock:
                fcntl.flock(launch_lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise PostgresUnavailable(
                f"The embedded PostgreSQL cannot use {home}: {error}. Name a folder this "
                "user can write to in JOBTALLY_DATA_DIR, or set JOBTALLY_DATABASE_URL."
            ) from error

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _join(self) -> None:
        self._users_lock = os.open(self._cluster.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # Waits while a keeper stops a server that has no users left.
            fcntl.flock(self._users_lock, fcntl.LOCK_SH)
            socket_dir = self._launch(None)
            _prepare_database(socket_dir)
            self._socket_dir = socket_dir
        except BaseException:
            self.stop()
            raise

    def _launch(self, socket_dir: str | None) -> str:
        """Start the server if it does not run, and wait until it is ready. Gives the folder of its socket."""
        deadline = time.monotonic() + _READY_SECONDS
        while True:
            if not self.is_alive():
                self._wait_for_keeper(socket_dir)
                self._keeper = self._cluster.launch(socket_dir)
            try:
                return self._wait_until_ready()
            except PostgresUnavailable:
                if _STILL_IN_USE not in self._cluster.end_of_log() or time.monotonic() > deadline:
                    raise
            time.sleep(_POLL_SECONDS)

    def _wait_for_keeper(self, socket_dir: str | None) -> None:
        """Wait until the keeper of the dead server, which may be another process's, has removed its socket."""
        if self._keeper is not None:
            os.waitpid(self._keeper, 0)
            self._keeper = None
        deadline = time.monotonic() + _KEEPER_SECONDS
        while socket_dir is not None and Path(socket_dir).exists() and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)

    def _wait_until_ready(self) -> str:
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            server = Postmaster.of(self._cluster.files)
            if server is None and not self._is_kept():
                break
            if server and server.socket_dir and _accepts_connections(server.socket_dir):
                return server.socket_dir
            time.sleep(_POLL_SECONDS)
        raise PostgresUnavailable(
            f"The embedded PostgreSQL in {self._cluster.home} did not start:\n{self._cluster.end_of_log()}\n"
            "Fix this, or name another folder in JOBTALLY_DATA_DIR, or set JOBTALLY_DATABASE_URL."
        )

    def _is_kept(self) -> bool:
        if self._keeper is not None and os.waitpid(self._keeper, os.WNOHANG)[0] == self._keeper:
            self._keeper = None
        return self._keeper is not None


def _is_last_user(users_lock: int) -> bool:
    try:
        fcntl.flock(users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        # Another user or the keeper has the lock. If it is the keeper, this waits until it has stopped the server.
        fcntl.flock(users_lock, fcntl.LOCK_SH)
        return False
    return True


def _accepts_connections(socket_dir: str) -> bool:
    try:
        _connect(socket_dir, SUPERUSER).close()
    except psycopg.OperationalError:
        return False
    return True


def _prepare_database(socket_dir: str) -> None:
    with _connect(socket_dir, SUPERUSER) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")
    with _connect(socket_dir, DATABASE) as connection:
        connection.execute(_ROLES.read_bytes())


def _connect(socket_dir: str, database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=socket_dir, port=PORT, user=SUPERUSER, dbname=database, autocommit=True)
