"""Accounting codes of one business."""

from typing import Any

from sqlalchemy import Select, or_, select

from api.platform.db.repository import Repository
from api.records.accounting_codes.models import AccountingCode
from api.records.clashes import columns_named, refuse_held

# Kept as text where they are used: a code the ledger has lost is found by the check, not lost with it.
_HOLDERS = (
    "invoice_lines.accounting_code", "items.sale_code", "items.purchase_code",
    "preferences.default_income_code", "preferences.default_expense_code",
)  # fmt: skip


class AccountingCodeRepository(Repository[AccountingCode]):
    """Income and expense codes."""

    model = AccountingCode

    def chosen(self, kind: str | None, q: str | None) -> Select[*tuple[Any, ...]]:
        """Columns of the codes of a kind whose code or name contains `q`."""
        code = AccountingCode
        columns = (code.id, code.code, code.name, code.kind, code.tax_type, code.ledger_state)
        statement: Select[*tuple[Any, ...]] = select(*columns).where(code.business_id == self.business_id)
        if kind is not None:
            statement = statement.where(code.kind == kind)
        if q is not None:
            found = (column.icontains(q, autoescape=True) for column in (code.code, code.name))
            statement = statement.where(or_(*found))
        return statement

    async def refuse_used(self, row: AccountingCode) -> None:
        """Raise InUse when a line, an item or a preference names this code."""
        await refuse_held(self.session, self.business_id, columns_named(*_HOLDERS), row.code)
