"""One tree of failures a caller can act on; `http/problems.py` renders every one of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with a request: where (`pointer` into the body or a `parameter`), a code, and words."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None


@dataclass(frozen=True)
class Fix:
    """The one place in the app that mends a problem."""

    label: str
    href: str


class ApiError(Exception):
    """A failure the caller can act on: a stable code and an HTTP status."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong on our side"
    remedy: ClassVar[str] = "Try again. If it stays, give us the request id."

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
        self.errors = tuple(errors)
        self.fix = fix
        self.headers = dict(headers or {})


class BadRequest(ApiError):
    status, code, title = 400, "bad_request", "The request cannot be read"
    remedy = "Send well-formed JSON and well-formed headers."


class MalformedJson(BadRequest):
    code, title = "malformed_json", "The body is not valid JSON"
    remedy = "Mend the JSON at the place named and send it again."


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


class Conflict(ApiError):
    status, code, title = 409, "conflict", "This clashes with how things are now"
    remedy = "Look at the present state and try again."


class PreconditionFailed(ApiError):
    status, code, title = 412, "changed_meanwhile", "Somebody changed this meanwhile"
    remedy = "Read it again, then send your change with the new ETag in If-Match."


class PayloadTooLarge(ApiError):
    status, code, title = 413, "body_too_large", "The body is too large"
    remedy = "Send at most 1 MB, or 8 MB to an address that ends in /batch."


class UnsupportedMediaType(ApiError):
    status, code, title = 415, "not_json", "The body has to be JSON"
    remedy = "Send the body with Content-Type: application/json."


class Invalid(ApiError):
    status, code, title = 422, "invalid", "Some of what you sent cannot be used"
    remedy = "Mend every entry in `errors` and send it again. Nothing was stored."


class PreconditionRequired(ApiError):
    status, code, title = 428, "if_match_required", "Say which version you are changing"
    remedy = "Read it first, then send its ETag in If-Match (or * to overwrite whatever is there)."


class TooManyRequests(ApiError):
    status, code, title = 429, "too_many_requests", "Too many requests"
    remedy = "Wait for the number of seconds in Retry-After, then go on."


class Unavailable(ApiError):
    status, code, title = 503, "temporarily_unavailable", "We cannot answer at the moment"
    remedy = "Nothing was changed. Try again after the number of seconds in Retry-After."


def every_error() -> Iterator[type[ApiError]]:
    """Each error class there is, the root first: what the problem pages and docs are made from."""
    waiting: list[type[ApiError]] = [ApiError]
    while waiting:
        kind = waiting.pop(0)
        yield kind
        waiting.extend(kind.__subclasses__())
