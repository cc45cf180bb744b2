"""What an installation shows to a network: secrets from files, development on purpose, and the operator's token."""

import base64
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.app import create_app
from api.platform.db.work import SYSTEM
from api.platform.settings import SettingsInvalid
from api.xero.config import JobtallySettings
from tests.platform.http.conftest import status_and_code
from tests.platform.test_settings import KEY, PRODUCTION

TOKEN = "a-token-of-the-operator"
SECRETS = {
    "JOBTALLY_DATABASE_URL": "postgresql://app:hush@db/jobtally",
    "JOBTALLY_MIGRATION_DATABASE_URL": "postgresql://owner:hush@db/jobtally",
    "JOBTALLY_REDIS_URL": "redis://:hush@redis/0",
    "JOBTALLY_SECRET_KEYS": KEY,
    "JOBTALLY_SMTP_URL": "smtp://mere:hush@mail.example.nz",
    "JOBTALLY_OPERATOR_TOKEN": TOKEN,
    "XERO_CLIENT_SECRET": "hush",
    "XERO_WEBHOOK_KEY": "hush",
}


def errors(env: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsInvalid) as refused:
        JobtallySettings.from_env(env)
    return refused.value.errors


def test_every_secret_may_come_from_a_file(tmp_path: Path):
    plain = {name: value for name, value in PRODUCTION.items() if name not in SECRETS}
    plain["JOBTALLY_MAIL_FROM"] = "us@example.nz"
    in_files = dict(plain)
    for name, value in SECRETS.items():
        (tmp_path / name).write_text(f"{value}\n")
        in_files[f"{name}_FILE"] = str(tmp_path / name)
    assert JobtallySettings.from_env(in_files) == JobtallySettings.from_env(plain | SECRETS)


def test_a_file_of_a_secret_that_cannot_be_used_is_reported_with_the_other_errors(tmp_path: Path):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "large").write_text("x" * 70_000)
    (tmp_path / "fine").write_text("hush")
    lines = errors(
        {
            "JOBTALLY_PORT": "x",
            "JOBTALLY_SECRET_KEYS_FILE": str(tmp_path / "absent"),
            "JOBTALLY_SMTP_URL_FILE": str(tmp_path / "empty"),
            "JOBTALLY_REDIS_URL_FILE": str(tmp_path / "binary"),
            "XERO_WEBHOOK_KEY_FILE": str(tmp_path / "large"),
            "XERO_CLIENT_SECRET_FILE": str(tmp_path / "fine"),
            "XERO_CLIENT_SECRET": "hush-hush",
        }
    )
    assert [line.split(": ")[0] for line in lines] == [
        "JOBTALLY_REDIS_URL_FILE",
        "JOBTALLY_SECRET_KEYS_FILE",
        "JOBTALLY_SMTP_URL_FILE",
        "XERO_CLIENT_SECRET_FILE",
        "XERO_WEBHOOK_KEY_FILE",
        "JOBTALLY_PORT",
    ]
    assert not any("hush" in line for line in lines)


def test_a_file_for_a_variable_that_is_no_secret_is_ignored():
    assert JobtallySettings.from_env({"JOBTALLY_PORT_FILE": "/nowhere"}).port == 8080


def test_development_is_open_to_others_only_when_it_is_written_out():
    open_to_others = {"JOBTALLY_HOST": "0.0.0.0", "JOBTALLY_PUBLIC_URL": "http://jobs.example.nz"}
    assert [line.split(": ")[0] for line in errors(open_to_others)] == list(open_to_others)
    assert JobtallySettings.from_env(open_to_others | {"JOBTALLY_ENV": "development"}).host == "0.0.0.0"
    for host in ("127.0.0.1", "::1", "localhost", "127.0.0.2"):
        JobtallySettings.from_env({"JOBTALLY_HOST": host})


def test_the_image_is_in_production():
    image = (Path(__file__).parents[2] / "Dockerfile").read_text("utf-8")
    assert "JOBTALLY_ENV=production" in image


@pytest.mark.parametrize(("address", "is_sent"), [("https://jobs.example.nz", True), (None, False)])
async def test_browsers_are_bound_to_https_where_the_public_address_is_https(
    settings: JobtallySettings, address: str | None, is_sent: bool
):
    app = create_app(settings.model_copy(update={"public_url": address}), embedded_worker=False)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://localhost") as browser:
        reply = await browser.get("/healthz")
    assert ("strict-transport-security" in reply.headers) is is_sent


OF_THE_OPERATOR = [
    "/metrics",
    "/openapi.yaml",
    "/api/docs",
    "/api/docs/start.js",
    "/api/reference",
    "/api/reference/start.js",
]


@pytest.mark.parametrize("path", OF_THE_OPERATOR)
async def test_metrics_and_the_pages_of_the_api_need_the_operators_token_if_it_is_set(
    app: FastAPI, anonymous: httpx2.AsyncClient, path: str
):
    assert (await anonymous.get(path)).status_code == 200
    app.state.settings = app.state.settings.model_copy(update={"operator_token": TOKEN})
    basic = base64.b64encode(f"operator:{TOKEN}".encode()).decode()
    wrong = (b"", b"Bearer x" + TOKEN.encode(), b"Bearer", b"Basic " + TOKEN.encode(), b"Basic %", b"Bearer \xc3\xa9")
    for wrong_value in (*wrong, b"Basic \xff\xe9", b"Basic /+k="):
        reply = await anonymous.get(path, headers={b"Authorization": wrong_value})
        assert status_and_code(reply) == (401, "operator_token_required")
        assert reply.headers["www-authenticate"].startswith("Basic ")
    for value in (f"Bearer {TOKEN}", f"Basic {basic}"):
        assert (await anonymous.get(path, headers={"Authorization": value})).status_code == 200
    for open_to_all in ("/healthz", "/readyz", "/version", "/problems"):
        assert (await anonymous.get(open_to_all)).status_code == 200


@pytest.mark.parametrize("path", OF_THE_OPERATOR)
async def test_metrics_and_the_pages_of_the_api_are_only_at_the_operators_port_if_it_is_set(app: FastAPI, path: str):
    app.state.settings = app.state.settings.model_copy(update={"operator_port": 9090, "operator_token": TOKEN})
    transport = httpx2.ASGITransport(app=app)
    with_token = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as public:
        for pretended in ({}, {"Host": "localhost:9090", "X-Forwarded-Port": "9090"}):
            reply = await public.get(path, headers=with_token | pretended)
            assert status_and_code(reply) == (404, "not_found")
        assert (await public.get("/healthz")).status_code == 200
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:9090") as operator:
        assert status_and_code(await operator.get(path)) == (401, "operator_token_required")
        assert (await operator.get(path, headers=with_token)).status_code == 200


async def test_an_error_of_the_database_does_not_show_the_values_of_the_statement(app: FastAPI):
    with pytest.raises(DBAPIError) as failed:
        async with app.state.database.work(SYSTEM) as work:
            await work.session.execute(text("SELECT CAST(:secret AS date), :secret"), {"secret": "hush-hush"})
    assert "hush-hush" not in str(failed.value).replace(str(failed.value.orig), "")
