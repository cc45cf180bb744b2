"""API shapes of job statuses."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field

from api.platform.http.schemas import CreatedAt, InputModel, OutputModel, UpdatedAt, omissible
from api.platform.ids import PublicId
from api.records.examples import TIMES
from api.records.text import Name

JobStatusId = Annotated[UUID, PublicId("jst", "job status")]

_NAME = "Unique in the business."


class JobStatusIn(InputModel):
    """A new status."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Invoiced"}]})

    name: Name = Field(description=_NAME)


class JobStatusChange(InputModel):
    """A merge-patch of a status."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Invoiced and sent"}]})

    name: Name = omissible(_NAME)


class JobStatusOut(OutputModel):
    """A status of jobs, named by the business."""

    versioned = frozenset(JobStatusIn.model_fields)

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "jst_01jeecwz2h6z28dd1fm9d2r7kx", "name": "Invoiced", **TIMES}]}
    )

    id: JobStatusId
    name: str = Field(description=_NAME)
    created_at: CreatedAt
    updated_at: UpdatedAt
