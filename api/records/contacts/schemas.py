"""API shapes of contacts."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, ConfigDict, Field, SkipValidation, ValidationInfo, field_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from api.platform.http.schemas import CreatedAt, InputModel, OutputModel, ProblemOut, UpdatedAt, omissible
from api.platform.ids import PublicId
from api.records.batch import MAX_ELEMENTS, BatchResult
from api.records.contacts.addresses import Address, AddressOut
from api.records.contacts.states import SyncState
from api.records.examples import TIMES
from api.records.filters import ExternalIdFilter, UpdatedSince
from api.records.text import EXTERNAL_ID, Email, ExternalId, Name, Search, ShortLine

ContactId = Annotated[UUID, PublicId("con", "contact")]
ContactKind = Literal["person", "company"]
Role = Literal["customer", "supplier", "contractor"]

_KIND = "`person` or `company`."
_NAME = "The name of a company; null for a person."
_FIRST_NAME = "The first name of a person; null for a company."
_LAST_NAME = "The last name of a person; null for a company."
_ROLES = "What the contact is for you: at least one role, each once."
_EMAIL = "The e-mail address for invoices."
_PHONE = "The phone number, as you write it."
_ADDRESS = "The postal address."
_TAX_NUMBER = "GST number or ABN."
_PAYER_REFERENCE = "Your number for the payer."

_EXAMPLE: JsonDict = {
    "kind": "company",
    "name": "Kōwhai Dental Ltd",
    "roles": ["customer"],
    "email": "accounts@kowhaidental.co.nz",
    "phone": "04 555 0142",
    "address": {"line1": "14 Rata Street", "city": "Wellington", "postal_code": "6011", "country": "New Zealand"},
    "payer_reference": "KOW-01",
    "external_id": "C-1042",
}


def _each_once(roles: list[Role]) -> list[Role]:
    if len(set(roles)) < len(roles):
        raise PydanticCustomError("duplicate_role", "Name each role once.")
    return sorted(roles)


Roles = Annotated[
    list[Role],
    Field(min_length=1, max_length=3, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_each_once),
]


class ContactDetails(InputModel):
    """Fields of persons and companies."""

    email: Email | None = Field(None, description=_EMAIL)
    phone: ShortLine | None = Field(None, description=_PHONE)
    address: Address | None = Field(None, description=_ADDRESS)
    tax_number: ShortLine | None = Field(None, description=_TAX_NUMBER)
    payer_reference: ShortLine | None = Field(None, description=_PAYER_REFERENCE)
    external_id: ExternalId | None = None


class ContactIn(ContactDetails):
    """A new contact. A company has `name`; a person has `first_name`, `last_name` or both."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    kind: ContactKind = Field(description=_KIND)
    name: Name | None = Field(None, validate_default=True, description=_NAME)
    first_name: Name | None = Field(None, description=_FIRST_NAME)
    last_name: Name | None = Field(None, validate_default=True, description=_LAST_NAME)
    roles: Roles = Field(description=_ROLES)

    @field_validator("name")
    @classmethod
    def _of_a_company(cls, name: str | None, info: ValidationInfo) -> str | None:
        kind = info.data.get("kind")
        if kind == "company" and name is None:
            raise PydanticCustomError("required", "A company needs a name.")
        if kind == "person" and name is not None:
            raise PydanticCustomError("wrong_kind", "A person has first_name and last_name. Leave name out.")
        return name

    @field_validator("first_name", "last_name")
    @classmethod
    def _of_a_person(cls, name: str | None, info: ValidationInfo) -> str | None:
        kind = info.data.get("kind")
        if kind == "company" and name is not None:
            raise PydanticCustomError("wrong_kind", "A company has a name. Leave first_name and last_name out.")
        nameless = name is None and info.data.get("first_name", "unreadable") is None
        if kind == "person" and info.field_name == "last_name" and nameless:
            raise PydanticCustomError("required", "A person needs first_name, last_name or both.")
        return name


class ContactChange(ContactDetails):
    """A merge-patch of a contact. Missing fields stay, null clears. For another kind, clear the old kind's names."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "office@kowhaidental.co.nz", "phone": None}]})

    kind: ContactKind = omissible(_KIND)
    name: Name | None = Field(None, description=_NAME)
    first_name: Name | None = Field(None, description=_FIRST_NAME)
    last_name: Name | None = Field(None, description=_LAST_NAME)
    roles: Roles = omissible(_ROLES)


class ContactElement(ContactChange):
    """One contact by its `external_id`. A new one needs the required fields; a known one is merge-patched."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    external_id: ExternalId


class ContactBatch(InputModel):
    """Up to 500 contacts. Each is validated and stored on its own."""

    items: Annotated[list[SkipValidation[ContactElement]], Field(min_length=1, max_length=MAX_ELEMENTS)] = Field(
        description="The contacts, each with its `external_id`."
    )


class ContactBatchResult(BatchResult):
    """The result of one contact."""

    id: ContactId | None = Field(description="The id of the contact; null if the element was rejected.")


class ContactBatchOut(OutputModel):
    """The result of every element, in the order of the request."""

    results: list[ContactBatchResult] = Field(description="One result for each element of `items`, in the same order.")


class ContactOut(OutputModel):
    """A person or company with its roles."""

    versioned = frozenset(ContactIn.model_fields)

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "id": "con_01jeecwz2h6z28dd1fm9d2r7kx",
                    "display_name": "Kōwhai Dental Ltd",
                    "first_name": None,
                    "last_name": None,
                    "address": {
                        "line1": "14 Rata Street",
                        "line2": None,
                        "city": "Wellington",
                        "region": None,
                        "postal_code": "6011",
                        "country": "New Zealand",
                    },
                    "tax_number": None,
                    "sync_state": "in_step",
                    "external_url": None,
                    "problems": [],
                    "remarks": [],
                    **TIMES,
                }
            ]
        }
    )

    id: ContactId
    kind: ContactKind = Field(description=_KIND)
    display_name: str = Field(description="The name to show; for a person it follows `person_name_format`.")
    name: str | None = Field(description=_NAME)
    first_name: str | None = Field(description=_FIRST_NAME)
    last_name: str | None = Field(description=_LAST_NAME)
    roles: list[Role] = Field(description=_ROLES)
    email: str | None = Field(description=_EMAIL)
    phone: str | None = Field(description=_PHONE)
    address: AddressOut | None = Field(description=_ADDRESS)
    tax_number: str | None = Field(description=_TAX_NUMBER)
    payer_reference: str | None = Field(description=_PAYER_REFERENCE)
    external_id: str | None = Field(description=EXTERNAL_ID)
    sync_state: SyncState = Field(
        description=(
            "`not_sent`: it was never sent to the ledger (Xero); `in_step`: here and in the ledger it is the same;"
            " `changed`: here it is different; `failed`: the ledger refused it; `unsure`: a user has to decide"
            " which contact of the ledger it is, or which side's change counts."
        )
    )
    external_url: str | None = Field(description="The address of its page in the ledger; null if it is not there.")
    problems: list[ProblemOut] = Field(description="Why the ledger refused it.")
    remarks: list[ProblemOut] = Field(description="What deserves a look although it is in the ledger.")
    created_at: CreatedAt
    updated_at: UpdatedAt


@dataclass(frozen=True)
class ContactFilter:
    """The filters of a list of contacts. A contact has to match every one."""

    q: Annotated[Search | None, Query(description="Part of the name, the e-mail address or payer reference.")] = None
    role: Annotated[Role | None, Query(description="Only contacts with this role.")] = None
    sync_state: Annotated[SyncState | None, Query(description="Only contacts with this state in the ledger.")] = None
    email: Annotated[Search | None, Query(description="Only contacts with this e-mail address, in any case.")] = None
    external_id: ExternalIdFilter = None
    updated_since: UpdatedSince = None
