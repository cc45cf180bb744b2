"""`/tax-rates`."""

from typing import Annotated

from fastapi import Response

from api.identity.access import service
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter
from api.platform.http.schemas import Page, page_response
from api.records.tax_rates.schemas import TaxRateOut
from api.records.tax_rates.service import TaxRateService

router = ApiRouter("/tax-rates", tag="tax-rates")
Reading = Annotated[TaxRateService, service(TaxRateService, "settings:read")]


@router.get("", response_model=Page[TaxRateOut])
async def list_tax_rates(rates: Reading, paging: PagingDep) -> Response:
    """List the tax rates of lines: those of your country first, those of your ledger after it was read."""
    page = await rates.page(paging)
    return page_response(TaxRateOut, page.rows, page.next_cursor)
