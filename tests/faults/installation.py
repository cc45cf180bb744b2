"""Real processes on real sockets: the stand-in, `jobtally serve`, `jobtally worker`, Redis. Tests may kill them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from sandbox.demo import die_with_parent
from sandbox.demo.browser import Browser

T = TypeVar("T")
_PATIENCE_SECONDS = 90.0
_FINISHED = ("done", "done_with_errors", "cancelled")


def eventually(look: Callable[[], T | None], what: str, seconds: float = _PATIENCE_SECONDS) -> T:
    """Call `look` until it returns something truthy. Fails with the last result when the time is over."""
    deadline = time.monotonic() + seconds
    while not (result := look()):
        assert time.monotonic() < deadline, f"{what}: still {result!r} after {seconds} seconds"
        time.sleep(0.05)
    return result


def free_port() -> int:
    """A port on which no program listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Process:
    """A program that ends together with the tests. Its output goes to a log file."""

    def __init__(self, folder: Path, name: str, *command: str, **environment: str) -> None:
        self.log = folder / f"{name}.log"
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("JOBTALLY_", "XERO_"))}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", die_with_parent.__file__, str(os.getpid()), *command],
                env=clean | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill the process with SIGKILL, as a power cut does."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Terminate the process; kill it after 20 seconds."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def ended_with(self) -> int:
        """Wait until the process has ended by itself; its exit code."""
        return self._process.wait(_PATIENCE_SECONDS)

    def answers(self, address: str) -> bool:
        """Whether the address answers 200. Fails with the end of the log when the process has ended."""
        assert self._process.poll() is None, self.log.read_text()[-3000:]
        try:
            return httpx2.get(address, timeout=5, trust_env=False).status_code == 200
        except httpx2.TransportError:
            return False


class Installation:
    """One stand-in, one API, any number of workers, and the browsers of the offices that use them."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.processes: list[Process] = []
        self.browsers: list[Browser] = []
        self.xero_address = f"http://localhost:{free_port()}"
        port = free_port()
        self.address = f"http://localhost:{port}"
        self._environment = {
            "JOBTALLY_DATA_DIR": str(folder),
            "JOBTALLY_PORT": str(port),
            "JOBTALLY_REQUESTS_PER_MINUTE": "100000",
            "XERO_CLIENT_ID": "stand-in-client",
            "XERO_CLIENT_SECRET": "stand-in-not-a-secret",
            "XERO_AUTHORIZE_URL": f"{self.xero_address}/identity/connect/authorize",
            "XERO_TOKEN_URL": f"{self.xero_address}/connect/token",
            "XERO_REVOKE_URL": f"{self.xero_address}/connect/revocation",
            "XERO_CONNECTIONS_URL": f"{self.xero_address}/connections",
            "XERO_API_URL": f"{self.xero_address}/api.xro/2.0",
            "XERO_ISSUER": self.xero_address,
            **environment,
        }
        stand_in = self.start(
            "stand-in", sys.executable, "-m", "sandbox", "--port", self.xero_address.rpartition(":")[2]
        )
        eventually(lambda: stand_in.answers(f"{self.xero_address}/_ctl/state"), "the stand-in")

    def start(self, name: str, *command: str) -> Process:
        """Start a program with the installation's environment."""
        process = Process(self.folder, name, *command, **self._environment)
        self.processes.append(process)
        return process

    def jobtally(self, *command: str) -> Process:
        """Start `jobtally` with these arguments."""
        return self.start("-".join(("jobtally", *command)), str(Path(sys.executable).with_name("jobtally")), *command)

    def serve(self) -> Process:
        """Start `jobtally serve` and wait until it is ready."""
        process = self.jobtally("serve")
        eventually(lambda: process.answers(f"{self.address}/readyz"), "the API")
        return process

    def close(self) -> None:
        """End all browsers and processes, the last process first."""
        for browser in self.browsers:
            browser.close()
        for process in reversed(self.processes):
            process.stop()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Call a control route of the stand-in."""
        reply = httpx2.request(method, f"{self.xero_address}/_ctl{path}", json=body, timeout=30, trust_env=False)
        assert reply.is_success, reply.text
        return reply.json()

    def fault(self, kind: str, **asked: Any) -> None:
        """Make the stand-in fail when invoices are written."""
        self.control("POST", "/faults", {"kind": kind, "method": "PUT", "path": "Invoices", **asked})

    def numbers_in_xero(self) -> list[str]:
        """The numbers of all documents in the stand-in, sorted."""
        return sorted(document["InvoiceNumber"] for document in self.control("GET", "/invoices"))

    def invoices_sent(self) -> int:
        """The number of calls that wrote invoices to the stand-in."""
        calls = self.control("GET", "/calls")
        return sum(call["method"] == "PUT" and call["path"].endswith("/Invoices") for call in calls)


class Office:
    """A business that is connected and has chosen its default codes."""

    def __init__(self, installation: Installation) -> None:
        self.browser = Browser(installation.address)
        installation.browsers.append(self.browser)
        person = {"name": "Mere Hohepa", "email": "mere@example.org", "password": "correct horse battery staple"}
        self.browser.send("POST", "/businesses", {"business_name": "Kererū Plumbing", "country": "NZ", **person})
        self.browser.allow_access(self.browser.send("POST", "/connections/xero/authorizations", {})["authorize_url"])
        refresh = self.browser.send("POST", "/ledger/refreshes", {})["id"]
        eventually(lambda: self.browser.get(f"/ledger/refreshes/{refresh}")["state"] == "done", "the ledger")
        self.browser.change("/preferences", {"default_income_code": "200", "default_expense_code": "310"})

    def invoices(self, first: int, count: int) -> tuple[list[str], list[str]]:
        """Create approved documents, every second one a bill; returns their ids and numbers."""
        contacts = [
            {"external_id": "c", "kind": "company", "name": "Kōwhai Dental Ltd", "roles": ["customer", "supplier"]}
        ]
        contact = self.browser.upsert("/contacts", contacts)["c"]
        today = date.today()  # noqa: DTZ011 - any day will do
        numbers = [f"N-{number:04d}" for number in range(first, first + count)]
        rows = [
            {
                "external_id": number,
                "number": number,
                "kind": "supplier" if index % 2 else "customer",
                "contact_id": contact,
                "issued_on": f"{today}",
                "due_on": f"{today + timedelta(days=20)}",
                "approve": True,
                "lines": [{"description": "Labour", "quantity": "1", "unit_price": "85.00"}],
            }
            for index, number in enumerate(numbers)
        ]
        ids = self.browser.upsert("/invoices", rows)
        return [ids[number] for number in numbers], numbers

    def export(self, ids: list[str]) -> str:
        """Start a run; returns its id."""
        return str(self.browser.send("POST", "/exports", {"selection": {"mode": "ids", "ids": ids}})["id"])

    def finished(self, export_id: str) -> dict[str, Any]:
        """Wait until the run has ended; returns it."""

        def ended() -> dict[str, Any] | None:
            run: dict[str, Any] = self.browser.get(f"/exports/{export_id}")
            return run if run["state"] in _FINISHED else None

        return eventually(ended, "the run")

    def messages(self) -> list[str]:
        """The messages of the notifications about finished exports."""
        feed = self.browser.get("/notifications", limit=200)["items"]
        return [notification["message"] for notification in feed if notification["kind"] == "export.finished"]
