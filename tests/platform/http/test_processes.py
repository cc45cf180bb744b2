"""`JOBTALLY_PROCESSES`: real processes on one port, between which nothing is kept that a right depends on."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.callers import PASSWORD
from tests.faults.installation import eventually

API = "/api/v1"


class Browser:
    """A browser or program that opens a connection of its own for each request."""

    def __init__(self, port: int, **headers: str) -> None:
        self._port = port
        self._headers = {"Content-Type": "application/json", "Origin": f"http://localhost:{port}", **headers}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """The status and the JSON of the answer. Keeps the session that it sets."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        content = None if body is None else json.dumps(body)
        connection.request(method, API + path, content, self._headers | headers)
        reply = connection.getresponse()
        for name, value in reply.getheaders():
            if name.lower() == "set-cookie" and value.startswith("jt_session="):
                self._headers["Cookie"] = value.split(";")[0]
        text = reply.read()
        connection.close()
        return reply.status, json.loads(text or "null")

    def status(self, path: str) -> int:
        return self.ask("GET", path)[0]


class Server:
    """`jobtally serve` with two processes."""

    def __init__(self, parent: "subprocess.Popen[str]", port: int) -> None:
        self.parent = parent
        self.port = port

    def processes(self) -> list[int]:
        """The processes that serve, by their ids."""
        path = Path(f"/proc/{self.parent.pid}/task/{self.parent.pid}/children")
        commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in path.read_text().split()}
        return [pid for pid, command in commands.items() if b"serve-on" in command]

    @contextmanager
    def only(self, number: int) -> Iterator[None]:
        """Only this process answers meanwhile: the others are stopped."""
        others = [pid for index, pid in enumerate(self.processes()) if index != number]
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in others:
                os.kill(pid, signal.SIGCONT)


@contextmanager
def running_server(database_url: str, folder: Path) -> Iterator[Server]:
    """The command, once both processes answer."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JOBTALLY_", "XERO_"))}
    variables = {
        "JOBTALLY_DATABASE_URL": database_url,
        "JOBTALLY_MIGRATION_DATABASE_URL": database_url.replace("jobtally_app", "jobtally_owner"),
        "JOBTALLY_DATA_DIR": str(folder / "jobtally"),
        "JOBTALLY_REDIS_URL": "redis://127.0.0.1:1",  # nothing is there: each process counts for itself
        "JOBTALLY_PORT": "0",
        "JOBTALLY_PROCESSES": "2",
    }
    command = [sys.executable, "-m", "api.cli", "serve"]
    with subprocess.Popen(
        command, env=clean | variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stderr is not None
        matches = (re.search(r"localhost:(\d+)", line) for line in parent.stderr)
        server = Server(parent, next(int(match[1]) for match in matches if match))
        eventually(lambda: len(server.processes()) == 2, "the processes")
        for number in range(2):
            with server.only(number):
                assert Browser(server.port).status("/session") == 401
        yield server
        parent.terminate()


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    with running_server(database_url, tmp_path) as server:
        yield server


def test_what_ends_a_right_at_one_process_counts_in_the_next_request_at_the_other(server: Server) -> None:
    admin, member, guest = (Browser(server.port) for _ in range(3))
    with server.only(0):
        business = {"business_name": "Kererū Plumbing", "country": "NZ", "name": "Mere"}
        assert admin.ask("POST", "/businesses", business | {"email": "mere@example.nz", "password": PASSWORD})[0] == 201
        for number, newcomer in enumerate((member, guest)):
            invited = admin.ask("POST", "/invitations", {"email": f"{number}@example.nz", "role": "member"})[1]
            accepted = {"token": invited["link"].partition("#")[2], "name": "Hemi", "password": PASSWORD}
            assert newcomer.ask("POST", "/invitations/acceptances", accepted)[0] == 201
        expiry = (datetime.now(UTC).date() + timedelta(days=9)).isoformat()
        key = {"name": "Robot", "scopes": ["contacts:read"], "expires_on": expiry}
        made = admin.ask("POST", "/api-keys", key)[1]
        program = Browser(server.port, Authorization=f"Bearer {made['secret']}")
        users = {user["email"]: user["id"] for user in admin.ask("GET", "/users")[1]["items"]}
    contact = {"kind": "company", "name": "Kauri Homes", "roles": ["customer"]}
    callers = (admin, member, guest, program)
    with server.only(1):
        assert [each.status("/contacts") for each in callers] == [200] * 4
        assert member.ask("POST", "/contacts", contact)[0] == 201
    with server.only(0):
        assert admin.ask("PATCH", f"/users/{users['0@example.nz']}", {"role": "viewer"})[0] == 200
        assert admin.ask("DELETE", f"/users/{users['1@example.nz']}")[0] == 204
        assert admin.ask("DELETE", f"/api-keys/{made['id']}")[0] == 204
        assert admin.ask("DELETE", "/session")[0] == 204
    with server.only(1):
        assert member.ask("POST", "/contacts", contact)[0] == 403
        assert [each.status("/contacts") for each in callers] == [401, 200, 401, 401]
    answered = re.search(r'count{method="POST",route="/api/v1/contacts",status="(201)"} 1\.0', _metrics(server.port))
    assert answered, "the metrics are those of both processes"


def test_a_process_that_ends_is_replaced_and_all_end_with_the_command(server: Server) -> None:
    first, _ = server.processes()
    os.kill(first, signal.SIGKILL)
    eventually(lambda: len(now := server.processes()) == 2 and first not in now, "another process")
    left = server.processes()
    server.parent.kill()
    server.parent.wait()
    eventually(lambda: not any(map(_is_running, left)), "the processes to end")


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _metrics(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as reply:
        text: bytes = reply.read()
    return text.decode()
