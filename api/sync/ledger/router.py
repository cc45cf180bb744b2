"""The organisation's reference data, and refreshing it."""

from typing import Annotated, Literal

from fastapi import Query, status
from starlette.responses import Response

from api.identity.access import service
from api.platform.errors import NotFound
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page, page_response
from api.platform.ids import encode
from api.sync.connections.service import NotConnectedYet
from api.sync.ledger.models import LedgerRefresh
from api.sync.ledger.schemas import (
    AccountOut,
    LedgerItemOut,
    LedgerTaxRateOut,
    MatchesOut,
    RefreshId,
    RefreshOut,
    TrackingCategoryOut,
)
from api.sync.ledger.service import KIND_OF_TYPE, LedgerService

router = ApiRouter("/ledger", tag="ledger")
matches_router = ApiRouter("/cost-centers/matches", tag="cost-centers")
Reading = Annotated[LedgerService, service(LedgerService, "settings:read")]
Writing = Annotated[LedgerService, service(LedgerService, "settings:write")]
_POLL_MS = 1000


@router.get("/accounts", response_model=Page[AccountOut])
async def list_ledger_accounts(
    ledger: Reading,
    paging: PagingDep,
    kind: Annotated[Literal["income", "expense"] | None, Query(description="Only accounts for these lines.")] = None,
    everything: Annotated[bool, Query(alias="all", description="Also the less usual account types.")] = False,
) -> Response:
    """Accounts that an invoice line may have: Revenue for income, Direct Costs for expense."""
    page = await ledger.accounts(paging, kind=kind, everything=everything)
    rows = [{**row._asdict(), "kind": KIND_OF_TYPE.get(row.type)} for row in page.rows]
    return page_response(AccountOut, rows, page.next_cursor)


@router.get("/tracking-categories", response_model=Page[TrackingCategoryOut])
async def list_tracking_categories(ledger: Reading, paging: PagingDep) -> Response:
    """Active tracking categories with their options."""
    page = await ledger.tracking_categories(paging)
    return page_response(TrackingCategoryOut, page.rows, page.next_cursor)


@router.get("/tax-rates", response_model=Page[LedgerTaxRateOut])
async def list_ledger_tax_rates(ledger: Reading, paging: PagingDep) -> Response:
    """Active tax rates of the organisation."""
    page = await ledger.tax_rates(paging)
    rows = [
        {**row._asdict(), "for_income": "REVENUE" in row.applies_to, "for_expense": "EXPENSE" in row.applies_to}
        for row in page.rows
    ]
    return page_response(LedgerTaxRateOut, rows, page.next_cursor)


@router.get("/items", response_model=Page[LedgerItemOut])
async def list_ledger_items(ledger: Reading, paging: PagingDep) -> Response:
    """Items of the ledger (Xero)."""
    page = await ledger.items(paging)
    return page_response(LedgerItemOut, page.rows, page.next_cursor)


@router.post(
    "/refreshes",
    response_model=RefreshOut,
    status_code=status.HTTP_202_ACCEPTED,
    responses=errors(NotConnectedYet),
)
async def start_refresh(ledger: Writing, response: Response) -> RefreshOut:
    """Read the organisation's reference data again. While a refresh runs, the answer is that one."""
    refresh = await ledger.start_refresh()
    response.headers["Location"] = f"/api/v1/ledger/refreshes/{encode('led', refresh.id)}"
    response.headers["Retry-After"] = "1"
    return _as_out(refresh)


@router.get("/refreshes/{refresh_id}", response_model=RefreshOut, responses=errors(NotFound))
async def get_refresh(refresh_id: RefreshId, ledger: Reading) -> RefreshOut:
    """One refresh. Ask again until its state is `done` or `failed`."""
    return _as_out(await ledger.refresh(refresh_id))


@matches_router.post("", response_model=MatchesOut)
async def match_cost_centers(ledger: Writing) -> MatchesOut:
    """Match every cost center with its tracking option.

    A cost center whose name differs only in accents, quotes, dashes, blanks or case is renamed to the spelling of the
    ledger (Xero). A name that is only near, as with a wrong letter, keeps its name: its `option_name` is a guess.
    """
    return MatchesOut(items=await ledger.rebind(fix_spelling=True))


def _as_out(refresh: LedgerRefresh) -> RefreshOut:
    finished = refresh.state in {"done", "failed"}
    return RefreshOut.model_validate(
        {
            "id": refresh.id,
            "state": refresh.state,
            "counts": refresh.counts,
            "problem": refresh.problem,
            "created_at": refresh.created_at,
            "finished_at": refresh.finished_at,
            "poll_after_ms": None if finished else _POLL_MS,
        }
    )
