"""How a request gets to its route: without threads, and with the same answers by the table as by the patterns."""

import inspect
from collections.abc import Iterator

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from api.platform.http.spa import is_of_the_api
from tests.callers import Caller
from tests.records.making import COMPANY, make


def _all(dependant: Dependant) -> Iterator[Dependant]:
    for dependency in dependant.dependencies:
        yield dependency
        yield from _all(dependency)


def test_no_dependency_of_a_route_waits_for_a_thread(app: FastAPI):
    contexts = [context for context in iter_route_contexts(app.routes) if context.dependant is not None]
    calls = [each.call for context in contexts for each in _all(context.dependant)]
    assert len(calls) > 100
    plain = [call for call in calls if call is not None and not _runs_in_the_event_loop(call)]
    assert plain == []


def _runs_in_the_event_loop(call: object) -> bool:
    function = call if inspect.isroutine(call) else type(call).__call__
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


def test_the_web_app_gets_no_path_of_a_route(app: FastAPI):
    paths = [context.path for context in iter_route_contexts(app.routes) if context.path is not None]
    assert len(paths) > 100
    assert [path for path in paths if not is_of_the_api(path)] == []


async def test_an_address_of_no_route_costs_no_look_at_the_routes(
    app: FastAPI, anonymous: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(app.router.middleware_stack, "_by_patterns", None)  # would fail
    assert (await anonymous.get("/wp-login.php")).status_code == 404


async def test_the_second_request_is_answered_as_the_first(client: Caller):
    first, second = [await client.get("/api/v1/contacts") for _ in range(2)]
    assert (first.status_code, first.content) == (second.status_code, second.content) == (200, first.content)


async def test_paths_that_differ_in_their_ids_find_their_route_by_the_first_of_them(
    app: FastAPI, client: Caller, monkeypatch: pytest.MonkeyPatch
):
    first, second = [await make(client, "contacts", **{**COMPANY, "name": name}) for name in ("Kōwhai", "Rātā")]
    await client.get(f"/api/v1/contacts/{first['id']}")
    await client.get(f"/api/v1/contacts/{first['id']}/history")
    monkeypatch.setattr(app.router.middleware_stack, "_by_patterns", None)  # would fail
    assert (await client.get(f"/api/v1/contacts/{second['id']}")).json() == second
    history = (await client.get(f"/api/v1/contacts/{second['id']}/history")).json()
    assert [event["what"] for event in history["items"]] == ["Added the contact."]


async def test_a_path_with_braces_is_no_path_with_an_id(client: Caller):
    contact = await make(client, "contacts", **COMPANY)
    for path in (contact["id"], "{}", "{contact_id}", "{}", f"{contact['id']}/{{}}"):
        expected = 200 if path == contact["id"] else 404
        assert (await client.get(f"/api/v1/contacts/{path}")).status_code == expected, path


async def test_a_path_that_was_called_before_still_refuses_another_method(client: Caller):
    await client.get("/api/v1/invoices/counts")
    for _ in range(2):
        reply = await client.put("/api/v1/contacts", json={})
        assert reply.status_code == 405
        assert (await client.get("/api/v1/contacts")).status_code == 200


async def test_requests_of_known_paths_are_counted_under_their_template(client: Caller):
    for _ in range(2):
        await client.get("/api/v1/jobs")
    metrics = (await client.get("/metrics")).text
    assert 'jobtally_http_request_seconds_count{method="GET",route="/api/v1/jobs",status="200"}' in metrics
