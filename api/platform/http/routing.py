"""The route class of all endpoints: strict query parameters, Idempotency-Key, ETags."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextvars import ContextVar
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from fastapi import APIRouter, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import Response

from api.platform.errors import (
    ApiError,
    BadRequest,
    FieldError,
    Invalid,
    MalformedJson,
    PayloadTooLarge,
    TooManyRequests,
    Unavailable,
    UnsupportedMediaType,
    limited_errors,
)
from api.platform.http.arguments import Answer, quick_answer
from api.platform.http.bodies import BodyRequest, charge_unknown_caller, settle_answered, settle_limited, settle_refused
from api.platform.http.idempotency import IdempotencyKeyReused, IdempotentRequestRunning, Replay, keep
from api.platform.http.schemas import OutputModel, Page
from api.platform.http.versions import version_tag
from api.platform.text import CONTROL_CODE, control_remedy

_MEGABYTE = 1024 * 1024
_MOST_PARAMETERS = 100  # each costs time, before anything is known about the caller
_JSON = frozenset({"application/json", "application/merge-patch+json"})
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_UNUSED_BODY: ContextVar[BodyRequest | None] = ContextVar("unused_body", default=None)
_FIXED_FIELDS = frozenset({"id", "created_at", "updated_at"})  # these change with the versioned fields only
_API_KEY_PATTERN = re.compile(r"jt_[A-Za-z0-9]{8}_")


class KeyInUrl(BadRequest):
    code, title = "key_in_url", "The address contains an API key"
    remedy = "Addresses are written to logs: revoke this key and send a new one as `Authorization: Bearer jt_…`."


class ApiRoute(APIRoute):
    """Refuses unknown parameters and bodies that are not JSON, answers 304, stores answers to requests with a key."""

    keyed = True

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _refusing_content(endpoint), **options)
        self.responses = _joined(errors(*self._common_errors()), self.responses)

    @property
    def shape(self) -> type[OutputModel] | None:
        """The schema of the answer, if it has one."""
        model = self.response_model
        return model if isinstance(model, type) and issubclass(model, OutputModel) else None

    @property
    def answers_not_modified(self) -> bool:
        """Whether a read with the present ETag is answered with 304."""
        return _covers_all_fields(self.shape)

    def _common_errors(self) -> Iterator[type[ApiError]]:
        methods = self.methods or set()
        changes = not methods <= _SAFE_METHODS
        yield from (KeyInUrl, Invalid, TooManyRequests, Unavailable)
        if self.body_field is not None:
            yield from (MalformedJson, PayloadTooLarge, UnsupportedMediaType)
        if self.keyed and "POST" in methods:
            yield from (IdempotencyKeyReused, IdempotentRequestRunning)
        for dependency in _dependencies(self.dependant):
            yield from getattr(dependency.call, "raised_errors", ())
            if changes:
                yield from getattr(dependency.call, "raised_on_change", ())

    def get_route_handler(self) -> Answer:
        answer = quick_answer(self, super().get_route_handler())
        known = frozenset(_query_names(self.dependant))
        max_bytes = (8 if self.path.endswith("/batch") else 1) * _MEGABYTE
        shape = self.shape
        has_body = self.body_field is not None

        async def handle(request: Request) -> Response:
            request.state.keyed = self.keyed
            try:
                _check_query(request, known)
                _check_media_type(request)
                await charge_unknown_caller(request, max_bytes)
                limited = BodyRequest(request, max_bytes)
                takes_none = not has_body and request.method not in _SAFE_METHODS
                _UNUSED_BODY.set(limited if takes_none else None)
                if has_body or takes_none:
                    await (limited.check() if has_body else limited.receive_all())
                response = await answer(limited)
            except Replay as replay:
                settle_answered(request)
                return replay.response
            except TooManyRequests:
                await settle_limited(request)
                raise
            except (RequestValidationError, Invalid) as refused:
                await _identify(request)
                await settle_refused(request, refused)
                raise
            except (ApiError, StarletteHTTPException) as refused:
                await settle_refused(request, refused)
                raise
            settle_answered(request)
            response = _tagged(request, response, shape)
            if not self.keyed and request.method not in _SAFE_METHODS:
                response.headers.setdefault("Cache-Control", "no-store")
            await keep(request, response)
            return _refunded(request, response)

        return handle


def _refusing_content(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint. Once its caller is permitted, a body that the route does not take is refused."""
    assert iscoroutinefunction(endpoint), "an endpoint does not take a thread"

    @wraps(endpoint)
    async def refusing(*arguments: Any, **named: Any) -> Any:
        if (request := _UNUSED_BODY.get()) is not None:
            await request.refuse_content()
        return await endpoint(*arguments, **named)

    return refusing


async def _identify(request: Request) -> None:
    """Find out who sent an invalid request, if its caller would have been read together with the answer."""
    identify: Callable[[], Coroutine[Any, Any, None]] | None = getattr(request.state, "identify", None)
    if identify is None:
        return
    try:
        await identify()
    except TooManyRequests:
        await settle_limited(request)
        raise
    except ApiError as refused:
        await settle_refused(request, refused)
        raise


class UnkeyedApiRoute(ApiRoute):
    """An ApiRoute whose answers contain secrets: they are stored nowhere, and not compressed."""

    keyed = False


class ApiRouter(APIRouter):
    """The routes of a package: `ApiRouter("/contacts", tag="contacts")`."""

    def __init__(self, prefix: str, *, tag: str, keyed: bool = True) -> None:
        super().__init__(
            prefix=prefix,
            tags=[tag],
            route_class=ApiRoute if keyed else UnkeyedApiRoute,
            generate_unique_id_function=lambda route: route.name,
        )


def errors(*error_classes: type[ApiError]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route for the errors it can answer with."""
    responses: dict[int | str, dict[str, Any]] = {}
    for error_class in error_classes:
        entry = responses.setdefault(
            error_class.status,
            {
                "description": "",
                "content": {
                    "application/problem+json": {
                        "schema": {"$ref": "#/components/schemas/Problem"},
                        "examples": {},
                    }
                },
            },
        )
        entry["description"] = ", ".join(filter(None, [entry["description"], f"`{error_class.code}`"]))
        example = {"$ref": f"#/components/examples/{error_class.code}"}
        entry["content"]["application/problem+json"]["examples"][error_class.code] = example
    return responses


def _dependencies(dependant: Dependant) -> Iterator[Dependant]:
    for dependency in dependant.dependencies:
        yield dependency
        yield from _dependencies(dependency)


def _joined(common: dict[int | str, Any], own: dict[int | str, Any]) -> dict[int | str, Any]:
    joined = dict(own)
    for status, entry in common.items():
        if status not in own:
            joined[status] = entry
        elif media := own[status].get("content", {}).get("application/problem+json"):
            examples = entry["content"]["application/problem+json"]["examples"]
            media["examples"] = {**examples, **media["examples"]}
            descriptions = filter(None, [entry["description"], own[status]["description"]])
            joined[status] = {**own[status], "description": ", ".join(dict.fromkeys(descriptions))}
    return joined


def etag_of(body: bytes, *, weak: bool = False) -> str:
    """The entity tag of a response body."""
    return ("W/" if weak else "") + f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _tagged(request: Request, response: Response, shape: type[OutputModel] | None) -> Response:
    body = getattr(response, "body", None)  # a stream has no body here
    if not 200 <= response.status_code < 300 or not body:
        return response
    if shape is not None and shape.versioned:
        response.headers["ETag"] = f'"{version_tag(shape, json.loads(bytes(body)))}"'
    if request.method not in _SAFE_METHODS or response.status_code != 200:
        return response
    response.headers.setdefault("Cache-Control", "private, no-cache")
    weak = shape is not None and issubclass(shape, Page)
    tag = response.headers.setdefault("ETag", etag_of(bytes(body), weak=weak)).removeprefix("W/")
    known = [value.strip().removeprefix("W/") for value in request.headers.get("if-none-match", "").split(",")]
    if not _covers_all_fields(shape) or (tag not in known and "*" not in known):
        return response
    headers = {
        name: value for name, value in response.headers.items() if name not in {"content-length", "content-type"}
    }
    return Response(status_code=304, headers=headers)


def _covers_all_fields(shape: type[OutputModel] | None) -> bool:
    """Whether an equal tag proves an equal answer."""
    return shape is None or not shape.versioned or set(shape.model_fields) <= shape.versioned | _FIXED_FIELDS


def _refunded(request: Request, response: Response) -> Response:
    caller = getattr(request.state, "caller", None)
    if response.status_code == 304 and caller is not None:
        request.state.headers = request.app.state.limiter.refund(caller)
    return response


def _query_names(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        annotation = parameter.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from (field.alias or name for name, field in annotation.model_fields.items())
        else:
            yield parameter.alias
    for dependency in dependant.dependencies:
        yield from _query_names(dependency)


def _check_media_type(request: Request) -> None:
    has_body = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if has_body and kind not in _JSON:
        raise UnsupportedMediaType()


def _check_query(request: Request, known: frozenset[str]) -> None:
    if not request.scope["query_string"]:
        return
    if request.scope["query_string"].count(b"&") >= _MOST_PARAMETERS:
        detail = f"An address may have at most {_MOST_PARAMETERS} parameters. None of these was looked at."
        raise Invalid(errors=[FieldError("too_many_parameters", detail)])
    given = request.query_params.multi_items()
    if any(_API_KEY_PATTERN.search(value) for _, value in given):
        raise KeyInUrl
    counts = Counter(name for name, _ in given)
    remedies = {name: remedy for name, value in given if (remedy := control_remedy(value)) is not None}

    def field_error(name: str) -> FieldError:
        if name not in known:
            return FieldError("unknown_parameter", unknown, parameter=name)
        if counts[name] > 1:
            return FieldError("repeated_parameter", "Give this parameter once.", parameter=name)
        return FieldError(CONTROL_CODE, remedies[name], parameter=name)

    unknown = f"There is no such parameter here. Known: {', '.join(sorted(known)) or 'none'}."
    wrong = [name for name, count in counts.items() if name not in known or count > 1 or name in remedies]
    if wrong:
        raise Invalid(errors=limited_errors(wrong, field_error))
