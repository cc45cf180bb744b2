"""Every route of the app and the credentials it needs, read from the app itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.identity import access, reader


@dataclass(frozen=True)
class Route:
    """One method of one path. `needs` is a scope, `session` (any signed-in user), or `nobody` (no credentials)."""

    method: str
    path: str
    needs: str

    @property
    def parameters(self) -> list[str]:
        """The names of the path's parameters."""
        return [step.strip("{}") for step in self.path.split("/") if step.startswith("{")]


def every_route(app: FastAPI) -> list[Route]:
    """All routes, sorted by path and method."""
    routes = [
        Route(method, str(context.path_format), _needs(context.dependant))
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
        for method in context.methods or ()
    ]
    return sorted(routes, key=lambda route: (route.path, route.method))


def _needs(dependant: Dependant) -> str:
    scopes = {scope for dependency in _all(dependant) for scope in dependency.own_oauth_scopes or ()}
    calls = {dependency.call for dependency in _all(dependant)}
    if scopes:
        return " ".join(sorted(scopes))
    if calls & {access.signed_in_user, access.signed_in_user_without_transaction, reader.reader_of_user}:
        return "session"
    return "caller" if access.authenticate in calls or access.authenticate_without_transaction in calls else "nobody"


def _all(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for dependency in dependant.dependencies:
        yield from _all(dependency)
