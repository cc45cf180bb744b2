"""API shapes of contacts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, ConfigDict, Field, SkipValidation, ValidationInfo, field_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from api.platform.http.schemas import InputModel, OutputModel, ProblemOut, omissible
from api.platform.ids import PublicId
from api.records.batch import MAX_ELEMENTS, BatchResult
from api.records.contacts.addresses import Address, AddressOut
from api.records.contacts.states import SyncState
from api.records.examples import TIMES
from api.records.filters import ExternalIdFilter, UpdatedSince
from api.records.text import Email, ExternalId, Name, Search, ShortLine

ContactId = Annotated[UUID, PublicId("con")]
ContactKind = Literal["person", "company"]
Role = Literal["customer", "supplier", "contractor"]

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
    Field(min_length=1, max_length=3, description="At least one, each once.", json_schema_extra={"uniqueItems": True}),
    AfterValidator(_each_once),
]


class ContactDetails(InputModel):
    """Fields of persons and companies."""

    email: Email | None = None
    phone: ShortLine | None = None
    address: Address | None = None
    tax_number: ShortLine | None = Field(None, description="GST number or ABN.")
    payer_reference: ShortLine | None = Field(None, description="Your number for the payer.")
    external_id: ExternalId | None = None


class ContactIn(ContactDetails):
    """A new contact. A company has `name`; a person has `first_name`, `last_name` or both."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    kind: ContactKind
    name: Name | None = Field(None, validate_default=True)
    first_name: Name | None = None
    last_name: Name | None = Field(None, validate_default=True)
    roles: Roles

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
    """A merge-patch of a contact. Missing fields stay, null clears. A new kind needs the old kind's names cleared."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "office@kowhaidental.co.nz", "phone": None}]})

    kind: ContactKind = omissible()
    name: Name | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    roles: Roles = omissible()


class ContactElement(ContactChange):
    """One contact by its `external_id`. A new one needs the required fields; a known one is merge-patched."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    external_id: ExternalId


class ContactBatch(InputModel):
    """Up to 500 contacts. Each is validated and stored on its own."""

    items: Annotated[list[SkipValidation[ContactElement]], Field(min_length=1, max_length=MAX_ELEMENTS)]


class ContactBatchResult(BatchResult):
    """The result of one contact."""

    id: ContactId | None


class ContactBatchOut(OutputModel):
    """The result of every element, in the order of the request."""

    results: list[ContactBatchResult]


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
    kind: ContactKind
    display_name: str = Field(description="The name to show; for a person it follows `person_name_format`.")
    name: str | None
    first_name: str | None
    last_name: str | None
    roles: list[Role]
    email: str | None
    phone: str | None
    address: AddressOut | None
    tax_number: str | None
    payer_reference: str | None
    external_id: str | None
    sync_state: SyncState = Field(
        description=(
            "`not_sent`; `in_step`; `changed`: different here and in the ledger; `failed`: the ledger refuses it;"
            " `unsure`: it is not certain which contact of the ledger it is."
        )
    )
    external_url: str | None = Field(description="Where to see it in the ledger.")
    problems: list[ProblemOut] = Field(description="Why the ledger refused it.")
    remarks: list[ProblemOut] = Field(description="What deserves a look although it is in the ledger.")
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class ContactFilter:
    """The filters of a list of contacts. A contact has to match every one."""

    q: Annotated[Search | None, Query(description="Part of the name, the e-mail address or payer reference.")] = None
    role: Annotated[Role | None, Query(description="Only contacts with this role.")] = None
    sync_state: Annotated[SyncState | None, Query(description="Only contacts with this state in the ledger.")] = None
    email: Annotated[Search | None, Query(description="Only contacts with this e-mail address, in any case.")] = None
    external_id: ExternalIdFilter = None
    updated_since: UpdatedSince = None
