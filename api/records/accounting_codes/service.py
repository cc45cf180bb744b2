"""Accounting codes of lines, items and preferences."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Final
from uuid import UUID

from api.identity.lists import RowList
from api.platform.db.reads import STATEMENTS
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid
from api.platform.http.versions import ANY_VERSION, ExpectedVersion
from api.records.accounting_codes.ledger import LedgerCode, compare
from api.records.accounting_codes.models import AccountingCode
from api.records.accounting_codes.repository import AccountingCodeRepository
from api.records.accounting_codes.schemas import (
    AccountingCodeChange,
    AccountingCodeFilter,
    AccountingCodeIn,
    AccountingCodeOut,
)
from api.records.clashes import CodeTaken, refuse_taken
from api.records.content import content_of, revised, write
from api.records.tax_rates.service import TaxRateService

__all__ = [
    "ACCOUNTING_CODES_TABLE",
    "ACCOUNTING_CODE_LIST",
    "AccountingCodeService",
    "AccountingCodeView",
    "LedgerCode",
]

ACCOUNTING_CODES_TABLE: Final = AccountingCode


@dataclass(frozen=True)
class AccountingCodeView:
    """The fields of a code that lines and checks need."""

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

    async def get(self, code_id: UUID) -> AccountingCode:
        """Read one code. Raises NotFound."""
        return await self._codes.get(code_id)

    async def by_code(self) -> dict[str, AccountingCodeView]:
        """All codes of the business by their text."""
        return {row.code: _view(row) for row in await self._codes.all()}

    async def kinds(self, codes: Collection[str]) -> dict[str, str]:
        """The kind (`income` or `expense`) of those codes that the business has."""
        return {code: row.kind for code, row in (await self._codes.by(AccountingCode.code, set(codes))).items()}

    async def create(self, content: AccountingCodeIn) -> AccountingCode:
        """Create a code, unchecked against the ledger. Raises CodeTaken when the business has it, of either kind."""
        await self._check_tax(content)
        await refuse_taken(self._codes, AccountingCode.code, content.code, CodeTaken)
        return await self._codes.add(AccountingCode(**content.model_dump()))

    async def change(
        self, code_id: UUID, change: AccountingCodeChange, expected: ExpectedVersion = ANY_VERSION
    ) -> AccountingCode:
        """Apply a merge-patch. Raises InUse for a new code or kind while something uses the code."""
        row = await self._codes.get(code_id, locked=True)
        await expected.check(AccountingCodeOut, lambda: self.get(code_id))
        before = content_of(AccountingCodeIn, row)
        content = revised(AccountingCodeIn, row, change)
        if (content.kind, content.tax_type) != (before["kind"], before["tax_type"]):
            await self._check_tax(content)
        if (content.code, content.kind) != (before["code"], before["kind"]):
            await self._codes.refuse_used(row)
            await refuse_taken(self._codes, AccountingCode.code, content.code, CodeTaken, owner=row.id)
            row.ledger_state = "unchecked"
        write(row, content)
        return await self._codes.save(row)

    async def delete(self, code_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Delete a code. Raises InUse when a line, an item or a preference uses it."""
        row = await self._codes.get(code_id, locked=True)
        await expected.check(AccountingCodeOut, lambda: self.get(code_id))
        await self._codes.refuse_used(row)
        await self._codes.delete(row)

    async def take_from_ledger(self, codes: Sequence[LedgerCode]) -> None:
        """Add the offered codes that are missing, and compare every other code with `codes`, the whole ledger."""
        accounts = {code.code: code for code in codes}
        rows = await self._codes.all()
        for row in rows:
            compare(row, accounts.get(row.code))
        present = {row.code for row in rows}
        self._work.session.add_all(
            AccountingCode(
                business_id=self._work.business_id,
                code=account.code,
                name=account.name,
                kind=account.kind,
                tax_type=account.tax_type,
                ledger_state="matched",
            )
            for account in accounts.values()
            if account.is_added and account.code not in present
        )
        await self._work.session.flush()

    async def _check_tax(self, content: AccountingCodeIn) -> None:
        if content.tax_type is None:
            return
        rate = (await TaxRateService(self._work).by_type()).get(content.tax_type)
        if rate is None or not rate.active:
            detail = f"There is no tax type {content.tax_type}. List them at /tax-rates."
            raise Invalid(errors=[FieldError("unknown_tax_type", detail, pointer="#/tax_type")])
        if not (rate.for_income if content.kind == "income" else rate.for_expense):
            detail = f"{rate.name} ({rate.tax_type}) cannot be used with an {content.kind} code. Choose another."
            raise Invalid(errors=[FieldError("tax_type_misfit", detail, pointer="#/tax_type")])


ACCOUNTING_CODE_LIST: Final = RowList(
    AccountingCodeOut, AccountingCodeRepository(STATEMENTS).filtered, AccountingCodeFilter(), by=AccountingCode.code
)


def _view(row: AccountingCode) -> AccountingCodeView:
    return AccountingCodeView(**{field.name: getattr(row, field.name) for field in fields(AccountingCodeView)})
