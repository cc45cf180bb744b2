"""API shapes of tax rates."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.platform.http.schemas import OutputModel
from api.platform.ids import PublicId
from api.records.money import TaxPercentOut

TaxRateId = Annotated[UUID, PublicId("txr", "tax rate")]

_BALANCE_SHEET = "Whether lines whose code is of an"
_UNKNOWN = "null until the ledger (Xero) was read."


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
                    "for_asset": True,
                    "for_liability": True,
                    "for_equity": True,
                    "active": True,
                }
            ]
        }
    )

    id: TaxRateId
    tax_type: str = Field(description="Lines and accounting codes refer to the rate by it.")
    name: str = Field(description="The name of the rate, as in the ledger.")
    rate: TaxPercentOut = Field(description="The rate in percent.")
    for_income: bool = Field(description="Whether lines with an income code may have it.")
    for_expense: bool = Field(description="Whether lines with an expense code may have it.")
    for_asset: bool | None = Field(description=f"{_BALANCE_SHEET} asset account may have it; {_UNKNOWN}")
    for_liability: bool | None = Field(description=f"{_BALANCE_SHEET} liability account may have it; {_UNKNOWN}")
    for_equity: bool | None = Field(description=f"{_BALANCE_SHEET} equity account may have it; {_UNKNOWN}")
    active: bool = Field(description="False when the ledger (Xero) no longer has it; lines that have it keep it.")
