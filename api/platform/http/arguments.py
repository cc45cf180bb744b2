"""The arguments of endpoints, found without FastAPI's general solver.

For each request FastAPI looks for every parameter that a route declares, wherever it could be. For a list with twenty
filters this takes longer than its rows. Here only the parameters that a request has are looked at. What is wrong with
them is left to FastAPI.
"""

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any, Final, TypeAlias, get_origin

from fastapi import Request, Response
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, get_request_handler
from fastapi.security import SecurityScopes
from pydantic import BaseModel

Answer: TypeAlias = Callable[[Request], Coroutine[Any, Any, Response]]
_LEFT_TO_FASTAPI: Final = (
    "header_params",
    "cookie_params",
    "body_params",
    "websocket_param_name",
    "background_tasks_param_name",
    "concurrency",
)
_COLLECTIONS: Final = (list, tuple, set, frozenset)


class _Unsolved(Exception):
    """A parameter is missing or invalid, which FastAPI reports. Nothing has been called."""


class _Function:
    """An endpoint or one of the functions it depends on. `inputs` are the numbers of the functions it takes."""

    def __init__(self, dependant: Dependant, inputs: dict[str, int]) -> None:
        assert dependant.call is not None
        self._call: Callable[..., Any] = dependant.call
        self._is_generator = isasyncgenfunction(dependant.call)
        self._inputs = inputs
        self._request = dependant.request_param_name or dependant.http_connection_param_name
        self._response = dependant.response_param_name
        self._scopes_name = dependant.security_scopes_param_name
        self._scopes = [*dict.fromkeys([*(dependant.parent_oauth_scopes or ()), *(dependant.own_oauth_scopes or ())])]

    async def call(
        self, parameters: Mapping[str, object], results: Sequence[object], request: Request, response: Response
    ) -> Any:
        arguments = {**parameters, **{name: results[number] for name, number in self._inputs.items()}}
        if self._request is not None:
            arguments[self._request] = request
        if self._response is not None:
            arguments[self._response] = response
        if self._scopes_name is not None:
            arguments[self._scopes_name] = SecurityScopes(self._scopes)
        if not self._is_generator:
            return await self._call(**arguments)
        stack: AsyncExitStack = request.scope["fastapi_function_astack"]
        return await stack.enter_async_context(asynccontextmanager(self._call)(**arguments))


class _Endpoint:
    """An endpoint and the functions it depends on, in the order of their calls."""

    def __init__(self, dependant: Dependant) -> None:
        self._functions: list[_Function] = []
        self._defaults: list[dict[str, Any]] = []
        self._required: set[str] = set()
        self._query: dict[str, list[tuple[int, ModelField]]] = {}
        self._path: dict[str, list[tuple[int, ModelField]]] = {}
        self._add(dependant)

    def _add(self, dependant: Dependant) -> int:
        parts = [(part.name, self._add(part)) for part in dependant.dependencies]
        number = len(self._functions)
        self._functions.append(_Function(dependant, {name: part for name, part in parts if name is not None}))
        self._defaults.append({})
        for field in dependant.query_params:
            self._query.setdefault(field.alias, []).append((number, field))
            if field.field_info.is_required():
                self._required.add(field.alias)
            else:
                self._defaults[number][field.name] = field.default
        for field in dependant.path_params:
            self._path.setdefault(field.alias, []).append((number, field))
        return number

    async def answer(self, request: Request, response: Response) -> Any:
        """Call the functions, the endpoint last, and give what it returns. Raises _Unsolved."""
        results: list[Any] = []
        for function, parameters in zip(self._functions, self._parameters(request), strict=True):
            results.append(await function.call(parameters, results, request, response))
        return results[-1]

    def _parameters(self, request: Request) -> list[dict[str, Any]]:
        values = [*map(dict, self._defaults)]
        given = request.query_params if request.scope["query_string"] else {}
        if not self._required <= given.keys():
            raise _Unsolved
        for fields, texts in ((self._query, given), (self._path, request.path_params)):
            for name, text in texts.items():
                for number, field in fields.get(name, ()):
                    values[number][field.name], errors = field.validate(text)
                    if errors:
                        raise _Unsolved
        return values


def quick_answer(route: APIRoute, answer: Answer) -> Answer:
    """The answer of a route without FastAPI's solver if the parameters are valid; else `answer`, which is FastAPI's.

    It is `answer` alone if the route takes something that only FastAPI finds, or one function in two places.
    """
    functions = [*_with_dependencies(route.dependant)]
    if not all(map(_is_simple, functions)) or len({each.call for each in functions}) < len(functions):
        return answer
    quick = get_request_handler(
        Dependant(call=_Endpoint(route.dependant).answer, request_param_name="request", response_param_name="response"),
        status_code=route.status_code,
        response_class=route.response_class,
        response_field=route.response_field,
    )

    async def answer_quickly(request: Request) -> Response:
        try:
            return await quick(request)
        except _Unsolved:
            return await answer(request)

    return answer_quickly


def _with_dependencies(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for part in dependant.dependencies:
        yield from _with_dependencies(part)


def _is_simple(dependant: Dependant) -> bool:
    if any(getattr(dependant, name) for name in _LEFT_TO_FASTAPI):
        return False
    if isasyncgenfunction(dependant.call):
        return dependant.scope == "function"
    is_async = iscoroutinefunction(dependant.call) or iscoroutinefunction(type(dependant.call).__call__)
    return is_async and all(map(_is_one_value, dependant.query_params))


def _is_one_value(field: ModelField) -> bool:
    annotation = field.field_info.annotation
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return not is_model and get_origin(annotation) not in _COLLECTIONS
