"""Starting an export: what of a selection goes, the time in which it can be taken back, and its number."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.clock import Clock
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

_PUT = "/api.xro/2.0/Invoices"


async def _start(business: ConnectedBusiness, selection: dict[str, Any], **more: Any) -> httpx2.Response:
    return await business.client.post(f"{API}/exports", json={"selection": selection, **more})


def _matching(count: int, **wanted: Any) -> dict[str, Any]:
    return {"mode": "matching", "filter": wanted, "expected_count": count}


async def _ready(business: ConnectedBusiness, *numbers: str) -> list[str]:
    contact = await business.company("Hana Parata")
    return [await business.invoice(number, contact) for number in numbers]


async def test_what_matches_and_cannot_go_is_left_out_and_named(business: ConnectedBusiness) -> None:
    exported, excluded, withdrawn, ready = await _ready(business, "A", "B", "C", "D")
    await business.export(exported)
    await business.drain()
    await business.client.put(f"{API}/invoices/{excluded}/exclusion")
    await business.client.delete(f"{API}/invoices/{withdrawn}/approval")

    started = await _start(business, _matching(4, kind="customer"))

    assert started.status_code == 202
    skipped = {each["invoice_id"]: each["code"] for each in started.json()["skipped"]}
    assert skipped == {exported: "invoice_exported", excluded: "invoice_excluded", withdrawn: "invoice_not_approved"}
    assert [item["invoice_id"] for item in await business.items(started.json()["id"])] == [ready]


async def test_a_selection_by_filter_of_which_nothing_can_go_is_refused_in_words(business: ConnectedBusiness) -> None:
    (invoice,) = await _ready(business, "A")
    await business.client.put(f"{API}/invoices/{invoice}/exclusion")

    refused = await _start(business, _matching(1))

    assert refused.status_code == 422
    assert [(error["code"], error["pointer"]) for error in refused.json()["errors"]] == [
        ("nothing_selected", "#/selection/filter")
    ]


async def test_the_same_filter_again_answers_the_export_that_has_them(business: ConnectedBusiness) -> None:
    await _ready(business, "A", "B")
    first = await _start(business, _matching(2))
    again = await _start(business, _matching(2))
    more = await _ready(business, "C")
    third = await _start(business, _matching(3))

    assert (again.status_code, again.json()["id"], again.json()["skipped"]) == (200, first.json()["id"], [])
    assert [item["invoice_id"] for item in await business.items(third.json()["id"])] == more
    assert {each["code"] for each in third.json()["skipped"]} == {"invoice_in_export"}


async def test_an_export_that_is_stopped_while_it_is_held_sends_nothing(
    business: ConnectedBusiness, clock: Clock
) -> None:
    (invoice,) = await _ready(business, "A")
    started = (await _start(business, {"mode": "ids", "ids": [invoice]}, hold_seconds=30)).json()
    clock.shift(timedelta(seconds=29))
    await business.drain()
    held = await business.run(started["id"])

    await business.client.post(f"{API}/exports/{started['id']}/cancellation")
    clock.shift(timedelta(minutes=1))
    await business.drain()

    assert (held["state"], held["waiting"]) == ("queued", 1)
    stopped = await business.run(started["id"])
    assert (stopped["state"], stopped["cancelled"]) == ("cancelled", 1)
    assert business.calls("PUT", _PUT) == []


async def test_an_export_that_was_held_is_sent_afterwards_and_delays_no_other(
    business: ConnectedBusiness, clock: Clock
) -> None:
    first, second = await _ready(business, "A", "B")
    held = (await _start(business, {"mode": "ids", "ids": [first]}, hold_seconds=30)).json()
    other = await business.export(second)
    await business.drain()
    assert [(await business.run(run))["state"] for run in (held["id"], other)] == ["queued", "done"]

    clock.shift(timedelta(seconds=31))
    await business.drain()

    assert (await business.run(held["id"]))["state"] == "done"


@pytest.mark.parametrize("seconds", [-1, 31, 1.5, "10"])
async def test_a_hold_is_zero_to_thirty_whole_seconds(business: ConnectedBusiness, seconds: object) -> None:
    (invoice,) = await _ready(business, "A")

    refused = await _start(business, {"mode": "ids", "ids": [invoice]}, hold_seconds=seconds)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["#/hold_seconds"]


async def test_exports_are_numbered_in_each_business_and_filtered(business: ConnectedBusiness, clock: Clock) -> None:
    first, second = await _ready(business, "A", "B")
    first_run = await business.run(await business.export(first))
    await business.drain()
    clock.shift(timedelta(hours=1))
    second_run = await business.run(await business.export(second))

    async def numbers(**asked: str) -> list[int]:
        listed = (await business.client.get(f"{API}/exports", params=asked)).json()["items"]
        counted = (await business.client.get(f"{API}/exports/counts", params=asked)).json()
        assert counted == {"count": len(listed), "more": False}
        return [run["number"] for run in listed]

    assert (first_run["number"], second_run["number"]) == (1, 2)
    assert await numbers() == [2, 1]
    assert await numbers(state="done") == [1]
    assert await numbers(started_by=first_run["started_by"]) == [2, 1]
    assert await numbers(started_by="Nobody") == []
    assert await numbers(**{"from": second_run["created_at"]}) == [2]


async def test_ten_thousand_invoices_are_one_export(business: ConnectedBusiness) -> None:
    (invoice,) = await _ready(business, "INV-1")
    await business.execute(
        "INSERT INTO invoices (id, business_id, kind, number, contact_id, issued_on, currency, amounts, status,"
        " version, subtotal, tax_total, total, content_tag)"
        " SELECT gen_random_uuid(), business_id, kind, 'N-' || n, contact_id, issued_on, currency, amounts, status, 1,"
        " subtotal, tax_total, total, content_tag FROM invoices, generate_series(1, 9999) AS n"
    )
    started = await _start(business, _matching(10_000, view="ready"))

    assert (started.status_code, started.json()["total"], started.json()["skipped"]) == (202, 10_000, [])
    counts = (await business.client.get(f"{API}/invoices/counts", params={"view": "in_progress"})).json()
    assert (counts["count"], counts["more"]) == (10_000, False)
    assert (await business.client.get(f"{API}/invoices/{invoice}")).json()["export_state"] == "queued"
