"""`/exports`, `/export-checks`, the preview of an invoice, and the marker's address."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, status
from starlette.responses import RedirectResponse, Response

from api.identity.access import Caller, OptionalSessionDep, permitted, refuse_without_scopes, service
from api.identity.reader import Reader, reading
from api.identity.sessions.service import name_of_caller
from api.platform.db.repository import Count
from api.platform.errors import NotFound
from api.platform.http.dependencies import filter_of
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import CountOut, Page
from api.platform.http.versions import ExpectedVersionDep
from api.platform.ids import encode
from api.records.clashes import ExternalIdTaken
from api.records.invoices.schemas import InvoiceId, InvoiceOut
from api.records.invoices.service import InvoiceDocument, Results, SelectedOut, SelectionChanged
from api.sync.connections.service import NotConnectedYet
from api.sync.exports.answers import AnswerService, NotAsked
from api.sync.exports.linking import LinkService, SentToXero
from api.sync.exports.links.schemas import InvoiceLinkOut
from api.sync.exports.preview import CheckService
from api.sync.exports.preview_schemas import XeroPreview
from api.sync.exports.problems import ASKED
from api.sync.exports.requests import ExportCheckIn, ExportIn
from api.sync.exports.schemas import (
    AnswerIn,
    AnswersIn,
    ExportCheckOut,
    ExportFilter,
    ExportId,
    ExportItemOut,
    ExportOut,
    SkippedInvoice,
    StartedExportOut,
)
from api.sync.exports.service import (
    EXPORT_ITEM_LIST,
    EXPORT_LIST,
    DefaultCodesUnset,
    ExportFinished,
    ExportService,
    NothingToRetry,
    SomeAlreadyQueued,
    Started,
)
from api.sync.exports.states import ItemState

router = ApiRouter("/exports", tag="exports")
checks_router = ApiRouter("/export-checks", tag="exports")
invoices_router = ApiRouter("/invoices", tag="exports")
marker_router = ApiRouter("/x", tag="exports")
Reading = Annotated[Reader, reading("exports:read")]
Writing = Annotated[ExportService, service(ExportService, "exports:write")]
Checking = Annotated[CheckService, service(CheckService, "exports:read")]
Answering = Annotated[AnswerService, service(AnswerService, "exports:write")]
ReadingLinks = Annotated[LinkService, service(LinkService, "exports:read")]
Linking = Annotated[LinkService, service(LinkService, "exports:write")]
Wanted = Annotated[ExportFilter, filter_of(ExportFilter)]
Starter = Annotated[Caller, permitted("exports:write")]


@router.post(
    "",
    response_model=StartedExportOut,
    status_code=status.HTTP_202_ACCEPTED,
    responses={
        200: {
            "description": "The unfinished export that has all of these invoices already.",
            "model": StartedExportOut,
        },
        **errors(NotConnectedYet, DefaultCodesUnset, SelectionChanged, SomeAlreadyQueued),
    },
)
async def start_export(body: ExportIn, exports: Writing, caller: Starter, response: Response) -> StartedExportOut:
    """Queue up to 10,000 invoices for Xero, and follow the export at the `Location` of the answer.

    Of `ids`, all are queued or none. Of a filter, those that can be sent are queued, and `skipped` names the others.
    """
    hold = timedelta(seconds=body.hold_seconds)
    return _started(await exports.start(body.selection, started_by=await name_of_caller(caller), hold=hold), response)


@router.get("", response_model=Page[ExportOut])
async def list_exports(reader: Reading, paging: PagingDep, wanted: Wanted) -> Response:
    """List your exports, newest first."""
    return await EXPORT_LIST.page(reader, paging, wanted)


@router.get("/counts", response_model=CountOut)
async def count_exports(reader: Reading, wanted: Wanted) -> Count:
    """Count the exports that match the filters."""
    return await EXPORT_LIST.count(reader, wanted)


@router.get("/{export_id}", response_model=ExportOut, responses=errors(NotFound))
async def get_export(export_id: ExportId, reader: Reading) -> Response:
    """One export with its counts. Ask again after `poll_after_ms` until it is finished."""
    return await EXPORT_LIST.get(reader, export_id)


@router.get("/{export_id}/items", response_model=Page[ExportItemOut], responses=errors(NotFound))
async def list_export_items(
    export_id: ExportId,
    reader: Reading,
    paging: PagingDep,
    state: Annotated[ItemState | None, Query(description="Only items in this state.")] = None,
) -> Response:
    """The invoices of an export, each with its state, problems and remarks."""
    return await EXPORT_ITEM_LIST.page_within(reader, paging, state, parent=EXPORT_LIST, parent_id=export_id)


@router.post("/{export_id}/cancellation", response_model=ExportOut, responses=errors(NotFound, ExportFinished))
async def cancel_export(export_id: ExportId, exports: Writing, version: ExpectedVersionDep) -> ExportOut:
    """Cancel the invoices that are not sent yet. For those that were sent, the export still waits for the result."""
    return ExportOut.of(await exports.cancel(export_id, version))


@router.post(
    "/{export_id}/retries",
    response_model=StartedExportOut,
    status_code=status.HTTP_202_ACCEPTED,
    responses={
        200: {
            "description": "The unfinished export that has all of these invoices already.",
            "model": StartedExportOut,
        },
        **errors(NotFound, NotConnectedYet, DefaultCodesUnset, NothingToRetry),
    },
)
async def retry_export(export_id: ExportId, exports: Writing, caller: Starter, response: Response) -> StartedExportOut:
    """Send the refused invoices of this export again, in a new export."""
    return _started(await exports.retry(export_id, started_by=await name_of_caller(caller)), response)


@checks_router.post("", response_model=ExportCheckOut, responses=errors(NotFound, SelectionChanged, ExternalIdTaken))
async def check_export(body: ExportCheckIn, checks: Checking, request: Request) -> ExportCheckOut:
    """Find every known reason for a refusal before anything is sent.

    The answer comes at once, from what was read of Xero before: `checked_against` says when. What is old is read again
    meanwhile (`refreshing`): check again after `poll_after_ms`.

    With `invoice`, the content of a draft is checked that is not stored, or that a stored invoice would get. It is
    refused as `POST /invoices` refuses it, but a number that another invoice has is one of its problems.
    """
    ceilings = request.app.state.settings.xero.ceilings
    if body.invoice is not None:
        return await checks.check_draft(body.invoice, ceilings, body.invoice_id)
    assert body.selection is not None
    return await checks.check(body.selection, ceilings)


@invoices_router.get(
    "/{invoice_id}/xero-preview", response_model=XeroPreview, responses=errors(NotFound, NotConnectedYet)
)
async def preview_invoice(invoice_id: InvoiceId, checks: Checking, request: Request) -> XeroPreview:
    """What an export would send to Xero for this invoice, exactly."""
    return await checks.preview(invoice_id, request.app.state.settings.base_url)


@invoices_router.put(
    "/{invoice_id}/answers/{problem_code}", response_model=InvoiceOut, responses=errors(NotFound, NotAsked)
)
async def answer_problem(
    invoice_id: InvoiceId,
    problem_code: Annotated[
        str, Path(description="The code of a problem that has `choices`.", max_length=100, examples=["outcome_unknown"])
    ],
    body: AnswerIn,
    answers: Answering,
    caller: Starter,
    request: Request,
) -> InvoiceDocument:
    """Decide a problem of an invoice by one of its choices.

    `looks_entered_already`: `same` links the invoice with the document that somebody else has entered, and nothing is
    sent; of several, `same:` with Xero's id. `different` is remembered, and the invoice can be sent.

    `bill_entered_twice`: `different` is remembered, and both bills can be sent.

    `several_in_xero`: `keep:` with Xero's id links the invoice with that document; void the others in Xero yourself.
    `look_again` has Xero's documents read again, and links the invoice if the last reading has one live document of it.

    `outcome_unknown`, for an invoice whose organisation is not connected any more: `was_sent` counts it as exported,
    without a link to its document; `was_not_sent` stops it, so that it can be exported again. Only administrators can.
    """
    await refuse_without_scopes(request, caller, ASKED.get(problem_code, ()))
    return await answers.answer(invoice_id, problem_code, body.choice)


@invoices_router.delete("/{invoice_id}/answers/{problem_code}", status_code=204, responses=errors(NotFound))
async def take_back_answer(
    invoice_id: InvoiceId,
    problem_code: Annotated[
        str, Path(description="`looks_entered_already`.", max_length=100, examples=["looks_entered_already"])
    ],
    links: Linking,
) -> None:
    """Take back the answer `different` to `looks_entered_already`: the invoice is asked about again.

    The answer `same` is taken back with `DELETE /invoices/{id}/link`. Other answers cannot be taken back.
    """
    await links.take_back(invoice_id, problem_code)


@invoices_router.get("/{invoice_id}/link", response_model=InvoiceLinkOut, responses=errors(NotFound))
async def get_link(invoice_id: InvoiceId, links: ReadingLinks) -> InvoiceLinkOut:
    """The document in Xero that the invoice is linked to, and who linked it."""
    return await links.read(invoice_id)


@invoices_router.delete("/{invoice_id}/link", status_code=204, responses=errors(NotFound, SentToXero))
async def unlink_invoice(invoice_id: InvoiceId, links: Linking) -> None:
    """Take back the link to a document that somebody else has entered. Nothing changes in Xero.

    The invoice is not exported then, and it is asked about again.
    """
    await links.unlink(invoice_id)


@invoices_router.post("/answers", response_model=SelectedOut, responses=errors(SelectionChanged))
async def answer_problems(body: AnswersIn, answers: Answering, caller: Starter, request: Request) -> Results:
    """Decide a problem of the selected invoices by one of its choices. Each gets a result.

    An invoice that doesn't have the problem is refused and stays as it was. With `looks_entered_already` and `same`,
    those are linked whose document is certain and has the same total; the others are refused, to be answered alone.
    `outcome_unknown` is for administrators only.
    """
    await refuse_without_scopes(request, caller, ASKED.get(body.problem_code, ()))
    return await answers.answer_all(body.selection, body.problem_code, body.choice)


@marker_router.get("/{invoice_id}", include_in_schema=False)
async def follow_marker(invoice_id: UUID, request: Request, session: OptionalSessionDep) -> Response:
    """The address written into Xero's `Url`: redirects to the invoice, after signing in where that is needed."""
    page = f"/sign-in?return_to=/x/{invoice_id}"
    if session.user_id is not None:
        page = await ExportService(session.work).page_behind(invoice_id) or "/invoices"
    return RedirectResponse(f"{request.app.state.settings.app_base_url}{page}", status_code=status.HTTP_302_FOUND)


def _started(started: Started, response: Response) -> StartedExportOut:
    response.headers["Location"] = f"/api/v1/exports/{encode('exp', started.run.id)}"
    response.headers["Retry-After"] = "1"
    if not started.is_new:
        response.status_code = status.HTTP_200_OK
    skipped = [SkippedInvoice.model_validate(each) for each in started.skipped]
    return StartedExportOut(**ExportOut.of(started.run).model_dump(), skipped=skipped)
