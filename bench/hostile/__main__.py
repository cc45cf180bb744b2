"""Attack a bare server; print another user's p95 with and without each attack, and the ratio. The goal is at most 2.

Attackers run at the lowest priority, because they have processors of their own. On a machine that does other work too,
the CPU of the server and its event loop say more than the times: how busy it is, what each request of the attack costs
it, and how long the loop could do nothing else.
"""

import argparse
import contextlib
import http.client
import json
import multiprocessing
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.hostile.attacks import ATTACKS, run
from bench.hostile.clients import Campaign

_GOAL = 2.0
_HOST = "127.0.0.1"
_PASSWORD = "correct horse battery staple"
_EMAIL = "mere@example.nz"
_BEGIN_SECONDS = 1.0
_FIRST_BLOCK = 20  # of the addresses of attackers, 127.0.BLOCK.NUMBER
_PAUSE_SECONDS = 0.055  # within the requests that a caller has in a minute


class User:
    """A signed-in user at an address of their own."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection(_HOST, port, timeout=30)
        self._headers = {"Content-Type": "application/json", "Origin": f"http://localhost:{port}"}
        business = {"business_name": "Kererū Plumbing", "country": "NZ", "name": "Mere Hohepa"}
        reply = self.ask("POST", "/api/v1/businesses", business | {"email": _EMAIL, "password": _PASSWORD})
        cookies = [value.split(";")[0] for name, value in reply.getheaders() if name.lower() == "set-cookie"]
        self._headers["Cookie"] = "; ".join(cookies)

    def ask(self, method: str, path: str, body: object = None) -> http.client.HTTPResponse:
        """Send one request and read its answer."""
        content = None if body is None else json.dumps(body)
        try:
            self._connection.request(method, path, content, self._headers)
            reply = self._connection.getresponse()
        except (http.client.HTTPException, OSError):
            self._connection.close()  # an idle connection was closed
            self._connection.request(method, path, content, self._headers)
            reply = self._connection.getresponse()
        reply.read()
        return reply

    def wait_times(self, seconds: float) -> tuple[list[float], int]:
        """How long each answer took in milliseconds, and how many were refused."""
        times, refused, ends = [], 0, time.monotonic() + seconds
        while time.monotonic() < ends:
            began = time.perf_counter()
            refused += self.ask("GET", "/api/v1/contacts?limit=50").status != 200
            times.append((time.perf_counter() - began) * 1000)
            time.sleep(_PAUSE_SECONDS)
        return times, refused

    def signs_in_after_wrong_passwords_of_others(self) -> bool:
        """Whether the right password is accepted after 22 wrong ones from another address."""
        for number in range(23):
            address = _HOST if number == 22 else "127.0.8.1"
            connection = http.client.HTTPConnection(_HOST, self._port, timeout=30, source_address=(address, 0))
            body = {"email": _EMAIL, "password": _PASSWORD if number == 22 else "a guess too many"}
            connection.request("POST", "/api/v1/session", json.dumps(body), {"Content-Type": "application/json"})
            status = connection.getresponse().status
            connection.close()
        return status == 201


@dataclass(frozen=True)
class _Server:
    """A running server, and the file in which it notes how long its event loop was held."""

    port: int
    pid: int
    holds: Path

    def held_since(self, instant: float) -> list[float]:
        """For how many milliseconds the loop was held, each time it was looked at."""
        lines = (line.split() for line in self.holds.read_text("utf-8").splitlines())
        return [float(held) for at, held in lines if float(at) >= instant]


@contextlib.contextmanager
def _server() -> Iterator["_Server"]:
    """A bare `jobtally serve` with a new data directory."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "JOBTALLY_DATA_DIR": f"{folder}/jobtally",
            "JOBTALLY_PORT": "0",
            "JOBTALLY_LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "bench.hostile.server", f"{folder}/holds"]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        try:
            assert process.stderr is not None
            matches = (re.search(r"localhost:(\d+)", line) for line in process.stderr)
            port = next(int(match[1]) for match in matches if match)
            yield _Server(port, process.pid, Path(folder) / "holds")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _measure(user: User, server: _Server, name: str, seconds: float) -> dict[str, float]:
    attack = next(each for each in ATTACKS if each.__name__ == name)
    campaign = Campaign(_FIRST_BLOCK + ATTACKS.index(attack))
    quiet = _Span(user, server, campaign, seconds)
    attacker = multiprocessing.Process(target=run, args=(attack, server.port, campaign), daemon=True)
    attacker.start()
    time.sleep(_BEGIN_SECONDS)
    loud = _Span(user, server, campaign, seconds)
    attacker.kill()
    attacker.join()
    return {
        "p95_ms_without": round(quiet.p95, 1),
        "p95_ms_with": round(loud.p95, 1),
        "ratio": round(loud.p95 / quiet.p95, 2),
        "refused": loud.refused,
        "longest_ms": round(loud.longest, 1),
        "held_p95_ms": round(loud.held_p95, 1),
        "held_p95_ms_without": round(quiet.held_p95, 1),
        "held_longest_ms": round(loud.held_longest, 1),
        "server_busy": round(loud.busy, 2),
        "server_busy_without": round(quiet.busy, 2),
        "requests_per_second": round(loud.sent / seconds),
        "server_cpu_ms_per_request": round(1000 * seconds * (loud.busy - quiet.busy) / max(1, loud.sent), 3),
    }


class _Span:
    """What a user and the server have seen for some seconds.

    `busy` is the share of a processor that the server took, `held` how long its event loop could do nothing else.
    """

    def __init__(self, user: User, server: _Server, campaign: Campaign, seconds: float) -> None:
        pid = server.pid
        cpu, sent, began = _cpu_seconds(pid), campaign.sent.value, time.monotonic()
        times, self.refused = user.wait_times(seconds)
        self.p95, self.longest = statistics.quantiles(times, n=20)[-1], max(times)
        self.busy = (_cpu_seconds(pid) - cpu) / (time.monotonic() - began)
        self.sent = campaign.sent.value - sent
        held = server.held_since(began)
        self.held_p95, self.held_longest = statistics.quantiles(held, n=20)[-1], max(held)


def _cpu_seconds(pid: int) -> float:
    """The CPU time of all threads of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print one JSON object; the exit code is 1 if a ratio is above the goal."""
    names = [attack.__name__ for attack in ATTACKS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("attacks", nargs="*", metavar="attack", help=f"of {', '.join(names)}; without any, all")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each measurement takes")
    wanted = parser.parse_args()
    with _server() as server:
        user = User(server.port)
        user.ask("GET", "/openapi.yaml")  # it is made once
        user.wait_times(2.0)
        results = {name: _measure(user, server, name, wanted.seconds) for name in wanted.attacks or names}
        signs_in = user.signs_in_after_wrong_passwords_of_others()
    missed = [name for name, result in results.items() if result["ratio"] > _GOAL or result["refused"]]
    report = {"attacks": results, "owner_signs_in": signs_in, "goal_ratio": _GOAL, "missed": missed}
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")
    sys.exit(1 if missed or not signs_in else 0)


if __name__ == "__main__":
    main()
