"""When Xero answers late, wrongly or not at all, every invoice is still created exactly once."""

import pytest

from tests.journeys.office import Office, eventually

INVOICES = "/api.xro/2.0/Invoices"
LOST = [
    {"kind": "timeout", "when": "after", "seconds": 0},
    {"kind": "reset", "when": "after"},
    {"kind": "timeout", "when": "before", "seconds": 0},
    {"kind": "reset", "when": "before"},
    {"kind": "truncated"},
    {"kind": "malformed_json"},
    {"kind": "html"},
    {"kind": "missing_element"},
    {"kind": "status", "status": 500, "when": "after"},
    {"kind": "status", "status": 504, "when": "before"},
    {"kind": "unavailable", "when": "after"},
    {"kind": "unavailable", "when": "before"},
]


def _name(fault: dict[str, object]) -> str:
    return "-".join(str(value) for name, value in fault.items() if name != "seconds")


@pytest.mark.parametrize("fault", LOST, ids=_name)
async def test_after_any_failure_of_a_reply_each_document_exists_once_in_xero(office: Office, fault):
    ids = [*await office.many(2), *await office.many(2, "supplier")]
    office.fault(**fault)

    export_id = await office.export(*ids)
    await eventually(lambda: _is_in_doubt(office, export_id))
    await office.later(seconds=5)
    run = await office.finished(export_id)

    assert (run["state"], run["exported"]) == ("done", 4)
    assert office.numbers_in_xero() == ["C-0000", "C-0001", "S-0000", "S-0001"]
    assert await office.messages() == ["4 of 4 invoices have been exported to Xero."]
    sent = office.calls("PUT", INVOICES)
    assert len({(call["headers"]["idempotency-key"], call["body"]) for call in sent}) == 1


async def _is_in_doubt(office: Office, export_id: str) -> bool:
    return bool((await office.run(export_id))["unknown"])


async def test_a_write_without_any_reply_is_looked_up_and_completes_without_the_user(office: Office):
    ids = await office.many(3, "supplier")
    office.fault("timeout", when="after", seconds=0)
    office.fault("timeout", when="before", seconds=0, count=None)

    export_id = await office.export(*ids)
    await office.reaches(export_id, unknown=3)
    assert (await office.read(f"invoices/{ids[0]}"))["export_state"] == "checking"
    await office.later(minutes=6)  # Xero has forgotten the key, so a replay would create a second document
    run = await office.finished(export_id)

    assert (run["state"], run["exported"]) == ("done", 3)
    assert len(office.in_xero()) == 3


async def test_an_invoice_is_sent_again_only_when_two_look_ups_prove_that_it_never_arrived(office: Office):
    ids = await office.many(3)
    office.fault("timeout", when="before", seconds=0, count=None)
    export_id = await office.export(*ids)
    await office.reaches(export_id, unknown=3)
    office.stand_in.faults.waiting.clear()
    keys = _idempotency_keys(office)

    await office.later(minutes=6)
    await eventually(lambda: _looked(office))
    assert (await office.run(export_id))["unknown"] == 3  # one absence proves nothing: the write may still arrive
    assert office.in_xero() == []
    run = await office.finished_in_time(export_id)

    assert run["exported"] == 3
    assert office.numbers_in_xero() == ["C-0000", "C-0001", "C-0002"]
    assert _idempotency_keys(office) > keys


def _idempotency_keys(office: Office) -> set[str]:
    return {call["headers"]["idempotency-key"] for call in office.calls("PUT", INVOICES)}


async def _looked(office: Office) -> bool:
    return bool(office.calls("GET", INVOICES))


async def test_a_run_waits_while_xero_is_unavailable_and_continues_afterwards(office: Office):
    office.fault("unavailable", path="Contacts", method="*", count=None)
    export_id = await office.export(*await office.many(2))

    waiting = await office.reaches(export_id, state="waiting")
    assert (waiting["waiting_for"], waiting["waiting"]) == ("xero", 2)
    assert waiting["resume_at"] is not None
    assert (await office.connection())["state"] == "unreachable"
    office.stand_in.faults.waiting.clear()
    await office.later(seconds=90)

    assert (await office.finished(export_id))["exported"] == 2
    await eventually(office.is_connected)


@pytest.mark.parametrize(("problem", "reason", "wait"), [("minute", "rate", 30), ("day", "day_limit", 1500)])
async def test_a_run_waits_as_long_as_a_limit_of_xero_asks(office: Office, problem, reason, wait):
    office.fault("rate_limit", problem=problem, retry_after=wait)
    export_id = await office.export(*await office.many(2))

    assert (await office.reaches(export_id, state="waiting"))["waiting_for"] == reason
    sent = len(office.calls("PUT", INVOICES))
    await office.later(seconds=wait / 2)
    assert len(office.calls("PUT", INVOICES)) == sent
    await office.later(seconds=wait / 2 + 2)

    assert (await office.finished(export_id))["exported"] == 2
    assert office.numbers_in_xero() == ["C-0000", "C-0001"]


async def test_an_invoice_that_makes_xero_fail_does_not_stop_the_others(office: Office):
    ids = await office.many(6)
    office.fault("status", status=500, count=None, body_contains="C-0004")

    export_id = await office.export(*ids)
    await office.reaches(export_id, unknown=6)

    async def has_finished() -> bool:
        await office.later(seconds=5)  # the replay of the same bytes
        await office.later(seconds=3)  # the next write of the run
        await office.later(minutes=11)  # the look-up, then a smaller write, then giving up
        return bool((await office.read(f"exports/{export_id}"))["finished_at"])

    await eventually(has_finished)
    ended = await office.finished(export_id)
    assert (ended["exported"], ended["rejected"]) == (5, 1)
    assert "C-0004" not in office.numbers_in_xero()

    office.stand_in.faults.waiting.clear()
    again = await office.client.post(f"/api/v1/exports/{export_id}/retries")
    assert (await office.finished(again.json()["id"]))["exported"] == 1
    assert len(office.in_xero()) == 6


async def test_a_lost_reply_to_new_contacts_creates_no_second_contact(office: Office):
    ids = await office.many(4, contacts=4)
    office.fault("reset", path="Contacts", when="after")

    export_id = await office.export(*ids)
    await office.reaches(export_id, state="waiting")
    await office.later(seconds=10)

    assert (await office.finished(export_id))["exported"] == 4
    assert [len(office.contacts_in_xero(f"Customer {n} Ltd")) for n in range(4)] == [1, 1, 1, 1]
