"""API schemas of the links of invoices to documents in Xero."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.platform.http.schemas import LedgerDocumentOut, OutputModel


class InvoiceLinkOut(OutputModel):
    """The document in Xero that an invoice is linked to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "xero_invoice_id": "0c3d9a7e-41c6-4b8d-8e2f-4a6c8e0b1d2f",
                    "made_by": "person",
                    "made_at": "2026-11-24T20:40:00Z",
                    "document": {
                        "number": "20476",
                        "issued_on": "2026-11-20",
                        "total": "230.00",
                        "currency": "NZD",
                        "url": "https://go.xero.com/AccountsPayable/View.aspx?InvoiceID=0c3d9a7e-41c6-4b8d-8e2f-4a6c8e0b1d2f",
                    },
                }
            ]
        }
    )

    xero_invoice_id: UUID | None = Field(description="Xero's id of the document; null: the invoice is not linked.")
    made_by: Literal["export", "person"] | None = Field(
        description="`export`: Jobtally sent it; `person`: a person linked what somebody else entered; null: no link."
    )
    made_at: datetime | None = Field(description="When it was linked: an instant in UTC; null without a link.")
    document: LedgerDocumentOut | None = Field(description="The document at the last read; null if it was not there.")
