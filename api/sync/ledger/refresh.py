"""One refresh: take its lease, read everything from Xero with no transaction open, store it in one commit."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from api.platform.clock import app_now
from api.platform.db.lease import Lease, LeaseLost, renewing
from api.platform.log import get_logger
from api.platform.problems import Problem
from api.records.accounting_codes.service import AccountingCodeService
from api.records.items.service import ItemService
from api.records.tax_rates.service import TaxRateService
from api.sync.connections.service import XeroGateway, XeroGateways, note_answer, note_loss, note_silence
from api.sync.ledger import mapping
from api.sync.ledger.problems import not_connected, refused_by_xero
from api.sync.ledger.repository import LedgerRefreshRepository, MirrorRepository
from api.sync.ledger.rows import MirrorRows
from api.sync.ledger.service import LedgerService
from api.xero.client import XeroClient
from api.xero.errors import XeroBusy, XeroDisconnected, XeroError
from api.xero.wire import Account, Item, Organisation, TaxRate, TrackingCategory

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
    """Finish the open refresh of a business; nothing happens if it is not due or if another worker has it."""
    gateway = await gateways.open(business_id, although_held=True)
    async with gateways.database.work(business_id) as work:
        if gateway is not None:
            await LedgerService(work).open_when_due(gateway.connected_at)
        lease = await LedgerRefreshRepository(work).claim(gateways.timing.lease)
    if lease is None:
        return
    try:
        async with renewing(gateways.database, business_id, lease):
            await _run(gateways, gateway, business_id, lease)
    except LeaseLost:
        _logger.warning("ledger refresh was taken over by another worker", business_id=str(business_id))
    except Exception:
        await _postpone(gateways, business_id, lease, gateways.timing.ledger_retry_wait)
        raise


async def _run(gateways: XeroGateways, gateway: XeroGateway | None, business_id: UUID, lease: Lease) -> None:
    if gateway is None:
        await _fail(gateways, business_id, lease, not_connected())
        return
    try:
        read = await _read(gateway.client())
    except XeroBusy as busy:
        if busy.limit == "unavailable":
            await note_silence(gateway)
        wait = timedelta(seconds=busy.retry_after) if busy.retry_after else gateways.timing.ledger_retry_wait
        await _postpone(gateways, business_id, lease, wait)
    except XeroDisconnected as lost:
        await _fail(gateways, business_id, lease, await note_loss(gateway, lost))
    except XeroError as refused:
        await _fail(gateways, business_id, lease, refused_by_xero(str(refused)))
    else:
        await _store(gateway, lease, read)
        await note_answer(gateway)


async def _read(client: XeroClient) -> _Read:
    return _Read(
        organisation=await client.organisation(),
        accounts=await client.accounts(),
        tax_rates=await client.tax_rates(),
        tracking=await client.tracking_categories(),
        items=await client.items(),
    )


async def _store(gateway: XeroGateway, lease: Lease, read: _Read) -> None:
    async with gateway.work() as work:
        await lease.guard(work)
        rows = MirrorRows(
            organisation=mapping.organisation_row(read.organisation, gateway.organisation_id, await work.now()),
            accounts=mapping.account_rows(read.accounts),
            tax_rates=mapping.tax_rate_rows(read.tax_rates),
            tracking_categories=mapping.tracking_rows(read.tracking),
            items=mapping.item_rows(read.items),
        )
        await MirrorRepository(work).replace(rows)
        await AccountingCodeService(work).take_from_ledger(mapping.codes(read.accounts))
        await TaxRateService(work).take_from_ledger(mapping.rates(read.tax_rates))
        await ItemService(work).take_from_ledger(mapping.items(read.items))
        await LedgerService(work).rebind()
        counts = {
            "accounts": len(read.accounts),
            "tax_rates": len(read.tax_rates),
            "tracking_categories": len(read.tracking),
            "items": len(read.items),
        }
        await lease.release(work, state="done", finished_at=app_now(), problem=None, counts=counts)
    _logger.info("ledger refreshed", business_id=str(gateway.business_id))


async def _postpone(gateways: XeroGateways, business_id: UUID, lease: Lease, wait: timedelta) -> None:
    async with gateways.database.work(business_id) as work:
        await lease.release(work, state="queued", next_due=app_now() + wait)


async def _fail(gateways: XeroGateways, business_id: UUID, lease: Lease, problem: Problem) -> None:
    async with gateways.database.work(business_id) as work:
        await lease.release(work, state="failed", finished_at=app_now(), problem=problem.as_row())
