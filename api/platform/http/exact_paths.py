"""Finds what answers a request without trying the patterns of all routes, where that is possible."""

from collections.abc import Mapping
from typing import Any

from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from api.platform.http.metrics import template_of
from api.platform.http.spa import is_of_the_api


class ExactPaths:
    """Calls the route that the router has matched before, for a method and path that are those of the route itself.

    Addresses of the web app have no route: what the router does without one is done at once, so that a wrong address
    costs little.
    """

    def __init__(self, router: Router) -> None:
        self._router = router
        self._by_patterns = router.middleware_stack
        # What the router writes into the scope, by method and path.
        self._matches: dict[tuple[str, str], Mapping[str, Any]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match = self._matches.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if match is not None:
            scope.update(match, path_params={}, fastapi={**scope.get("fastapi", {}), **match["fastapi"]})
            await match["route"].handle(scope, receive, send)
            return
        if scope["type"] == "http" and not is_of_the_api(scope["path"]):
            await self._router.default(scope, receive, send)
            return
        try:
            await self._by_patterns(scope, receive, send)
        finally:
            self._note(scope)

    def _note(self, scope: Scope) -> None:
        route = scope.get("route")
        if not isinstance(route, Route) or template_of(scope) != scope["path"]:
            return
        if route.methods and scope["method"] in route.methods:  # with another method the router matched it too
            context = scope.get("fastapi", {}).get("effective_route_context")
            self._matches[scope["method"], scope["path"]] = {
                "route": route,
                "endpoint": scope["endpoint"],
                "router": scope["router"],
                "fastapi": {"effective_route_context": context} if context is not None else {},
            }
