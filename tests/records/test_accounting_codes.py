"""Accounting codes: their kind, their use, and their state in the ledger."""

from decimal import Decimal

from fastapi import FastAPI

from api.records.accounting_codes.service import AccountingCodeService, LedgerCode
from api.records.tax_rates.service import TaxRateService, TaxRateView
from tests.callers import Caller
from tests.records.making import business_of, content, errors, items, make

HERE = "/api/v1/accounting-codes"
SALES = {"code": "200", "name": "Sales", "kind": "income", "tax_type": "OUTPUT2"}


async def refresh(app: FastAPI, client: Caller, *codes: LedgerCode) -> dict[str, dict[str, str]]:
    """Read codes from the ledger; returns the codes that the API lists afterwards."""
    async with app.state.database.work(business_of(client)) as work:
        await AccountingCodeService(work).take_from_ledger(codes)
    return {row["code"]: row for row in await items(client, "accounting-codes")}


async def test_a_created_code_is_readable_at_its_location(client: Caller) -> None:
    made = await client.post(HERE, json=SALES)
    read = await client.get(made.headers["Location"])

    assert made.status_code == 201
    assert content(read.json()) == {"id": made.json()["id"], **SALES, "ledger_state": "unchecked"}


async def test_a_code_has_one_kind(client: Caller) -> None:
    await make(client, "accounting-codes", **SALES)

    reply = await client.post(HERE, json={**SALES, "kind": "expense", "tax_type": None})

    assert (reply.status_code, reply.json()["code"]) == (409, "code_taken")
    assert reply.json()["errors"][0]["pointer"] == "#/code"


async def test_invalid_codes_are_refused(client: Caller) -> None:
    for wrong, error in (
        ({"code": "20000000001"}, ("#/code", "string_too_long")),
        ({"name": "n" * 151}, ("#/name", "string_too_long")),
        ({"kind": "asset"}, ("#/kind", "literal_error")),
        ({"tax_type": "VAT20"}, ("#/tax_type", "unknown_tax_type")),
        ({"tax_type": "INPUT2"}, ("#/tax_type", "tax_type_misfit")),
    ):
        assert errors(await client.post(HERE, json={**SALES, **wrong})) == {error}


async def test_a_code_keeps_a_tax_type_that_the_ledger_dropped_until_its_kind_changes(
    client: Caller, app: FastAPI
) -> None:
    code = await make(client, "accounting-codes", **SALES)
    async with app.state.database.work(business_of(client)) as work:
        await TaxRateService(work).take_from_ledger([TaxRateView("TAX001", "GST", Decimal(15), True, True)])

    renamed = await client.patch(f"{HERE}/{code['id']}", json={"name": "Plumbing"})
    moved = await client.patch(f"{HERE}/{code['id']}", json={"kind": "expense"})

    assert (renamed.status_code, renamed.json()["tax_type"]) == (200, "OUTPUT2")
    assert errors(moved) == {("#/tax_type", "unknown_tax_type")}


async def test_codes_are_filtered_by_kind_code_and_name(client: Caller) -> None:
    await make(client, "accounting-codes", **SALES)
    await make(client, "accounting-codes", code="310", name="Cost of goods", kind="expense")

    async def codes(**asked: str) -> list[str]:
        return [row["code"] for row in await items(client, "accounting-codes", **asked)]

    assert await codes() == ["200", "310"]
    assert await codes(kind="expense") == ["310"]
    assert await codes(q="SALE") == ["200"]
    assert await codes(q="31") == ["310"]
    assert await codes(q="31", kind="income") == []


async def test_a_code_that_is_in_use_cannot_be_deleted_or_change_its_kind(client: Caller) -> None:
    default = await make(client, "accounting-codes", **SALES)
    on_item = await make(client, "accounting-codes", code="210", name="Parts", kind="income")
    unused = await make(client, "accounting-codes", code="220", name="Hire", kind="income")
    prefer = await client.patch("/api/v1/preferences", json={"default_income_code": "200"}, headers={"If-Match": "*"})
    assert prefer.status_code == 200
    await make(client, "items", code="TAP", name="Tap", sale_code="210")

    for code, user in ((default, "1 preference"), (on_item, "1 item")):
        address = f"{HERE}/{code['id']}"
        for refused in (
            await client.delete(address),
            await client.patch(address, json={"kind": "expense", "tax_type": None}),
            await client.patch(address, json={"code": "299"}),
        ):
            assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
            assert user in refused.json()["detail"]
        assert (await client.patch(address, json={"name": "Renamed"})).status_code == 200
    assert (await client.patch(f"{HERE}/{unused['id']}", json={"kind": "expense"})).json()["kind"] == "expense"
    assert (await client.delete(f"{HERE}/{unused['id']}")).status_code == 204


async def test_the_same_code_of_another_business_does_not_block_a_deletion(client: Caller, neighbour: Caller) -> None:
    code = await make(client, "accounting-codes", **SALES)
    await make(neighbour, "items", code="TAP", name="Tap", sale_code="200")

    assert (await client.delete(f"{HERE}/{code['id']}")).status_code == 204


async def test_a_refresh_creates_only_the_offered_codes(client: Caller, app: FastAPI) -> None:
    codes = await refresh(
        app,
        client,
        LedgerCode("200", "Sales", "income", "OUTPUT2", "active"),
        LedgerCode("310", "Cost of Goods Sold", "expense", "INPUT2", "active"),
        LedgerCode("260", "Other Revenue", "income", "OUTPUT2", "active", offered=False),
        LedgerCode("610", "Accounts Receivable", None, None, "active"),
        LedgerCode("299", "Old Sales", "income", "OUTPUT2", "archived"),
    )

    assert {code: (row["name"], row["kind"], row["ledger_state"]) for code, row in codes.items()} == {
        "200": ("Sales", "income", "matched"),
        "310": ("Cost of Goods Sold", "expense", "matched"),
    }


async def test_a_refresh_sets_the_ledger_state_of_every_code_and_never_changes_its_kind(
    client: Caller, app: FastAPI
) -> None:
    for code, kind in (("200", "income"), ("260", "income"), ("310", "income"), ("299", "income"), ("777", "expense")):
        await make(client, "accounting-codes", code=code, name="Ours", kind=kind)

    codes = await refresh(
        app,
        client,
        LedgerCode("200", "Sales", "income", "OUTPUT2", "active"),
        LedgerCode("260", "Other Revenue", "income", "OUTPUT2", "active", offered=False),
        LedgerCode("310", "Cost of Goods Sold", "expense", "INPUT2", "active"),
        LedgerCode("299", "Old Sales", "income", "OUTPUT2", "archived"),
    )

    assert {code: (row["ledger_state"], row["kind"], row["name"]) for code, row in codes.items()} == {
        "200": ("matched", "income", "Sales"),
        "260": ("matched", "income", "Other Revenue"),
        "310": ("wrong_type", "income", "Ours"),
        "299": ("archived", "income", "Ours"),
        "777": ("missing", "expense", "Ours"),
    }
    corrected = await client.patch(f"{HERE}/{codes['310']['id']}", json={"kind": "expense"})
    assert corrected.json()["ledger_state"] == "unchecked"
