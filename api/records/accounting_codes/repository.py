"""Accounting codes of one business."""

from typing import Any

from sqlalchemy import Select, or_, select

from api.platform.db.repository import Repository
from api.records.accounting_codes.models import AccountingCode
from api.records.accounting_codes.schemas import AccountingCodeFilter
from api.records.clashes import refuse_referenced
from api.records.repository import columns_named, conditions
from api.records.text import containing

# These columns store the code as text, so that a code that the ledger no longer has stays visible to the checks.
_REFERRING_COLUMNS = (
    "invoice_lines.accounting_code",
    "items.sale_code",
    "items.purchase_code",
    "preferences.default_income_code",
    "preferences.default_expense_code",
)


class AccountingCodeRepository(Repository[AccountingCode]):
    """Rows of `accounting_codes`."""

    model = AccountingCode

    def filtered(self, wanted: AccountingCodeFilter) -> Select[*tuple[Any, ...]]:
        """Select the codes that match the filters."""
        code = AccountingCode
        columns = (code.id, code.code, code.name, code.kind, code.tax_type, code.ledger_state)
        statement: Select[*tuple[Any, ...]] = select(*columns, code.created_at, code.updated_at).where(
            code.business_id == self.business_id,
            *conditions(code, kind=wanted.kind, updated_since=wanted.updated_since),
        )
        if wanted.q is not None:
            matches = (column.ilike(containing(wanted.q)) for column in (code.code, code.name))
            statement = statement.where(or_(*matches))
        return statement

    async def refuse_used(self, row: AccountingCode) -> None:
        """Raise InUse when a line, an item or a preference uses this code."""
        await refuse_referenced(self.work, columns_named(*_REFERRING_COLUMNS), row.code)
