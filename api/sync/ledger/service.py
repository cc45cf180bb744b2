"""What the organisation has: reading the mirror, asking for a refresh, binding cost centers to it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.platform.http.paging import Paging, Slice
from api.platform.problems import Problem
from api.records.cost_centers.service import Binding, CostCenterService
from api.records.items.service import item_key
from api.records.preferences.service import PreferencesService
from api.sync.budgets.service import is_day_short
from api.sync.connections.service import ConnectionService, LastSyncOut
from api.sync.ledger.matching import Bound, Option, bind
from api.sync.ledger.models import (
    LedgerAccount,
    LedgerAction,
    LedgerCurrency,
    LedgerItem,
    LedgerOrganisation,
    LedgerRefresh,
    LedgerTaxRate,
    LedgerTrackingCategory,
)
from api.sync.ledger.parts import (
    BESIDE,
    CONTRADICTED,
    LEDGER,
    WATCHED,
    WATCHED_EVERY,
    Part,
    contradicted,
    too_old,
)
from api.sync.ledger.refreshes.repository import LedgerRefreshRepository
from api.sync.ledger.repository import MirrorRepository
from api.sync.ledger.rows import OptionRow
from api.sync.ledger.schemas import MatchOut
from api.sync.ledger.snapshot import AccountView, ItemView, LedgerSnapshot, LedgerTaxRateView
from api.xero.limits import Ceilings

Kind = Literal["income", "expense"]
__all__ = [
    "CONTRADICTED",
    "KIND_OF_TYPE",
    "LEDGER",
    "LEDGER_TABLES",
    "AccountView",
    "ItemView",
    "LedgerService",
    "LedgerSnapshot",
    "LedgerTaxRateView",
    "Option",
    "Part",
    "bind",
    "contradicted",
    "last_reads",
]

LEDGER_TABLES: Final = (
    LedgerOrganisation,
    LedgerAccount,
    LedgerTaxRate,
    LedgerTrackingCategory,
    LedgerItem,
    LedgerCurrency,
    LedgerAction,
)
OFFERED: dict[Kind, tuple[str, ...]] = {"income": ("REVENUE",), "expense": ("DIRECTCOSTS",)}
POSSIBLE: dict[Kind, tuple[str, ...]] = {
    "income": ("REVENUE", "SALES", "OTHERINCOME"),
    "expense": ("DIRECTCOSTS", "EXPENSE", "OVERHEADS"),
}
KIND_OF_TYPE: dict[str, Kind] = {account_type: kind for kind, types in POSSIBLE.items() for account_type in types}


class LedgerService:
    """The mirror of the business at work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._business_id = work.business_id
        self._refreshes = LedgerRefreshRepository(work)
        self._mirror = MirrorRepository(work)

    async def start_refresh(self) -> LedgerRefresh:
        """Ask for a refresh; the one under way is returned when there is one."""
        await ConnectionService(self._work).require_live()
        await self.renew(LEDGER)
        open_one = await self._refreshes.open()
        if open_one is None:
            raise NotFound
        return open_one

    async def renew(self, parts: Collection[Part]) -> None:
        """Have these parts read again soon."""
        if parts:
            await self._refreshes.open_new(parts)
            self._work.wake_after_commit("ledger.refresh", self._business_id)

    async def freshen(
        self, organisation_id: UUID, connected_at: datetime, among: Collection[Part], ceilings: Ceilings
    ) -> bool:
        """Have those of these parts read that are too old to be compared; whether there are any.

        After a refresh that failed they are used as they are, for a minute.
        """
        read_at, instant = await self.read_at(organisation_id), await self._work.now()
        old = too_old(read_at, instant).intersection(among)
        failure = await self._refreshes.failure(connected_at) if old else None
        if not old or (failure is not None and failure[1]):
            return False
        if old <= await self._refreshes.parts():
            return True
        if await is_day_short(self._work, organisation_id, ceilings):
            old &= too_old(read_at, instant, is_day_short=True)
        await self.renew(old)
        return bool(old)

    async def failure(self, connected_at: datetime) -> Problem | None:
        """Why the last refresh of the connection failed; None if it did not fail, or the next one has begun."""
        failure = await self._refreshes.failure(connected_at)
        return failure[0] if failure is not None else None

    async def is_being_read(self, among: Collection[Part], *, within: timedelta | None = None) -> bool:
        """Whether any of these parts is being read, or will be: within this time, or whenever Xero allows it."""
        return not (await self._refreshes.parts(due_within=within)).isdisjoint(among)

    async def read_at(self, organisation_id: UUID) -> dict[Part, datetime]:
        """When each part was last read from this organisation, by the database's clock."""
        return await self._mirror.read_at(organisation_id)

    async def open_when_due(self, connected_at: datetime) -> None:
        """Open a refresh if none was done since the connection was made, or for a while although invoices wait.

        Contacts and documents are read as soon as an invoice waits.
        """
        refreshes, waits = self._refreshes, await self._refreshes.is_waited_for()
        if not await refreshes.has_new(connected_at, None):
            await refreshes.open_new((*LEDGER, *BESIDE) if waits else LEDGER)
        elif waits and not await refreshes.has_new(connected_at, WATCHED_EVERY):
            await refreshes.open_new(WATCHED)
        elif waits and not await refreshes.has_new(connected_at, None, reading=BESIDE):
            await refreshes.open_new(BESIDE)

    async def refresh(self, refresh_id: UUID) -> LedgerRefresh:
        """One refresh."""
        return await self._refreshes.get(refresh_id)

    async def accounts(self, paging: Paging, *, kind: Kind | None, everything: bool) -> Slice:
        """Accounts for invoice lines: the usual types, or every fitting one."""
        types = POSSIBLE if everything else OFFERED
        wanted = types[kind] if kind else tuple(account_type for kinds in types.values() for account_type in kinds)
        return await self._mirror.accounts(paging, wanted)

    async def tax_rates(self, paging: Paging) -> Slice:
        """Active tax rates."""
        return await self._mirror.tax_rates(paging)

    async def tracking_categories(self, paging: Paging) -> Slice:
        """Active tracking categories with their options."""
        return await self._mirror.tracking_categories(paging)

    async def items(self, paging: Paging) -> Slice:
        """The catalogue in Xero."""
        return await self._mirror.items(paging)

    async def short_code(self) -> str | None:
        """What addresses inside Xero's screens need, once it is known."""
        return await self._mirror.short_code()

    async def snapshot(self, organisation_id: UUID) -> LedgerSnapshot | None:
        """The mirror of this organisation as one value; None while it is still another one's, or nobody's."""
        organisation = await self._mirror.organisation(organisation_id)
        if organisation is None:
            return None
        accounts = await self._mirror.all(LedgerAccount)
        rates = await self._mirror.all(LedgerTaxRate)
        categories = await self._mirror.all(LedgerTrackingCategory)
        items = await self._mirror.all(LedgerItem)
        return LedgerSnapshot(
            organisation_id=organisation.organisation_id,
            name=organisation.name,
            short_code=organisation.short_code,
            base_currency=organisation.base_currency,
            period_lock_date=organisation.period_lock_date,
            year_lock_date=organisation.year_lock_date,
            plan=organisation.plan,
            pays_tax=organisation.pays_tax,
            currencies=frozenset(row.code for row in await self._mirror.all(LedgerCurrency)),
            actions={row.name: row.is_allowed for row in await self._mirror.all(LedgerAction)},
            accounts={
                row.code: AccountView(
                    row.code, row.name, row.type, row.account_class, row.status, row.tax_type, row.system_account
                )
                for row in accounts
                if row.code
            },
            tax_rates={
                row.tax_type: LedgerTaxRateView(row.tax_type, row.name, row.rate, row.status, frozenset(row.applies_to))
                for row in rates
            },
            categories={row.category_id: _options(row.options) for row in categories if row.status == "ACTIVE"},
            category_names={row.category_id: row.name for row in categories},
            items={item_key(row.code): ItemView(row.code, row.is_tracked) for row in items},
        )

    async def rebind(self, *, fix_spelling: bool = False) -> list[MatchOut]:
        """Bind every cost center again; `fix_spelling` gives ours Xero's spelling where it is certain."""
        options = await self._chosen_options()
        centers = CostCenterService(self._work)
        bindings: dict[UUID, Binding] = {}
        matches: list[MatchOut] = []
        all_of_them = await centers.all()
        names = {center.name for center in all_of_them}
        for center in all_of_them:
            bound = bind(center.name, center.option_id, options)
            name, renamed = center.name, False
            # A spelling that another of ours has already cannot be given to this one as well.
            may_rename = bound.match == "matched" or bound.is_certain
            if fix_spelling and may_rename and bound.option_name and bound.option_name not in names:
                corrected = bind(bound.option_name, center.option_id, options)
                if corrected.match == "matched":
                    await centers.rename(center.id, bound.option_name)
                    names.add(bound.option_name)
                    name, bound, renamed = bound.option_name, corrected, True
            bindings[center.id] = _binding(bound)
            matches.append(
                MatchOut(
                    cost_center_id=center.id,
                    name=name,
                    match=bound.match,
                    option_name=bound.option_name,
                    renamed=renamed,
                )
            )
        await centers.bind(bindings)
        return matches

    async def _chosen_options(self) -> Sequence[Option] | None:
        category_id = (await PreferencesService(self._work).current()).tracking_category_id
        if category_id is None:
            return None
        category = await self._mirror.category(category_id)
        return _options(category.options) if category is not None else None


async def last_reads(work: UnitOfWork) -> list[LastSyncOut]:
    """When each part was last read, for the connection; none of an organisation that is not connected."""
    organisation_id = await ConnectionService(work).known_organisation()
    read_at = await MirrorRepository(work).read_at(organisation_id) if organisation_id is not None else {}
    return [LastSyncOut.model_validate({"kind": part, "at": read_at.get(part), "next_at": None}) for part in Part]


def _options(stored: Sequence[OptionRow]) -> tuple[Option, ...]:
    return tuple(Option(option["id"], option["name"], option["status"] == "ACTIVE") for option in stored)


def _binding(bound: Bound) -> Binding:
    return Binding(match=bound.match, option_id=bound.option_id, option_name=bound.option_name)
