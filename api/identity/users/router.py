"""`/users`: the members of the business."""

from typing import Annotated

from fastapi import Response

from api.identity.access import ScopeMissing, service
from api.identity.schemas import UserId
from api.identity.users.schemas import MemberOut, RoleChange
from api.identity.users.service import LastAdministrator, MemberService
from api.platform.errors import NotFound, Unauthenticated
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page, page_response
from api.platform.http.versions import ExpectedVersionDep

router = ApiRouter("/users", tag="users")
Reading = Annotated[MemberService, service(MemberService, "users:read")]
Writing = Annotated[MemberService, service(MemberService, "users:write")]


@router.get("", response_model=Page[MemberOut], responses=errors(Unauthenticated, ScopeMissing))
async def list_users(service: Reading, paging: PagingDep) -> Response:
    """List the members of the business in the order of joining."""
    members = await service.page(paging)
    return page_response(MemberOut, members.rows, members.next_cursor)


@router.get("/{user_id}", response_model=MemberOut, responses=errors(NotFound, Unauthenticated, ScopeMissing))
async def get_user(user_id: UserId, service: Reading) -> object:
    """One member."""
    return await service.get(user_id)


@router.patch(
    "/{user_id}", response_model=MemberOut, responses=errors(NotFound, Unauthenticated, ScopeMissing, LastAdministrator)
)
async def change_user_role(user_id: UserId, body: RoleChange, service: Writing, version: ExpectedVersionDep) -> object:
    """Give a member another role, from their next request on. The last administrator stays one."""
    return await service.change_role(user_id, body.role, version)


@router.delete(
    "/{user_id}", status_code=204, responses=errors(NotFound, Unauthenticated, ScopeMissing, LastAdministrator)
)
async def remove_user(user_id: UserId, service: Writing, version: ExpectedVersionDep) -> None:
    """Remove a member from the business. Their sessions in it end and the API keys that they created are revoked."""
    await service.remove(user_id, version)
