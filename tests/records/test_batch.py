"""Batches: results per element, matching by external id, and few statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from sqlalchemy import event

from tests.callers import Caller
from tests.records.making import COMPANY, PERSON, content, items, make

CONTACTS = "/api/v1/contacts/batch"
JOBS = "/api/v1/jobs/batch"


async def send(client: Caller, address: str, *elements: Any) -> list[dict[str, Any]]:
    reply = await client.post(address, json={"items": elements})
    assert reply.status_code == 200, reply.text
    return list(reply.json()["results"])


def summary(result: dict[str, Any]) -> tuple[str, set[tuple[str, str]]]:
    """Outcome, and pointer and code of every error."""
    return result["outcome"], {(error["pointer"], error["code"]) for error in result["errors"]}


@contextmanager
def statements(app: FastAPI) -> Iterator[list[str]]:
    """The statements that are sent to the database inside the block."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    engine = app.state.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


async def test_a_bad_element_does_not_stop_the_others(client: Caller) -> None:
    known = await make(client, "contacts", **COMPANY, external_id="known")
    same = await make(client, "contacts", **PERSON, external_id="same")

    results = await send(
        client,
        CONTACTS,
        {**COMPANY, "name": "Brand New Ltd", "external_id": "new"},
        {**COMPANY, "external_id": "bad", "email": "nobody", "phone": "5" * 51},
        {**COMPANY, "external_id": "known", "name": "Kōwhai Dental Group"},
        {**PERSON, "external_id": "same"},
    )

    assert [(result["index"], result["external_id"], result["outcome"]) for result in results] == [
        (0, "new", "created"),
        (1, "bad", "rejected"),
        (2, "known", "updated"),
        (3, "same", "unchanged"),
    ]
    assert summary(results[1])[1] == {("#/items/1/email", "malformed_email"), ("#/items/1/phone", "string_too_long")}
    assert [result["id"] for result in results[1:]] == [None, known["id"], same["id"]]
    stored = {row["external_id"]: row["display_name"] for row in await items(client, "contacts")}
    assert stored == {"new": "Brand New Ltd", "known": "Kōwhai Dental Group", "same": "Mere Hohepa"}


async def test_a_known_element_changes_only_the_fields_it_sends(client: Caller) -> None:
    before = await make(client, "contacts", **COMPANY, external_id="C-1", email="a@kowhai.nz", phone="04 555 0142")

    (result,) = await send(client, CONTACTS, {"external_id": " C-1 ", "phone": None})

    assert (result["outcome"], result["id"]) == ("updated", before["id"])
    assert list(map(content, await items(client, "contacts"))) == [{**content(before), "phone": None}]


async def test_an_element_that_is_no_contact_is_rejected_with_its_index(client: Caller) -> None:
    nobody = {**COMPANY, "name": "No Id Ltd"}

    results = await send(
        client,
        CONTACTS,
        7,
        None,
        [],
        nobody,
        {**nobody, "external_id": None},
        {**nobody, "external_id": 5},
        {**nobody, "external_id": "a\x00b"},
        {"external_id": "C-9"},
    )

    assert [summary(result) for result in results[:4]] == [
        ("rejected", {("#/items/0", "not_an_object")}),
        ("rejected", {("#/items/1", "not_an_object")}),
        ("rejected", {("#/items/2", "not_an_object")}),
        ("rejected", {("#/items/3/external_id", "required")}),
    ]
    assert {error[0] for result in results[4:7] for error in summary(result)[1]} == {
        "#/items/4/external_id",
        "#/items/5/external_id",
        "#/items/6/external_id",
    }
    assert [len(result["errors"]) for result in results[4:7]] == [1, 1, 1]
    assert summary(results[7])[1] == {("#/items/7/kind", "required"), ("#/items/7/roles", "required")}
    assert await items(client, "contacts") == []


async def test_a_repeated_external_id_in_a_batch_is_rejected(client: Caller) -> None:
    first, second = await send(
        client, CONTACTS, {**COMPANY, "external_id": "C-1"}, {**COMPANY, "name": "Later Ltd", "external_id": "C-1"}
    )

    assert first["outcome"] == "created"
    assert summary(second) == ("rejected", {("#/items/1/external_id", "duplicate_external_id")})
    assert [row["name"] for row in await items(client, "contacts")] == [COMPANY["name"]]


async def test_external_ids_of_another_business_are_not_matched(client: Caller, neighbour: Caller) -> None:
    theirs = await make(neighbour, "contacts", **COMPANY, external_id="C-1")

    (result,) = await send(client, CONTACTS, {**PERSON, "external_id": "C-1"})

    assert result["outcome"] == "created"
    assert await items(neighbour, "contacts") == [theirs]


async def test_a_job_of_an_unknown_contact_is_rejected_and_the_others_are_created(
    client: Caller, neighbour: Caller
) -> None:
    ours = await make(client, "contacts", **COMPANY)
    theirs = await make(neighbour, "contacts", **COMPANY)

    results = await send(
        client,
        JOBS,
        {"external_id": "1", "number": "J1", "contact_id": ours["id"]},
        {"external_id": "2", "number": "J2", "contact_id": theirs["id"]},
        {"external_id": "3", "number": "J3", "contact_id": ours["id"].replace("con_", "job_")},
    )

    assert [summary(result) for result in results] == [
        ("created", set()),
        ("rejected", {("#/items/1/contact_id", "unknown_contact")}),
        ("rejected", {("#/items/2/contact_id", "malformed_id")}),
    ]
    assert [row["number"] for row in await items(client, "jobs")] == ["J1"]


async def test_a_batch_has_one_to_five_hundred_elements(client: Caller) -> None:
    for elements in ([], [{"external_id": str(number), "number": "J"} for number in range(501)]):
        reply = await client.post(JOBS, json={"items": elements})

        assert reply.status_code == 422
        assert reply.json()["errors"][0]["pointer"] == "#/items"


async def test_five_hundred_elements_need_no_more_statements_than_two(client: Caller, app: FastAPI) -> None:
    status = await make(client, "job-statuses", name="Quoted")

    async def spend(batch: str, count: int) -> list[int]:
        spent = []
        for location in ("Here", "There"):
            elements = [
                {"external_id": f"{batch}-{number}", "number": "J1", "location": location, "status_id": status["id"]}
                for number in range(count)
            ]
            with statements(app) as sent:
                results = await send(client, JOBS, *elements)
            assert {result["outcome"] for result in results} == {"created" if location == "Here" else "updated"}
            spent.append(len(sent))
        return spent

    assert await spend("many", 500) == await spend("few", 2)
