"""One refresh: take its lease, read its parts from Xero with no transaction open, store the ledger in one commit."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from api.platform.clock import app_now
from api.platform.db.lease import Lease, LeaseLost, renewing
from api.platform.log import get_logger
from api.platform.problems import Problem
from api.records.accounting_codes.service import AccountingCodeService
from api.records.items.service import ItemService
from api.records.tax_rates.service import TaxRateService
from api.sync.connections.service import XeroGateway, XeroGateways, note_answer, note_loss, note_silence
from api.sync.contacts.service import read_changes
from api.sync.documents.service import PAGES_OF_A_TURN, DocumentService, read_on
from api.sync.ledger import mapping
from api.sync.ledger.parts import LEDGER, Part
from api.sync.ledger.problems import not_connected, refused_by_xero
from api.sync.ledger.refreshes.repository import ALL_PARTS, LedgerRefreshRepository, with_parts
from api.sync.ledger.repository import MirrorRepository
from api.sync.ledger.rows import MirrorRows
from api.sync.ledger.service import LedgerService
from api.xero.client import XeroClient
from api.xero.errors import XeroBusy, XeroDisconnected, XeroError, XeroRejected
from api.xero.wire import Account, Item, Organisation, TaxRate, TrackingCategory
from api.xero.wire_settings import Action, Currency

E = TypeVar("E")
_logger = get_logger("jobtally.ledger")


@dataclass(frozen=True)
class _Read:
    """What one refresh reads of the ledger; None for a part that it does not read."""

    organisation: Organisation | None
    actions: tuple[Action, ...] | None
    currencies: tuple[Currency, ...] | None
    accounts: tuple[Account, ...] | None
    tax_rates: tuple[TaxRate, ...] | None
    tracking: tuple[TrackingCategory, ...] | None
    items: tuple[Item, ...] | None

    @property
    def counts(self) -> dict[str, int]:
        """The number of elements, by list."""
        lists = {
            "accounts": self.accounts,
            "tax_rates": self.tax_rates,
            "tracking_categories": self.tracking,
            "items": self.items,
            "currencies": self.currencies,
        }
        return {name: len(elements) for name, elements in lists.items() if elements is not None}


async def run_refresh(gateways: XeroGateways, business_id: UUID) -> None:
    """Finish the open refresh of a business; nothing happens if it is not due or if another worker has it."""
    gateway = await gateways.open(business_id, although_held=True)
    async with gateways.database.work(business_id) as work:
        if gateway is not None:
            await LedgerService(work).open_when_due(gateway.connected_at)
        claimed = await LedgerRefreshRepository(work).claim(gateways.timing.lease)
    if claimed is None:
        return
    lease, parts = claimed
    try:
        async with renewing(gateways.database, business_id, lease):
            await _run(gateways, gateway, business_id, lease, parts)
    except LeaseLost:
        _logger.warning("ledger refresh was taken over by another worker", business_id=str(business_id))
    except Exception:
        await _postpone(gateways, business_id, lease, gateways.timing.ledger_retry_wait)
        raise


async def _run(
    gateways: XeroGateways, gateway: XeroGateway | None, business_id: UUID, lease: Lease, parts: frozenset[Part]
) -> None:
    if gateway is None:
        await _fail(gateways, business_id, lease, not_connected())
        return
    try:
        await _refresh(gateway, lease, parts)
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
        await note_answer(gateway)


async def _refresh(gateway: XeroGateway, lease: Lease, parts: frozenset[Part]) -> None:
    if not gateway.has_ledger:  # what another organisation has is not kept beside
        parts |= set(LEDGER)
    started_at = await gateway.now()
    read = await _read(gateway.client(), parts)
    if not parts.isdisjoint(LEDGER):
        await _store(gateway, lease, read, parts.intersection(LEDGER), started_at)
    if Part.CONTACTS in parts:
        await read_changes(gateway)
    is_known = Part.DOCUMENTS in parts and await read_on(gateway, max_pages=PAGES_OF_A_TURN)
    async with gateway.work() as work:
        await lease.guard(work)
        beside = [Part.CONTACTS] * (Part.CONTACTS in parts) + [Part.DOCUMENTS] * is_known
        await MirrorRepository(work).note_read(gateway.organisation_id, beside, started_at)
        is_unfinished = Part.DOCUMENTS in parts and await DocumentService(work).is_unfinished(gateway.organisation_id)
        rest = {Part.DOCUMENTS} if is_unfinished else set()  # there are more than a turn reads
        if rest or await LedgerRefreshRepository(work).parts_asked_for():  # it may be newer
            await lease.release(work, state="queued", next_due=app_now(), parts=with_parts(rest), counts=read.counts)
            work.wake_after_commit("ledger.refresh", gateway.business_id)
        else:
            await lease.release(work, state="done", finished_at=app_now(), problem=None, counts=read.counts)
        work.wake_after_commit("invoices.check", gateway.business_id)
        work.wake_after_commit("exports.drain", gateway.business_id)
    _logger.info("refreshed", business_id=str(gateway.business_id), parts=sorted(parts))


async def _read(client: XeroClient, parts: frozenset[Part]) -> _Read:
    return _Read(
        organisation=await client.organisation() if Part.ORGANISATION in parts else None,
        actions=await _unless_refused(client.actions()) if Part.ACTIONS in parts else None,
        currencies=await _unless_refused(client.currencies()) if Part.CURRENCIES in parts else None,
        accounts=await client.accounts() if Part.ACCOUNTS in parts else None,
        tax_rates=await client.tax_rates() if Part.TAX_RATES in parts else None,
        tracking=await client.tracking_categories() if Part.TRACKING in parts else None,
        items=await client.items() if Part.ITEMS in parts else None,
    )


async def _unless_refused(reading: Awaitable[tuple[E, ...]]) -> tuple[E, ...] | None:
    """What is read, or None: the ledger can be used without it."""
    try:
        return await reading
    except XeroRejected as refused:
        _logger.info("not read", error=str(refused))
        return None


async def _store(gateway: XeroGateway, lease: Lease, read: _Read, parts: frozenset[Part], started_at: datetime) -> None:
    async with gateway.work() as work:
        await lease.guard(work)
        await MirrorRepository(work).replace(_rows(gateway.organisation_id, read))
        if read.accounts is not None:
            await AccountingCodeService(work).take_from_ledger(mapping.codes(read.accounts))
        if read.tax_rates is not None:
            await TaxRateService(work).take_from_ledger(mapping.rates(read.tax_rates))
        if read.items is not None:
            await ItemService(work).take_from_ledger(mapping.items(read.items))
        if read.tracking is not None:
            await LedgerService(work).rebind()
        await MirrorRepository(work).note_read(gateway.organisation_id, parts, started_at)


def _rows(organisation_id: UUID, read: _Read) -> MirrorRows:
    return MirrorRows(
        organisation=mapping.organisation_row(read.organisation, organisation_id) if read.organisation else None,
        accounts=None if read.accounts is None else mapping.account_rows(read.accounts),
        tax_rates=None if read.tax_rates is None else mapping.tax_rate_rows(read.tax_rates),
        tracking_categories=None if read.tracking is None else mapping.tracking_rows(read.tracking),
        items=None if read.items is None else mapping.item_rows(read.items),
        currencies=None if read.currencies is None else mapping.currency_rows(read.currencies),
        actions=None if read.actions is None else mapping.action_rows(read.actions),
    )


async def _postpone(gateways: XeroGateways, business_id: UUID, lease: Lease, wait: timedelta) -> None:
    async with gateways.database.work(business_id) as work:
        again = {"parts": ALL_PARTS, "reading": []}
        await lease.release(work, state="queued", next_due=app_now() + wait, **again)


async def _fail(gateways: XeroGateways, business_id: UUID, lease: Lease, problem: Problem) -> None:
    async with gateways.database.work(business_id) as work:
        await lease.release(work, state="failed", finished_at=app_now(), problem=problem.as_row())
