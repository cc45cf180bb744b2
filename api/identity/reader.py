"""Reads of a caller who is identified in the same round trip."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, SecurityScopes

from api.identity.access import (
    ScopeMissing,
    SessionOnly,
    bearer_scheme,
    cookie_scheme,
    count_request_of,
    refuse_without_scopes,
)
from api.identity.identification import Credentials, Identity, MixedCredentials, credentials_of, is_use_due, note_use
from api.platform.db.reads import Read, ReadRow, Reads
from api.platform.db.work import Database, UnitOfWork
from api.platform.errors import Unauthenticated, raises


class Reader:
    """Reads rows for a caller. No row leaves it before the caller is known, counted and permitted.

    The caller is read again with every call of `fetch`, in the same round trip as the rows. Without `scopes` the caller
    has to be a signed-in user.
    """

    def __init__(self, request: Request, credentials: Credentials, scopes: Sequence[str] | None) -> None:
        self._request = request
        self._credentials = credentials
        self._scopes = scopes
        self._reads: Reads = request.app.state.reads
        self._database: Database = request.app.state.database
        self._identity: Identity | None = None

    @property
    def identity(self) -> Identity:
        """Who reads; LookupError before the first `fetch`."""
        if self._identity is None:
            raise LookupError("the caller is not known yet")
        return self._identity

    async def fetch(self, *reads: Read) -> list[Sequence[ReadRow]]:
        """The rows of each statement. Raises Unauthenticated, ScopeMissing, SessionOnly, TooManyRequests."""
        (row,), *rows = await self._reads.fetch(self._credentials.read, *reads)
        identity = self._credentials.identity(row)
        if self._identity is None:
            await self._admit(identity)
        self._identity = identity
        return rows

    async def identify(self) -> None:
        """Find out who calls, and read nothing."""
        if self._identity is None:
            await self.fetch()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[UnitOfWork]:
        """A unit of work for the business of the caller."""
        async with self._database.work(self.identity.business_id, actor=self.identity.actor) as work:
            yield work

    async def _admit(self, identity: Identity) -> None:
        await count_request_of(self._request, identity.business_id, identity.actor)
        if self._scopes is None and identity.user_id is None:
            raise SessionOnly
        await refuse_without_scopes(self._request, identity, self._scopes or ())
        if is_use_due(identity, self._credentials.instant):
            async with self._database.work(identity.business_id, actor=identity.actor) as work:
                await note_use(work, identity, self._credentials.instant)


BearerDep = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_scheme)]
CookieDep = Annotated[str | None, Depends(cookie_scheme)]


@raises(ScopeMissing, Unauthenticated, MixedCredentials)
async def reader_of(request: Request, wanted: SecurityScopes, bearer: BearerDep, _: CookieDep) -> Reader:
    """The reader of the request's credentials. Raises Unauthenticated if there are none."""
    return _reader(request, bearer, wanted.scopes)


def reading(scope: str) -> Any:
    """`Annotated[Reader, reading("invoices:read")]`: reads for a caller who has the scope."""
    return Security(reader_of, scopes=[scope])


@raises(SessionOnly, Unauthenticated, MixedCredentials)
async def reader_of_user(request: Request, bearer: BearerDep, _: CookieDep) -> Reader:
    """Like `reader_of`, for a signed-in user with whatever scopes; `fetch` raises SessionOnly for an API key."""
    return _reader(request, bearer, None)


UserReaderDep = Annotated[Reader, Depends(reader_of_user)]


def _reader(request: Request, bearer: HTTPAuthorizationCredentials | None, scopes: Sequence[str] | None) -> Reader:
    reader = Reader(request, credentials_of(request, bearer), scopes)
    request.state.identify = reader.identify
    return reader
