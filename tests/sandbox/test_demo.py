"""The demo, run as a user runs it."""

import os
import signal
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from sandbox.demo import die_with_parent
from sandbox.demo.contacts import contacts
from sandbox.demo.invoices import Ids, invoices
from sandbox.demo.programs import free_port
from tests.faults.installation import eventually

JOBTALLY = str(Path(sys.executable).with_name("jobtally"))


@pytest.mark.exhaustive
def test_the_demo_succeeds_and_deletes_its_folder(tmp_path: Path):
    home = tmp_path / "a folder with spaces"
    for folder in (tmp_path.parent, tmp_path):
        folder.chmod(0o711)  # root runs the database server as another user, who must reach its files
    reply = subprocess.run(
        [JOBTALLY, "demo", "--once"],
        env={**os.environ, "JOBTALLY_DATA_DIR": str(home)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert reply.returncode == 0, reply.stdout + reply.stderr
    lines = [line.strip() for line in reply.stdout.splitlines()]
    assert "3 of 3 invoices have been exported to Xero." in lines
    assert any("40 contacts, 30 jobs, 120 invoices of both kinds" in line for line in lines)
    assert any("Import the contacts of Xero" in line and "10 linked, 1 to decide" in line for line in lines)
    assert any("Foxglove Cafe in Xero may be Foxglove Café" in line for line in lines)
    assert any("Xero holds exactly 3 documents" in line for line in lines)
    assert list((home / "demo").iterdir()) == []


def test_an_unusable_folder_is_reported_with_the_remedy(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    reply = subprocess.run(
        [JOBTALLY, "demo", "--once"],
        env={**os.environ, "JOBTALLY_DATA_DIR": str(tmp_path / "file")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert reply.returncode == 1
    assert f"{tmp_path / 'file'}" in reply.stdout
    assert "JOBTALLY_DATA_DIR" in reply.stdout


def test_a_program_ends_when_its_parent_is_killed():
    child = "import subprocess, sys, os; p = subprocess.Popen([sys.executable, sys.argv[1], str(os.getpid()), "
    child += "'/bin/sleep', '600']); print(p.pid, flush=True); p.wait()"
    with subprocess.Popen(
        [sys.executable, "-c", child, die_with_parent.__file__], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        eventually(lambda: _command(pid).startswith("/bin/sleep"), "the program")
        parent.send_signal(signal.SIGKILL)

    eventually(lambda: not _command(pid), "the end of the program")


def _command(pid: int) -> str:
    """The command line of a process; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except FileNotFoundError:
        return ""


def test_another_port_is_used_when_the_preferred_one_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        other = free_port(port)
    assert other != port
    assert free_port(port) == port


def test_only_the_invoice_dates_differ_between_runs():
    class AnyId(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return f"id of {key}"

    ids = Ids(AnyId(), AnyId(), AnyId())
    first, second = invoices(ids, date(2026, 3, 1)), invoices(ids, date(2026, 11, 22))

    assert (len(contacts()), len(first)) == (40, 120)
    assert [invoice["lines"] for invoice in first] == [invoice["lines"] for invoice in second]
    assert len({invoice["number"] for invoice in first}) == 120
    assert max(invoice["issued_on"] for invoice in first) == "2026-02-28"
