"""The running server of a cluster, read from its `postmaster.pid`."""

import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

SOCKET_DIR_PREFIX = "jobtally-"
_FAST_SHUTDOWN_SECONDS = 20
_POLL_SECONDS = 0.02
_PID_LINE, _SOCKET_DIR_LINE = 0, 4


@dataclass(frozen=True)
class Postmaster:
    """The process id of a server, and the folder of its socket (None until the server has opened it)."""

    pid: int
    socket_dir: str | None

    @classmethod
    def of(cls, cluster: Path) -> "Postmaster | None":
        """The running server of `cluster`, also if another process started it."""
        postmaster = cls._recorded(cluster)
        return postmaster if postmaster and _is_alive(postmaster.pid) else None

    @classmethod
    def remove_dead(cls, cluster: Path) -> None:
        """Remove the files of a killed server. Only for a cluster whose server does not run.

        PostgreSQL does this at its start, but not if another process has the same id now.
        """
        dead = cls._recorded(cluster)
        if dead and dead.socket_dir and Path(dead.socket_dir).name.startswith(SOCKET_DIR_PREFIX):
            shutil.rmtree(dead.socket_dir, ignore_errors=True)
        _pid_file(cluster).unlink(missing_ok=True)

    @classmethod
    def _recorded(cls, cluster: Path) -> "Postmaster | None":
        try:
            lines = _pid_file(cluster).read_text().splitlines()
            pid = int(lines[_PID_LINE])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return cls(pid, lines[_SOCKET_DIR_LINE] or None if len(lines) > _SOCKET_DIR_LINE else None)

    def stop(self) -> None:
        """Stop the server and wait for its end. Open sessions are ended, committed rows are kept."""
        deadline = time.monotonic() + _FAST_SHUTDOWN_SECONDS
        self._signal(signal.SIGINT)
        while _is_alive(self.pid):
            if time.monotonic() > deadline:
                self._signal(signal.SIGQUIT)
                deadline += _FAST_SHUTDOWN_SECONDS
            time.sleep(_POLL_SECONDS)

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return


def _pid_file(cluster: Path) -> Path:
    return cluster / "postmaster.pid"


def _is_alive(pid: int) -> bool:
    proc = Path("/proc")
    if not (proc / "self").exists():
        return _answers_signals(pid)
    try:
        stat = (proc / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    name, _, fields = stat.partition("(")[2].rpartition(") ")
    return name == "postgres" and not fields.startswith("Z")


def _answers_signals(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
