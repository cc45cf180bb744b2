"""API shapes of preferences."""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictInt, field_validator
from pydantic.config import JsonDict

from api.platform.http.schemas import InputModel, OutputModel, omissible
from api.records.dates import DocumentDate
from api.records.job_statuses.schemas import JobStatusId
from api.records.text import CodeText, ShortLine

PersonNameFormat = Literal["first_last", "last_first"]
ReferencePart = Literal["job_number", "job_description", "customer_reference", "job_location"]
LedgerStatus = Literal["DRAFT", "SUBMITTED", "AUTHORISED"]
ReferenceParts = Annotated[
    list[ReferencePart], Field(min_length=1, max_length=4, json_schema_extra={"uniqueItems": True})
]
AlarmDays = Annotated[StrictInt, Field(ge=0, le=365)]

_PERSON_NAME_FORMAT = "How a person is named in the ledger: Mere Hohepa or Hohepa, Mere."
_SEND_PAYER_REFERENCE = "Send a contact's payer reference as its account number."
_CONTACT_PUSH_ENABLED = "Send new and changed contacts to the ledger every six hours."
_DEFAULT_INCOME_CODE = "For lines of customer invoices without a code."
_DEFAULT_EXPENSE_CODE = "For lines of supplier invoices without a code."
_TRACKING_CATEGORY_ID = "The tracking category of the ledger for cost centers."
_REFERENCE_PARTS = "The parts of the reference, in this order; each part once."
_REFERENCE_ON_BILLS = "Append the reference to a supplier's own invoice number."
_CUSTOMER_INVOICE_STATUS = "The status of customer invoices in the ledger after an export."
_SUPPLIER_INVOICE_STATUS = "The status of supplier invoices in the ledger after an export."
_DEFAULT_SALES_TAX_TYPE = "For lines of customer invoices without a tax type."
_DEFAULT_PURCHASE_TAX_TYPE = "For lines of supplier invoices without a tax type."
_SEND_ITEM_CODES = (
    "Send item codes on lines. A customer invoice changes the stock of items whose stock the ledger counts; on supplier"
    " invoices such items are sent without their code."
)
_MARK_AS_SENT = (
    "Mark customer invoices as sent to the customer when they are created in the ledger as approved, so that the"
    " reminders of the ledger go out. An invoice may say otherwise."
)
_SKIP_TRACKING_SETUP = "Whether the app does not ask for a tracking category when the business is set up."
_JOB_STATUS_ON_EXPORT = "The status that a job gets when its customer invoice is in the ledger; null: no change."
_SEND_FROM_DATE = "Invoices of earlier dates are not ours to send: YYYY-MM-DD; null: all are."
_NEVER_SENT_ALARM_DAYS = (
    "After how many days approved invoices that were never sent are brought to your attention, by a notification and a"
    " mail; 0 or null: never."
)
_DIGEST_MAIL = "Send a mail each morning that says how many invoices were sent, not accepted and are waiting."

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
    "mark_as_sent": False,
    "skip_tracking_setup": False,
    "job_status_on_export": None,
    "send_from_date": None,
    "never_sent_alarm_days": 3,
    "digest_mail": False,
}


class PreferencesChange(InputModel):
    """A merge-patch of the preferences. Missing fields stay; null clears a field that may be empty."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"default_income_code": "200", "default_expense_code": "310"}]}
    )

    person_name_format: PersonNameFormat = omissible(_PERSON_NAME_FORMAT)
    send_payer_reference: StrictBool = omissible(_SEND_PAYER_REFERENCE)
    contact_push_enabled: StrictBool = omissible(_CONTACT_PUSH_ENABLED)
    default_income_code: CodeText | None = Field(None, description=_DEFAULT_INCOME_CODE)
    default_expense_code: CodeText | None = Field(None, description=_DEFAULT_EXPENSE_CODE)
    tracking_category_id: ShortLine | None = Field(None, description=_TRACKING_CATEGORY_ID)
    reference_parts: ReferenceParts = omissible(_REFERENCE_PARTS)
    reference_on_bills: StrictBool = omissible(_REFERENCE_ON_BILLS)
    customer_invoice_status: LedgerStatus = omissible(_CUSTOMER_INVOICE_STATUS)
    supplier_invoice_status: LedgerStatus = omissible(_SUPPLIER_INVOICE_STATUS)
    default_sales_tax_type: ShortLine | None = Field(None, description=_DEFAULT_SALES_TAX_TYPE)
    default_purchase_tax_type: ShortLine | None = Field(None, description=_DEFAULT_PURCHASE_TAX_TYPE)
    send_item_codes: StrictBool = omissible(_SEND_ITEM_CODES)
    mark_as_sent: StrictBool = omissible(_MARK_AS_SENT)
    skip_tracking_setup: StrictBool = omissible(_SKIP_TRACKING_SETUP)
    job_status_on_export: JobStatusId | None = Field(None, description=_JOB_STATUS_ON_EXPORT)
    send_from_date: DocumentDate | None = Field(None, description=_SEND_FROM_DATE)
    never_sent_alarm_days: AlarmDays | None = Field(None, description=_NEVER_SENT_ALARM_DAYS)
    digest_mail: StrictBool = omissible(_DIGEST_MAIL)

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

    person_name_format: PersonNameFormat = Field(description=_PERSON_NAME_FORMAT)
    send_payer_reference: bool = Field(description=_SEND_PAYER_REFERENCE)
    contact_push_enabled: bool = Field(description=_CONTACT_PUSH_ENABLED)
    default_income_code: str | None = Field(description=_DEFAULT_INCOME_CODE)
    default_expense_code: str | None = Field(description=_DEFAULT_EXPENSE_CODE)
    tracking_category_id: str | None = Field(description=_TRACKING_CATEGORY_ID)
    reference_parts: list[ReferencePart] = Field(description=_REFERENCE_PARTS)
    reference_on_bills: bool = Field(description=_REFERENCE_ON_BILLS)
    customer_invoice_status: LedgerStatus = Field(description=_CUSTOMER_INVOICE_STATUS)
    supplier_invoice_status: LedgerStatus = Field(description=_SUPPLIER_INVOICE_STATUS)
    default_sales_tax_type: str | None = Field(description=_DEFAULT_SALES_TAX_TYPE)
    default_purchase_tax_type: str | None = Field(description=_DEFAULT_PURCHASE_TAX_TYPE)
    send_item_codes: bool = Field(description=_SEND_ITEM_CODES)
    mark_as_sent: bool = Field(description=_MARK_AS_SENT)
    skip_tracking_setup: bool = Field(description=_SKIP_TRACKING_SETUP)
    job_status_on_export: JobStatusId | None = Field(description=_JOB_STATUS_ON_EXPORT)
    send_from_date: date | None = Field(description=_SEND_FROM_DATE)
    never_sent_alarm_days: int | None = Field(description=_NEVER_SENT_ALARM_DAYS)
    digest_mail: bool = Field(description=_DIGEST_MAIL)
