"""A tax rate of any size in Xero is shown, and invoices that carry it stay readable."""

from typing import Any

import pytest

from sandbox.seeds import NZ_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness


async def _read(business: ConnectedBusiness, path: str) -> dict[str, Any]:
    reply = await business.client.get(f"{API}/{path}")
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def _set_rate(business: ConnectedBusiness, rate: str) -> None:
    """Somebody gives OUTPUT2 this rate in Xero, and our ledger is refreshed."""
    async with business.controls() as controls:
        assert (await controls.post("/_ctl/tax-rates/OUTPUT2", json={"rate": rate})).is_success
    assert (await business.client.post(f"{API}/ledger/refreshes")).status_code == 202
    await business.refresh_ledger()


@pytest.mark.parametrize(
    ("rate", "shown", "tax", "contained"),
    [
        ("-20", "-20.0000", "-20.00", "-25.00"),
        ("1000", "1000.0000", "1000.00", "90.91"),
        ("-100", "-100.0000", "-100.00", "0.00"),
        ("9999.99995", "10000.0000", "10000.00", "99.01"),
        ("123456789", "123456789.0000", "123456789.00", "100.00"),
    ],
)
async def test_a_tax_rate_of_any_size_is_shown_and_used(
    business: ConnectedBusiness, rate: str, shown: str, tax: str, contained: str
) -> None:
    await _set_rate(business, rate)

    for path in ("ledger/tax-rates", "tax-rates"):
        rates = {row["tax_type"]: row["rate"] for row in (await _read(business, path))["items"]}
        assert rates["OUTPUT2"] == shown, path
    contact = await business.company("Hana Parata")
    line = {"description": "Pipe", "quantity": "1", "unit_price": "100.00", "tax_type": "OUTPUT2"}
    for amounts, expected in (("exclusive", tax), ("inclusive", contained)):
        content = {
            "kind": "customer",
            "number": f"INV-{amounts}",
            "contact_id": contact,
            "issued_on": "2026-11-20",
            "amounts": amounts,
            "lines": [line],
        }
        made = await business.client.post(f"{API}/invoices", json=content)
        assert made.status_code == 201, made.text
        invoice = await _read(business, f"invoices/{made.json()['id']}")
        assert (invoice["lines"][0]["tax_rate"], invoice["tax_total"]) == (shown, expected)
    listed = (await _read(business, "invoices"))["items"]
    assert {row["number"] for row in listed} == {"INV-exclusive", "INV-inclusive"}
    selection = {"mode": "ids", "ids": [row["id"] for row in listed]}
    check = await business.client.post(f"{API}/export-checks", json={"selection": selection})
    assert check.status_code == 200, check.text


@pytest.mark.parametrize(
    ("rate", "amounts"),
    [("99999999999999999", "exclusive"), ("1e29", "exclusive"), ("-99.99999999999", "inclusive")],
)
async def test_a_tax_that_nobody_can_mean_is_refused_by_its_field_and_found_by_the_check(
    business: ConnectedBusiness, rate: str, amounts: str
) -> None:
    contact = await business.company("Hana Parata")
    line = {"description": "Pipe", "quantity": "1", "unit_price": "100.00", "tax_type": "OUTPUT2"}
    sound = await business.invoice("INV-1", contact, lines=[line], amounts=amounts)
    await _set_rate(business, rate)

    content = {"kind": "customer", "number": "INV-2", "contact_id": contact, "issued_on": "2026-11-20"}
    refused = await business.client.post(
        f"{API}/invoices", json={**content, "amounts": amounts, "lines": [{**line, "unit_price": "1000.00"}]}
    )
    check = await business.client.post(f"{API}/export-checks", json={"selection": {"mode": "ids", "ids": [sound]}})

    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["code"], error["pointer"]) == (422, "tax_too_large", "#/lines/0/tax_type")
    assert "Choose another tax type, or correct the rate of OUTPUT2 in the ledger." in error["detail"]
    (problem,) = check.json()["invoices"][0]["problems"]
    assert (problem["code"], problem["pointer"]) == ("total_mismatch", "#/lines/0/tax_type")


async def test_a_tax_rate_says_which_accounts_of_the_balance_sheet_it_is_for(business: ConnectedBusiness) -> None:
    def flags(rate: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(rate[f"for_{kind}"] for kind in ("income", "expense", "asset", "liability", "equity"))

    names = ("Revenue", "Expenses", "Assets", "Liabilities", "Equity")
    held = {rate["TaxType"]: rate for rate in business.stand_in.world.ledgers[NZ_TENANT].tax_rates}
    held["OUTPUT2"] |= {"CanApplyToLiabilities": False, "CanApplyToEquity": True, "CanApplyToAssets": False}
    await _set_rate(business, "15")
    rates = {row["tax_type"]: row for row in (await _read(business, "tax-rates"))["items"]}
    for tax_type in ("OUTPUT2", "INPUT2"):
        assert flags(rates[tax_type]) == tuple(held[tax_type][f"CanApplyTo{name}"] for name in names), tax_type
