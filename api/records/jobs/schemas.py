"""API shapes of jobs."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import ConfigDict, Field, SkipValidation
from pydantic.config import JsonDict

from api.platform.http.schemas import CreatedAt, InputModel, OutputModel, UpdatedAt, omissible
from api.platform.ids import PublicId
from api.records.batch import MAX_ELEMENTS, BatchResult
from api.records.contacts.schemas import ContactId
from api.records.examples import TIMES
from api.records.filters import ExternalIdFilter, UpdatedSince
from api.records.job_statuses.schemas import JobStatusId
from api.records.text import EXTERNAL_ID, ExternalId, Line, LongText, Search, ShortLine

JobId = Annotated[UUID, PublicId("job", "job")]

_NUMBER = "Your number of the job."
_DESCRIPTION = "What has to be done."
_CUSTOMER_REFERENCE = "The customer's own number of the job."
_LOCATION = "Where the work is done."
_STATUS = "One of `/job-statuses`."
_CONTACT = "The contact that the job is for."
_EXAMPLE: JsonDict = {
    "number": "J8116",
    "description": "Replace hot-water cylinder",
    "customer_reference": "PO 4471",
    "location": "14 Rata Street, Wellington",
    "status_id": "jst_01jeecwz2h6z28dd1fm9d2r7kx",
    "contact_id": "con_01jeecwz2h6z28dd1fm9d2r7kx",
    "external_id": "8116",
}


class JobDetails(InputModel):
    """Optional fields of a job."""

    description: LongText | None = Field(None, description=_DESCRIPTION)
    customer_reference: Line | None = Field(None, description=_CUSTOMER_REFERENCE)
    location: Line | None = Field(None, description=_LOCATION)
    status_id: JobStatusId | None = Field(None, description=_STATUS)
    contact_id: ContactId | None = Field(None, description=_CONTACT)
    external_id: ExternalId | None = None


class JobIn(JobDetails):
    """A new job."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    number: ShortLine = Field(description=_NUMBER)


class JobChange(JobDetails):
    """A merge-patch of a job. Missing fields stay, null clears."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"location": "16 Rata Street, Wellington"}]})

    number: ShortLine = omissible(_NUMBER)


class JobElement(JobChange):
    """One job by its `external_id`. A new one needs the required fields; a known one is merge-patched."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    external_id: ExternalId


class JobBatch(InputModel):
    """Up to 500 jobs. Each is validated and stored on its own."""

    items: Annotated[list[SkipValidation[JobElement]], Field(min_length=1, max_length=MAX_ELEMENTS)] = Field(
        description="The jobs, each with its `external_id`."
    )


class JobBatchResult(BatchResult):
    """The result of one job."""

    id: JobId | None = Field(description="The id of the job; null if the element was rejected.")


class JobBatchOut(OutputModel):
    """The result of every element, in the order of the request."""

    results: list[JobBatchResult] = Field(description="One result for each element of `items`, in the same order.")


class JobOut(OutputModel):
    """A job: work for a contact."""

    versioned = frozenset(JobIn.model_fields)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "job_01jeecwz2h6z28dd1fm9d2r7kx", **_EXAMPLE, **TIMES}]}
    )

    id: JobId
    number: str = Field(description=_NUMBER)
    description: str | None = Field(description=_DESCRIPTION)
    customer_reference: str | None = Field(description=_CUSTOMER_REFERENCE)
    location: str | None = Field(description=_LOCATION)
    status_id: JobStatusId | None = Field(description=_STATUS)
    contact_id: ContactId | None = Field(description=_CONTACT)
    external_id: str | None = Field(description=EXTERNAL_ID)
    created_at: CreatedAt
    updated_at: UpdatedAt


@dataclass(frozen=True)
class JobFilter:
    """The filters of a list of jobs. A job has to match every one."""

    q: Annotated[
        Search | None,
        Query(description="Part of the number, the description, the customer's reference or the location."),
    ] = None
    status_id: Annotated[JobStatusId | None, Query(description="Only jobs in this status.")] = None
    contact_id: Annotated[ContactId | None, Query(description="Only jobs for this contact.")] = None
    external_id: ExternalIdFilter = None
    updated_since: UpdatedSince = None
