"""Endpoints get the arguments that FastAPI would give them, and FastAPI's solver is not asked."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response, Security
from fastapi.dependencies import utils
from fastapi.routing import APIRoute
from fastapi.security import SecurityScopes

from api.platform.http.arguments import Answer, quick_answer
from tests.callers import Caller


class QuickRoute(APIRoute):
    """A route that answers without FastAPI's solver."""

    def get_route_handler(self) -> Answer:
        return quick_answer(self, super().get_route_handler())


async def scopes_of(wanted: SecurityScopes) -> list[str]:
    return wanted.scopes


async def opened(events: Annotated[str, Query()] = "none") -> AsyncIterator[list[str]]:
    log = [f"opened {events}"]
    yield log
    log.append("closed")


async def filters(
    request: Request, size: Annotated[int | None, Query(ge=1)] = None, word: Annotated[str, Query(alias="q")] = "any"
) -> dict[str, Any]:
    return {"path": request.url.path, "size": size, "word": word}


async def endpoint(
    number: int,
    response: Response,
    wanted: Annotated[dict[str, Any], Depends(filters)],
    scopes: Annotated[list[str], Security(scopes_of, scopes=["read"])],
    log: Annotated[list[str], Depends(opened, scope="function")],
    flag: Annotated[bool, Query()],
) -> dict[str, Any]:
    response.headers["X-Number"] = str(number)
    response.status_code = 203
    return {"number": number, "wanted": wanted, "scopes": scopes, "log": log, "flag": flag}


async def answer_of(route_class: type[APIRoute], path: str) -> httpx2.Response:
    router = APIRouter(prefix="/things", route_class=route_class)
    router.add_api_route("/{number}", endpoint)
    app = FastAPI()
    app.include_router(router, dependencies=[])
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://localhost") as caller:
        return await caller.get(path)


@pytest.mark.parametrize(
    "path",
    [
        "/things/7?flag=true",
        "/things/7?flag=no&size=3&q=tap&events=all",
        "/things/7?flag=true&unknown=1",
        "/things/7?flag=true&size=3&size=4",
        "/things/7",
        "/things/7?flag=perhaps&size=0",
        "/things/seven?flag=true",
    ],
)
async def test_a_request_is_answered_as_by_fastapi(path: str):
    quick, general = await answer_of(QuickRoute, path), await answer_of(APIRoute, path)
    assert (quick.status_code, quick.json(), quick.headers) == (general.status_code, general.json(), general.headers)


@pytest.mark.parametrize(
    "path",
    ["/invoices?kind=customer&limit=20", "/invoices/counts", "/notifications", "/preferences", "/contacts", "/session"],
)
async def test_fastapi_does_not_look_for_the_arguments_of_a_read(
    client: Caller, monkeypatch: pytest.MonkeyPatch, path: str
):
    solved = []
    solve = utils.solve_dependencies

    async def noted(**options: Any) -> utils.SolvedDependency:
        solved.append(options["dependant"].call)
        return await solve(**options)

    monkeypatch.setattr(utils, "solve_dependencies", noted)
    assert (await client.get(f"/api/v1{path}")).status_code == 200
    assert solved == []
    assert (await client.get(f"/api/v1{path}", params={"limit": "many"})).status_code == 422
