"""API shapes of preferences."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictBool, field_validator
from pydantic.config import JsonDict

from api.platform.http.schemas import InputModel, OutputModel, omissible
from api.records.job_statuses.schemas import JobStatusId
from api.records.text import CodeText, ShortLine

PersonNameFormat = Literal["first_last", "last_first"]
ReferencePart = Literal["job_number", "job_description", "customer_reference", "job_location"]
LedgerStatus = Literal["DRAFT", "SUBMITTED", "AUTHORISED"]
ReferenceParts = Annotated[
    list[ReferencePart], Field(min_length=1, max_length=4, json_schema_extra={"uniqueItems": True})
]

_EXAMPLE: JsonDict = {
    "person_name_format": "first_last",
    "send_payer_reference": False,
    "contact_push_enabled": True,
    "default_income_code": "200",
    "default_expense_code": "310",
    "tracking_category_id": None,
    "reference_parts": ["job_number", "job_location"],
    "reference_on_bills": False,
    "customer_invoice_status": "DRAFT",
    "supplier_invoice_status": "DRAFT",
    "default_sales_tax_type": "OUTPUT2",
    "default_purchase_tax_type": "INPUT2",
    "send_item_codes": False,
    "job_status_on_export": None,
}


class PreferencesChange(InputModel):
    """A merge-patch of the preferences. Missing fields stay; null clears a field that may be empty."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"default_income_code": "200", "default_expense_code": "310"}]}
    )

    person_name_format: PersonNameFormat = omissible(
        "How a person is named in the ledger: Mere Hohepa or Hohepa, Mere."
    )
    send_payer_reference: StrictBool = omissible("Send a contact's payer reference as its account number.")
    contact_push_enabled: StrictBool = omissible(
        "Stored for the push of contacts every six hours. It has no effect yet."
    )
    default_income_code: CodeText | None = Field(None, description="For lines of customer invoices without a code.")
    default_expense_code: CodeText | None = Field(None, description="For lines of supplier invoices without a code.")
    tracking_category_id: ShortLine | None = Field(
        None, description="The tracking category of the ledger for cost centers."
    )
    reference_parts: ReferenceParts = omissible("The parts of the reference, in this order; each part once.")
    reference_on_bills: StrictBool = omissible("Append the reference to a supplier's own invoice number.")
    customer_invoice_status: LedgerStatus = omissible("The status of customer invoices in the ledger after an export.")
    supplier_invoice_status: LedgerStatus = omissible("The status of supplier invoices in the ledger after an export.")
    default_sales_tax_type: ShortLine | None = Field(
        None, description="For lines of customer invoices without a tax type."
    )
    default_purchase_tax_type: ShortLine | None = Field(
        None, description="For lines of supplier invoices without a tax type."
    )
    send_item_codes: StrictBool = omissible("Send item codes on lines. They change the stock of tracked items.")
    job_status_on_export: JobStatusId | None = Field(
        None, description="The status that a job gets when its customer invoice is in the ledger; null: no change."
    )

    @field_validator("reference_parts")
    @classmethod
    def _each_once(cls, parts: list[ReferencePart]) -> list[ReferencePart]:
        if len(set(parts)) < len(parts):
            raise ValueError("Name each part once.")
        return parts


class PreferencesOut(OutputModel):
    """The preferences of a business for its contacts and invoices in the ledger."""

    versioned = frozenset(PreferencesChange.model_fields)

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    person_name_format: PersonNameFormat
    send_payer_reference: bool
    contact_push_enabled: bool
    default_income_code: str | None
    default_expense_code: str | None
    tracking_category_id: str | None
    reference_parts: list[ReferencePart]
    reference_on_bills: bool
    customer_invoice_status: LedgerStatus
    supplier_invoice_status: LedgerStatus
    default_sales_tax_type: str | None
    default_purchase_tax_type: str | None
    send_item_codes: bool
    job_status_on_export: JobStatusId | None
