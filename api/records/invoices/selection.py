"""Selections of invoices: by their ids, or all that match a filter. And the results of what was done with them."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictInt, field_validator
from pydantic_core import PydanticCustomError

from api.platform.http.schemas import InputModel, OutputModel, omissible
from api.records.cost_centers.schemas import CostCenterId
from api.records.dates import DocumentDate
from api.records.invoices.filters import InvoiceFilter
from api.records.invoices.schemas import InvoiceId
from api.records.items.schemas import ItemCode
from api.records.text import CodeText, ShortLine

MAX_SELECTED = 10_000
MAX_CHANGED = 1_000
_EXAMPLE_IDS: list[Any] = ["inv_01jeecwz2h6z28dd1fm9d2r7kx", "inv_01jeecx3v8fq2t9h6n4k7m0p5s"]


class SelectedIds(InputModel):
    """These invoices."""

    mode: Literal["ids"] = Field(description="The invoices are named by their ids.")
    ids: Annotated[list[InvoiceId], Field(min_length=1, max_length=MAX_SELECTED)] = Field(
        description="The ids of the invoices, up to 10,000."
    )


class SelectedMatching(InputModel):
    """Every invoice that matches the filter, except some. It is refused when another number matches than was shown."""

    mode: Literal["matching"] = Field(description="The invoices are those that match a filter.")
    filter: InvoiceFilter = Field(description="The filter, with the same fields as the list of invoices.")
    except_ids: Annotated[list[InvoiceId], Field(max_length=MAX_SELECTED)] = Field(
        [], description="The ids of invoices to leave out."
    )
    expected_count: Annotated[StrictInt, Field(ge=0)] = Field(
        description="How many invoices you expect: those that match, without `except_ids`."
    )


Selection = Annotated[SelectedIds | SelectedMatching, Field(discriminator="mode")]


class SelectionIn(InputModel):
    """The invoices to work on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"selection": {"mode": "ids", "ids": _EXAMPLE_IDS}}]})

    selection: Selection = Field(description="The invoices, by their ids or by a filter.")


class ExclusionsIn(SelectionIn):
    """The invoices to exclude from exports, or to include in them again."""

    excluded: StrictBool = Field(True, description="False: include the excluded invoices in exports again.")


class LineValues(InputModel):
    """Values of a line. Null means that the line has none."""

    accounting_code: CodeText | None = Field(None, description="The accounting code of the line; null: none.")
    tax_type: ShortLine | None = Field(None, description="The tax type of the line; null: none.")
    cost_center_id: CostCenterId | None = Field(None, description="The cost center of the line; null: none.")
    item_code: ItemCode | None = Field(None, description="The item of the line; null: none.")


class NewValues(InputModel):
    """The values to set; at least one. Those of lines are set on every line that is not text only."""

    due_on: DocumentDate | None = Field(None, description="Not before `issued_on` of the invoice.")
    accounting_code: CodeText | None = Field(None, description="Null for your default code.")
    tax_type: ShortLine = omissible("One of `/tax-rates`.")
    cost_center_id: CostCenterId | None = Field(None, description="Null for none.")
    item_code: ItemCode | None = Field(None, description="The code of one of `/items`; null for none.")


class ChangeSelected(SelectionIn):
    """New values for up to 1,000 invoices."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "selection": {"mode": "ids", "ids": _EXAMPLE_IDS},
                    "set": {"accounting_code": "200"},
                    "only_lines_with": {"accounting_code": "310"},
                }
            ]
        }
    )

    set: NewValues = Field(description="The new values; at least one.")
    only_lines_with: LineValues | None = Field(
        None, description="Change only the lines that have these values now; without it, every line."
    )

    @field_validator("set")
    @classmethod
    def _not_empty(cls, values: NewValues) -> NewValues:
        if not values.model_fields_set:
            raise PydanticCustomError("nothing_to_set", "Name at least one value to set.")
        return values


class ResultError(OutputModel):
    """Why nothing was done with an invoice."""

    code: str = Field(description="Stable name of this error.")
    detail: str = Field(description="What is wrong and how to correct it.")
    pointer: str | None = Field(description="The field of the invoice: a JSON Pointer as a fragment.")


class SelectedResult(OutputModel):
    """What was done with one invoice."""

    invoice_id: InvoiceId
    number: str | None = Field(description="Its number; null for a bill without one and for an unknown id.")
    outcome: Literal["done", "unchanged", "refused"] = Field(
        description="`done`, `unchanged` because it was so before, or `refused`."
    )
    approval_withdrawn: bool = Field(description="Whether a change withdrew the approval.")
    errors: list[ResultError] = Field(description="Why it was refused; empty otherwise.")


class SelectedOut(OutputModel):
    """The result for every selected invoice, in the order of the selection. A refused one stays as it was."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "total": 1,
                    "done": 1,
                    "unchanged": 0,
                    "refused": 0,
                    "results": [
                        {
                            "invoice_id": _EXAMPLE_IDS[0],
                            "number": "INV-20480",
                            "outcome": "done",
                            "approval_withdrawn": False,
                            "errors": [],
                        }
                    ],
                }
            ]
        }
    )

    total: int = Field(description="The number of selected invoices.")
    done: int = Field(description="The number of invoices with the outcome `done`.")
    unchanged: int = Field(description="The number of invoices with the outcome `unchanged`.")
    refused: int = Field(description="The number of invoices with the outcome `refused`.")
    results: list[SelectedResult] = Field(description="One result for each invoice, in the order of the selection.")


__all__ = ["ChangeSelected", "LineValues", "NewValues", "SelectedIds", "SelectedMatching", "Selection", "SelectionIn"]
