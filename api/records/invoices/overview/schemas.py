"""API shapes of the overview."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from api.platform.http.schemas import OutputModel
from api.records.invoices.schemas import Kind
from api.records.money import CurrencyTotal


class InvoiceGroup(OutputModel):
    """Invoices of one kind with the same cause."""

    kind: Kind = Field(description="`customer`: invoices you send; `supplier`: bills you received.")
    group: Literal["ready", "waiting", "problem", "changed", "voided", "remark"] = Field(
        description="`ready`: can be exported; `waiting`: so too, and approved longer ago than your preference"
        " `never_sent_alarm_days`; `problem`: needs a fix; `changed`, `voided`: differs from the ledger since then;"
        " `remark`: in the ledger, with an unread remark."
    )
    code: str | None = Field(description="The code of the first problem or remark; null in the other groups.")
    title: str | None = Field(description="What is wrong, in a few words; null in the other groups.")
    count: int = Field(description="The number of invoices.")
    totals: list[CurrencyTotal] = Field(description="Their sums, by currency.")
    approved_since: datetime | None = Field(
        description="When the first of them was approved: an instant in UTC; null if none is approved now."
    )


class InvoiceOverview(OutputModel):
    """What can be exported and what needs a person. Each invoice is in one group."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "kind": "customer",
                            "group": "problem",
                            "code": "cost_center_unmatched",
                            "title": "A cost center isn't in Xero",
                            "count": 3,
                            "totals": [{"currency": "NZD", "total": "9841.07"}],
                            "approved_since": "2026-11-20T03:10:00Z",
                        },
                        {
                            "kind": "customer",
                            "group": "ready",
                            "code": None,
                            "title": None,
                            "count": 58,
                            "totals": [{"currency": "NZD", "total": "137049.39"}],
                            "approved_since": "2026-11-24T20:40:00Z",
                        },
                    ]
                }
            ]
        }
    )

    items: list[InvoiceGroup] = Field(description="The groups that have an invoice; customer invoices come first.")
