"""API shapes of accounting codes."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from api.platform.http.schemas import CreatedAt, InputModel, OutputModel, UpdatedAt, omissible
from api.platform.ids import PublicId
from api.platform.text import OneLine, Tidy
from api.records.examples import TIMES
from api.records.filters import UpdatedSince
from api.records.text import CodeText, Search, ShortLine

AccountingCodeId = Annotated[UUID, PublicId("acc", "accounting code")]
CodeKind = Literal["income", "expense"]
LedgerState = Literal["unchecked", "matched", "archived", "wrong_type", "missing"]
CodeName = Annotated[str, Field(min_length=1, max_length=150), OneLine, Tidy]

_CODE = "The code in your chart of accounts; unique in the business."
_KIND = "`income` is for customer invoices, `expense` for supplier invoices; a code has one kind."
_NAME = "The name of the code, as in the chart of accounts."
_TAX = "The tax type of lines with this code that have no tax type of their own."
_EXAMPLE: JsonDict = {"code": "200", "name": "Sales", "kind": "income", "tax_type": "OUTPUT2"}


class AccountingCodeIn(InputModel):
    """A new accounting code."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    code: CodeText = Field(description=_CODE)
    name: CodeName = Field(description=_NAME)
    kind: CodeKind = Field(description=_KIND)
    tax_type: ShortLine | None = Field(None, description=_TAX)


class AccountingCodeChange(InputModel):
    """A merge-patch of a code. The next ledger refresh sets name and tax type to those of the ledger."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Sales: plumbing"}]})

    code: CodeText = omissible(_CODE)
    name: CodeName = omissible(_NAME)
    kind: CodeKind = omissible(_KIND)
    tax_type: ShortLine | None = Field(None, description=_TAX)


class AccountingCodeOut(OutputModel):
    """An invoice item code (income) or an order item code (expense)."""

    versioned = frozenset(AccountingCodeIn.model_fields)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"id": "acc_01jeecwz2h6z28dd1fm9d2r7kx", **_EXAMPLE, "ledger_state": "matched", **TIMES}]
        }
    )

    id: AccountingCodeId
    code: str = Field(description=_CODE)
    name: str = Field(description=_NAME)
    kind: CodeKind = Field(description=_KIND)
    tax_type: str | None = Field(description=_TAX)
    ledger_state: LedgerState = Field(description="The result of the last ledger refresh.")
    created_at: CreatedAt
    updated_at: UpdatedAt


@dataclass(frozen=True)
class AccountingCodeFilter:
    """The filters of a list of codes. A code has to match every one."""

    kind: Annotated[CodeKind | None, Query(description="Only codes of this kind.")] = None
    q: Annotated[Search | None, Query(description="Part of the code or the name.")] = None
    updated_since: UpdatedSince = None
