"""The example of a proxy, docs/nginx.conf: it has the limits of the product, and requests reach the app through it."""

import asyncio
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI
from uvicorn.server import ServerState

from api.platform.http import connections
from api.platform.http.open_connections import ConnectionLimits
from api.platform.http.server import server_of
from tests.callers import Caller, sign_up

EXAMPLE = Path(__file__).parents[3] / "docs" / "nginx.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
NAME = "jobs.example.nz"
NOT_OURS = "203.0.113.9"
CLIENT = "127.0.0.9"


def _value(directive: str) -> str:
    match = re.search(rf"^\s*{directive} (.+);$", EXAMPLE.read_text("utf-8"), re.MULTILINE)
    assert match is not None, directive
    return match[1]


def test_the_example_has_the_limits_of_the_product() -> None:
    limits = ConnectionLimits()
    assert _value("client_header_timeout") == f"{limits.head_seconds:.0f}s"
    assert _value("client_body_timeout") == f"{limits.pause_seconds:.0f}s"
    assert _value("send_timeout") == f"{limits.pause_seconds:.0f}s"
    assert _value("limit_conn") == f"jobtally_clients {limits.per_address}"
    count, kilobytes = _value("large_client_header_buffers").removesuffix("k").split()
    assert int(count) * int(kilobytes) * 1024 == connections._LARGEST_HEAD_BYTES


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))


def _configuration(folder: Path, port: int, upstream: int) -> Path:
    """The example on ports of this machine, without root and with its files in this folder."""
    example = EXAMPLE.read_text("utf-8")
    for original, here in (
        ("listen 80;", f"listen 127.0.0.1:{port + 1};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("server 127.0.0.1:8080;", f"server 127.0.0.1:{upstream};"),
        ("/etc/ssl/jobs.example.nz/", f"{folder}/"),
    ):
        assert example.count(original) >= 1, original
        example = example.replace(original, here)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    path = folder / "nginx.conf"
    path.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log stderr;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{folders}{example}}}\n"
    )
    return path


async def _started(port: int, nginx: asyncio.subprocess.Process) -> None:
    while nginx.returncode is None:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nginx has ended")


def _two_free_ports() -> int:
    """A port on which no program listens, and neither on the next."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first, suppress(OSError):
            port = int(first.getsockname()[1])
            with socket.create_server(("127.0.0.1", port + 1)):
                return port


@pytest.fixture
async def proxied(app: FastAPI, tmp_path: Path) -> AsyncIterator[Caller]:
    """A browser that reaches the app through nginx only, from an address of its own."""
    if NGINX is None:
        pytest.skip("nginx is not on this machine (apt-get install nginx-light)")
    app.state.settings = app.state.settings.model_copy(
        update={"trusted_proxies": ("127.0.0.1",), "public_url": f"https://{NAME}", "operator_port": 9}
    )
    config = server_of(app, app.state.settings, ConnectionLimits()).config
    config.load()
    options = {"config": config, "server_state": ServerState(), "app_state": {}}
    loop = asyncio.get_running_loop()
    protocol: Any = config.http_protocol_class
    server = await loop.create_server(lambda: protocol(**options, _loop=loop), "127.0.0.1", 0)
    _certificate(tmp_path)
    port = _two_free_ports()
    configuration = _configuration(tmp_path, port, server.sockets[0].getsockname()[1])
    nginx = await asyncio.create_subprocess_exec(NGINX, "-p", str(tmp_path), "-c", str(configuration))
    try:
        await _started(port, nginx)
        transport = httpx2.AsyncHTTPTransport(
            verify=ssl.create_default_context(cafile=tmp_path / "fullchain.pem"), local_address=CLIENT
        )
        async with Caller(transport=transport, base_url=f"https://127.0.0.1:{port}") as browser:
            browser.headers.update({"Host": NAME, "Origin": f"https://{NAME}"})
            browser.event_hooks = {"request": [_name_the_server]}
            yield browser
    finally:
        nginx.terminate()
        await nginx.wait()
        server.close()


async def _name_the_server(request: httpx2.Request) -> None:
    request.extensions["sni_hostname"] = NAME


def test_nginx_accepts_the_example(tmp_path: Path) -> None:
    if NGINX is None:
        pytest.skip("nginx is not on this machine (apt-get install nginx-light)")
    _certificate(tmp_path)
    command = [NGINX, "-t", "-p", str(tmp_path), "-c", str(_configuration(tmp_path, 18443, 18080))]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr.replace("could not open error log file", "")


async def test_a_person_signs_up_through_the_proxy_from_the_own_address(proxied: Caller) -> None:
    proxied.headers["X-Forwarded-For"] = NOT_OURS
    await sign_up(proxied)
    [session] = (await proxied.get("/api/v1/sessions")).json()["items"]
    assert session["address"] == CLIENT
    assert any(cookie.name == "__Host-jt_session" and cookie.secure for cookie in proxied.cookies.jar)


async def test_metrics_do_not_go_through_the_proxy(proxied: Caller) -> None:
    assert [(await proxied.get(path)).status_code for path in ("/healthz", "/metrics", "/api/docs")] == [200, 404, 404]


async def test_what_is_too_large_is_refused_in_the_proxy(proxied: Caller) -> None:
    large_body = await proxied.post("/api/v1/contacts", content=b"x" * 10_500_000)
    large_header = await proxied.get("/healthz", headers={"X-Long": "a" * 70_000})
    for refused, status in ((large_body, 413), (large_header, 400)):
        assert (refused.status_code, refused.headers["server"]) == (status, "nginx")
    within = await proxied.post("/api/v1/contacts", content=b"x" * 9_000_000)
    assert "x-request-id" in within.headers, "the product refuses what it does not take itself"
