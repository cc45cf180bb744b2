"""Fixtures: an XeroClient with a token source and a budget that record their calls."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from api.xero.client import XeroClient
from api.xero.clock import ClockReading
from api.xero.config import XeroConfig
from api.xero.http import Http, open_http
from api.xero.limits import LimitReading

API = "https://api.xero.com/api.xro/2.0"
ORGANISATION = UUID("11111111-2222-4333-8444-555555555555")


@dataclass
class Tokens:
    """A token source: it gives `token-1`, and after each refusal the next number."""

    refused: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=lambda: [str(ORGANISATION)])
    asked: int = 0  # how often Xero was asked for its list of connections
    accepted: list[bool] = field(default_factory=list)

    async def access_token(self, *, refused: str | None = None) -> str:
        if refused is not None:
            self.refused.append(refused)
        return f"token-{len(self.refused) + 1}"

    async def note_refusal(self) -> None:
        self.accepted.append(False)

    async def note_acceptance(self) -> None:
        self.accepted.append(True)

    async def is_listed(self, tenant_id: str) -> bool:
        self.asked += 1
        return tenant_id in self.listed


@dataclass
class Budget:
    """A budget that allows every call and records how each reservation ended."""

    reserved: list[UUID] = field(default_factory=list)
    settled: list[tuple[UUID, LimitReading, bool]] = field(default_factory=list)
    clocks: list[ClockReading | None] = field(default_factory=list)

    async def reserve(self, deadline_seconds: float) -> UUID:
        self.reserved.append(uuid4())
        return self.reserved[-1]

    async def settle(
        self, call: UUID, reading: LimitReading, *, certain: bool, clock: ClockReading | None = None
    ) -> None:
        self.settled.append((call, reading, certain))
        self.clocks.append(clock)


@pytest.fixture
def config() -> XeroConfig:
    return XeroConfig.from_env({"XERO_CLIENT_ID": "the-client", "XERO_CLIENT_SECRET": "the-client-secret"})


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    async with open_http() as http:
        yield http


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def budget() -> Budget:
    return Budget()


@pytest.fixture
def client(config: XeroConfig, http: Http, tokens: Tokens, budget: Budget) -> XeroClient:
    return XeroClient(config, http, ORGANISATION, tokens, budget)
