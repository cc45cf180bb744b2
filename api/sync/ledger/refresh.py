"""One refresh: claim, read everything from Xero with no transaction open, store it all in one commit."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert

from api.platform.clock import now
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.platform.log import get_logger
from api.records.accounting_codes.service import AccountingCodeService
from api.records.items.service import ItemService
from api.records.tax_rates.service import TaxRateService
from api.sync.connections.service import XeroGateway, XeroGateways, note_answer, note_loss, note_silence
from api.sync.ledger import mapping
from api.sync.ledger.models import (
    LedgerAccount,
    LedgerItem,
    LedgerOrganisation,
    LedgerTaxRate,
    LedgerTrackingCategory,
)
from api.sync.ledger.repository import LedgerRefreshRepository
from api.sync.ledger.service import LedgerService
from api.xero.client import XeroClient
from api.xero.errors import XeroBusy, XeroDisconnected, XeroError
from api.xero.wire import Account, Item, Organisation, TaxRate, TrackingCategory

_LEASE = timedelta(seconds=90)
_PAUSE = 30.0
_logger = get_logger("jobtally.ledger")


@dataclass(frozen=True)
class _Read:
    """Everything one refresh reads."""

    organisation: Organisation
    accounts: tuple[Account, ...]
    tax_rates: tuple[TaxRate, ...]
    tracking: tuple[TrackingCategory, ...]
    items: tuple[Item, ...]


async def run_refresh(gateways: XeroGateways, business_id: UUID) -> None:
    """Bring the open refresh of a business to its end; one that is waiting or elsewhere is left alone."""
    gateway = await gateways.open(business_id)
    if gateway is not None:
        async with gateways.database.work(business_id) as work:
            await LedgerService(work).open_when_due(gateway.connected_at)
    refresh_id = await _claim(gateways, business_id)
    if refresh_id is None:
        return
    if gateway is None:
        await _fail(gateways, business_id, refresh_id, "not_connected", "Connect to Xero first.")
        return
    try:
        read = await _read(gateway.client())
    except XeroBusy as busy:
        if busy.limit == "unavailable":
            await note_silence(gateway)
        await _postpone(gateways, business_id, refresh_id, busy.retry_after or _PAUSE)
        return
    except XeroDisconnected as lost:
        await note_loss(gateway, lost)
        await _fail(gateways, business_id, refresh_id, "needs_reconnect", "Xero has signed us out. Reconnect to Xero.")
        return
    except XeroError as refused:
        await _fail(gateways, business_id, refresh_id, "refused_by_xero", str(refused))
        return
    await _store(gateway, refresh_id, read)
    await note_answer(gateway)


async def _read(client: XeroClient) -> _Read:
    return _Read(
        organisation=await client.organisation(),
        accounts=await client.accounts(),
        tax_rates=await client.tax_rates(),
        tracking=await client.tracking_categories(),
        items=await client.items(),
    )


async def _claim(gateways: XeroGateways, business_id: UUID) -> UUID | None:
    async with gateways.database.work(business_id) as work:
        refresh = await LedgerRefreshRepository(work).open(locked=True)
        if refresh is None or refresh.next_due > now():
            return None
        refresh.state = "running"
        refresh.next_due = now() + _LEASE  # a crash leaves it due again
        return refresh.id


async def _store(gateway: XeroGateway, refresh_id: UUID, read: _Read) -> None:
    async with gateway.work() as work:
        for model in (LedgerOrganisation, LedgerAccount, LedgerTaxRate, LedgerTrackingCategory, LedgerItem):
            await work.session.execute(delete(model).where(model.business_id == gateway.business_id))
        organisation = mapping.organisation_row(read.organisation, gateway.organisation_id, now())
        await _insert(work, LedgerOrganisation, [organisation])
        await _insert(work, LedgerAccount, mapping.account_rows(read.accounts))
        await _insert(work, LedgerTaxRate, mapping.tax_rate_rows(read.tax_rates))
        await _insert(work, LedgerTrackingCategory, mapping.tracking_rows(read.tracking))
        await _insert(work, LedgerItem, mapping.item_rows(read.items))
        await AccountingCodeService(work).take_from_ledger(mapping.codes(read.accounts))
        await TaxRateService(work).take_from_ledger(mapping.rates(read.tax_rates))
        await ItemService(work).take_from_ledger(mapping.items(read.items))
        await LedgerService(work).rebind()
        refresh = await LedgerRefreshRepository(work).get(refresh_id, locked=True)
        refresh.state, refresh.finished_at, refresh.problem = "done", now(), None
        refresh.counts = {
            "accounts": len(read.accounts),
            "tax_rates": len(read.tax_rates),
            "tracking_categories": len(read.tracking),
            "items": len(read.items),
        }
    _logger.info("ledger refreshed", business_id=str(gateway.business_id), refresh_id=str(refresh_id))


async def _insert(work: UnitOfWork, model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        own = [{"id": uuid7(), "business_id": work.business_id, **row} for row in rows]
        await work.session.execute(insert(model), own)


async def _postpone(gateways: XeroGateways, business_id: UUID, refresh_id: UUID, seconds: float) -> None:
    async with gateways.database.work(business_id) as work:
        refresh = await LedgerRefreshRepository(work).get(refresh_id, locked=True)
        refresh.state = "queued"
        refresh.next_due = now() + timedelta(seconds=seconds)


async def _fail(gateways: XeroGateways, business_id: UUID, refresh_id: UUID, code: str, detail: str) -> None:
    async with gateways.database.work(business_id) as work:
        refresh = await LedgerRefreshRepository(work).get(refresh_id, locked=True)
        refresh.state, refresh.finished_at = "failed", now()
        refresh.problem = {"code": code, "title": "The refresh did not work", "detail": detail}
