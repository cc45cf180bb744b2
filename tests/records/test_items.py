"""Items: prices, codes, and items of the ledger."""

from decimal import Decimal

from fastapi import FastAPI

from api.records.items.service import ItemService, LedgerItem
from tests.callers import Caller
from tests.records.making import business_of, content, errors, items, make

HERE = "/api/v1/items"
TAP = {
    "code": "TAP-15",
    "name": "Mixer tap 15 mm",
    "description": "Chrome",
    "sale_price": "89.5000",
    "sale_code": "200",
    "purchase_price": "41.2375",
    "purchase_code": "310",
}


async def test_a_created_item_is_readable_at_its_location_with_prices_as_text(client: Caller) -> None:
    made = await client.post(HERE, json={**TAP, "sale_price": "89.5"})
    read = await client.get(made.headers["Location"])

    assert made.status_code == 201
    assert content(read.json()) == {"id": made.json()["id"], **TAP}


async def test_all_field_errors_of_an_item_are_listed(client: Caller) -> None:
    wrong = {"code": "c" * 31, "name": "n" * 51, "sale_price": 89.5, "purchase_price": "1.23456"}

    assert errors(await client.post(HERE, json=wrong)) == {
        ("#/code", "string_too_long"),
        ("#/name", "string_too_long"),
        ("#/sale_price", "decimal_not_text"),
        ("#/purchase_price", "too_many_decimals"),
    }


async def test_the_sale_code_is_income_and_the_purchase_code_is_expense(client: Caller) -> None:
    await make(client, "accounting-codes", code="200", name="Sales", kind="income")
    await make(client, "accounting-codes", code="310", name="Cost of goods", kind="expense")

    swapped = await client.post(HERE, json={**TAP, "sale_code": "310", "purchase_code": "200"})
    unknown = await client.post(HERE, json={**TAP, "sale_code": "999"})

    assert errors(swapped) == {("#/sale_code", "wrong_code_kind"), ("#/purchase_code", "wrong_code_kind")}
    assert unknown.status_code == 201


async def test_codes_are_unique_and_a_change_affects_only_the_fields_it_sends(client: Caller) -> None:
    tap = await make(client, "items", **TAP)
    await make(client, "items", code="TAP-20", name="Mixer tap 20 mm")

    again = await client.post(HERE, json=TAP)
    moved = await client.patch(f"{HERE}/{tap['id']}", json={"code": "TAP-20"})
    priced = await client.patch(f"{HERE}/{tap['id']}", json={"sale_price": "95", "description": None})

    for refused in (again, moved):
        assert (refused.status_code, refused.json()["code"]) == (409, "code_taken")
    assert content(priced.json()) == {**content(tap), "sale_price": "95.0000", "description": None}
    assert (await client.delete(f"{HERE}/{tap['id']}")).status_code == 204
    assert [row["code"] for row in await items(client, "items", q="mixer")] == ["TAP-20"]


async def test_items_of_the_ledger_are_matched_by_code_and_other_items_stay(client: Caller, app: FastAPI) -> None:
    tap = await make(client, "items", **TAP)
    own = await make(client, "items", code="OURS", name="Ours alone")

    async with app.state.database.work(business_of(client)) as work:
        ledgers = [
            LedgerItem("TAP-15", "Tap", None, Decimal("92.00"), "200", None, None),
            LedgerItem("NEW", "New", "From the ledger", None, None, Decimal("3.5"), "310"),
        ]
        await ItemService(work).take_from_ledger(ledgers)

    now = {row["code"]: row for row in await items(client, "items")}
    assert now["OURS"] == own
    assert (now["TAP-15"]["id"], now["TAP-15"]["name"], now["TAP-15"]["sale_price"]) == (tap["id"], "Tap", "92.0000")
    assert now["NEW"]["purchase_price"] == "3.5000"
