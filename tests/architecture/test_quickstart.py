"""The commands of the API page work: they run in a shell with curl against the real programs."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text()
SCRIPT = "".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
PRINTED = "BASE=http://localhost:8080"


@contextmanager
def running(command: list[str], environment: Mapping[str, str], *, ready: str) -> Iterator[str]:
    """Start a program; yields the first address it prints, once a line contains `ready`."""
    shell = {name: value for name, value in os.environ.items() if not name.startswith(("JOBTALLY_", "XERO_"))}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**shell, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as program:
        assert program.stdout is not None
        lines: Queue[str] = Queue()
        listener = Thread(target=_listen, args=(program.stdout, lines))
        listener.start()
        try:
            yield _address(lines, ready)
        finally:
            program.terminate()
            program.wait(timeout=30)
            listener.join()


def _listen(stream: IO[str], lines: Queue[str]) -> None:
    for line in stream:
        lines.put(line)
    lines.put("")


def _address(lines: Queue[str], ready: str) -> str:
    output = ""
    while line := lines.get(timeout=60):
        output += line
        if ready in line:
            addresses: list[str] = re.findall(r"http://localhost:\d+", output)
            return addresses[0]
    raise AssertionError(f"The program ended: {output}")


@pytest.fixture
def xero() -> Iterator[str]:
    with running([sys.executable, "-m", "sandbox", "--port", "0"], {}, ready="listening") as address:
        yield address


@pytest.fixture
def jobtally(xero: str, database_url: str, tmp_path: Path) -> Iterator[str]:
    environment = {
        "JOBTALLY_PORT": "0",
        "JOBTALLY_DATABASE_URL": database_url,
        "JOBTALLY_DATA_DIR": str(tmp_path),
        "XERO_CLIENT_ID": "stand-in-client",
        "XERO_CLIENT_SECRET": "stand-in-not-a-secret",
        "XERO_AUTHORIZE_URL": f"{xero}/identity/connect/authorize",
        "XERO_TOKEN_URL": f"{xero}/connect/token",
        "XERO_REVOKE_URL": f"{xero}/connect/revocation",
        "XERO_CONNECTIONS_URL": f"{xero}/connections",
        "XERO_API_URL": f"{xero}/api.xro/2.0",
        "XERO_ISSUER": xero,
    }
    with running(
        [str(Path(sys.executable).with_name("jobtally")), "serve"], environment, ready="startup complete"
    ) as address:
        yield address


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here: apt-get install curl")
def test_the_commands_of_the_page_lead_from_sign_up_to_an_invoice_in_xero(jobtally: str, tmp_path: Path) -> None:
    assert SCRIPT.count(PRINTED) == 1
    # An error status ends the script. The program may accept connections a moment after it printed that it is ready.
    (tmp_path / ".curlrc").write_text("fail-with-body\nshow-error\nretry-connrefused\nretry = 5\n")

    completed = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", SCRIPT.replace(PRINTED, f"BASE={jobtally}")],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "CURL_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert completed.returncode == 0, completed.stdout + completed.stderr
    for promised in re.findall(r"`(\"[a-z_]+\":\"[^`]+\"|[^`]+ exported to Xero\.)`", PAGE):
        assert promised in completed.stdout
    assert '"state":"exported"' in completed.stdout
    assert "https://go.xero.com/" in completed.stdout
