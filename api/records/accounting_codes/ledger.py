"""What a code is in the ledger, and what that makes of ours."""

from dataclasses import dataclass
from typing import Literal

from api.records.accounting_codes.models import AccountingCode
from api.records.accounting_codes.schemas import CodeKind


@dataclass(frozen=True)
class LedgerCode:
    """An account of the ledger; `kind` is None when lines can never carry it, `offered` when it comes unasked."""

    code: str
    name: str
    kind: CodeKind | None
    tax_type: str | None
    state: Literal["active", "archived"]
    offered: bool = True

    @property
    def is_news(self) -> bool:
        """Whether a business that lacks it gets it."""
        return self.offered and self.kind is not None and self.state == "active"


def agree(row: AccountingCode, found: LedgerCode | None) -> None:
    """Note on our code what the ledger says of it; its kind is ours and stays."""
    if found is None:
        row.ledger_state = "missing"
    elif found.state == "archived":
        row.ledger_state = "archived"
    elif found.kind != row.kind:
        row.ledger_state = "wrong_type"
    else:
        row.ledger_state, row.name, row.tax_type = "matched", found.name, found.tax_type
