"""No route shows one business anything of another: every route is called with the ids of another business."""

from typing import Any

import httpx2
from fastapi import FastAPI

from api.platform.ids import decode, encode, uuid7
from tests.callers import Caller
from tests.records.making import API
from tests.routes import Route, every_route
from tests.tenancy.records import MAKERS, MARK, OwnedRecords

# Paths that belong to no business: their answers are the same for everyone.
COMMON = {"/problems/{code}", "/x/{invoice_id}"}
# Bodies that a route validates before it looks for the row; every other PATCH gets `{}`.
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", f"{API}/users/{{user_id}}"): {"role": "viewer"},
    ("PUT", f"{API}/contacts/{{contact_id}}/link"): {"new": True},
    ("PUT", f"{API}/invoices/{{invoice_id}}/answers/{{problem_code}}"): {"choice": "was_sent"},
    ("PUT", f"{API}/contacts/{{contact_id}}/answers/{{problem_code}}"): {"choice": "send_ours"},
}
# Path parameters that are no ids: the same word for every business.
WORDS = {"problem_code": "outcome_unknown"}
REMEDY = "add a maker to tests/tenancy/records.py, or name the route in COMMON with the reason"


def routes_with_ids(app: FastAPI) -> list[Route]:
    return [route for route in every_route(app) if route.parameters and route.path not in COMMON]


def test_every_path_parameter_has_a_maker(app: FastAPI):
    known = MAKERS.keys() | WORDS.keys()
    unknown = {name: route.path for route in routes_with_ids(app) for name in route.parameters if name not in known}
    assert not unknown, REMEDY


async def ask(caller: Caller, route: Route, ids: dict[str, str]) -> httpx2.Response:
    path = route.path.format(**ids, **WORDS)
    body = BODIES.get((route.method, route.path), {} if route.method == "PATCH" else None)
    return await caller.request(route.method, path, json=body)


def comparable(reply: httpx2.Response) -> tuple[int, Any, list[str]]:
    """Status, body and header names of an answer, without the id of the request."""
    body = reply.json() if reply.content else None
    if isinstance(body, dict):
        body = body | {"request_id": None}
    return reply.status_code, body, sorted(name for name in reply.headers if name != "x-request-id")


async def test_a_foreign_id_in_a_path_is_answered_like_an_unknown_id(
    app: FastAPI, owner: OwnedRecords, outsider: Caller
):
    unknown = {name: unused_id(public_id) for name, public_id in owner.ids.items()}
    for route in routes_with_ids(app):
        foreign = comparable(await ask(outsider, route, owner.ids))
        assert foreign[0] == 404, (route, foreign)
        assert foreign == comparable(await ask(outsider, route, unknown)), route
    for route in routes_with_ids(app):
        if route.method == "GET":
            reply = await ask(owner.client, route, owner.ids)
            assert reply.status_code == 200, (route, "the owner still has it", reply.text)


async def test_lists_and_counts_show_nothing_of_another_business(app: FastAPI, owner: OwnedRecords, outsider: Caller):
    ours = [MARK, owner.client.email, *owner.ids.values(), owner.client.business["business"]["id"]]
    for route in every_route(app):
        if route.method != "GET" or route.parameters or not route.path.startswith(API):
            continue
        reply = await outsider.get(route.path)
        seen = [text for text in ours if text in reply.text]
        assert not seen, (route.path, seen)
        assert reply.status_code < 500, (route.path, reply.text)
    filters = {f"{API}/invoices": {"contact_id": owner.ids["contact_id"]}, f"{API}/contacts": {"q": MARK}}
    for path, query in filters.items():
        assert (await outsider.get(path, params=query)).json()["items"] == []
        assert (await owner.client.get(path, params=query)).json()["items"] != []


def referring(ids: dict[str, str]) -> list[tuple[str, str, dict[str, Any]]]:
    """Requests whose body contains ids of the first business."""
    line = {"description": "Labour", "quantity": "1", "unit_price": "10.00"}
    invoice = {
        "kind": "customer",
        "number": "N-1",
        "contact_id": ids["contact_id"],
        "issued_on": "2026-11-20",
        "lines": [line],
    }
    job = {"external_id": "one", "number": "J-1", "contact_id": ids["contact_id"]}
    selection = {"selection": {"mode": "ids", "ids": [ids["invoice_id"]]}}
    return [
        ("POST", f"{API}/jobs", {"number": "J-1", "contact_id": ids["contact_id"]}),
        ("POST", f"{API}/jobs", {"number": "J-1", "status_id": ids["job_status_id"]}),
        ("POST", f"{API}/invoices", invoice),
        ("POST", f"{API}/invoices", invoice | {"job_id": ids["job_id"]}),
        ("POST", f"{API}/invoices", invoice | {"lines": [line | {"cost_center_id": ids["cost_center_id"]}]}),
        ("POST", f"{API}/invoices/batch", {"items": [invoice | {"external_id": "one"}]}),
        (
            "POST",
            f"{API}/jobs/batch",
            {"items": [job]},
        ),
        ("PATCH", f"{API}/preferences", {"job_status_on_export": ids["job_status_id"]}),
        ("POST", f"{API}/export-checks", selection),
        ("POST", f"{API}/exports", selection),
        ("POST", f"{API}/contact-imports", {"mode": "apply", "preview_id": ids["import_id"]}),
    ]


async def test_a_foreign_id_in_a_body_is_answered_like_an_unknown_id(owner: OwnedRecords, outsider: Caller):
    unknown = {name: unused_id(public_id) for name, public_id in owner.ids.items()}
    for ours, unused in zip(referring(owner.ids), referring(unknown), strict=True):
        answers = []
        for ids, (method, path, body) in ((owner.ids, ours), (unknown, unused)):
            reply = await outsider.request(method, path, json=body, headers={"If-Match": "*"})
            text = reply.text
            for public_id in ids.values():
                text = text.replace(public_id, "the id")
            answers.append((reply.status_code, text.replace(reply.headers["x-request-id"], "")))
        assert answers[0] == answers[1], ours
        status, text = answers[0]
        assert status in {409, 422} or "rejected" in text or "unknown_invoice" in text, (ours, status, text)


async def test_a_cursor_of_another_business_shows_none_of_its_rows(owner: OwnedRecords, outsider: Caller):
    for number in range(2):
        await owner.row("contacts", kind="company", name=f"{MARK} {number}", roles=["customer"])
    page = (await owner.client.get(f"{API}/contacts", params={"limit": 1})).json()
    reply = await outsider.get(f"{API}/contacts", params={"limit": 1, "cursor": page["next_cursor"]})
    assert MARK not in reply.text


async def test_a_stored_answer_is_not_replayed_to_another_business(owner: OwnedRecords, outsider: Caller):
    key = "import-1"
    body = {"kind": "company", "name": f"{MARK} Kept", "roles": ["customer"]}
    first = await owner.client.post(f"{API}/contacts", json=body, headers={"Idempotency-Key": key})
    second = await outsider.post(f"{API}/contacts", json=body, headers={"Idempotency-Key": key})
    assert "idempotent-replayed" not in second.headers
    assert first.json()["id"] != second.json()["id"]


def unused_id(public_id: str) -> str:
    """An id of the same kind that no row has."""
    prefix = public_id.rpartition("_")[0]
    decode(prefix, public_id)
    return encode(prefix, uuid7())
