"""Create, list and revoke API keys."""

import secrets
import string
from datetime import date, timedelta
from uuid import UUID

from api.identity.api_keys.repository import ApiKeyRepository, forget_keys_before
from api.identity.api_keys.schemas import ApiKeyOut
from api.identity.audit.service import record_event
from api.identity.models import ApiKey
from api.platform.clock import now
from api.platform.crypto import fingerprint, random_secret
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice
from api.platform.http.versions import ANY_VERSION, ExpectedVersion
from api.platform.ids import encode

_ALPHABET = string.ascii_letters + string.digits
_HANDLE_CHARACTERS = 8
_KEPT_FOR = timedelta(days=366)


class ApiKeyService:
    """API keys of the business of the unit of work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._keys = ApiKeyRepository(work)

    async def create(self, name: str, scopes: list[str], expires_on: date, *, created_by: UUID) -> tuple[ApiKey, str]:
        """Create a key; returns it with the whole secret, of which only a hash is stored."""
        handle = "".join(secrets.choice(_ALPHABET) for _ in range(_HANDLE_CHARACTERS))
        secret = f"jt_{handle}_{random_secret()}"
        key = await self._keys.add(
            ApiKey(
                name=name,
                handle=handle,
                secret_hash=fingerprint(secret),
                scopes=sorted(set(scopes)),
                expires_on=expires_on,
                created_by=created_by,
            )
        )
        record_event(self._work, "api_key.create", subject=encode("key", key.id), scopes=key.scopes)
        return key, secret

    async def page(self, paging: Paging) -> Slice:
        """List the keys that are not revoked, newest first."""
        return await self._keys.page(paging)

    async def get(self, key_id: UUID) -> ApiKey:
        """Read one key that is not revoked."""
        return await self._keys.get(key_id)

    async def revoke(self, key_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Revoke the key. From the next request on it is refused."""
        key = await self._keys.get(key_id, locked=True)
        await expected.check(ApiKeyOut, lambda: self.get(key_id))
        key.revoked_at = now()
        record_event(self._work, "api_key.revoke", subject=encode("key", key.id))
        await self._work.session.flush()

    async def revoke_of(self, user_id: UUID) -> None:
        """Revoke the keys that this user created. A later membership of the user does not bring them back."""
        for key_id in await self._keys.revoke_of(user_id, now()):
            record_event(self._work, "api_key.revoke", subject=encode("key", key_id))


async def forget_ended(work: UnitOfWork) -> None:
    """Delete the keys that ended a year ago. Until then the history of a record names them."""
    await forget_keys_before(work, now() - _KEPT_FOR)
