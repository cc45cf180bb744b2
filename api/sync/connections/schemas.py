"""The connection as the API tells it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.platform.http.schemas import InputModel, OutputModel, ProblemOut
from api.sync.connections.states import ShownState

SyncKind = Literal[
    "contact_push",
    "contact_import",
    "organisation",
    "actions",
    "currencies",
    "accounts",
    "tax_rates",
    "tracking",
    "items",
    "contacts",
    "documents",
]


class LastSyncOut(OutputModel):
    """When something was last copied between the business and its organisation."""

    kind: SyncKind = Field(
        description="`contact_push`: new and changed contacts to Xero; `contact_import`: contacts from Xero. All others"
        " are read from Xero to compare with: `organisation` its settings, `actions` what the Xero user may do,"
        " `tracking` the tracking categories, `documents` the invoices and bills."
    )
    at: datetime | None = Field(description="When it was last finished: an instant in UTC; null if it never was.")
    next_at: datetime | None = Field(
        description="When it begins next by itself: an instant in UTC; null if none is planned."
    )


class ConnectionOut(OutputModel):
    """The connection of the business to Xero."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "state": "connected",
                    "organisation_id": "390ba8eb-1cc9-53d0-8721-be398e3a9c7a",
                    "organisation_name": "Kererū Plumbing Ltd",
                    "connected_by": "Mere Hohepa",
                    "connected_at": "2026-11-20T02:11:09Z",
                    "checked_at": "2026-11-24T20:40:00Z",
                    "organisation_choice_due": False,
                    "reason": None,
                    "problem": None,
                    "calls_today": 214,
                    "calls_per_day": 5000,
                    "last_sync": [
                        {"kind": "contact_push", "at": "2026-11-24T20:40:00Z", "next_at": "2026-11-25T02:40:00Z"},
                        {"kind": "accounts", "at": "2026-11-24T20:38:00Z", "next_at": None},
                    ],
                }
            ]
        }
    )

    state: ShownState = Field(
        description="`connecting`: the consent is not finished, or an organisation has to be chosen;"
        " `needs_reconnect`, `removed`: connect again; `unreachable`: Xero does not answer."
    )
    organisation_id: UUID | None = Field(description="Xero's own id of the organisation.")
    organisation_name: str | None = Field(description="The name of the organisation; null if none is connected.")
    connected_by: str | None = Field(description="The name of the user who connected it.")
    connected_at: datetime | None = Field(description="When it was connected: an instant in UTC.")
    checked_at: datetime | None = Field(description="When Xero answered last: an instant in UTC.")
    organisation_choice_due: bool = Field(description="True when one of several organisations has to be chosen.")
    reason: str | None = Field(
        description="Why nothing is sent now, in words; null if the connection works or was never made."
    )
    problem: ProblemOut | None = Field(
        description="What a person has to do at Xero before anything is sent again; null if there is nothing."
    )
    calls_today: int | None = Field(
        description="How many of Xero's calls a day to this organisation are spent; null if none is connected."
    )
    calls_per_day: int | None = Field(
        description="How many calls a day Xero takes for it. Before they are spent, what nobody waits for is put off."
    )
    last_sync: list[LastSyncOut] = Field(description="What is copied to Xero and from it, each kind once.")


class AuthorizationOut(OutputModel):
    """The page of Xero that the browser has to open."""

    authorize_url: str = Field(
        description="The address of Xero where the user gives the consent.",
        examples=["https://login.xero.com/identity/connect/authorize?client_id=…"],
    )
    expires_at: datetime = Field(
        description="Until when the consent can be given: an instant in UTC.", examples=["2026-11-24T20:50:00Z"]
    )


class OrganisationOut(OutputModel):
    """An organisation that the last consent gives access to."""

    organisation_id: UUID = Field(
        description="Xero's own id of the organisation.", examples=["390ba8eb-1cc9-53d0-8721-be398e3a9c7a"]
    )
    organisation_name: str = Field(
        description="The name of the organisation in Xero.", examples=["Kererū Plumbing Ltd"]
    )
    is_present: bool = Field(description="Whether it is the organisation of the last connection.", examples=[True])
    short_code: str | None = Field(
        description="Xero's short name of it, which is in the addresses of its pages; null if Xero did not say."
        " With the three fields below, organisations of one name differ.",
        examples=["!NzDm1"],
    )
    country_code: str | None = Field(description="Its country; null if Xero did not say.", examples=["NZ"])
    currency: str | None = Field(description="Its base currency; null if Xero did not say.", examples=["NZD"])
    created: datetime | None = Field(
        description="When it was created in Xero: an instant in UTC; null if Xero did not say.",
        examples=["2019-04-01T00:00:00Z"],
    )


class OrganisationsOut(OutputModel):
    """Organisations to choose from; empty when there is nothing to choose."""

    items: list[OrganisationOut] = Field(description="The organisations to choose from.")


class OrganisationIn(InputModel):
    """The organisation to connect to."""

    organisation_id: UUID = Field(
        description="The `organisation_id` of one of the organisations to choose from.",
        examples=["390ba8eb-1cc9-53d0-8721-be398e3a9c7a"],
    )
    confirm_switch: str | None = Field(
        None,
        max_length=500,
        description="The name of this organisation. It is required if invoices went to another one, because the next"
        " invoices will go to this one.",
        examples=["Kererū Plumbing Ltd"],
    )
