"""Finds what answers a request without trying the patterns of all routes, where that is possible."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from api.platform.http.metrics import template_of
from api.platform.http.spa import is_of_the_api

# Public ids in a path. No route has a fixed part that looks like one, so paths that differ in them have the same route.
_ID: Final = re.compile(r"(?<=/)[a-z]{3}_[0-9a-z]{26}(?=/|\Z)")
_PARAMETER: Final = re.compile(r"{(\w+)}")


class _Shape(NamedTuple):
    """The requests that one route answers: those whose path has so many ids at these places."""

    method: str
    path: str
    ids: int


class _Match(NamedTuple):
    """What the router writes into the scope, and the names of the parameters that the ids are."""

    scope: Mapping[str, Any]
    parameters: Sequence[str]


class ExactPaths:
    """Calls the route that the router has matched before, for a method and a path that differs in its ids alone.

    Addresses of the web app have no route: what the router does without one is done at once, so that a wrong address
    costs little.
    """

    def __init__(self, router: Router) -> None:
        self._router = router
        self._by_patterns = router.middleware_stack
        self._matches: dict[_Shape, _Match] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._by_patterns(scope, receive, send)
            return
        ids = _ID.findall(scope["path"])
        if (match := self._matches.get(_shape_of(scope, ids))) is not None:
            parameters = dict(zip(match.parameters, ids, strict=True))
            fastapi = {**scope.get("fastapi", {}), **match.scope["fastapi"]}
            scope.update(match.scope, path_params=parameters, fastapi=fastapi)
            await match.scope["route"].handle(scope, receive, send)
            return
        if not is_of_the_api(scope["path"]):
            await self._router.default(scope, receive, send)
            return
        try:
            await self._by_patterns(scope, receive, send)
        finally:
            self._note(scope, _shape_of(scope, ids))

    def _note(self, scope: Scope, shape: _Shape) -> None:
        route, template = scope.get("route"), template_of(scope)
        names = _PARAMETER.findall(template)
        if not isinstance(route, Route) or (_PARAMETER.sub("{}", template), len(names)) != (shape.path, shape.ids):
            return
        if route.methods and scope["method"] in route.methods:  # with another method the router matched it too
            context = scope.get("fastapi", {}).get("effective_route_context")
            written = {
                "route": route,
                "endpoint": scope["endpoint"],
                "router": scope["router"],
                "fastapi": {"effective_route_context": context} if context is not None else {},
            }
            self._matches[shape] = _Match(written, names)


def _shape_of(scope: Scope, ids: Sequence[str]) -> _Shape:
    return _Shape(scope["method"], _ID.sub("{}", scope["path"]) if ids else scope["path"], len(ids))
