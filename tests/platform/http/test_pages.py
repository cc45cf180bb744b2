"""The app, the API reference, and a page for each problem code."""

from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from yaml import CSafeLoader, load

from api.platform.http import pages, spa
from api.platform.http.reference import openapi_document

HTML = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def built(app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build of the app as Vite makes it."""
    folder = tmp_path / "dist"
    for name, text in {
        "index.html": "<!doctype html><title>Jobtally</title>",
        "mark.svg": "<svg/>",
        "assets/index-Bx12.js": "export {}",
        "swagger-ui/swagger-ui-bundle.js": "var SwaggerUIBundle",
        "scalar/standalone.js": "var Scalar",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.setattr(app.router, "default", spa.SinglePageApp(folder))
    monkeypatch.setattr(pages, "spa_directory", lambda: folder)
    (tmp_path / "secret.txt").write_text("not public")
    return folder


@pytest.mark.parametrize("path", ["/", "/index.html", "/exports/exp_123", "/settings/connections/xero?problem=denied"])
async def test_a_browser_gets_the_app_at_every_address_of_the_app(
    built: Path, anonymous: httpx2.AsyncClient, path: str
):
    reply = await anonymous.get(path, headers=HTML)
    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-cache")
    assert "<title>Jobtally</title>" in reply.text
    policy = reply.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


async def test_files_with_a_hash_in_their_name_are_cached_for_a_year_and_others_are_not(
    built: Path, anonymous: httpx2.AsyncClient
):
    hashed = await anonymous.get("/assets/index-Bx12.js")
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert hashed.headers["content-type"].startswith("text/javascript")
    plain = await anonymous.get("/mark.svg")
    assert (plain.status_code, plain.headers["cache-control"]) == (200, "no-cache")


async def test_a_part_of_a_file_is_sent_and_of_several_parts_the_whole(built: Path, anonymous: httpx2.AsyncClient):
    part = await anonymous.get("/mark.svg", headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.text) == (206, "svg")
    parts = await anonymous.get("/mark.svg", headers={"Range": "bytes=0-0,2-2,4-4"})
    assert (parts.status_code, parts.text) == (200, "<svg/>")


@pytest.mark.parametrize("path", ["/assets/gone.js", "/nowhere", "/%2e%2e/secret.txt", "/..%2fsecret.txt"])
async def test_a_file_outside_the_build_is_not_found(built: Path, anonymous: httpx2.AsyncClient, path: str):
    reply = await anonymous.get(path)
    assert reply.status_code == 404
    assert reply.json()["code"] == "not_found"


async def test_the_app_answers_only_get_and_head(built: Path, anonymous: httpx2.AsyncClient):
    assert (await anonymous.head("/", headers=HTML)).status_code == 200
    assert (await anonymous.post("/exports", headers=HTML)).status_code == 404


async def test_without_a_build_the_page_says_how_to_build(
    app: FastAPI, anonymous: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(app.router, "default", spa.SinglePageApp(None))
    reply = await anonymous.get("/", headers=HTML)
    assert "make install" in reply.text
    assert (await anonymous.get("/mark.svg")).status_code == 404


REFERENCES = {"/api/docs": "/swagger-ui/swagger-ui-bundle.js", "/api/reference": "/scalar/standalone.js"}


@pytest.mark.parametrize(("path", "viewer"), REFERENCES.items())
async def test_the_reference_uses_only_our_own_files_and_no_inline_scripts(
    built: Path, anonymous: httpx2.AsyncClient, path: str, viewer: str
):
    page = await anonymous.get(path, headers=HTML)
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert "//" not in page.text.replace("<!doctype html>", "").replace("</", "")
    for script in (viewer, f"{path}/start.js"):
        assert f'src="{script}"' in page.text
        assert (await anonymous.get(script)).headers["content-type"].startswith("text/javascript")
    assert "/openapi.yaml" in (await anonymous.get(f"{path}/start.js")).text


@pytest.mark.parametrize("path", REFERENCES)
async def test_without_a_build_the_reference_links_to_the_document(
    anonymous: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
):
    monkeypatch.setattr(pages, "spa_directory", lambda: None)
    page = await anonymous.get(path, headers=HTML)
    assert 'href="/openapi.yaml"' in page.text


async def test_the_served_document_is_the_generated_one(app: FastAPI, anonymous: httpx2.AsyncClient):
    reply = await anonymous.get("/openapi.yaml")
    assert load(reply.text, CSafeLoader) == openapi_document(app)


async def test_the_api_document_is_made_and_compressed_once(
    app: FastAPI, anonymous: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    forms = [{"Accept-Encoding": coding} for coding in ("br", "gzip", "identity")]
    first = [await anonymous.get("/openapi.yaml", headers=form) for form in forms]
    assert [reply.headers.get("content-encoding") for reply in first] == ["br", "gzip", None]
    assert len({reply.text for reply in first}) == 1
    monkeypatch.setattr(pages, "openapi_yaml", None)  # would fail
    monkeypatch.setattr("brotli.compress", None)
    monkeypatch.setattr("gzip.compress", None)
    again = [await anonymous.get("/openapi.yaml", headers=form) for form in forms]
    assert [reply.content for reply in again] == [reply.content for reply in first]
    assert {reply.headers["vary"] for reply in again} == {"Accept-Encoding, Origin"}


async def test_every_problem_has_a_page_that_says_what_to_do(app: FastAPI, anonymous: httpx2.AsyncClient):
    index = (await anonymous.get("/problems", headers=HTML)).text
    for code, kind in app.state.catalogue.items():
        page = await anonymous.get(f"/problems/{code}", headers=HTML)
        assert page.status_code == 200, code
        assert code in page.text
        assert f'href="/problems/{code}"' in index
        as_json = await anonymous.get(f"/problems/{code}", headers={"Accept": "application/json"})
        assert as_json.json() == {"code": code, "title": kind.title, "remedy": kind.remedy, "status": kind.status}
