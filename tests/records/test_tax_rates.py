"""Tax rates: those of the country first, then those of the ledger."""

from decimal import Decimal
from typing import Any

from fastapi import FastAPI

from api.records.tax_rates.service import TaxRateService, TaxRateView
from tests.callers import Caller
from tests.records.making import business_of, items


async def rates(client: Caller) -> dict[str, dict[str, Any]]:
    return {rate["tax_type"]: rate for rate in await items(client, "tax-rates")}


async def test_a_new_business_has_the_rates_of_its_country(client: Caller, neighbour: Caller) -> None:
    new_zealand, australia = await rates(client), await rates(neighbour)

    assert Decimal(new_zealand["OUTPUT2"]["rate"]) == 15
    assert Decimal(australia["OUTPUT"]["rate"]) == 10
    assert (new_zealand["INPUT2"]["for_income"], new_zealand["INPUT2"]["for_expense"]) == (False, True)
    assert new_zealand["INPUT2"]["for_asset"] is None, "not known before the ledger was read"
    assert "OUTPUT2" not in australia
    assert all(rate["active"] for rate in (*new_zealand.values(), *australia.values()))


async def test_rates_of_the_ledger_replace_the_first_rates_and_old_rates_stay_readable(
    client: Caller, neighbour: Caller, app: FastAPI
) -> None:
    ledgers = [
        TaxRateView("OUTPUT2", "GST on Sales", Decimal("12.5"), True, False),
        TaxRateView("TAX001", "Levy", Decimal("2.3456"), True, True),
    ]
    async with app.state.database.work(business_of(client)) as work:
        await TaxRateService(work).take_from_ledger(ledgers)
        by_type = await TaxRateService(work).by_type()

    now = await rates(client)
    assert (now["OUTPUT2"]["name"], Decimal(now["OUTPUT2"]["rate"])) == ("GST on Sales", Decimal("12.5"))
    assert Decimal(now["TAX001"]["rate"]) == Decimal("2.3456")
    assert {tax_type for tax_type, rate in now.items() if rate["active"]} == {"OUTPUT2", "TAX001"}
    assert "INPUT2" in now
    assert by_type["TAX001"] == ledgers[1]
    assert all(rate["active"] for rate in (await rates(neighbour)).values())
