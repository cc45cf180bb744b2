"""`/api-keys`: create, list and revoke API keys."""

from typing import Annotated

from fastapi import Response

from api.identity.access import Caller, ScopeMissing, permitted, service
from api.identity.api_keys.schemas import ApiKeyOut, CreatedApiKey, KeyId, NewApiKey
from api.identity.api_keys.service import ApiKeyService
from api.identity.models import ApiKey
from api.platform.errors import NotFound, Unauthenticated
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page, page_response
from api.platform.http.versions import ExpectedVersionDep
from api.platform.ids import encode

router = ApiRouter("/api-keys", tag="api-keys", keyed=False)
Reading = Annotated[ApiKeyService, service(ApiKeyService, "keys:read")]
Writing = Annotated[ApiKeyService, service(ApiKeyService, "keys:write")]


@router.post("", status_code=201, responses=errors(Unauthenticated, ScopeMissing))
async def create_api_key(
    body: NewApiKey, service: Writing, caller: Annotated[Caller, permitted("keys:write")], response: Response
) -> CreatedApiKey:
    """Create a key. Only this answer contains its secret.

    A key can never do more than the user who created it can do now: when that user gets a lesser role, the key loses
    the same scopes, and when the user leaves the business, the key is revoked.
    """
    assert caller.user_id is not None  # no API key has the scope keys:write
    key, secret = await service.create(body.name, body.scopes, body.expires_on, created_by=caller.user_id)
    response.headers["Location"] = f"/api/v1/api-keys/{encode('key', key.id)}"
    return CreatedApiKey(**ApiKeyOut.model_validate(key).model_dump(), secret=secret)


@router.get("", response_model=Page[ApiKeyOut], responses=errors(Unauthenticated, ScopeMissing))
async def list_api_keys(service: Reading, paging: PagingDep) -> Response:
    """List the keys that are not revoked, newest first."""
    keys = await service.page(paging)
    return page_response(ApiKeyOut, keys.rows, keys.next_cursor)


@router.get("/{key_id}", response_model=ApiKeyOut, responses=errors(NotFound, Unauthenticated, ScopeMissing))
async def get_api_key(key_id: KeyId, service: Reading) -> ApiKey:
    """One key, without its secret."""
    return await service.get(key_id)


@router.delete("/{key_id}", status_code=204, responses=errors(NotFound, Unauthenticated, ScopeMissing))
async def revoke_api_key(key_id: KeyId, service: Writing, version: ExpectedVersionDep) -> None:
    """Revoke a key. From the next request on it is refused."""
    await service.revoke(key_id, version)
