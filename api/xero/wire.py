"""The JSON that we read from Xero: the fields we use, exact amounts, typed dates. Other fields are ignored."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from api.xero.json_types import (
    NO_ID,
    Amount,
    Day,
    Instant,
    Message,
    OptionalId,
    RequiredText,
    Text,
    messages_in,
    null_to_empty,
    xero_name,
)


class Read(BaseModel):
    """Base of everything Xero sends."""

    model_config = ConfigDict(alias_generator=xero_name, populate_by_name=True, extra="ignore", frozen=True)


class Element(Read):
    """One element of a reply. After a write it carries Xero's status and messages."""

    status_attribute_string: Text = None
    errors: tuple[Message, ...] = Field((), alias="errors")
    warnings: tuple[Message, ...] = Field((), alias="warnings")

    @model_validator(mode="before")
    @classmethod
    def _gather_messages(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        try:
            return raw | messages_in(raw)._asdict()
        except RecursionError:
            raise ValueError("nested too deeply") from None

    @property
    def id(self) -> UUID:
        """Xero's id of the element; all zeros when Xero saved nothing."""
        raise NotImplementedError

    @property
    def accepted(self) -> bool:
        """Whether Xero certainly saved the element: status OK or WARNING, no error anywhere, and a real id."""
        return self._verdict in ("OK", "WARNING") and not self.errors and self.id != NO_ID

    @property
    def refused(self) -> bool:
        """Whether Xero certainly did not save it. An element neither accepted nor refused has an unknown outcome."""
        return self._verdict == "ERROR"

    @property
    def _verdict(self) -> str:
        return (self.status_attribute_string or "").upper()


class Organisation(Read):
    """The connected organisation."""

    organisation_id: UUID
    name: RequiredText
    legal_name: Text = None
    version: Text = None
    country_code: Text = None
    base_currency: Text = None
    timezone: Text = None
    short_code: Text = None
    created_date_utc: Instant = Field(None, alias="CreatedDateUTC")
    edition: Text = None
    organisation_class: Text = Field(None, alias="Class")
    is_demo_company: bool = False
    pays_tax: bool = True
    period_lock_date: Day = None
    end_of_year_lock_date: Day = None


class Account(Read):
    """One account of the chart. Bank accounts often have no code."""

    account_id: UUID
    name: RequiredText
    code: Text = None
    type: Text = None
    account_class: Text = Field(None, alias="Class")
    status: Text = None
    description: Text = None
    tax_type: Text = None
    system_account: Text = None


class TaxRate(Read):
    """A tax rate. `effective_rate` is in percent."""

    name: RequiredText
    tax_type: RequiredText
    status: Text = None
    effective_rate: Amount = None
    display_tax_rate: Amount = None
    can_apply_to_assets: bool = False
    can_apply_to_equity: bool = False
    can_apply_to_expenses: bool = False
    can_apply_to_liabilities: bool = False
    can_apply_to_revenue: bool = False


class TrackingOption(Read):
    """One option of a tracking category."""

    tracking_option_id: UUID
    name: RequiredText
    status: Text = None


class TrackingCategory(Read):
    """A tracking category and its options, archived ones included."""

    tracking_category_id: UUID
    name: RequiredText
    status: Text = None
    options: Annotated[tuple[TrackingOption, ...], BeforeValidator(null_to_empty)] = ()


class ItemPrice(Read):
    """Price, account and tax type of an item, for sales or for purchases."""

    unit_price: Amount = None
    account_code: Text = None
    tax_type: Text = None


class Item(Read):
    """An item for sale or purchase."""

    item_id: UUID
    code: RequiredText
    name: Text = None
    description: Text = None
    purchase_description: Text = None
    is_sold: bool = True
    is_purchased: bool = True
    is_tracked_as_inventory: bool = False
    sales_details: ItemPrice | None = None
    purchase_details: ItemPrice | None = None


class Address(Read):
    """One address of a contact. An unset address has only a type."""

    address_type: Text = None
    address_line1: Text = None
    address_line2: Text = None
    address_line3: Text = None
    address_line4: Text = None
    city: Text = None
    region: Text = None
    postal_code: Text = None
    country: Text = None
    attention_to: Text = None


class Phone(Read):
    """One phone number of a contact. An unset number has only a type."""

    phone_type: Text = None
    phone_number: Text = None
    phone_area_code: Text = None
    phone_country_code: Text = None


class Contact(Element):
    """A contact. `name` is the display name, unique among active contacts."""

    contact_id: UUID = NO_ID
    name: Text = None
    contact_number: Text = None
    account_number: Text = None
    contact_status: Text = None
    first_name: Text = None
    last_name: Text = None
    email_address: Text = None
    tax_number: Text = None
    is_customer: bool = False
    is_supplier: bool = False
    merged_to_contact_id: OptionalId = Field(None, alias="MergedToContactID")
    addresses: Annotated[tuple[Address, ...], BeforeValidator(null_to_empty)] = ()
    phones: Annotated[tuple[Phone, ...], BeforeValidator(null_to_empty)] = ()
    updated_date_utc: Instant = None

    @property
    def id(self) -> UUID:
        """The ContactID."""
        return self.contact_id


class ContactReference(Read):
    """The contact of an invoice."""

    contact_id: UUID = NO_ID
    name: Text = None


class LineTracking(Read):
    """A tracking option on a line. Names change, so comparisons use the ids."""

    name: Text = None
    option: Text = None
    tracking_category_id: OptionalId = None
    tracking_option_id: OptionalId = None


class LineItem(Read):
    """A line as Xero stores it. `line_amount` excludes tax unless the invoice is Inclusive."""

    line_item_id: OptionalId = None
    description: Text = None
    quantity: Amount = None
    unit_amount: Amount = None
    discount_rate: Amount = None
    item_code: Text = None
    account_code: Text = None
    tax_type: Text = None
    tax_amount: Amount = None
    line_amount: Amount = None
    tracking: Annotated[tuple[LineTracking, ...], BeforeValidator(null_to_empty)] = ()


class InvoiceHeader(Element):
    """What a list of customer invoices (ACCREC) and bills (ACCPAY) says of each, without its lines."""

    invoice_id: UUID = NO_ID
    type: Text = None
    invoice_number: Text = None
    reference: Text = None
    contact: ContactReference | None = None
    date: Day = Field(None, validation_alias=AliasChoices("DateString", "Date"))
    due_date: Day = Field(None, validation_alias=AliasChoices("DueDateString", "DueDate"))
    status: Text = None
    total: Amount = None
    amount_due: Amount = None
    amount_paid: Amount = None
    amount_credited: Amount = None
    currency_code: Text = None
    url: Text = None
    updated_date_utc: Instant = None

    @property
    def id(self) -> UUID:
        """The InvoiceID."""
        return self.invoice_id


class Invoice(InvoiceHeader):
    """A customer invoice or a bill with its lines."""

    line_amount_types: Text = None
    sent_to_contact: bool | None = None
    line_items: Annotated[tuple[LineItem, ...], BeforeValidator(null_to_empty)] = ()
    sub_total: Amount = None
    total_tax: Amount = None
    fully_paid_on_date: Day = None


class Connection(Read):
    """One organisation that a Xero user connected. `id` is the connection's, `tenant_id` the organisation's."""

    model_config = ConfigDict(alias_generator=to_camel)

    id: UUID
    tenant_id: UUID
    tenant_type: Text = None
    tenant_name: Text = None
    auth_event_id: OptionalId = None
    created_date_utc: Instant = None
    updated_date_utc: Instant = None


class Pagination(BaseModel):
    """This page among all pages of a paged reply; `item_count` is the number of elements on all of them."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)

    page: int = 1
    page_size: int | None = None
    page_count: int | None = None
    item_count: int | None = None
