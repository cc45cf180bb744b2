"""The programs of the demo: start on free ports, wait until they are ready, stop."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx2

from sandbox.demo.failure import Failure
from sandbox.demo.folder import RunFolder

_DIE_WITH_PARENT = Path(__file__).with_name("die_with_parent.py")
_LAST_LOG_LINES = 15
_START_SECONDS = 90
_STOP_SECONDS = 30


class Program:
    """A child process that listens on a port of this machine and writes to a log file."""

    def __init__(
        self, name: str, port: int, command: Sequence[str], environment: Mapping[str, str], folder: RunFolder
    ) -> None:
        self.name, self.address = name, f"http://localhost:{port}"
        self.log = folder.path / f"{name}.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the commands are fixed below
                [sys.executable, "-I", "-S", str(_DIE_WITH_PARENT), str(os.getpid()), *command],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[folder.lock],
                start_new_session=True,  # Ctrl-C reaches only the demo, which stops the programs in order
            )

    def wait(self, path: str) -> None:
        """Wait until the program answers 200 at `path`. Raises Failure when it ends or needs more than 90 seconds."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            self.require_running()
            try:
                if httpx2.get(self.address + path, timeout=5, trust_env=False).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.1)
        raise self.failure(f"{self.name} did not start within {_START_SECONDS} seconds.")

    def require_running(self) -> None:
        """Raise Failure with the last lines of the log when the program has ended."""
        if self._process.poll() is not None:
            raise self.failure(f"{self.name} has stopped (exit code {self._process.returncode}).")

    def failure(self, what: str) -> Failure:
        """A Failure with the last lines of the program's log."""
        lines = self.log.read_text("utf-8", "replace").splitlines()[-_LAST_LOG_LINES:]
        return Failure(what, f"Fix the cause shown above, then try again. The whole log is {self.log}", lines)

    def stop(self) -> None:
        """Ask the program to end; kill it when it does not end in time."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is not None:
                return
            self._process.send_signal(number)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue


def stand_in(folder: RunFolder, port: int) -> Program:
    command = [sys.executable, "-m", "sandbox", "--port", str(port)]
    return Program("stand-in", port, command, _environment(), folder)


def jobtally(folder: RunFolder, port: int, xero: str) -> Program:
    """Start Jobtally with its own database and worker; `xero` is the stand-in's address."""
    settings = {
        "JOBTALLY_DATA_DIR": str(folder.path),
        "JOBTALLY_PORT": str(port),
        "XERO_CLIENT_ID": "stand-in-client",
        "XERO_CLIENT_SECRET": "stand-in-not-a-secret",
        "XERO_AUTHORIZE_URL": f"{xero}/identity/connect/authorize",
        "XERO_TOKEN_URL": f"{xero}/connect/token",
        "XERO_REVOKE_URL": f"{xero}/connect/revocation",
        "XERO_CONNECTIONS_URL": f"{xero}/connections",
        "XERO_API_URL": f"{xero}/api.xro/2.0",
        "XERO_ISSUER": xero,
    }
    command = [sys.executable, str(Path(sys.executable).with_name("jobtally")), "serve"]
    return Program("jobtally", port, command, _environment() | settings, folder)


def free_port(preferred: int) -> int:
    """The preferred port, or a random free port when the preferred one is taken on IPv4 or IPv6 loopback."""
    if all(_is_free(family, preferred) for family in (socket.AF_INET, socket.AF_INET6)):
        return preferred
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _is_free(family: socket.AddressFamily, port: int) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1" if family == socket.AF_INET else "::1", port))
    except OSError as error:
        return error.errno != errno.EADDRINUSE  # a machine without IPv6 may still use the port
    return True


def _environment() -> dict[str, str]:
    """This environment without Jobtally's settings, so that the demo never touches a real installation."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("JOBTALLY_", "XERO_"))}
