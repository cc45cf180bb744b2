"""What Xero says of the organisations to choose from, beside their names."""

import asyncio
from dataclasses import replace

from api.platform.log import get_logger
from api.sync.budgets.service import OrganisationBudget
from api.sync.connections.gateway import XeroGateways
from api.sync.connections.service import Offer
from api.xero.client import XeroClient
from api.xero.errors import XeroError

# The user waits meanwhile: of more organisations only the names are shown.
_MOST_READ = 20
_AT_ONCE = 5
_logger = get_logger("jobtally.connections")


class _NewToken:
    """A TokenSource for the token of a consent that is not stored yet."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def access_token(self, *, refused: str | None = None) -> str:
        return self._token

    async def note_refusal(self) -> None:
        """Nothing is stored about it."""

    async def note_acceptance(self) -> None:
        """Nothing is stored about it."""

    async def is_listed(self, tenant_id: str) -> bool:
        return True  # the consent has just given it


async def with_facts(gateways: XeroGateways, access_token: str, offers: list[Offer]) -> list[Offer]:
    """The offers with short code, country, currency and age; one that cannot be read stays as it is."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def read(offer: Offer) -> Offer:
        async with places:
            return await _with_facts(gateways, access_token, offer)

    return [*await asyncio.gather(*map(read, offers[:_MOST_READ])), *offers[_MOST_READ:]]


async def _with_facts(gateways: XeroGateways, access_token: str, offer: Offer) -> Offer:
    config = gateways.config
    budget = OrganisationBudget(gateways.database, config.ceilings, offer.organisation_id)
    client = XeroClient(config, gateways.http, offer.organisation_id, _NewToken(access_token), budget)
    try:
        organisation = await client.organisation()
    except XeroError as error:
        _logger.info("organisation shown by its name only", error=str(error))
        return offer
    return replace(
        offer,
        short_code=organisation.short_code,
        country_code=organisation.country_code,
        currency=organisation.base_currency,
        organisation_created_at=organisation.created_date_utc,
    )
