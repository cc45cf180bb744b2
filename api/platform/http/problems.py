"""RFC 9457: the one renderer of every 4xx and 5xx."""

import json
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.platform import errors
from api.platform.errors import ApiError, FieldError
from api.platform.http.field_messages import message_for
from api.platform.log import current_request_id, get_logger

MEDIA_TYPE = "application/problem+json"
# Pydantic's own word, and ours where a field is required only beside another.
_BY_STATUS: dict[int, type[ApiError]] = {
    kind.status: kind
    for kind in (
        errors.BadRequest, errors.Unauthenticated, errors.Forbidden, errors.NotFound, errors.MethodNotAllowed,
        errors.PayloadTooLarge, errors.UnsupportedMediaType, errors.Unavailable,
    )
}  # fmt: skip
_logger = get_logger("jobtally.http")


def problem(error: ApiError) -> Response:
    """The answer that tells this error: code, words, every field_error with its pointer, and the way to mend it."""
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
        body["errors"] = [_told(field_error) for field_error in error.errors]
    if error.fix:
        body["fix"] = {"label": error.fix.label, "href": error.fix.href}
    return Response(
        json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        status_code=error.status,
        headers={"Cache-Control": "no-store", **challenge, **error.headers},
        media_type=MEDIA_TYPE,
    )


def render_problems(app: FastAPI) -> None:
    """Have every failure of this app answered as a problem."""

    async def api_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        return problem(error)

    async def unreadable(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem(_from_validation(error))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        kind = _BY_STATUS.get(error.status_code, ApiError)
        headers = dict(error.headers or {})
        if kind is errors.MethodNotAllowed:
            headers["Allow"] = ", ".join(sorted(_methods_here(request)))
        return problem(kind(headers=headers))

    async def database_away(request: Request, error: Exception) -> Response:
        _logger.warning("database unavailable", error=type(error).__name__)
        return problem(errors.Unavailable(headers={"Retry-After": "2"}))

    async def clash(request: Request, error: Exception) -> Response:
        _logger.warning("two writes clashed", error=str(getattr(error, "orig", error)).splitlines()[0])
        return problem(errors.Conflict("Somebody changed the same thing at the same moment. Try again."))

    async def out_of_range(request: Request, error: Exception) -> Response:
        _logger.warning("value refused by the database", error=str(getattr(error, "orig", error)).splitlines()[0])
        return problem(errors.Invalid("A value is outside what can be stored."))

    app.add_exception_handler(ApiError, api_error)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(StarletteHTTPException, http_error)
    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(away, database_away)
    app.add_exception_handler(IntegrityError, clash)
    app.add_exception_handler(DataError, out_of_range)


def _methods_here(request: Request) -> set[str]:
    # One address is spread over a route per method; the router names only the first of them.
    return {
        method
        for context in iter_route_contexts(request.app.routes)
        if getattr(context, "path_regex", None) and context.path_regex.match(request.url.path)
        for method in context.methods or ()
    }


def pointer(path: Iterable[str | int]) -> str:
    """A JSON Pointer as a URI fragment: `("lines", 0, "quantity")` is `#/lines/0/quantity`."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def field_errors_of(problems: Iterable[Any], body: Any, prefix: tuple[str | int, ...] = ()) -> list[FieldError]:
    """Pydantic's errors about `body` as field_errors; `prefix` says where in the whole it sits."""
    return [
        FieldError(code=_code(item["type"]), detail=message_for(item), pointer=pointer((*prefix, *_steps(item, body))))
        for item in problems
    ]


def _from_validation(error: RequestValidationError) -> ApiError:
    details = list(error.errors())
    if any(item["loc"][0] == "path" for item in details):
        return errors.NotFound()
    if details and details[0]["type"] == "json_invalid":
        place, reason = details[0]["loc"][-1], details[0]["ctx"]["error"]
        return errors.MalformedJson(
            errors=[FieldError("malformed_json", f"{reason}, at character {place}.", pointer="#")]
        )
    field_errors: list[FieldError] = []
    for item in details:
        if item["loc"][0] == "body":
            field_errors += field_errors_of([{**item, "loc": item["loc"][1:]}], error.body)
        else:
            field_errors.append(FieldError(_code(item["type"]), message_for(item), parameter=str(item["loc"][-1])))
    return errors.Invalid(errors=field_errors)


def _steps(item: Any, body: Any) -> list[str | int]:
    # Pydantic names the branch of a union and function wrappers in the path. The sender wrote none of these, so
    # only steps that are in what they sent are told, and the name of a field that is not there but should be.
    steps: list[str | int] = []
    within = [body]
    sent = True
    for step in item["loc"]:
        here = within[-1]
        if isinstance(step, str) and isinstance(here, list) and steps and isinstance(within[-2], dict):
            steps.pop()  # a branch was named like one of the fields beside it
            within.pop()
            here = within[-1]
        sent = (isinstance(here, dict) and step in here) or (isinstance(here, list) and isinstance(step, int))
        if sent:
            steps.append(step)
            within.append(here[step])
    if not sent and _is_absent_field(item, within[-1]):
        steps.append(item["loc"][-1])
    return steps


def _is_absent_field(item: Any, here: Any) -> bool:
    last = item["loc"][-1]
    if not isinstance(here, dict) or not isinstance(last, str) or "[" in last or "(" in last:
        return False
    # A branch of a union that refuses the whole object has that object as its input.
    return item["type"] == "missing" or bool(item.get("input") != here)


def _code(kind: str) -> str:
    return {"extra_forbidden": "unknown_field", "missing": "required"}.get(kind, kind)


def _told(field_error: FieldError) -> dict[str, str]:
    place = (
        {"pointer": field_error.pointer}
        if field_error.pointer is not None
        else {"parameter": field_error.parameter or ""}
    )
    return {**place, "code": field_error.code, "detail": field_error.detail}
