"""API shapes of a contact in Xero beside ours, which several resources share."""

from typing import Any, Final, Self
from uuid import UUID

from pydantic import Field
from pydantic.config import JsonDict

from api.platform.http.schemas import OutputModel
from api.sync.contacts.candidates import DecidedBy
from api.sync.contacts.evidence import EvidenceKind
from api.sync.contacts.mapping import contact_link
from api.sync.contacts.models import MirrorContact
from api.sync.contacts.ownership import Effect, their_values
from api.sync.contacts.ownership import Field as OwnedField

__all__ = [
    "DIFFERENCE",
    "XERO_CONTACT",
    "DecidedBy",
    "DifferenceOut",
    "EvidenceKind",
    "PossibleDuplicateOut",
    "XeroContactOut",
]

XERO_CONTACT: Final[JsonDict] = {
    "id": "bd2270c3-8706-4c11-9cfb-000b551c3f51",
    "name": "Kōwhai Dental Ltd",
    "first_name": None,
    "last_name": None,
    "email": "office@kowhaidental.co.nz",
    "phone": "04 555 0142",
    "tax_number": None,
    "account_number": "KOW-01",
    "is_customer": True,
    "is_supplier": False,
    "is_archived": False,
    "external_url": "https://go.xero.com/app/!k3r4u/contacts/contact/bd2270c3-8706-4c11-9cfb-000b551c3f51",
}
DIFFERENCE: Final[JsonDict] = {
    "field": "email",
    "ours": "accounts@kowhaidental.co.nz",
    "theirs": "office@kowhaidental.co.nz",
    "effect": "kept_in_xero",
}


class XeroContactOut(OutputModel):
    """A contact of the organisation, as Jobtally last read it."""

    id: UUID = Field(description="Xero's own id of the contact.", examples=["bd2270c3-8706-4c11-9cfb-000b551c3f51"])
    name: str = Field(description="The name in Xero.")
    first_name: str | None = Field(description="The first name in Xero.")
    last_name: str | None = Field(description="The last name in Xero.")
    email: str | None = Field(description="The e-mail address in Xero.")
    phone: str | None = Field(description="The phone number in Xero.")
    tax_number: str | None = Field(description="The tax number in Xero.")
    account_number: str | None = Field(description="The account number in Xero.")
    is_customer: bool = Field(description="Whether Xero has an invoice to it.")
    is_supplier: bool = Field(description="Whether Xero has a bill from it.")
    is_archived: bool = Field(description="Whether it is archived in Xero.")
    external_url: str | None = Field(description="The address of its page in Xero; null while it is not known.")

    @classmethod
    def of(cls, row: MirrorContact, short_code: str | None) -> Self:
        """The shape of a mirrored contact of the organisation with this short code."""
        shared: dict[str, Any] = {
            name: getattr(row, name) for name in cls.model_fields if name != "id" and hasattr(row, name)
        }
        return cls(
            **shared,
            id=row.xero_contact_id,
            phone=their_values(row)["phone"] or next(iter(row.phones), None),
            is_archived=row.status != "ACTIVE",
            external_url=contact_link(short_code, row.xero_contact_id) if short_code else None,
        )


class PossibleDuplicateOut(OutputModel):
    """A contact of the organisation that may be the same as one that is to be created."""

    xero_contact_id: UUID = Field(
        description="Xero's own id of the contact.", examples=["bd2270c3-8706-4c11-9cfb-000b551c3f51"]
    )
    name: str = Field(description="The name in Xero.")
    agrees: list[EvidenceKind] = Field(description="The details that are the same; empty: the names are similar.")


class DifferenceOut(OutputModel):
    """A field of a contact on both sides."""

    field: OwnedField = Field(description="The name of the field.")
    ours: str | None = Field(description="The value here.")
    theirs: str | None = Field(description="The value in Xero.")
    effect: Effect = Field(
        description=(
            "`equal`: both sides have the same. `kept_in_xero`: Xero keeps its own value. `sent`: it was changed here,"
            " and the next push sends it. `undecided`: it was changed on both sides."
        )
    )
