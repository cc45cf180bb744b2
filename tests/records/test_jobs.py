"""Jobs and their statuses."""

from uuid import UUID

from fastapi import FastAPI

from api.platform.ids import decode
from api.records.jobs.service import JobService
from tests.callers import Caller
from tests.records.making import COMPANY, business_of, content, errors, items, make

HERE = "/api/v1/jobs"
STATUSES = "/api/v1/job-statuses"


async def test_a_created_job_is_readable_at_its_location(client: Caller) -> None:
    contact = await make(client, "contacts", **COMPANY)
    status = await make(client, "job-statuses", name="In progress")
    sent = {
        "number": "J8116",
        "description": "Replace hot-water cylinder 🔧",
        "customer_reference": "PO 4471",
        "location": "14 Rata St",
        "status_id": status["id"],
        "contact_id": contact["id"],
        "external_id": "8116",
    }

    made = await client.post(HERE, json=sent)
    read = await client.get(made.headers["Location"])

    assert made.status_code == 201
    assert {name: read.json()[name] for name in sent} == sent


async def test_ids_of_another_business_are_refused_as_unknown(client: Caller, neighbour: Caller) -> None:
    contact = await make(neighbour, "contacts", **COMPANY)
    status = await make(neighbour, "job-statuses", name="Theirs")

    reply = await client.post(HERE, json={"number": "J1", "contact_id": contact["id"], "status_id": status["id"]})

    assert errors(reply) == {("#/contact_id", "unknown_contact"), ("#/status_id", "unknown_job_status")}
    assert await items(client, "jobs") == []


async def test_a_change_affects_only_the_fields_it_sends_and_null_clears(client: Caller) -> None:
    job = await make(client, "jobs", number="J1", description="Drains", location="14 Rata St")

    reply = await client.patch(f"{HERE}/{job['id']}", json={"location": None, "number": "J1a"})
    emptied = await client.patch(f"{HERE}/{job['id']}", json={"number": None})

    assert content(reply.json()) == {**content(job), "location": None, "number": "J1a"}
    assert {pointer for pointer, _ in errors(emptied)} == {"#/number"}


async def test_jobs_are_filtered_by_text_status_and_contact(client: Caller) -> None:
    contact = await make(client, "contacts", **COMPANY)
    status = await make(client, "job-statuses", name="Quoted")
    await make(client, "jobs", number="J1", description="Fix 50% fall", contact_id=contact["id"])
    await make(client, "jobs", number="J2", location="14 RĀTĀ St", status_id=status["id"])
    await make(client, "jobs", number="J3", customer_reference="po 50")

    async def numbers(**asked: str) -> list[str]:
        return [job["number"] for job in await items(client, "jobs", **asked)]

    assert await numbers() == ["J1", "J2", "J3"]
    assert await numbers(q="50%") == ["J1"]
    assert await numbers(q="rātā") == ["J2"]
    assert await numbers(q="PO 5") == ["J3"]
    assert await numbers(status_id=status["id"]) == ["J2"]
    assert await numbers(contact_id=contact["id"]) == ["J1"]
    wrong = await client.get(HERE, params={"status_id": contact["id"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["parameter"]) == (422, "status_id")


async def test_renaming_a_status_renames_it_for_every_job_and_names_are_unique(client: Caller) -> None:
    quoted = await make(client, "job-statuses", name="Quoted")
    await make(client, "job-statuses", name="Done")

    again = await client.post(STATUSES, json={"name": " Done "})
    clash = await client.patch(f"{STATUSES}/{quoted['id']}", json={"name": "Done"})
    renamed = await client.patch(f"{STATUSES}/{quoted['id']}", json={"name": "Priced"})

    for refused in (again, clash):
        assert (refused.status_code, refused.json()["code"]) == (409, "name_taken")
    assert content(renamed.json()) == {"id": quoted["id"], "name": "Priced"}
    assert [row["name"] for row in await items(client, "job-statuses")] == ["Done", "Priced"]


async def test_a_status_in_use_cannot_be_deleted_and_the_users_are_named(client: Caller) -> None:
    status = await make(client, "job-statuses", name="Invoiced")
    address = f"{STATUSES}/{status['id']}"
    for number in ("J1", "J2"):
        await make(client, "jobs", number=number, status_id=status["id"])
    prefer = await client.patch(
        "/api/v1/preferences", json={"job_status_on_export": status["id"]}, headers={"If-Match": "*"}
    )
    assert prefer.status_code == 200

    refused = await client.delete(address)

    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert "2 jobs" in refused.json()["detail"]
    assert "1 preference" in refused.json()["detail"]
    assert (await client.get(address)).status_code == 200


async def test_an_export_sets_the_status_of_jobs_of_its_own_business_only(
    client: Caller, neighbour: Caller, app: FastAPI
) -> None:
    status = await make(client, "job-statuses", name="Invoiced")
    ours = await make(client, "jobs", number="J1")
    theirs = await make(neighbour, "jobs", number="J1")

    async with app.state.database.work(business_of(client)) as work:
        jobs: list[UUID] = [decode("job", job["id"]) for job in (ours, theirs)]
        await JobService(work).set_status(jobs, decode("jst", status["id"]))

    assert (await client.get(f"{HERE}/{ours['id']}")).json()["status_id"] == status["id"]
    assert (await neighbour.get(f"{HERE}/{theirs['id']}")).json()["status_id"] is None
