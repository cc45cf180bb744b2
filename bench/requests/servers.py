"""Server processes on one address, and what the operating system says about them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.requests.paths import HELLO

_HOST = "127.0.0.1"
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Servers:
    """Processes that serve the same address. The operating system gives each connection to one of them."""

    address: str
    ready_seconds: float
    process_ids: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """The time that all threads of all processes have run."""
        folders = [folder for pid in self.process_ids for folder in Path(f"/proc/{pid}/task").iterdir()]
        return sum(int((folder / "schedstat").read_text().split()[0]) for folder in folders) / 1e9

    def resident_megabytes(self) -> float:
        """The memory of the largest process."""
        pages = (int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.process_ids)
        return round(max(pages) * os.sysconf("SC_PAGE_SIZE") / 1024**2, 1)


@contextmanager
def running_servers(environment: Mapping[str, str], processes: int) -> Iterator[Servers]:
    """Start the processes, wait until they answer, and end them."""
    with socket.create_server((_HOST, 0), backlog=2048) as listener:
        port = listener.getsockname()[1]
        command = [sys.executable, "-m", "bench.requests.server", str(listener.fileno())]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("JOBTALLY_", "XERO_"))}
        variables = {**clean, **environment, "JOBTALLY_PORT": str(port), "JOBTALLY_LOG_LEVEL": "INFO"}
        started = time.monotonic()
        children = [
            subprocess.Popen(command, env=variables, pass_fds=[listener.fileno()], stdout=subprocess.DEVNULL)
            for _ in range(processes)
        ]
        try:
            address = f"http://localhost:{port}"
            _wait_for(f"http://{_HOST}:{port}{HELLO}", started + _START_SECONDS)
            yield Servers(address, round(time.monotonic() - started, 2), tuple(child.pid for child in children))
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait()


def _wait_for(url: str, deadline: float) -> None:
    while True:
        try:
            with urlopen(url, timeout=_START_SECONDS):
                return
        except (URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
