"""Accounts of the ledger, and the state that they give to our codes."""

from dataclasses import dataclass
from typing import Literal

from api.records.accounting_codes.models import AccountingCode
from api.records.accounting_codes.schemas import CodeKind


@dataclass(frozen=True)
class LedgerCode:
    """An account of the ledger. `kind` is None when no line can have it; `offered` accounts are added automatically."""

    code: str
    name: str
    kind: CodeKind | None
    tax_type: str | None
    state: Literal["active", "archived"]
    offered: bool = True

    @property
    def is_added(self) -> bool:
        """Whether a ledger refresh adds the code to a business that does not have it."""
        return self.offered and self.kind is not None and self.state == "active"


def compare(row: AccountingCode, account: LedgerCode | None) -> None:
    """Write the ledger's state, name and tax type to our code. The kind of our code never changes."""
    if account is None:
        row.ledger_state = "missing"
    elif account.state == "archived":
        row.ledger_state = "archived"
    elif account.kind != row.kind:
        row.ledger_state = "wrong_type"
    else:
        row.ledger_state, row.name, row.tax_type = "matched", account.name, account.tax_type
