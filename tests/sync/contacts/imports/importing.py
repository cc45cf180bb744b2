"""Previews and imports as a user starts and follows them; tasks are run by hand."""

from typing import Any

import httpx2

from api.sync.contacts.imports.running import run_import
from sandbox.seeds import NZ_TENANT
from tests.callers import PASSWORD
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

IMPORTS = f"{API}/contact-imports"


async def ask(business: ConnectedBusiness, mode: str, **more: Any) -> httpx2.Response:
    """Ask for a preview or an import."""
    return await business.client.post(IMPORTS, json={"mode": mode, **more})


async def follow(business: ConnectedBusiness, import_id: str) -> dict[str, Any]:
    """The preview or import as it is now."""
    return dict((await business.client.get(f"{IMPORTS}/{import_id}")).json())


async def run_started(business: ConnectedBusiness, reply: httpx2.Response) -> dict[str, Any]:
    """What becomes of an import that was started."""
    assert reply.status_code == 202, reply.text
    await run_import(business.gateways, business.business_id)
    return await follow(business, reply.json()["id"])


async def preview(business: ConnectedBusiness, **more: Any) -> dict[str, Any]:
    """A finished preview."""
    done = await run_started(business, await ask(business, "preview", **more))
    assert done["state"] == "done", done
    return done


async def apply(business: ConnectedBusiness, **more: Any) -> dict[str, Any]:
    """A finished import."""
    done = await run_started(business, await ask(business, "apply", **more))
    assert done["state"] == "done", done
    return done


async def items(business: ConnectedBusiness, import_id: str, **asked: Any) -> dict[str, dict[str, Any]]:
    """The contacts of a preview or import by their names in Xero."""
    reply = await business.client.get(f"{IMPORTS}/{import_id}/items", params={"limit": 200, **asked})
    assert reply.status_code == 200, reply.text
    return {item["xero_contact"]["name"]: item for item in reply.json()["items"]}


async def contacts(business: ConnectedBusiness) -> list[dict[str, Any]]:
    """All of ours."""
    reply = await business.client.get(f"{API}/contacts", params={"limit": 200})
    return list(reply.json()["items"])


async def called(business: ConnectedBusiness, name: str) -> dict[str, Any]:
    """The only one of ours with this display name."""
    (contact,) = [contact for contact in await contacts(business) if contact["display_name"] == name]
    return contact


async def add_to_xero(business: ConnectedBusiness, *rows: dict[str, Any]) -> None:
    """Contacts that somebody has typed into Xero."""
    async with business.controls() as controls:
        reply = await controls.post("/_ctl/seed", json={"contacts": list(rows)})
    assert reply.status_code == 200, reply.text


async def in_xero(business: ConnectedBusiness, name: str, action: str = "", **fields: Any) -> None:
    """Somebody changes a contact in Xero: edits it, or archives or merges it."""
    async with business.controls() as controls:
        path = f"/_ctl/contacts/{name}/{action}" if action else f"/_ctl/contacts/{name}"
        reply = await controls.post(path, json=fields)
    assert reply.status_code == 200, reply.text


async def switch(business: ConnectedBusiness, tenant: str) -> None:
    """Connect another organisation."""
    confirmed = await business.client.post(f"{API}/session/confirmations", json={"password": PASSWORD})
    assert confirmed.status_code == 201, confirmed.text
    await business.connect(tenant)
    chosen = await business.client.put(f"{API}/connections/xero/organisation", json={"organisation_id": tenant})
    assert chosen.status_code in (200, 422), chosen.text  # 422: there was nothing to choose from


def only_these(business: ConnectedBusiness) -> None:
    """Empty the organisation, for tests that count."""
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    ledger.contacts.clear()
