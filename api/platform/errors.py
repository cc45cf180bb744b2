"""The tree of errors an API request can end with; `http/problems.py` renders them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from api.platform.problems import Fix, ProblemKind

MAX_FIELD_ERRORS = 50
MORE_ERRORS = "more_errors"  # the code of the entry that counts the errors left out
T = TypeVar("T")


@dataclass(frozen=True)
class FieldError:
    """One error in a request. Its place is a `pointer` into the body or the name of a `parameter` or header."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None


def limited_errors(sources: Sequence[T], build: Callable[[T], FieldError], *, left_out: int = 0) -> list[FieldError]:
    """One error per source, for the first 50 sources only; one more entry counts the rest and those `left_out`."""
    errors = [build(source) for source in sources[:MAX_FIELD_ERRORS]]
    left_out += len(sources) - len(errors)
    if not left_out:
        return errors
    return [*errors, FieldError(MORE_ERRORS, f"And {left_out:,} more. Fix these first.", pointer="#")]


class ApiError(Exception):
    """An error that the caller can act on: a stable code and an HTTP status."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong on our side"
    remedy: ClassVar[str] = "Try again. If it happens again, send us the request id."

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        fix: Fix | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.remedy
        self.errors = _limited(errors)
        self.fix = fix
        self.headers = dict(headers or {})


def _limited(errors: Sequence[FieldError]) -> tuple[FieldError, ...]:
    """At most 50 errors and one entry for the rest; a list that `limited_errors` made stays as it is."""
    if len(errors) == MAX_FIELD_ERRORS + 1 and errors[-1].code == MORE_ERRORS:
        return tuple(errors)
    return tuple(limited_errors(errors, lambda error: error))


F = TypeVar("F", bound=Callable[..., object])


def raises(*error_classes: type[ApiError], on_change: Sequence[type[ApiError]] = ()) -> Callable[[F], F]:
    """Declare the errors of a route's dependency, for the API's description; `on_change`: only when it changes rows."""

    def declare(dependency: F) -> F:
        vars(dependency).update(raised_errors=error_classes, raised_on_change=tuple(on_change))
        return dependency

    return declare


class BadRequest(ApiError):
    status, code, title = 400, "bad_request", "The request cannot be read"
    remedy = "Send well-formed JSON, well-formed headers and an address that begins with a slash."


class MalformedJson(BadRequest):
    code, title = "malformed_json", "The body is not valid JSON"
    remedy = "Correct the JSON at the place named and send it again."


class Unauthenticated(ApiError):
    status, code, title = 401, "not_signed_in", "You are not signed in"
    remedy = "Sign in, or send an API key as `Authorization: Bearer jt_…`."


class Forbidden(ApiError):
    status, code, title = 403, "forbidden", "You may not do this"
    remedy = "Ask an administrator of the business for the role or scope that is named."


class NotFound(ApiError):
    status, code, title = 404, "not_found", "There is nothing here"
    remedy = "Check the address and the id. Ids of another business look like unknown ones."


class MethodNotAllowed(ApiError):
    status, code, title = 405, "method_not_allowed", "This address does not take that method"
    remedy = "Use one of the methods listed in the Allow header."


class RequestTooSlow(ApiError):
    status, code, title = 408, "request_too_slow", "The request did not arrive in time"
    remedy = "Send the headers within 10 seconds and do not pause for more than 30 seconds within the body."


class Conflict(ApiError):
    status, code, title = 409, "conflict", "This conflicts with the present state"
    remedy = "Read the present state and try again."


class PreconditionFailed(ApiError):
    status, code, title = 412, "changed_meanwhile", "Somebody changed this meanwhile"
    remedy = "Read it again, then send your change with the new ETag in If-Match."


class IfMatchMalformed(PreconditionFailed):
    code, title = "if_match_malformed", "If-Match has no ETag that can match"
    remedy = "Send the ETag as you read it, with its quotes and without W/; or * to overwrite any version."


class PayloadTooLarge(ApiError):
    status, code, title = 413, "body_too_large", "The body is too large"
    remedy = "Send at most 1 MB, or 8 MB to an address that ends in /batch."


class UnsupportedMediaType(ApiError):
    status, code, title = 415, "not_json", "The body has to be JSON"
    remedy = "Send the body with Content-Type: application/json."


class Invalid(ApiError):
    status, code, title = 422, "invalid", "Some of what you sent cannot be used"
    remedy = "Correct every entry in `errors` and send it again. Nothing was stored."


class PreconditionRequired(ApiError):
    status, code, title = 428, "if_match_required", "Say which version you are changing"
    remedy = "Read it first, then send its ETag in If-Match (or * to overwrite any version)."


class TooManyRequests(ApiError):
    status, code, title = 429, "too_many_requests", "Too many requests"
    remedy = "Wait for the number of seconds in Retry-After, then continue."


class HeadersTooLarge(ApiError):
    status, code, title = 431, "headers_too_large", "The headers of the request are too large"
    remedy = "Send at most 100 headers and 64 KB of them, with an address and cookies of 8 KB each."


class Unavailable(ApiError):
    status, code, title = 503, "temporarily_unavailable", "We cannot answer at the moment"
    remedy = "Nothing was changed. Try again after the number of seconds in Retry-After."


class TooManyConnections(ApiError):
    status, code, title = 503, "too_many_connections", "There are too many connections"
    remedy = "Close connections that you do not need, and try again after the number of seconds in Retry-After."


def error_classes() -> Iterator[type[ApiError]]:
    """Every error class, the root first."""
    waiting: list[type[ApiError]] = [ApiError]
    while waiting:
        error_class = waiting.pop(0)
        yield error_class
        waiting.extend(error_class.__subclasses__())


def kind_of(error_class: type[ApiError]) -> ProblemKind:
    """What the catalogue says about an error class."""
    return ProblemKind(error_class.code, error_class.title, error_class.remedy, error_class.status)
