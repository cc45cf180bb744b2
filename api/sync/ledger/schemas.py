"""API schemas of the ledger mirror."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.platform.http.schemas import OutputModel, ProblemOut
from api.platform.ids import PublicId
from api.records.money import TaxPercentOut

RefreshId = Annotated[UUID, PublicId("led")]


class RefreshOut(OutputModel):
    """A refresh of what we know of the organisation; poll until `state` is `done` or `failed`."""

    id: RefreshId
    state: Literal["queued", "running", "done", "failed"]
    counts: Annotated[dict[str, int], Field(description="What was read, by kind.")]
    problem: Annotated[ProblemOut | None, Field(description="Why it failed; null otherwise.")]
    created_at: datetime
    finished_at: datetime | None
    poll_after_ms: Annotated[int | None, Field(description="When to ask again; null once finished.")]


class AccountOut(OutputModel):
    """An account that an invoice line may be booked to."""

    account_id: UUID
    code: str
    name: str
    type: Annotated[str, Field(description="Xero's own account type, such as REVENUE or DIRECTCOSTS.")]
    kind: Annotated[Literal["income", "expense"] | None, Field(description="Null: not for invoice lines.")]
    tax_type: str | None


class TrackingOptionOut(OutputModel):
    """One option of a category."""

    id: str
    name: str
    status: str


class TrackingCategoryOut(OutputModel):
    """An active tracking category with its options."""

    category_id: str
    name: str
    options: list[TrackingOptionOut]


class LedgerTaxRateOut(OutputModel):
    """A tax rate of the organisation, in percent."""

    tax_type: str
    name: str
    rate: TaxPercentOut
    for_income: bool
    for_expense: bool


class LedgerItemOut(OutputModel):
    """An item of Xero's catalogue."""

    code: str
    name: str
    is_tracked: Annotated[bool, Field(description="Tracked stock reacts to being named on an invoice.")]


class MatchOut(OutputModel):
    """What a cost center was or could be bound to."""

    cost_center_id: Annotated[UUID, PublicId("cos")]
    name: str
    match: Literal["matched", "spelled_differently", "missing", "archived", "unchecked"]
    option_name: str | None
    renamed: Annotated[bool, Field(description="Whether ours was given Xero's spelling just now.")]


class MatchesOut(OutputModel):
    """Every cost center beside the option it goes with."""

    items: list[MatchOut]
