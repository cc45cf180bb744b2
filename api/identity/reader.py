"""Reads of a caller who is identified in the same round trip."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, SecurityScopes

from api.identity.access import ScopeMissing, bearer_scheme, cookie_scheme, count_request_of, refuse_without_scopes
from api.identity.identification import Credentials, Identity, MixedCredentials, credentials_of, is_use_due, note_use
from api.platform.db.reads import Read, ReadRow, Reads
from api.platform.db.work import Database, UnitOfWork
from api.platform.errors import Unauthenticated, raises


class Reader:
    """Reads rows for a caller. No row leaves it before the caller is known, counted and permitted.

    The caller is read again with every call of `fetch`, in the same round trip as the rows.
    """

    def __init__(self, request: Request, credentials: Credentials, scopes: Sequence[str]) -> None:
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
        """The rows of each statement. Raises Unauthenticated, ScopeMissing, TooManyRequests."""
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
        await refuse_without_scopes(self._request, identity, self._scopes)
        if is_use_due(identity, self._credentials.instant):
            async with self._database.work(identity.business_id, actor=identity.actor) as work:
                await note_use(work, identity, self._credentials.instant)


@raises(ScopeMissing, Unauthenticated, MixedCredentials)
async def reader_of(
    request: Request,
    wanted: SecurityScopes,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_scheme)],
    _: Annotated[str | None, Depends(cookie_scheme)],
) -> Reader:
    """The reader of the request's credentials. Raises Unauthenticated if there are none."""
    reader = Reader(request, credentials_of(request, bearer), wanted.scopes)
    request.state.identify = reader.identify
    return reader


def reading(scope: str) -> Any:
    """`Annotated[Reader, reading("invoices:read")]`: reads for a caller who has the scope."""
    return Security(reader_of, scopes=[scope])
