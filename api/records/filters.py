"""The filters that every list of records has."""

from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime

from api.records.text import ExternalId

UpdatedSince = Annotated[
    AwareDatetime | None,
    Query(
        description="Changed at this instant or later. To follow changes, ask with the latest `updated_at` that you"
        " have, less a minute, because a change is shown when its transaction has ended.",
        examples=["2026-11-20T00:00:00Z"],
    ),
]
ExternalIdFilter = Annotated[ExternalId | None, Query(description="The one with this id of yours.")]
