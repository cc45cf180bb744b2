"""`/accounting-codes`."""

from typing import Annotated

from fastapi import Response

from api.identity.access import service
from api.identity.reader import Reader, reading
from api.platform.db.repository import Count
from api.platform.errors import NotFound
from api.platform.http.dependencies import filter_of
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import CountOut, Page
from api.platform.http.versions import ExpectedVersionDep
from api.platform.ids import encode
from api.records.accounting_codes.models import AccountingCode
from api.records.accounting_codes.schemas import (
    AccountingCodeChange,
    AccountingCodeFilter,
    AccountingCodeId,
    AccountingCodeIn,
    AccountingCodeOut,
)
from api.records.accounting_codes.service import ACCOUNTING_CODE_LIST, AccountingCodeService
from api.records.clashes import CodeTaken, InUse

router = ApiRouter("/accounting-codes", tag="accounting-codes")
Reading = Annotated[Reader, reading("settings:read")]
Writing = Annotated[AccountingCodeService, service(AccountingCodeService, "settings:write")]
Wanted = Annotated[AccountingCodeFilter, filter_of(AccountingCodeFilter)]


@router.get("", response_model=Page[AccountingCodeOut])
async def list_accounting_codes(reader: Reading, paging: PagingDep, wanted: Wanted) -> Response:
    """List invoice item codes (income) and order item codes (expense), ordered by code."""
    return await ACCOUNTING_CODE_LIST.page(reader, paging, wanted)


@router.get("/counts", response_model=CountOut)
async def count_accounting_codes(reader: Reading, wanted: Wanted) -> Count:
    """Count the codes that match the filters."""
    return await ACCOUNTING_CODE_LIST.count(reader, wanted)


@router.post("", status_code=201, response_model=AccountingCodeOut, responses=errors(CodeTaken))
async def create_accounting_code(body: AccountingCodeIn, codes: Writing, response: Response) -> AccountingCode:
    """Add a code by hand. The codes of a connected ledger are added automatically."""
    code = await codes.create(body)
    response.headers["Location"] = f"/api/v1/accounting-codes/{encode('acc', code.id)}"
    return code


@router.get("/{accounting_code_id}", response_model=AccountingCodeOut, responses=errors(NotFound))
async def get_accounting_code(accounting_code_id: AccountingCodeId, reader: Reading) -> Response:
    """Read one code."""
    return await ACCOUNTING_CODE_LIST.get(reader, accounting_code_id)


@router.patch("/{accounting_code_id}", response_model=AccountingCodeOut, responses=errors(NotFound, CodeTaken, InUse))
async def change_accounting_code(
    accounting_code_id: AccountingCodeId, body: AccountingCodeChange, codes: Writing, version: ExpectedVersionDep
) -> AccountingCode:
    """Change a code. Its code and kind cannot change while a line, an item or a default uses it."""
    return await codes.change(accounting_code_id, body, version)


@router.delete("/{accounting_code_id}", status_code=204, responses=errors(NotFound, InUse))
async def delete_accounting_code(
    accounting_code_id: AccountingCodeId, codes: Writing, version: ExpectedVersionDep
) -> None:
    """Delete a code that no line, no item and no default uses."""
    await codes.delete(accounting_code_id, version)
