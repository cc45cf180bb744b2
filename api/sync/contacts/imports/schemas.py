"""API shapes of contact imports."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from api.platform.http.schemas import CreatedAt, InputModel, OutputModel, ProblemOut
from api.platform.ids import PublicId, decode, encode
from api.records.contacts.schemas import ContactId, Role, Roles
from api.sync.contacts.evidence import EvidenceKind
from api.sync.contacts.imports.states import (
    FINISHED_STATES,
    ImportMode,
    ImportState,
    ItemDecision,
    ItemGroup,
    ItemResult,
)
from api.sync.contacts.schemas import DIFFERENCE, XERO_CONTACT, DifferenceOut, XeroContactOut
from api.sync.writes.schemas import WaitingFor

ImportId = Annotated[UUID, PublicId("cim", "import")]
ImportItemId = Annotated[UUID, PublicId("cii", "imported contact")]
WorkGroup = Literal["new", "matched", "possible_duplicate"]
_MAX_DECISIONS: Final = 10_000
_POLL_MS: Final = 1000
_POLL_WAITING_MS: Final = 5000
_IMPORT: JsonDict = {
    "id": "cim_01jeecwz2h6z28dd1fm9d2r7kx",
    "mode": "apply",
    "preview_id": "cim_01jeecwz2h6z28dd1fm9d2r7kw",
    "state": "running",
    "organisation_name": "Kauri Plumbing Ltd",
    "waiting_for": None,
    "resume_at": None,
    "read": 500,
    "counts": {"new": 380, "matched": 29, "possible_duplicate": 3, "unchanged": 86, "archived": 2},
    "imported": 200,
    "linked": 12,
    "left_out": 0,
    "undecided": 1,
    "failed": 0,
    "problem": None,
    "started_by": "Mere Hohepa",
    "created_at": "2026-11-24T20:40:00Z",
    "finished_at": None,
    "poll_after_ms": 1000,
}


class ItemDecisionIn(InputModel):
    """What is decided about one contact of Xero."""

    item_id: ImportItemId
    decision: ItemDecision = Field(
        description=(
            "`same`: it is the contact of yours that is shown, or `contact_id`; `different`: it becomes a new contact;"
            " `leave_out`: it is not imported."
        )
    )
    contact_id: ContactId | None = Field(
        None, description="Of `same`: the contact of yours that it is, if it is not the one that is shown."
    )
    roles: Roles | None = Field(None, description="The roles of the new contact; null: by Xero's flags.")


class GroupDecisionIn(InputModel):
    """What is decided about all contacts of a group, except those in `decisions`."""

    group: WorkGroup = Field(description="The group: `new`, `matched` or `possible_duplicate`.")
    decision: ItemDecision = Field(description="What is decided: `same`, `different` or `leave_out`.")


class ContactImportIn(InputModel):
    """A preview, or an import with decisions about possible duplicates. Undecided ones wait and stop nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"mode": "preview"},
                {
                    "mode": "apply",
                    "preview_id": "cim_01jeecwz2h6z28dd1fm9d2r7kw",
                    "decisions": [{"item_id": "cii_01jeecwz2h6z28dd1fm9d2r7ky", "decision": "same"}],
                },
            ]
        }
    )

    mode: ImportMode = Field(description="`preview` only shows what an import would do; `apply` imports.")
    preview_id: ImportId | None = Field(
        None, description="Of `apply`: the preview, or an import whose undecided contacts are decided now."
    )
    roles: Annotated[list[Literal["customer", "supplier"]], Field(max_length=2)] | None = Field(
        None,
        description=(
            "Whom to import: customers, suppliers or, if it is null, both. A contact that Xero calls neither gets the"
            " first of these roles, or `customer`."
        ),
    )
    decisions: Annotated[list[ItemDecisionIn], Field(max_length=_MAX_DECISIONS)] = Field(
        default=[], description="Decisions about single contacts of the preview."
    )
    decision_for_group: GroupDecisionIn | None = Field(None, description="A decision about a whole group.")

    @model_validator(mode="after")
    def _belongs_to_the_mode(self) -> Self:
        if self.mode == ImportMode.PREVIEW and (self.preview_id or self.decisions or self.decision_for_group):
            raise PydanticCustomError("apply_only", "A preview takes no preview_id and no decisions.")
        if (self.decisions or self.decision_for_group) and self.preview_id is None:
            raise PydanticCustomError("preview_needed", "Send the preview_id that the decisions belong to.")
        return self


class GroupCounts(OutputModel):
    """The number of contacts of Xero in each group."""

    new: int = Field(description="Contacts of which you have nothing yet.")
    matched: int = Field(description="Contacts that are certainly yours, and not linked yet.")
    possible_duplicate: int = Field(description="Contacts that may be yours: a person decides.")
    unchanged: int = Field(description="Contacts that are linked already.")
    archived: int = Field(description="Contacts that are linked and were archived in Xero.")


class ContactImportOut(OutputModel):
    """A preview or an import; ask again after `poll_after_ms` until it is finished."""

    model_config = ConfigDict(json_schema_extra={"examples": [_IMPORT]})

    id: ImportId
    mode: ImportMode = Field(description="`preview` or `apply`.")
    preview_id: ImportId | None = Field(description="The preview that was imported; null without one.")
    state: ImportState = Field(description="`queued`, `running`, `waiting`, `done` or `failed`.")
    organisation_name: str = Field(description="The Xero organisation that the contacts come from.")
    waiting_for: WaitingFor | None = Field(
        description="What a waiting import waits for: `rate`, `day_limit`, `xero` or `connection`."
    )
    resume_at: datetime | None = Field(description="When a waiting import goes on: an instant in UTC; null otherwise.")
    read: int = Field(description="The number of active contacts in Xero.")
    counts: GroupCounts = Field(description="The number of contacts in each group.")
    imported: int = Field(description="The number of new contacts of yours.")
    linked: int = Field(description="The number of contacts of yours that were linked.")
    left_out: int = Field(description="The number of contacts that were left out.")
    undecided: int = Field(description="The number of possible duplicates that wait for a decision.")
    failed: int = Field(description="The number of contacts whose decision could not be carried out.")
    problem: ProblemOut | None = Field(description="Why it failed; null otherwise.")
    started_by: str = Field(description="The name of the user or API key that started it.")
    created_at: CreatedAt
    finished_at: datetime | None = Field(description="When it was finished: an instant in UTC; null before.")
    poll_after_ms: int | None = Field(description="Milliseconds after which to ask again; null when it is finished.")

    @classmethod
    def of(cls, run: object) -> Self:
        """The shape of a row of `contact_imports`."""
        return cls.model_validate(values_of_import(vars(run)))


def values_of_import(run: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of `ContactImportOut` of the columns of an import."""
    poll_ms = _POLL_WAITING_MS if run["state"] == ImportState.WAITING else _POLL_MS
    return {
        **run,
        "counts": {group.value: run[group] for group in ItemGroup},
        "poll_after_ms": None if run["state"] in FINISHED_STATES else poll_ms,
    }


class LinkedContact(OutputModel):
    """One of your contacts."""

    id: ContactId
    name: str = Field(description="The name of the contact.")


class ContactImportItemOut(OutputModel):
    """A contact of Xero in an import: what it is for you, what was decided, and what was done."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "cii_01jeecwz2h6z28dd1fm9d2r7ky",
                    "group": "possible_duplicate",
                    "xero_contact": {**XERO_CONTACT, "name": "Kowhai Dental Ltd"},
                    "contact": {"id": "con_01jeecwz2h6z28dd1fm9d2r7kx", "name": "Kōwhai Dental Ltd"},
                    "other_contacts": [],
                    "evidence": ["phone", "account_number"],
                    "differs": [DIFFERENCE],
                    "roles": ["customer"],
                    "decision": None,
                    "result": "undecided",
                    "problems": [],
                }
            ]
        }
    )

    id: ImportItemId
    group: ItemGroup = Field(
        description=(
            "`new`: you have nothing like it; `matched`: it is yours for certain; `possible_duplicate`: perhaps yours;"
            " `unchanged`: it is linked already; `archived`: it is linked, and archived in Xero."
        )
    )
    xero_contact: XeroContactOut = Field(description="The contact in Xero.")
    contact: LinkedContact | None = Field(description="Your contact that it is, or may be; null for a new one.")
    other_contacts: list[LinkedContact] = Field(description="Of a possible duplicate: more of yours that it may be.")
    evidence: list[EvidenceKind] = Field(description="What is the same on both sides.")
    differs: list[DifferenceOut] = Field(description="What is different in Xero.")
    roles: list[Role] = Field(description="The roles of a new contact.")
    decision: ItemDecision | None = Field(description="What was decided; null: nothing.")
    result: ItemResult | None = Field(
        description=(
            "`imported`: a new contact of yours; `linked`: your contact is linked; `left_out`; `undecided`: it waits"
            " for you; `failed`: the decision could not be carried out; null: nothing was to be done, or not yet."
        )
    )
    problems: list[ProblemOut] = Field(description="Why it failed, or what deserves a look.")

    @classmethod
    def of(cls, row: Any, link: str | None) -> Self:
        """The shape of a row of `contact_import_items`; `link` is the address in Xero."""
        others = [
            each
            for each in row.possible_duplicates
            if each["id"] != (encode("con", row.contact_id) if row.contact_id else None)
        ]
        return cls.model_validate(
            {
                **row._asdict(),
                "group": row.item_group,
                "xero_contact": {**row.xero, "id": row.xero_contact_id, "external_url": link},
                "contact": {"id": row.contact_id, "name": row.contact_name or ""} if row.contact_id else None,
                "other_contacts": [{"id": decode("con", each["id"]), "name": each["name"]} for each in others],
            }
        )


class ImportOfferOut(OutputModel):
    """Whether the import of the organisation's contacts is offered."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "open"}]})

    state: Literal["open", "put_off", "done"] = Field(
        description="`open`: offer it; `put_off`: the user did not want it now; `done`: contacts were imported."
    )


class ImportOfferIn(InputModel):
    """Put the offer off, or back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"put_off": True}]})

    put_off: bool = Field(description="Whether the import is not offered any more.")
