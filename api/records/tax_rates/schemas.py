"""API shapes of tax rates."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.platform.http.schemas import OutputModel
from api.platform.ids import PublicId
from api.records.money import TaxPercentOut

TaxRateId = Annotated[UUID, PublicId("txr")]


class TaxRateOut(OutputModel):
    """A tax rate of lines."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "txr_01jeecwz2h6z28dd1fm9d2r7kx",
                    "tax_type": "OUTPUT2",
                    "name": "GST on Income",
                    "rate": "15.0000",
                    "for_income": True,
                    "for_expense": False,
                    "active": True,
                }
            ]
        }
    )

    id: TaxRateId
    tax_type: str = Field(description="Lines and accounting codes refer to the rate by it.")
    name: str
    rate: TaxPercentOut = Field(description="Percent.")
    for_income: bool = Field(description="Can stand beside an income code.")
    for_expense: bool = Field(description="Can stand beside an expense code.")
    active: bool = Field(description="False once the ledger no longer has it; lines written with it keep it.")
