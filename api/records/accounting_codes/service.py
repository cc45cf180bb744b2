"""Keeping the codes that lines are booked to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid
from api.platform.http.paging import Paging, Slice, keyset_page
from api.records.accounting_codes.ledger import LedgerCode, agree
from api.records.accounting_codes.models import AccountingCode
from api.records.accounting_codes.repository import AccountingCodeRepository
from api.records.accounting_codes.schemas import AccountingCodeChange, AccountingCodeIn, CodeKind
from api.records.clashes import CodeTaken, refuse_taken
from api.records.content import content_of, revised, write
from api.records.tax_rates.service import TaxRateService

__all__ = ["AccountingCodeService", "AccountingCodeView", "LedgerCode"]


@dataclass(frozen=True)
class AccountingCodeView:
    """A code as lines and checks see it."""

    code: str
    name: str
    kind: str
    tax_type: str | None
    ledger_state: str


class AccountingCodeService:
    """The accounting codes of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._codes = AccountingCodeRepository(work)

    async def page(self, paging: Paging, kind: CodeKind | None, q: str | None) -> Slice:
        """Codes of a kind whose code or name contains `q`, by code."""
        chosen = self._codes.chosen(kind, q)
        return await keyset_page(self._work.session, chosen, paging, by=AccountingCode.code, tie=AccountingCode.id)

    async def get(self, code_id: UUID) -> AccountingCode:
        """One code, or NotFound."""
        return await self._codes.get(code_id)

    async def by_code(self) -> dict[str, AccountingCodeView]:
        """Every code of the business by its text."""
        return {row.code: _view(row) for row in await self._all()}

    async def kinds(self, codes: Collection[str]) -> dict[str, str]:
        """`income` or `expense` for those of the codes that are here."""
        return {code: row.kind for code, row in (await self._codes.by(AccountingCode.code, set(codes))).items()}

    async def create(self, content: AccountingCodeIn) -> AccountingCode:
        """A new code, not compared with the ledger yet; CodeTaken when it is here, of whichever kind."""
        await self._check_tax(content)
        await refuse_taken(self._codes, AccountingCode.code, content.code, CodeTaken)
        return await self._codes.add(AccountingCode(**content.model_dump()))

    async def change(self, code_id: UUID, change: AccountingCodeChange) -> AccountingCode:
        """Apply a merge-patch; code and kind are fixed while anything uses them."""
        row = await self._codes.get(code_id, locked=True)
        before = content_of(AccountingCodeIn, row)
        content = revised(AccountingCodeIn, row, change)
        if (content.kind, content.tax_type) != (before["kind"], before["tax_type"]):
            await self._check_tax(content)
        if (content.code, content.kind) != (before["code"], before["kind"]):
            await self._codes.refuse_used(row)
            await refuse_taken(self._codes, AccountingCode.code, content.code, CodeTaken, owner=row.id)
            row.ledger_state = "unchecked"
        write(row, content)
        await self._work.session.flush()
        return row

    async def delete(self, code_id: UUID) -> None:
        """Remove a code that no line, item or preference names; otherwise InUse."""
        row = await self._codes.get(code_id, locked=True)
        await self._codes.refuse_used(row)
        await self._codes.delete(row)

    async def take_from_ledger(self, codes: Sequence[LedgerCode]) -> None:
        """Add the offered codes that are not here, and note on every other what the whole of `codes` says of it."""
        found = {code.code: code for code in codes}
        rows = await self._all()
        for row in rows:
            agree(row, found.get(row.code))
        here = {row.code for row in rows}
        self._work.session.add_all(
            AccountingCode(
                business_id=self._work.business_id, code=new.code, name=new.name, kind=new.kind, tax_type=new.tax_type,
                ledger_state="matched",
            )
            for new in found.values()
            if new.is_news and new.code not in here
        )  # fmt: skip
        await self._work.session.flush()

    async def _all(self) -> Sequence[AccountingCode]:
        rows: Sequence[AccountingCode] = (await self._work.session.execute(self._codes.rows())).scalars().all()
        return rows

    async def _check_tax(self, content: AccountingCodeIn) -> None:
        if content.tax_type is None:
            return
        rate = (await TaxRateService(self._work).by_type()).get(content.tax_type)
        if rate is None or not rate.active:
            detail = f"There is no tax type {content.tax_type}. List them at /tax-rates."
            raise Invalid(errors=[FieldError("unknown_tax_type", detail, pointer="#/tax_type")])
        if not (rate.for_income if content.kind == "income" else rate.for_expense):
            detail = f"{rate.name} ({rate.tax_type}) cannot stand beside an {content.kind} code. Choose another."
            raise Invalid(errors=[FieldError("tax_type_misfit", detail, pointer="#/tax_type")])


def _view(row: AccountingCode) -> AccountingCodeView:
    return AccountingCodeView(**{field.name: getattr(row, field.name) for field in fields(AccountingCodeView)})
