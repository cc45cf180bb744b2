"""The programs of the demonstration: started on free ports, awaited, listened to, stopped in order."""

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

_LEASH = Path(__file__).with_name("leash.py")
_LAST_LINES = 15
_START_SECONDS = 90
_STOP_SECONDS = 30


class Program:
    """A child process that listens on a port of this machine and writes into a log."""

    def __init__(
        self, name: str, port: int, command: Sequence[str], environment: Mapping[str, str], folder: RunFolder
    ) -> None:
        self.name, self.address = name, f"http://localhost:{port}"
        self.log = folder.path / f"{name}.log"
        with self.log.open("wb") as log:
            leashed = [sys.executable, "-I", "-S", str(_LEASH), str(os.getpid()), *command]
            self._process = subprocess.Popen(  # noqa: S603 - our own programs
                leashed,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[folder.lock],
                start_new_session=True,  # a Ctrl-C is for the demonstration, which stops its programs in order
            )

    def wait(self, path: str) -> None:
        """Wait until it answers 200 at `path`; a Failure with its last words when it does not get there."""
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
        """A Failure with its last words when the program has ended."""
        if self._process.poll() is not None:
            raise self.failure(f"{self.name} has stopped (exit code {self._process.returncode}).")

    def failure(self, what: str) -> Failure:
        """What went wrong, with the last words of the program."""
        lines = self._said().splitlines()[-_LAST_LINES:]
        return Failure(what, f"Mend what its last words say, then try again. The whole log is {self.log}", lines)

    def stop(self) -> None:
        """Let it finish what it is doing and end."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            if self._process.poll() is not None:
                return
            self._process.send_signal(number)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue

    def _said(self) -> str:
        return self.log.read_text("utf-8", "replace")


def stand_in(folder: RunFolder, port: int) -> Program:
    """The stand-in for Xero."""
    command = [sys.executable, "-m", "sandbox", "--port", str(port)]
    return Program("stand-in", port, command, _environment(), folder)


def jobtally(folder: RunFolder, port: int, xero: str) -> Program:
    """The product with its own database and worker, pointed at the stand-in as its Xero."""
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
    """The preferred port, or another one when somebody listens there on either kind of loopback address."""
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
        return error.errno != errno.EADDRINUSE  # a machine without that kind of address is fine
    return True


def _environment() -> dict[str, str]:
    """This environment without what configures a real installation: the demonstration never touches one."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("JOBTALLY_", "XERO_"))}
