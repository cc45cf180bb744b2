"""The connection as the API tells it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.platform.http.schemas import InputModel, OutputModel
from api.sync.connections.states import ShownState


class ConnectionOut(OutputModel):
    """Where the business stands with Xero."""

    state: Annotated[ShownState, Field(description="`connecting` while a consent is open or a choice is due.")]
    organisation_id: Annotated[UUID | None, Field(description="Xero's own id of the organisation.")]
    organisation_name: str | None
    connected_by: Annotated[str | None, Field(description="Who connected it.")]
    connected_at: datetime | None
    checked_at: Annotated[datetime | None, Field(description="When Xero last answered.")]
    organisation_choice_due: Annotated[
        bool, Field(description="True when one of several organisations has to be chosen.")
    ]


class AuthorizationOut(OutputModel):
    """Where to send the browser, as a full-page redirect."""

    authorize_url: str
    expires_at: datetime


class OrganisationOut(OutputModel):
    """An organisation that the last consent offered."""

    organisation_id: UUID
    organisation_name: str
    is_present: Annotated[bool, Field(description="Whether invoices went to this one before.")]


class OrganisationsOut(OutputModel):
    """Organisations to choose from; empty when there is nothing to choose."""

    items: list[OrganisationOut]


class OrganisationIn(InputModel):
    """The choice."""

    organisation_id: UUID
