"""`/tax-rates`."""

from typing import Annotated

from fastapi import Response

from api.identity.reader import Reader, reading
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter
from api.platform.http.schemas import Page
from api.records.tax_rates.schemas import TaxRateOut
from api.records.tax_rates.service import TAX_RATE_LIST

router = ApiRouter("/tax-rates", tag="tax-rates")
Reading = Annotated[Reader, reading("settings:read")]


@router.get("", response_model=Page[TaxRateOut])
async def list_tax_rates(reader: Reading, paging: PagingDep) -> Response:
    """List the tax rates of lines: those of your country first, those of your ledger after it was read."""
    return await TAX_RATE_LIST.page(reader, paging, None)
