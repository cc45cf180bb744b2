"""Creating a business: by signing up, or as a further business of a signed-in user."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.xero.config import JobtallySettings
from tests.callers import PASSWORD, Caller, sign_up
from tests.identity.conftest import Open

NEW = {
    "business_name": "Tūī Electrical",
    "country": "NZ",
    "name": "Ana",
    "email": "Ana@Example.NZ",
    "password": PASSWORD,
}


async def test_signing_up_creates_a_business_with_the_defaults_of_its_country_and_an_administrator(client: Caller):
    session = (await client.get("/api/v1/session")).json()
    assert session == client.business
    assert session["business"] | {"id": ""} == {
        "id": "",
        "name": "Kererū Plumbing",
        "country": "NZ",
        "currency": "NZD",
    }
    assert (session["role"], session["locale"], session["time_zone"]) == ("admin", "en-NZ", "Pacific/Auckland")
    assert "users:write" in session["scopes"]


async def test_an_australian_business_has_australian_currency_and_time(browser: Open):
    session = (await sign_up(await browser(), country="AU")).business
    assert session["business"]["currency"] == "AUD"
    assert (session["locale"], session["time_zone"]) == ("en-AU", "Australia/Sydney")


async def test_the_session_cookie_is_not_readable_by_scripts_and_other_sites(anonymous: httpx2.AsyncClient):
    reply = await anonymous.post("/api/v1/businesses", json=NEW)
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "domain=" not in cookie
    assert reply.headers["cache-control"] == "no-store"
    assert PASSWORD not in reply.text


@pytest.mark.parametrize("env", ["production", "development"])
async def test_where_the_address_is_https_each_cookie_is_bound_to_the_host_and_to_https(
    settings: JobtallySettings, env: str
):
    secure = {
        "env": env,
        "public_url": "https://jobs.example.nz",
        "secret_keys": "one:" + "qTZ6rJfL0Vw3s8Yk2NdXbH7mCe5uGp9tAoI4lQzRxWE=",
    }
    app = create_app(settings.model_copy(update=secure), embedded_worker=False)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="https://jobs.example.nz") as browser:
            reply = await browser.post("/api/v1/businesses", json=NEW)
            cookies = reply.headers.get_list("set-cookie")
            assert [cookie.partition("=")[0] for cookie in cookies] == ["__Host-jt_session", "__Host-jt_device"]
            for cookie in cookies:
                assert {"secure", "httponly", "path=/"} <= set(cookie.lower().split("; "))
            strict = reply.headers.get("strict-transport-security", "")
            assert strict.startswith("max-age=63072000")
            assert (await browser.get("/api/v1/session")).status_code == 200


async def test_a_taken_address_is_refused(client: Caller, anonymous: httpx2.AsyncClient):
    reply = await anonymous.post("/api/v1/businesses", json=NEW | {"email": client.email.upper()})
    assert reply.status_code == 409
    assert reply.json()["code"] == "email_taken"
    assert reply.json()["errors"][0]["pointer"] == "#/email"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"password": "seven77"}, "#/password", "string_too_short"),
        ({"password": "xyz" * 86}, "#/password", "string_too_long"),
        ({"password": "Password123"}, "#/password", "password_too_common"),
        ({"email": "not an address"}, "#/email", "malformed_email"),
        ({"country": "UK"}, "#/country", "literal_error"),
        ({"business_name": "  "}, "#/business_name", "string_too_short"),
        ({"role": "admin"}, "#/role", "unknown_field"),
    ],
)
async def test_an_invalid_field_is_refused_with_a_pointer(
    anonymous: httpx2.AsyncClient, change: dict[str, Any], pointer: str, code: str
):
    reply = await anonymous.post("/api/v1/businesses", json=NEW | change)
    assert reply.status_code == 422
    assert [(error["pointer"], error["code"]) for error in reply.json()["errors"]] == [(pointer, code)]
    assert (await anonymous.post("/api/v1/businesses", json=NEW)).status_code == 201, (
        "the refused request stored nothing"
    )


async def test_all_field_errors_are_listed_in_one_answer(anonymous: httpx2.AsyncClient):
    reply = await anonymous.post("/api/v1/businesses", json={"country": "nz", "email": "x", "password": "short"})
    pointers = {error["pointer"] for error in reply.json()["errors"]}
    assert pointers == {"#/business_name", "#/country", "#/name", "#/email", "#/password"}


async def test_a_password_keeps_its_spaces(anonymous: httpx2.AsyncClient):
    await anonymous.post("/api/v1/businesses", json=NEW | {"password": "  spaced out  "})
    anonymous.cookies.clear()
    for password, status in (("spaced out", 401), ("  spaced out  ", 201)):
        credentials = {"email": NEW["email"], "password": password}
        assert (await anonymous.post("/api/v1/session", json=credentials)).status_code == status


async def test_a_signed_in_user_adds_a_business_and_switches_to_it(client: Caller):
    first = client.business["business"]["id"]
    reply = await client.post("/api/v1/businesses", json={"business_name": "Tūī Electrical", "country": "AU"})
    assert reply.status_code == 201
    session = (await client.get("/api/v1/session")).json()
    assert session["business"]["name"] == "Tūī Electrical"
    assert {business["name"] for business in session["businesses"]} == {"Kererū Plumbing", "Tūī Electrical"}

    back = await client.put("/api/v1/session/business", json={"business_id": first})
    assert back.json()["business"]["id"] == first
    assert (await client.get("/api/v1/session")).json()["business"]["id"] == first


async def test_adding_a_business_without_a_session_asks_for_the_sign_up_fields(anonymous: httpx2.AsyncClient):
    reply = await anonymous.post("/api/v1/businesses", json={"business_name": "Tūī", "country": "NZ"})
    assert reply.status_code == 422
    assert {error["pointer"] for error in reply.json()["errors"]} == {"#/name", "#/email", "#/password"}


async def test_a_failure_while_the_first_rows_are_created_leaves_no_business(
    app: FastAPI, anonymous: httpx2.AsyncClient
):
    async def fail(work: object, country: str) -> None:
        raise RuntimeError("the first rows cannot be created")

    app.state.beginnings = [fail]
    assert (await anonymous.post("/api/v1/businesses", json=NEW)).status_code == 500
    app.state.beginnings = []
    assert (await anonymous.post("/api/v1/businesses", json=NEW)).status_code == 201
