"""Items: prices, codes, and items of the ledger."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

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
    assert content(read.json()) == {"id": made.json()["id"], **TAP, "match": "unchecked", "in_ledger": None}


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

    again = await client.post(HERE, json={**TAP, "code": "Tap-15"})
    moved = await client.patch(f"{HERE}/{tap['id']}", json={"code": "tap-20"})
    priced = await client.patch(f"{HERE}/{tap['id']}", json={"sale_price": "95", "description": None})

    for refused in (again, moved):
        assert (refused.status_code, refused.json()["code"]) == (409, "code_taken")
    assert content(priced.json()) == {**content(tap), "sale_price": "95.0000", "description": None}
    assert (await client.delete(f"{HERE}/{tap['id']}")).status_code == 204
    assert [row["code"] for row in await items(client, "items", q="mixer")] == ["TAP-20"]
    assert await items(client, "items", q="m_xer") == [], "a mark of patterns stands for itself"


async def _read(client: Caller, app: FastAPI, *ledgers: LedgerItem) -> dict[str, dict[str, Any]]:
    """Our items by code, after the ledger was read and had only these."""
    async with app.state.database.work(business_of(client)) as work:
        await ItemService(work).take_from_ledger(ledgers)
    return {row["code"]: row for row in await items(client, "items")}


def _tap(**changes: Any) -> LedgerItem:
    sound = LedgerItem("TAP-15", "Mixer tap 15 mm", "Chrome", Decimal("89.5"), "200", Decimal("41.2375"), "310")
    return replace(sound, **changes)


async def test_an_item_of_the_ledger_is_added_and_follows_the_ledger(client: Caller, app: FastAPI) -> None:
    added = (await _read(client, app, _tap()))["TAP-15"]
    assert {name: added[name] for name in TAP} == TAP
    assert (added["match"], added["in_ledger"]) == ("matched", {**TAP, "is_tracked": False})

    dearer = (await _read(client, app, _tap(sale_price=Decimal(92), purchase_code=None, is_tracked=True)))["TAP-15"]
    assert (dearer["id"], dearer["sale_price"], dearer["purchase_code"]) == (added["id"], "92.0000", None)
    assert (dearer["match"], dearer["in_ledger"]["is_tracked"]) == ("matched", True)


async def test_what_was_written_here_stays_and_the_other_fields_follow_the_ledger(client: Caller, app: FastAPI) -> None:
    row = (await _read(client, app, _tap()))["TAP-15"]
    own = {"sale_price": "99.0000", "description": None}
    changed = await client.patch(f"{HERE}/{row['id']}", json=own)
    assert changed.json()["match"] == "differs"

    ledgers = _tap(sale_price=Decimal(92), description="Brass", name="Tap 15 mm")
    for _ in range(2):
        now = (await _read(client, app, ledgers))["TAP-15"]
        assert (now["sale_price"], now["description"], now["name"]) == ("99.0000", None, "Tap 15 mm")
        assert (now["match"], now["in_ledger"]["sale_price"]) == ("differs", "92.0000")

    agreed = await client.patch(f"{HERE}/{row['id']}", json={"sale_price": "92", "description": "Brass"})
    assert agreed.json()["match"] == "matched"
    assert (await _read(client, app, _tap(sale_price=Decimal(93))))["TAP-15"]["sale_price"] == "93.0000"


async def test_an_item_that_was_here_first_is_matched_by_its_code_in_any_case(client: Caller, app: FastAPI) -> None:
    ours = await make(client, "items", code="tap-15", name="Our tap")
    alone = await make(client, "items", code="OURS", name="Ours alone")

    now = await _read(client, app, _tap())
    assert list(now) == ["OURS", "tap-15"]
    assert (now["tap-15"]["id"], now["tap-15"]["name"], now["tap-15"]["sale_price"]) == (
        ours["id"],
        "Our tap",
        "89.5000",
    )
    assert (now["tap-15"]["match"], now["tap-15"]["in_ledger"]["code"]) == ("differs", "TAP-15")
    assert content(now["OURS"]) == {**content(alone), "match": "missing"}


async def test_items_are_listed_by_their_match_and_another_code_is_unchecked(client: Caller, app: FastAPI) -> None:
    row = (await _read(client, app, _tap(), _tap(code="TAP-20")))["TAP-15"]
    await _read(client, app, _tap())
    assert [each["code"] for each in await items(client, "items", match="missing")] == ["TAP-20"]
    assert [each["code"] for each in await items(client, "items", match="matched")] == ["TAP-15"]

    renamed = await client.patch(f"{HERE}/{row['id']}", json={"code": "TAP-16"})
    assert (renamed.json()["match"], renamed.json()["in_ledger"]) == ("unchecked", None)
