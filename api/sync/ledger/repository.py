"""The mirror of one business's organisation, its refreshes, and the businesses whose refresh is due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import app_now, is_in_future
from api.platform.db.base import Owned
from api.platform.db.lease import Lease, LeaseTiming, is_free, take
from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.platform.http.paging import Paging, Slice, keyset_page
from api.platform.ids import uuid7
from api.sync.connections.service import connected_businesses
from api.sync.ledger.models import (
    LedgerAccount,
    LedgerItem,
    LedgerOrganisation,
    LedgerRefresh,
    LedgerTaxRate,
    LedgerTrackingCategory,
)
from api.sync.ledger.rows import MirrorRows

REFRESH_EVERY = timedelta(days=1)
# Exports wait for the first refresh, so one that failed is repeated sooner.
RETRY_AFTER = timedelta(minutes=5)
M = TypeVar("M", bound=Owned)


class UnknownRefresh(NotFound):
    code, title = "unknown_refresh", "There is no such refresh"


class LedgerRefreshRepository(Repository[LedgerRefresh]):
    """At most one of them is open."""

    model = LedgerRefresh
    missing = UnknownRefresh

    async def open(self) -> LedgerRefresh | None:
        """The refresh that is queued or running."""
        statement = self.rows().where(LedgerRefresh.state.in_(("queued", "running")))
        row: LedgerRefresh | None = (await self.session.execute(statement)).scalar_one_or_none()
        return row

    async def open_new(self) -> None:
        """Open a refresh that is due now; nothing happens if one is open."""
        values = {
            "id": uuid7(),
            "business_id": self.business_id,
            "state": "queued",
            "counts": {},
            "next_due": app_now(),
            "created_at": app_now(),
            "fence": 0,
        }
        await self.session.execute(insert(LedgerRefresh).values(values).on_conflict_do_nothing())

    async def claim(self, timing: LeaseTiming) -> Lease | None:
        """The lease on the open refresh, if it is due and no other worker has it."""
        refresh = await self.open()
        if refresh is None:
            return None
        row = LedgerRefresh.id == refresh.id
        return await take(self.work, LedgerRefresh, row, timing, _due(), state="running")

    async def is_fresh(self, connected_at: datetime) -> bool:
        """Whether a refresh of the connection since then is new enough, or failed just now."""
        statement = self.rows().where(_fresh(), LedgerRefresh.created_at >= connected_at).limit(1)
        return (await self.session.execute(statement)).first() is not None


class MirrorRepository:
    """What the organisation of one business has."""

    def __init__(self, work: UnitOfWork) -> None:
        self._session = work.session
        self._business_id = work.business_id

    async def replace(self, rows: MirrorRows) -> None:
        """Replace the whole mirror."""
        tables: dict[type[Owned], Sequence[Mapping[str, object]]] = {
            LedgerOrganisation: [rows.organisation],
            LedgerAccount: rows.accounts,
            LedgerTaxRate: rows.tax_rates,
            LedgerTrackingCategory: rows.tracking_categories,
            LedgerItem: rows.items,
        }
        for model in tables:
            await self._session.execute(delete(model).where(model.business_id == self._business_id))
        for model, present in tables.items():
            if present:
                own = [{"id": uuid7(), "business_id": self._business_id, **row} for row in present]
                await self._session.execute(insert(model), own)

    async def all(self, model: type[M]) -> Sequence[M]:
        """Every row of one table of the mirror."""
        rows: Sequence[M] = (await self._session.execute(self._own(model, model))).scalars().all()
        return rows

    async def organisation(self, organisation_id: UUID) -> LedgerOrganisation | None:
        """The organisation, if the mirror is of this one."""
        own = self._own(LedgerOrganisation, LedgerOrganisation)
        statement = own.where(LedgerOrganisation.organisation_id == organisation_id)
        row: LedgerOrganisation | None = (await self._session.execute(statement)).scalar_one_or_none()
        return row

    async def short_code(self) -> str | None:
        """The organisation's code in the addresses of Xero's pages."""
        statement = self._own(LedgerOrganisation, LedgerOrganisation.short_code)
        code: str | None = (await self._session.execute(statement)).scalar_one_or_none()
        return code

    async def category(self, category_id: str) -> LedgerTrackingCategory | None:
        """One tracking category, active or not."""
        own = self._own(LedgerTrackingCategory, LedgerTrackingCategory)
        statement = own.where(LedgerTrackingCategory.category_id == category_id)
        row: LedgerTrackingCategory | None = (await self._session.execute(statement)).scalar_one_or_none()
        return row

    async def accounts(self, paging: Paging, types: Collection[str]) -> Slice:
        """List the accounts of these types that a line can be booked to, by code."""
        account = LedgerAccount
        columns = (account.id, account.account_id, account.code, account.name, account.type, account.tax_type)
        statement = self._own(account, *columns).where(
            account.type.in_(types), account.status == "ACTIVE", account.is_system.is_(False), account.code != ""
        )
        return await keyset_page(self._session, statement, paging, by=account.code, tie=account.id)

    async def tax_rates(self, paging: Paging) -> Slice:
        """List the active tax rates by name."""
        rate = LedgerTaxRate
        columns = (rate.id, rate.tax_type, rate.name, rate.rate, rate.applies_to)
        statement = self._own(rate, *columns).where(rate.status == "ACTIVE")
        return await keyset_page(self._session, statement, paging, by=rate.name, tie=rate.id)

    async def tracking_categories(self, paging: Paging) -> Slice:
        """List the active tracking categories by name."""
        category = LedgerTrackingCategory
        columns = (category.id, category.category_id, category.name, category.options)
        statement = self._own(category, *columns).where(category.status == "ACTIVE")
        return await keyset_page(self._session, statement, paging, by=category.name, tie=category.id)

    async def items(self, paging: Paging) -> Slice:
        """List the items by code."""
        item = LedgerItem
        statement = self._own(item, item.id, item.code, item.name, item.is_tracked)
        return await keyset_page(self._session, statement, paging, by=item.code, tie=item.id)

    def _own(self, model: type[Owned], *columns: Any) -> Select[*tuple[Any, ...]]:
        statement: Select[*tuple[Any, ...]] = select(*columns)
        return statement.where(model.business_id == self._business_id)


async def businesses_due(work: UnitOfWork, timing: LeaseTiming, limit: int) -> Sequence[UUID]:
    """Businesses with an open refresh that is due and that nobody works on, or connected without a fresh one."""
    open_ones = select(LedgerRefresh.business_id).where(
        LedgerRefresh.state.in_(("queued", "running")), _due(), is_free(LedgerRefresh, timing)
    )
    connected = connected_businesses()
    fresh = select(LedgerRefresh.id).where(
        LedgerRefresh.business_id == connected.c.business_id,
        LedgerRefresh.created_at >= connected.c.connected_at,
        _fresh(),
    )
    stale = select(connected.c.business_id).where(~fresh.exists())
    return (await work.session.execute(open_ones.union(stale).limit(limit))).scalars().all()


def _due() -> ColumnElement[bool]:
    return or_(LedgerRefresh.next_due <= app_now(), is_in_future(LedgerRefresh.updated_at))


def _fresh() -> ColumnElement[bool]:
    since = case((LedgerRefresh.state == "failed", app_now() - RETRY_AFTER), else_=app_now() - REFRESH_EVERY)
    return LedgerRefresh.created_at > since
