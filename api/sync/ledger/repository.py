"""The mirror of one business's organisation."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    Select,
    delete,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from api.platform.db.base import Owned
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice, keyset_page
from api.platform.ids import uuid7
from api.sync.ledger.models import (
    LedgerAccount,
    LedgerAction,
    LedgerCurrency,
    LedgerItem,
    LedgerOrganisation,
    LedgerTaxRate,
    LedgerTrackingCategory,
    MirrorRead,
)
from api.sync.ledger.parts import Part
from api.sync.ledger.rows import MirrorRows

M = TypeVar("M", bound=Owned)


class MirrorRepository:
    """What the organisation of one business has."""

    def __init__(self, work: UnitOfWork) -> None:
        self._session = work.session
        self._business_id = work.business_id

    async def replace(self, rows: MirrorRows) -> None:
        """Replace the parts that were read. One that is as before is not written, so that nothing is checked again."""
        tables: dict[type[Owned], Sequence[Mapping[str, object]] | None] = {
            LedgerOrganisation: None if rows.organisation is None else [rows.organisation],
            LedgerAccount: rows.accounts,
            LedgerTaxRate: rows.tax_rates,
            LedgerTrackingCategory: rows.tracking_categories,
            LedgerItem: rows.items,
            LedgerCurrency: rows.currencies,
            LedgerAction: rows.actions,
        }
        for model, read in tables.items():
            if read is not None and not await self._has(model, read):
                await self._session.execute(delete(model).where(model.business_id == self._business_id))
                if read:
                    own = [{"id": uuid7(), "business_id": self._business_id, **row} for row in read]
                    await self._session.execute(insert(model), own)

    async def _has(self, model: type[Owned], read: Sequence[Mapping[str, object]]) -> bool:
        """Whether the table has exactly these rows. Their first column tells them apart."""
        if not read:
            return not await self.all(model)
        key, *_ = names = list(read[0])
        stored = (await self._session.execute(self._own(model, *(getattr(model, name) for name in names)))).mappings()
        return {row[key]: dict(row) for row in stored} == {row[key]: dict(row) for row in read}

    async def note_read(self, organisation_id: UUID, parts: Collection[Part], instant: datetime) -> None:
        """Note that these parts were read from this organisation at this instant."""
        values = {"organisation_id": organisation_id, "read_at": instant}
        rows = [{"business_id": self._business_id, "part": str(part), **values} for part in parts]
        if rows:
            statement = insert(MirrorRead).values(rows)
            await self._session.execute(
                statement.on_conflict_do_update(index_elements=["business_id", "part"], set_=values)
            )

    async def read_at(self, organisation_id: UUID) -> dict[Part, datetime]:
        """When each part was last read from this organisation; a part that never was is left out."""
        statement = select(MirrorRead.part, MirrorRead.read_at).where(
            MirrorRead.business_id == self._business_id, MirrorRead.organisation_id == organisation_id
        )
        return {Part(row.part): row.read_at for row in await self._session.execute(statement)}

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
            account.type.in_(types), account.status == "ACTIVE", account.system_account.is_(None), account.code != ""
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
