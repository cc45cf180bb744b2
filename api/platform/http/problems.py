"""Renders every 4xx and 5xx answer as a problem (RFC 9457)."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import psycopg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.platform import errors
from api.platform.errors import MORE_ERRORS, ApiError, FieldError, limited_errors
from api.platform.http.field_messages import message_for
from api.platform.log import current_request_id, get_logger
from api.platform.text import CONTROL_CODE, control_remedy

MEDIA_TYPE = "application/problem+json"
_MAX_STEP_CHARACTERS = 100  # of one step of a pointer, so that an answer stays short whatever names are sent
_OWN_CODES = {"extra_forbidden": "unknown_field", "missing": "required"}  # by pydantic's name
_BY_STATUS: dict[int, type[ApiError]] = {
    error_class.status: error_class
    for error_class in (
        errors.BadRequest,
        errors.Unauthenticated,
        errors.Forbidden,
        errors.NotFound,
        errors.MethodNotAllowed,
        errors.PayloadTooLarge,
        errors.UnsupportedMediaType,
        errors.Unavailable,
    )
}
_logger = get_logger("jobtally.http")


def problem_response(error: ApiError) -> Response:
    """The answer for this error: code, title, detail, the field errors and the fix."""
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": current_request_id(),
    }
    challenge = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    if error.errors:
        body["errors"] = [_as_out(field_error) for field_error in error.errors]
    if error.fix:
        body["fix"] = {"label": error.fix.label, "href": error.fix.href}
    return Response(
        json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        status_code=error.status,
        headers={"Cache-Control": "no-store", **challenge, **error.headers},
        media_type=MEDIA_TYPE,
    )


def install_error_handlers(app: FastAPI) -> None:
    """Answer every error of this app with a problem."""

    async def api_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        return problem_response(error)

    async def invalid_request(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem_response(_from_validation(error))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        error_class = _BY_STATUS.get(error.status_code, ApiError)
        headers = dict(error.headers or {})
        if error_class is errors.MethodNotAllowed:
            headers["Allow"] = ", ".join(sorted(_allowed_methods(request)))
        return problem_response(error_class(headers=headers))

    async def database_unavailable(request: Request, error: Exception) -> Response:
        _logger.warning("database unavailable", error=type(error).__name__)
        return problem_response(errors.Unavailable(headers={"Retry-After": "2"}))

    async def write_conflict(request: Request, error: Exception) -> Response:
        _logger.warning("write conflict", error=_first_line(error))
        return problem_response(errors.Conflict("Somebody changed the same thing at the same moment. Try again."))

    async def value_out_of_range(request: Request, error: Exception) -> Response:
        _logger.warning("value refused by the database", error=_first_line(error))
        return problem_response(errors.Invalid("A value is too large to be stored. Nothing was stored."))

    app.add_exception_handler(ApiError, api_error)
    app.add_exception_handler(RequestValidationError, invalid_request)
    app.add_exception_handler(StarletteHTTPException, http_error)
    for unavailable in (OperationalError, InterfaceError, PoolTimeout, psycopg.OperationalError):
        app.add_exception_handler(unavailable, database_unavailable)
    app.add_exception_handler(IntegrityError, write_conflict)
    for out_of_range in (DataError, psycopg.DataError):
        app.add_exception_handler(out_of_range, value_out_of_range)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).splitlines()[0]


def _allowed_methods(request: Request) -> set[str]:
    # Each method of an address is a route of its own, and the router names only the first of them.
    return {
        method
        for context in iter_route_contexts(request.app.routes)
        if getattr(context, "path_regex", None) and context.path_regex.match(request.url.path)
        for method in context.methods or ()
    }


def pointer(path: Iterable[str | int]) -> str:
    """A JSON Pointer as a URI fragment: `("lines", 0, "quantity")` is `#/lines/0/quantity`. Long steps are cut."""
    return "#" + "".join("/" + _shortened(str(step)).replace("~", "~0").replace("/", "~1") for step in path)


def _shortened(step: str) -> str:
    return step if len(step) <= _MAX_STEP_CHARACTERS else step[: _MAX_STEP_CHARACTERS - 1] + "…"


def field_errors_of(details: Sequence[Any], body: Any, prefix: tuple[str | int, ...] = ()) -> list[FieldError]:
    """Pydantic's errors about `body` as field errors, at most 50; `prefix` is the place of `body` in the request."""

    def field_error(detail: Any) -> FieldError:
        return _field_error(detail, pointer=pointer((*prefix, *_sent_steps(detail, detail["loc"], body))))

    return _limited(details, field_error)


def _limited(details: Sequence[Any], build: Callable[[Any], FieldError]) -> list[FieldError]:
    # InputModel leaves out errors itself and counts them in an error of its own.
    counted = [detail for detail in details if detail["type"] == MORE_ERRORS]
    left_out = sum(detail["ctx"]["count"] for detail in counted)
    named = [detail for detail in details if detail["type"] != MORE_ERRORS] if counted else details
    return limited_errors(named, build, left_out=left_out)


def _from_validation(error: RequestValidationError) -> ApiError:
    details = error.errors()
    if any(detail["loc"][0] == "path" for detail in details):
        return errors.NotFound()
    if details and details[0]["type"] == "json_invalid":
        place, reason = details[0]["loc"][-1], details[0]["ctx"]["error"]
        return errors.MalformedJson(
            errors=[FieldError("malformed_json", f"{reason}, at character {place}.", pointer="#")]
        )

    def field_error(detail: Any) -> FieldError:
        if detail["loc"][0] == "body":
            return _field_error(detail, pointer=pointer(_sent_steps(detail, detail["loc"][1:], error.body)))
        return _field_error(detail, parameter=str(detail["loc"][-1]))

    return errors.Invalid(errors=_limited(details, field_error))


def _sent_steps(detail: Any, location: Sequence[str | int], body: Any) -> list[str | int]:
    # Pydantic's location also names branches of unions and validators, which the caller did not write. A step is
    # kept when the body contains it, or when it is the last one and names a field that the body lacks.
    steps: list[str | int] = []
    within = [body]
    was_sent = True
    for step in location:
        value = within[-1]
        if isinstance(step, str) and isinstance(value, list) and steps and isinstance(within[-2], dict):
            steps.pop()  # a branch has the name of one of the fields beside it
            within.pop()
            value = within[-1]
        was_sent = (isinstance(value, dict) and step in value) or (isinstance(value, list) and isinstance(step, int))
        if was_sent:
            steps.append(step)
            within.append(value[step])
    if not was_sent and _is_absent_field(detail, location[-1], within[-1]):
        steps.append(location[-1])
    return steps


def _is_absent_field(detail: Any, last: str | int, value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(last, str) or "[" in last or "(" in last:
        return False
    # A branch of a union that refuses the whole object has that object as its input.
    return detail["type"] == "missing" or bool(detail.get("input") != value)


def _field_error(detail: Any, *, pointer: str | None = None, parameter: str | None = None) -> FieldError:
    value = detail.get("input")
    remedy = control_remedy(value) if isinstance(value, str) else None
    if remedy is not None:  # whichever rule of the field the text has broken first
        return FieldError(CONTROL_CODE, remedy, pointer, parameter)
    code = _OWN_CODES.get(detail["type"], detail["type"])
    return FieldError(code, message_for(detail), pointer, parameter)


def _as_out(field_error: FieldError) -> dict[str, str]:
    place = (
        {"pointer": field_error.pointer}
        if field_error.pointer is not None
        else {"parameter": field_error.parameter or ""}
    )
    return {**place, "code": field_error.code, "detail": field_error.detail}
