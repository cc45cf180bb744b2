"""API shapes of cost centers."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import ConfigDict, Field

from api.platform.http.schemas import CreatedAt, InputModel, OutputModel, UpdatedAt, omissible
from api.platform.ids import PublicId
from api.platform.text import OneLine, Tidy
from api.records.examples import TIMES
from api.records.filters import UpdatedSince

CostCenterId = Annotated[UUID, PublicId("cos", "cost center")]
Match = Literal["unchecked", "matched", "spelled_differently", "missing", "archived"]
# Spaces within the name stay as typed, because the name has to equal an option of the ledger.
CostCenterName = Annotated[str, Field(min_length=1, max_length=100), OneLine, Tidy]

_NAME = "Unique in the business; spelled like its option in the ledger's tracking category."


class CostCenterIn(InputModel):
    """A new cost center."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Wellington"}]})

    name: CostCenterName = Field(description=_NAME)


class CostCenterChange(InputModel):
    """A merge-patch of a cost center. A new name undoes the match."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Te Whanganui-a-Tara"}]})

    name: CostCenterName = omissible(_NAME)


class CostCenterOut(OutputModel):
    """A part of the business with its own income and expenses."""

    versioned = frozenset(CostCenterIn.model_fields)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "cos_01jeecwz2h6z28dd1fm9d2r7kx",
                    "name": "Wellington",
                    "match": "matched",
                    "option_name": "Wellington",
                    **TIMES,
                }
            ]
        }
    )

    id: CostCenterId
    name: str = Field(description=_NAME)
    match: Match = Field(description="Whether the chosen tracking category has an option of this name.")
    option_name: str | None = Field(description="The name of its option in the ledger.")
    created_at: CreatedAt
    updated_at: UpdatedAt


@dataclass(frozen=True)
class CostCenterFilter:
    """The filters of a list of cost centers. A cost center has to match every one."""

    match: Annotated[Match | None, Query(description="Only cost centers with this match.")] = None
    updated_since: UpdatedSince = None
