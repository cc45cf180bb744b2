"""API shapes of the link of a contact, and of the decision about it."""

from datetime import datetime
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from api.platform.http.schemas import InputModel, OutputModel, ProblemOut
from api.records.contacts.schemas import ContactId
from api.records.text import Name
from api.sync.contacts.schemas import (
    DIFFERENCE,
    XERO_CONTACT,
    DecidedBy,
    DifferenceOut,
    EvidenceKind,
    XeroContactOut,
)

_CONTACT_ID: Final = "con_01jeecwz2h6z28dd1fm9d2r7kx"
_CANDIDATE: Final[JsonDict] = {
    "xero_contact": XERO_CONTACT,
    "agrees": ["name", "phone"],
    "differs": [DIFFERENCE],
    "taken_by": None,
}
_PROBLEM: Final[JsonDict] = {
    "code": "contact_unsure",
    "title": "It isn't certain which contact in Xero this is",
    "detail": "Xero has several active contacts that could be Kōwhai Dental Ltd. Choose the right contact.",
    "pointer": None,
    "fix": {"label": "Open the contact", "href": f"/contacts/{_CONTACT_ID}#link"},
    "source": "check",
    "xero_message": None,
    "choices": [],
}
_UNSURE: Final[JsonDict] = {
    "state": "unsure",
    "xero_contact": None,
    "decided_by": None,
    "evidence": [],
    "decided_by_user": None,
    "decided_at": None,
    "differences": [],
    "candidates": [_CANDIDATE],
    "possible_duplicates": [],
    "new_name": "Kōwhai Dental Ltd (Wellington)",
    "like_these": 2,
    "problem": _PROBLEM,
    "checked_against": "2026-11-24T20:40:00Z",
}
LinkState = Literal["none", "creating", "linked", "unsure", "archived", "elsewhere"]


class TakenBy(OutputModel):
    """The contact of yours that a contact in Xero belongs to."""

    contact_id: ContactId
    name: str = Field(description="The name of the contact.")


class LinkCandidateOut(OutputModel):
    """A contact in Xero that yours may be."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CANDIDATE]})

    xero_contact: XeroContactOut = Field(description="The contact as Xero has it.")
    agrees: list[EvidenceKind] = Field(description="What is the same on both sides.")
    differs: list[DifferenceOut] = Field(description="The fields that are not the same.")
    taken_by: TakenBy | None = Field(description="The contact of yours that it belongs to; null: it is free.")


class LinkOut(OutputModel):
    """Which contact in Xero a contact of yours is, how that was decided, and what else it may be."""

    model_config = ConfigDict(json_schema_extra={"examples": [_UNSURE]})

    state: LinkState = Field(
        description=(
            "`none`: nothing is decided yet, the next export decides; `creating`: the next export creates it; `linked`;"
            " `unsure`: you have to choose; `archived`: it is archived in Xero; `elsewhere`: it is linked in an"
            " organisation that is not connected now."
        )
    )
    xero_contact: XeroContactOut | None = Field(description="The contact in Xero that it is; null where there is none.")
    decided_by: DecidedBy | None = Field(
        description="What decided the link, or that it is new; `person`: a user; null: nothing is decided."
    )
    evidence: list[EvidenceKind] = Field(description="What agreed when it was decided.")
    decided_by_user: str | None = Field(description="The name of the user or API key that decided; null: the rules.")
    decided_at: datetime | None = Field(description="When it was decided: an instant in UTC; null: it is not.")
    differences: list[DifferenceOut] = Field(description="The fields of both sides, equal ones too; empty: no link.")
    candidates: list[LinkCandidateOut] = Field(description="Contacts in Xero with the same name or your number.")
    possible_duplicates: list[LinkCandidateOut] = Field(
        description="Contacts in Xero with a similar name, or with the same details under another name."
    )
    new_name: str = Field(description="A name that a new contact can have in Xero.")
    like_these: int = Field(description="How many other contacts of yours have the same question.")
    problem: ProblemOut | None = Field(description="Why its invoices are held; null: they are not.")
    checked_against: datetime | None = Field(
        description="Up to when Xero's contacts were read: an instant in UTC; null: never."
    )


class LinkIn(InputModel):
    """Which contact in Xero it is: one that is there, or a new one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"xero_contact_id": "bd2270c3-8706-4c11-9cfb-000b551c3f51"},
                {"new": True, "xero_name": "John Smith (Napier)", "same_for_all_like_these": False},
            ]
        }
    )

    xero_contact_id: Annotated[UUID | None, Field(examples=["bd2270c3-8706-4c11-9cfb-000b551c3f51"])] = Field(
        None, description="Xero's own id of the contact that it is; null with `new`."
    )
    new: StrictBool = Field(False, description="Whether the next export creates it in Xero.")
    xero_name: Name | None = Field(
        None, description="Of a new contact: its name in Xero. Needed where Xero has another contact of its name."
    )
    same_for_all_like_these: StrictBool = Field(
        False,
        description=(
            "Whether the same answer is given for all of your contacts with the same question: each becomes a new"
            " contact under a name of its own, or is linked to the only contact that it may be."
        ),
    )

    @model_validator(mode="after")
    def _decides_once(self) -> Self:
        if self.new == (self.xero_contact_id is not None):
            raise PydanticCustomError("choose_one", "Send either xero_contact_id, or new with true.")
        if self.xero_name is not None and not self.new:
            raise PydanticCustomError("new_only", "Only a new contact takes an xero_name.")
        return self


class LinkRefreshOut(OutputModel):
    """Xero is asked about the contact; read its link again until `checked_against` has changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"poll_after_ms": 1000}]})

    poll_after_ms: int = Field(description="Milliseconds after which to read the link again.")
