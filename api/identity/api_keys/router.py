"""`/api-keys`: keys for programs, made by people."""

from typing import Annotated

from fastapi import Response

from api.identity.access import Caller, ScopeMissing, permitted, service
from api.identity.api_keys.schemas import ApiKeyOut, KeyId, MadeApiKey, NewApiKey
from api.identity.api_keys.service import ApiKeyService
from api.identity.models import ApiKey
from api.platform.errors import NotFound, Unauthenticated
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page, page_response
from api.platform.ids import encode

router = ApiRouter("/api-keys", tag="api-keys", keyed=False)
Reading = Annotated[ApiKeyService, service(ApiKeyService, "keys:read")]
Writing = Annotated[ApiKeyService, service(ApiKeyService, "keys:write")]


def _told(key: ApiKey) -> ApiKeyOut:
    return ApiKeyOut(
        id=key.id,
        name=key.name,
        prefix=f"jt_{key.handle}",
        scopes=key.scopes,
        expires_on=key.expires_on,
        last_used_at=key.last_used_at,
        created_at=key.created_at,
    )


@router.post("", status_code=201, responses=errors(Unauthenticated, ScopeMissing))
async def create_api_key(
    body: NewApiKey, service: Writing, caller: Annotated[Caller, permitted("keys:write")], response: Response
) -> MadeApiKey:
    """Make a key. Its secret is in this answer and nowhere else.

    A key never may do more than the person who made it may do at the time: when they leave the business or get a
    lesser role, the key follows.
    """
    assert caller.user_id is not None  # no key carries keys:write
    key, secret = await service.create(body.name, body.scopes, body.expires_on, maker=caller.user_id)
    response.headers["Location"] = f"/api/v1/api-keys/{encode('key', key.id)}"
    response.headers["Cache-Control"] = "no-store"
    return MadeApiKey(**_told(key).model_dump(), secret=secret)


@router.get("", response_model=Page[ApiKeyOut], responses=errors(Unauthenticated, ScopeMissing))
async def list_api_keys(service: Reading, paging: PagingDep) -> Response:
    """Keys that were not revoked, newest first."""
    keys = await service.page(paging)
    return page_response(ApiKeyOut, keys.rows, keys.next_cursor)


@router.get("/{key_id}", responses=errors(NotFound, Unauthenticated, ScopeMissing))
async def get_api_key(key_id: KeyId, service: Reading) -> ApiKeyOut:
    """One key, without its secret."""
    return _told(await service.get(key_id))


@router.delete("/{key_id}", status_code=204, responses=errors(NotFound, Unauthenticated, ScopeMissing))
async def revoke_api_key(key_id: KeyId, service: Writing) -> None:
    """Revoke a key: it works no more, from the next request on."""
    await service.revoke(key_id)
