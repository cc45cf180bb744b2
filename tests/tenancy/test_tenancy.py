"""No business ever learns of another: every route of the app, called with somebody else's ids."""

from typing import Any

import httpx2
from fastapi import FastAPI

from api.platform.ids import decode, encode, uuid7
from tests.callers import Caller
from tests.records.making import API
from tests.routes import Route, every_route
from tests.tenancy.records import MAKERS, MARK, OwnedRecords

# Addresses that are of no business: what they answer is the same for all.
COMMON = {"/problems/{code}", "/x/{item_id}"}
# What a route has to be sent before it looks for the thing; `{}` for every other PATCH.
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", f"{API}/users/{{user_id}}"): {"role": "viewer"},
}
REMEDY = "give it a maker in tests/tenancy/owned_records.py, or name the route in COMMON with the reason"


def of_one_thing(app: FastAPI) -> list[Route]:
    return [route for route in every_route(app) if route.parameters and route.path not in COMMON]


def test_every_kind_of_thing_has_a_maker(app: FastAPI):
    strange = {name: route.path for route in of_one_thing(app) for name in route.parameters if name not in MAKERS}
    assert not strange, REMEDY


async def ask(caller: Caller, route: Route, ids: dict[str, str]) -> httpx2.Response:
    path = route.path.format(**ids)
    body = BODIES.get((route.method, route.path), {} if route.method == "PATCH" else None)
    return await caller.request(route.method, path, json=body)


def told(reply: httpx2.Response) -> tuple[int, Any, list[str]]:
    """All that an answer says, but for the id of the request."""
    body = reply.json() if reply.content else None
    if isinstance(body, dict):
        body = body | {"request_id": None}
    return reply.status_code, body, sorted(name for name in reply.headers if name != "x-request-id")


async def test_a_foreign_id_is_as_unknown_as_one_that_never_was(app: FastAPI, owner: OwnedRecords, prowler: Caller):
    unknown = {name: unlike(one) for name, one in owner.ids.items()}
    for route in of_one_thing(app):
        foreign = told(await ask(prowler, route, owner.ids))
        assert foreign[0] == 404, (route, foreign)
        assert foreign == told(await ask(prowler, route, unknown)), route
    for route in of_one_thing(app):
        if route.method == "GET":
            reply = await ask(owner.client, route, owner.ids)
            assert reply.status_code == 200, (route, "the owner still has it", reply.text)


async def test_lists_and_counts_show_nothing_of_another_business(app: FastAPI, owner: OwnedRecords, prowler: Caller):
    ours = [MARK, owner.client.email, *owner.ids.values(), owner.client.business["business"]["id"]]
    for route in every_route(app):
        if route.method != "GET" or route.parameters or not route.path.startswith(API):
            continue
        reply = await prowler.get(route.path)
        seen = [one for one in ours if one in reply.text]
        assert not seen, (route.path, seen)
        assert reply.status_code < 500, (route.path, reply.text)
    filters = {f"{API}/invoices": {"contact_id": owner.ids["contact_id"]}, f"{API}/contacts": {"q": MARK}}
    for path, query in filters.items():
        assert (await prowler.get(path, params=query)).json()["items"] == []
        assert (await owner.client.get(path, params=query)).json()["items"] != []


def referring(ids: dict[str, str]) -> list[tuple[str, str, dict[str, Any]]]:
    """Requests whose body names things of ours by id."""
    line = {"description": "Labour", "quantity": "1", "unit_price": "10.00"}
    invoice = {
        "kind": "customer", "number": "N-1", "contact_id": ids["contact_id"], "issued_on": "2026-11-20",
        "lines": [line],
    }  # fmt: skip
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
    ]


async def test_a_foreign_id_in_a_body_is_as_unknown_as_one_that_never_was(owner: OwnedRecords, prowler: Caller):
    unknown = {name: unlike(one) for name, one in owner.ids.items()}
    for ours, nobodys in zip(referring(owner.ids), referring(unknown), strict=True):
        answers = []
        for ids, (method, path, body) in ((owner.ids, ours), (unknown, nobodys)):
            reply = await prowler.request(method, path, json=body, headers={"If-Match": "*"})
            text = reply.text
            for one in ids.values():
                text = text.replace(one, "the id")
            answers.append((reply.status_code, text.replace(reply.headers["x-request-id"], "")))
        assert answers[0] == answers[1], ours
        status, text = answers[0]
        assert status in {409, 422} or "rejected" in text or "invoice_gone" in text, (ours, status, text)


async def test_a_cursor_of_another_business_opens_nothing_of_it(owner: OwnedRecords, prowler: Caller):
    for number in range(2):
        await owner.row("contacts", kind="company", name=f"{MARK} {number}", roles=["customer"])
    page = (await owner.client.get(f"{API}/contacts", params={"limit": 1})).json()
    reply = await prowler.get(f"{API}/contacts", params={"limit": 1, "cursor": page["next_cursor"]})
    assert MARK not in reply.text


async def test_a_kept_answer_is_replayed_to_nobody_else(owner: OwnedRecords, prowler: Caller):
    key = "import-1"
    body = {"kind": "company", "name": f"{MARK} Kept", "roles": ["customer"]}
    first = await owner.client.post(f"{API}/contacts", json=body, headers={"Idempotency-Key": key})
    second = await prowler.post(f"{API}/contacts", json=body, headers={"Idempotency-Key": key})
    assert "idempotent-replayed" not in second.headers
    assert first.json()["id"] != second.json()["id"]


def unlike(public_id: str) -> str:
    """An id of the same kind that nothing has."""
    prefix = public_id.rpartition("_")[0]
    decode(prefix, public_id)
    return encode(prefix, uuid7())
