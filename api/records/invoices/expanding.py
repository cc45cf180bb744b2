"""`expand`: the contact, the job and the lines of invoices in the same answer."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, get_args

from fastapi import Query

from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid
from api.records.contacts.service import ContactService
from api.records.invoices.repository import InvoiceRepository
from api.records.jobs.service import JobService

Part = Literal["contact", "job", "lines"]
_PARTS = get_args(Part)


async def expanded_parts(
    expand: Annotated[
        str | None,
        Query(
            description="Parts to include in the same answer, separated by commas: `contact`, `job`, `lines`.",
            examples=["contact,job"],
        ),
    ] = None,
) -> frozenset[Part]:
    """The parts that `expand` names. Raises Invalid for another name."""
    names = expand.split(",") if expand is not None else []
    if unknown := [name for name in names if name not in _PARTS]:
        detail = f"{', '.join(unknown) or 'Nothing'} cannot be included. Name {', '.join(_PARTS)}, separated by commas."
        raise Invalid(errors=[FieldError("unknown_part", detail, parameter="expand")])
    return frozenset(name for name in _PARTS if name in names)


async def expanded(
    work: UnitOfWork, rows: Sequence[Mapping[str, Any]], parts: frozenset[Part]
) -> list[Mapping[str, Any]]:
    """The rows with these parts, each part read in one statement; a part that is not asked for is None."""
    contacts = await ContactService(work).views({row["contact_id"] for row in rows}) if "contact" in parts else {}
    job_ids = {row["job_id"] for row in rows if row["job_id"] is not None}
    jobs = await JobService(work).views(job_ids) if "job" in parts else {}
    lines = await InvoiceRepository(work).lines([row["id"] for row in rows]) if "lines" in parts else {}
    return [
        {
            **row,
            "contact": contacts.get(row["contact_id"]),
            "job": jobs.get(row["job_id"]) if row["job_id"] is not None else None,
            "lines": lines.get(row["id"], ()) if "lines" in parts else None,
        }
        for row in rows
    ]
