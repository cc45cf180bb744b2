"""Two bills of ours with one number of one supplier: an export sends neither before somebody says what they are."""

from typing import Any

from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness


async def _twins(business: ConnectedBusiness, *numbers: str) -> list[str]:
    supplier = await business.company("Tui Timber", roles=["supplier"])
    return [await business.invoice(number, supplier, kind="supplier") for number in numbers]


async def _answer(business: ConnectedBusiness, invoice_id: str, choice: str) -> dict[str, Any]:
    path = f"{API}/invoices/{invoice_id}/answers/bill_entered_twice"
    return dict((await business.client.put(path, json={"choice": choice})).json())


async def _codes(business: ConnectedBusiness, export_id: str) -> list[list[str]]:
    return [[problem["code"] for problem in item["problems"]] for item in await business.items(export_id)]


async def test_an_export_that_names_two_bills_of_one_number_holds_both_as_the_check_does(
    business: ConnectedBusiness,
) -> None:
    bills = await _twins(business, "S-1", "s-1", "S-2")
    export = await business.export(*bills)
    await business.drain()
    assert await _codes(business, export) == [["bill_entered_twice"], ["bill_entered_twice"], []]
    assert [row["InvoiceNumber"] for row in business.in_xero()] == ["S-2"]


async def test_a_bill_is_held_by_one_of_its_number_that_is_in_xero(business: ConnectedBusiness) -> None:
    first, second = await _twins(business, "S-1", "S-2")
    await business.export(first)
    await business.drain()
    await business.client.patch(f"{API}/invoices/{second}", json={"number": "S-1"})
    export = await business.export(second)
    await business.drain()
    assert await _codes(business, export) == [["bill_entered_twice"]]
    await business.client.put(f"{API}/invoices/{second}/exclusion")
    assert len(business.in_xero()) == 1


async def test_bills_that_somebody_calls_different_are_sent_and_not_asked_about_again(
    business: ConnectedBusiness,
) -> None:
    bills = await _twins(business, "S-1", "S-1")
    await business.check_standing()
    assert await business.problems(bills[1]) == ["bill_entered_twice"]
    assert (await _answer(business, bills[0], "same"))["errors"][0]["pointer"] == "#/choice"

    assert (await _answer(business, bills[0], "different"))["problems"] == []
    assert await business.problems(bills[1]) == []
    export = await business.export(*bills)
    await business.drain()
    assert await _codes(business, export) == [[], []]
    assert (await _answer(business, bills[0], "different"))["code"] == "not_asked"


async def test_a_third_bill_of_the_number_is_asked_about_again(business: ConnectedBusiness) -> None:
    first, second, third = await _twins(business, "S-1", "S-1", "S-2")
    selection = {"mode": "ids", "ids": [first, second, third]}
    body = {"selection": selection, "problem_code": "bill_entered_twice", "choice": "different"}
    results = (await business.client.post(f"{API}/invoices/answers", json=body)).json()["results"]
    assert [each["outcome"] for each in results] == ["done", "done", "refused"]
    await business.client.patch(f"{API}/invoices/{third}", json={"number": "S-1"})
    await business.check_standing()
    assert [await business.problems(each) for each in (first, second, third)] == [["bill_entered_twice"]] * 3
