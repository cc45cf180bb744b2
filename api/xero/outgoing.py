"""The JSON that we send to Xero: only the fields we own, no unknown fields, amounts as exact numbers."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.xero.json_types import xero_name

Line = Annotated[str, Field(max_length=4000)]
Line500 = Annotated[str, Field(max_length=500)]
Text255 = Annotated[str, Field(max_length=255)]
Text50 = Annotated[str, Field(max_length=50)]
Number = Annotated[Decimal, Field(allow_inf_nan=False)]


def _absolute(url: str) -> str:
    """Check an address: Xero refuses a relative one and one that contains "xero"."""
    if not url.startswith(("https://", "http://")) or "xero" in url.lower():
        raise ValueError("must be an absolute http(s) address that does not contain 'xero'")
    return url


class Written(BaseModel):
    """Base of everything we send. A field that is None is left out, so Xero keeps its own value."""

    model_config = ConfigDict(
        alias_generator=xero_name, populate_by_name=True, extra="forbid", frozen=True, allow_inf_nan=False
    )


class WrittenTracking(Written):
    """A tracking option by its ids, because names can change in Xero at any time."""

    tracking_category_id: UUID
    tracking_option_id: UUID


class WrittenLine(Written):
    """One line. It has no line amount and no tax amount: Xero computes them, and we compare. Text has no amount."""

    description: Line
    quantity: Number | None = None
    unit_amount: Number | None = None
    discount_rate: Number | None = None
    item_code: str | None = None
    account_code: str | None = None
    tax_type: str | None = None
    tracking: tuple[WrittenTracking, ...] | None = None


class WrittenContactReference(Written):
    """The contact by id alone. Any other field would change the contact in Xero."""

    contact_id: UUID


class WrittenInvoice(Written):
    """An invoice or bill to be created."""

    envelope: ClassVar[str] = "Invoices"

    type: Literal["ACCREC", "ACCPAY"]
    contact: WrittenContactReference
    date: dt.date
    due_date: dt.date | None = None
    line_amount_types: Literal["Exclusive", "Inclusive", "NoTax"]
    invoice_number: Text255 | None = None
    reference: Text255 | None = None
    url: Annotated[str, AfterValidator(_absolute)] | None = None
    status: Literal["DRAFT", "SUBMITTED", "AUTHORISED"]
    currency_code: str | None = None
    sent_to_contact: Literal[True] | None = None
    line_items: tuple[WrittenLine, ...]


class WrittenPhone(Written):
    """One phone number of a contact."""

    phone_type: Literal["DEFAULT", "DDI", "MOBILE", "FAX"] = "DEFAULT"
    phone_number: Text50
    phone_area_code: Text50 | None = None
    phone_country_code: Text50 | None = None


class WrittenAddress(Written):
    """One address of a contact. Xero prints the POBOX address on invoices."""

    address_type: Literal["POBOX", "STREET"] = "POBOX"
    address_line1: Line500 | None = None
    address_line2: Line500 | None = None
    address_line3: Line500 | None = None
    address_line4: Line500 | None = None
    city: Text255 | None = None
    region: Text255 | None = None
    postal_code: Text50 | None = None
    country: Text50 | None = None
    attention_to: Text255 | None = None


class WrittenContact(Written):
    """A contact to be created (no id) or changed (with its id)."""

    envelope: ClassVar[str] = "Contacts"

    contact_id: UUID | None = None
    contact_number: Text50 | None = None
    account_number: Text50 | None = None
    name: Text255 | None = None
    first_name: Text255 | None = None
    last_name: Text255 | None = None
    email_address: Text255 | None = None
    tax_number: Text50 | None = None
    phones: tuple[WrittenPhone, ...] | None = None
    addresses: tuple[WrittenAddress, ...] | None = None


def element_json(element: Written) -> str:
    """The JSON text of one element, byte for byte as the request contains it."""
    return _json(element)


def enclose(envelope: str, elements: Iterable[str]) -> bytes:
    """The request body for elements that were serialised."""
    return f"{{{_text(envelope)}:[{','.join(elements)}]}}".encode()


def enclosed(body: bytes) -> list[str]:
    """The JSON texts of the elements of a request body, byte for byte."""
    text, decoder = body.decode(), json.JSONDecoder()
    start, texts = text.index("[") + 1, []
    while text[start] != "]":
        _, end = decoder.raw_decode(text, start)
        texts.append(text[start:end])
        start = end + (text[end] == ",")
    return texts


def serialize(elements: Sequence[WrittenInvoice] | Sequence[WrittenContact]) -> bytes:
    """The request body for at least one element. The same elements give the same bytes."""
    return enclose(elements[0].envelope, map(element_json, elements))


_text = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: object) -> str:
    """Fields by Xero's names in the order of the model. A Decimal becomes a number with exactly its own digits."""
    match value:
        case str():
            return _text(value)
        case Decimal():
            return format(value, "f")
        case BaseModel():
            named = ((label, getattr(value, name)) for name, label in _labels(type(value)))
            return f"{{{','.join(label + _json(field) for label, field in named if field is not None)}}}"
        case tuple():
            return f"[{','.join(map(_json, value))}]"
        case UUID() | dt.date():
            return f'"{value}"'
        case bool():
            return _text(value)
        case _:
            raise TypeError(f"no JSON form for {type(value).__name__}")


@cache
def _labels(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """The fields of a model, each with its name at Xero as JSON writes it."""
    return tuple((name, f"{_text(field.alias)}:") for name, field in model.model_fields.items())
