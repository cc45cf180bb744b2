"""API schemas of the ledger mirror."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.platform.http.schemas import CreatedAt, OutputModel, ProblemOut
from api.platform.ids import PublicId
from api.records.money import TaxPercentOut

RefreshId = Annotated[UUID, PublicId("led", "refresh")]


class RefreshOut(OutputModel):
    """One reading of the organisation's reference data; ask again until `state` is `done` or `failed`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "led_01jeecwz2h6z28dd1fm9d2r7kx",
                    "state": "running",
                    "counts": {"accounts": 71, "tax_rates": 9},
                    "problem": None,
                    "created_at": "2026-11-24T20:40:00Z",
                    "finished_at": None,
                    "poll_after_ms": 1000,
                }
            ]
        }
    )

    id: RefreshId
    state: Literal["queued", "running", "done", "failed"] = Field(
        description="`queued`, `running`, `done` or `failed`."
    )
    counts: dict[str, int] = Field(description="The number of rows that were read, by kind.")
    problem: ProblemOut | None = Field(description="Why it failed; null otherwise.")
    created_at: CreatedAt
    finished_at: datetime | None = Field(description="When it was finished: an instant in UTC; null before.")
    poll_after_ms: int | None = Field(description="Milliseconds after which to ask again; null when it is finished.")


class AccountOut(OutputModel):
    """An account of the ledger (Xero) that an invoice line may have."""

    account_id: UUID = Field(
        description="Xero's own id of the account.", examples=["a4f4b1c6-58ed-4a8c-8f54-0c86d8a5c8b1"]
    )
    code: str = Field(description="The code in the chart of accounts.", examples=["200"])
    name: str = Field(description="The name of the account.", examples=["Sales"])
    type: str = Field(description="Xero's own account type, such as REVENUE or DIRECTCOSTS.", examples=["REVENUE"])
    kind: Literal["income", "expense"] | None = Field(
        description="For which lines: `income` or `expense`; null: an account that is seldom used on invoices."
    )
    tax_type: str | None = Field(
        description="The tax type of lines with this account that have none of their own.", examples=["OUTPUT2"]
    )


class TrackingOptionOut(OutputModel):
    """One option of a category."""

    id: str = Field(description="Xero's own id of the option.", examples=["1f3b7a52-0c9e-4d61-9c55-2b7f3a1d9e10"])
    name: str = Field(description="The name of the option.", examples=["Wellington"])
    status: str = Field(description="Xero's own status, such as ACTIVE or ARCHIVED.", examples=["ACTIVE"])


class TrackingCategoryOut(OutputModel):
    """An active tracking category with its options."""

    category_id: str = Field(
        description="Xero's own id of the category.", examples=["7c2d9f64-3b1a-4e0f-8a77-5d6e0b9c4f21"]
    )
    name: str = Field(description="The name of the category.", examples=["Region"])
    options: list[TrackingOptionOut] = Field(description="The options of the category.")


class LedgerTaxRateOut(OutputModel):
    """A tax rate of the organisation, in percent."""

    tax_type: str = Field(description="Xero's own name of the rate.", examples=["OUTPUT2"])
    name: str = Field(description="The name of the rate.", examples=["15% GST on Income"])
    rate: TaxPercentOut = Field(description="The rate in percent.", examples=["15.0000"])
    for_income: bool = Field(description="Whether lines with an income code may have it.", examples=[True])
    for_expense: bool = Field(description="Whether lines with an expense code may have it.", examples=[False])


class LedgerItemOut(OutputModel):
    """An item in the ledger (Xero)."""

    code: str = Field(description="The code of the item in Xero.", examples=["CYL-180"])
    name: str = Field(description="The name of the item in Xero.", examples=["Hot-water cylinder 180 l"])
    is_tracked: bool = Field(
        description="Whether Xero counts the stock of it: an invoice line with its code changes the stock.",
        examples=[False],
    )


class MatchOut(OutputModel):
    """A cost center and the tracking option that it belongs to."""

    cost_center_id: Annotated[UUID, PublicId("cos", "cost center")]
    name: str = Field(description="The name of the cost center.", examples=["Wellington"])
    match: Literal["matched", "spelled_differently", "missing", "archived", "unchecked"] = Field(
        description="Whether the chosen tracking category has an option of this name."
    )
    option_name: str | None = Field(
        description="The name of its option in the ledger; null without one.", examples=["Wellington"]
    )
    renamed: bool = Field(
        description="Whether the cost center was renamed now to the spelling of the ledger (Xero).", examples=[False]
    )


class MatchesOut(OutputModel):
    """Every cost center with its tracking option."""

    items: list[MatchOut] = Field(description="The cost centers, each with its option.")
