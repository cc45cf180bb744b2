"""The files of a database server, and the start of a server on them."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.platform.embedded_postgres import account, binaries
from api.platform.embedded_postgres.account import Account
from api.platform.embedded_postgres.binaries import Binaries
from api.platform.embedded_postgres.errors import PostgresUnavailable
from api.platform.embedded_postgres.postmaster import SOCKET_DIR_PREFIX, Postmaster

SUPERUSER = "postgres"
PORT = 5432  # part of the name of the socket file; the server does not listen on the network

_KEEPER = Path(__file__).with_name("keeper.py")
_BUILTIN_LOCALES_SINCE = 17
# A socket's path has at most 107 bytes, and commas and quotes in it have a meaning for PostgreSQL.
_USABLE_SOCKET_FOLDER = re.compile(r"[\w/.-]{1,70}", re.ASCII)
_OPTIONS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # the DETAIL of a constraint contains customers' data
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True)
class Cluster:
    """The folder `home` with the files, the log and the locks of a server; `options` are settings of PostgreSQL."""

    home: Path
    options: Mapping[str, str]

    @property
    def files(self) -> Path:
        return self.home / "cluster"

    @property
    def users_lock(self) -> Path:
        return self.home / "users.lock"

    def launch(self, socket_dir: str | None = None) -> int:
        """Start a server, and create its files first if there are none. Gives the process id of its keeper.

        Its socket is in `socket_dir`, or in a new private folder. The caller holds `users_lock` and has checked that
        no server runs.
        """
        programs = binaries.choose(binaries.find_installed(), self._major())
        runner = account.unprivileged(programs.postgres, self.home)
        runner.take_over(self.home)
        if self._major() is None:
            self._initialise(programs, runner)
        Postmaster.remove_dead(self.files)
        socket_dir = _private_socket_dir(runner, socket_dir)
        server = [*runner.prefix, str(programs.postgres), "-D", str(self.files), "-k", socket_dir]
        for name, value in {**_OPTIONS, **self.options}.items():
            server += ["-c", f"{name}={value}"]
        return self._keep(socket_dir, server)

    def end_of_log(self) -> str:
        """The last lines of the server's log, for the message that it did not start."""
        try:
            return "\n".join(self._log.read_text(errors="replace").splitlines()[-5:])
        except FileNotFoundError:
            return "(it wrote no log)"

    @property
    def _log(self) -> Path:
        return self.home / "server.log"

    def _major(self) -> int | None:
        try:
            return int((self.files / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def _initialise(self, programs: Binaries, runner: Account) -> None:
        # initdb writes to another folder, which is then renamed: a killed initdb leaves no incomplete database.
        unfinished = self.home / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [*runner.prefix, str(programs.initdb), "-D", str(unfinished), f"--username={SUPERUSER}"]
        command += ["--encoding=UTF8", *_locale(programs.major)]
        # Trust is safe, because other users cannot enter the private folder of the socket.
        command += ["--auth-local=trust", "--auth-host=reject"]
        if self.options.get("fsync") == "off":
            command.append("--no-sync")
        environment = _environment()
        made = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise PostgresUnavailable(
                f"PostgreSQL could not create a database in {self.home}: {made.stderr.strip()}\nName another "
                "folder in JOBTALLY_DATA_DIR, or set JOBTALLY_DATABASE_URL to a server of your own."
            )
        unfinished.rename(self.files)

    def _keep(self, socket_dir: str, server: list[str]) -> int:
        arguments = [sys.executable, "-I", "-S", str(_KEEPER), str(self.users_lock), socket_dir, *server]
        log_flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        return os.posix_spawn(
            sys.executable,
            arguments,
            _environment(),
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(self._log), log_flags, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
        )


def _locale(major: int) -> list[str]:
    """Code-point order and Unicode case, independent of the locales of the machine."""
    if major < _BUILTIN_LOCALES_SINCE:
        return ["--locale=C.UTF-8"]
    return ["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def _private_socket_dir(runner: Account, wanted: str | None) -> str:
    folder = tempfile.gettempdir()
    if not _USABLE_SOCKET_FOLDER.fullmatch(folder):
        folder = "/tmp"  # noqa: S108 - a private folder is created in it
    if wanted is not None:
        Path(wanted).mkdir(mode=0o700)  # it fails if another user has made such a folder meanwhile
    socket_dir = wanted or tempfile.mkdtemp(prefix=SOCKET_DIR_PREFIX, dir=folder)
    os.chown(socket_dir, runner.uid, runner.gid)
    return socket_dir


def _environment() -> dict[str, str]:
    # Nothing else is passed on: PGDATA, PGOPTIONS, LC_* and similar variables are meant for other servers.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
