"""API schemas of previews."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from api.platform.http.schemas import OutputModel, ProblemOut
from api.records.invoices.schemas import InvoiceId
from api.records.money import AmountOut
from api.sync.exports import examples


class SentCall(OutputModel):
    """What is known of the call that has sent an invoice, also after its bytes are deleted."""

    bytes_kept: bool = Field(
        description="False: the bytes are deleted, 90 days after Xero's answer was known. `element` is then empty."
    )
    sha256: str = Field(
        description="The SHA-256 hash of the whole body of the call, in hexadecimal.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    idempotency_key: str = Field(
        description="The `Idempotency-Key` of the call.",
        examples=["5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"],
    )
    place: int = Field(description="The place of the invoice among the elements of the call, from 1.", examples=[1])
    correlation_id: str | None = Field(
        description="Xero's id of its answer (`Xero-Correlation-Id`), for Xero's support; null if it gave none.",
        examples=["d1a4f0c2-5b2e-4a53-8e0f-3f2f7f0f9f11"],
    )


class XeroPreview(OutputModel):
    """What an export would send to Xero for one invoice, or what an export has sent.

    The contact's id is null until the contact is in Xero.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PREVIEW]})

    invoice_id: InvoiceId
    method: Literal["PUT"] = Field(description="The HTTP method of the call to Xero.")
    path: str = Field(description="The path of the call to Xero.", examples=["/Invoices"])
    element: dict[str, Any] = Field(
        description="The JSON element of the call, with Xero's own field names. Amounts are strings, with the digits"
        " that the call has. Empty if a stored value cannot be written (`problems` names it), or if what was sent is"
        " no longer kept (`sent_call` says so)."
    )
    element_json: str = Field(
        description="The same element, byte for byte as the call contains it. Empty like `element`."
    )
    sent_at: datetime | None = Field(
        description="When this was sent, by the last export that put the invoice into Xero. Null: it was not sent, and"
        " is what an export would send now.",
        examples=[None],
    )
    sent_call: SentCall | None = Field(description="The call that has sent it; null if it was not sent.")
    expected_total: AmountOut = Field(description="The total that Xero will compute.")
    not_marked_as_sent: str | None = Field(
        description="Why Xero would not have it marked as sent to the customer; null if it would."
    )
    problems: list[ProblemOut] = Field(description="Why it cannot be sent now; empty otherwise.")
