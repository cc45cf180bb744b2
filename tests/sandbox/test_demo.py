"""The demonstration, as whoever tries the product runs it."""

import os
import signal
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

from sandbox.demo import leash
from sandbox.demo.paper import Ids, invoices
from sandbox.demo.people import contacts
from sandbox.demo.programs import free_port
from tests.faults.installation import eventually

JOBTALLY = str(Path(sys.executable).with_name("jobtally"))


def test_the_demonstration_ends_well_and_leaves_nothing_behind(tmp_path: Path):
    home = tmp_path / "a folder with spaces"
    for folder in (tmp_path.parent, tmp_path):
        folder.chmod(0o711)  # as root the database server is somebody else, who must reach its files
    reply = subprocess.run(
        [JOBTALLY, "demo", "--once"], env={**os.environ, "JOBTALLY_DATA_DIR": str(home)}, capture_output=True,
        text=True, timeout=180, check=False,
    )  # fmt: skip

    assert reply.returncode == 0, reply.stdout + reply.stderr
    lines = [line.strip() for line in reply.stdout.splitlines()]
    assert "3 of 3 invoices have been exported to Xero." in lines
    assert any("40 contacts, 30 jobs, 120 invoices of both kinds" in line for line in lines)
    assert any("it holds exactly 3 documents" in line for line in lines)
    assert list((home / "demo").iterdir()) == []


def test_a_folder_that_cannot_be_used_is_named_with_the_remedy(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    reply = subprocess.run(
        [JOBTALLY, "demo", "--once"], env={**os.environ, "JOBTALLY_DATA_DIR": str(tmp_path / "file")},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert reply.returncode == 1
    assert f"{tmp_path / 'file'}" in reply.stdout
    assert "JOBTALLY_DATA_DIR" in reply.stdout


def test_a_program_on_the_leash_ends_with_whoever_started_it():
    child = "import subprocess, sys, os; p = subprocess.Popen([sys.executable, sys.argv[1], str(os.getpid()), "
    child += "'/bin/sleep', '600']); print(p.pid, flush=True); p.wait()"
    with subprocess.Popen([sys.executable, "-c", child, leash.__file__], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        eventually(lambda: _command(pid).startswith("/bin/sleep"), "the program")
        parent.send_signal(signal.SIGKILL)

    eventually(lambda: not _command(pid), "the end of the program")


def _command(pid: int) -> str:
    """The command line of a process; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except FileNotFoundError:
        return ""


def test_a_port_in_use_is_passed_over():

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = free_port(port)
    assert other != port
    assert free_port(port) == port


def test_the_business_is_the_same_in_every_run_but_for_its_dates():

    class AnyId(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return f"id of {key}"

    ids = Ids(AnyId(), AnyId(), AnyId())
    made, again = invoices(ids, date(2026, 3, 1)), invoices(ids, date(2026, 11, 22))

    assert (len(contacts()), len(made)) == (40, 120)
    assert [one["lines"] for one in made] == [one["lines"] for one in again]
    assert len({one["number"] for one in made}) == 120
    assert max(one["issued_on"] for one in made) == "2026-02-28"
