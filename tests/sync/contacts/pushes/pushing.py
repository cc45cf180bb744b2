"""Pushing contacts of a business beside a stand-in."""

from typing import Any

from api.platform.ids import decode
from sandbox import contacts
from sandbox.faults import Fault
from sandbox.seeds import NZ_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness


class Pusher:
    """One business that pushes its contacts, and what Xero has of them."""

    def __init__(self, business: ConnectedBusiness) -> None:
        self.business = business

    async def start(self) -> str:
        """Push now; gives the id of the push."""
        reply = await self.business.client.post(f"{API}/contact-pushes")
        assert reply.status_code in (200, 202), reply.text
        return str(reply.json()["id"])

    async def push(self, turns: int = 1) -> dict[str, Any]:
        """Push now and let a worker do its turns; gives the push."""
        push_id = await self.start()
        for _ in range(turns):
            await self.business.drain()
        return await self.read(push_id)

    async def read(self, push_id: str) -> dict[str, Any]:
        """The push as it is now."""
        return dict((await self.business.client.get(f"{API}/contact-pushes/{push_id}")).json())

    async def items(self, push_id: str, **filters: str) -> list[dict[str, Any]]:
        """The contacts of a push."""
        reply = await self.business.client.get(f"{API}/contact-pushes/{push_id}/items", params=filters)
        return list(reply.json()["items"])

    async def change(self, contact_id: str, **fields: Any) -> dict[str, Any]:
        """Edit one of our contacts."""
        reply = await self.business.client.patch(f"{API}/contacts/{contact_id}", json=fields)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def xero_id(self, contact_id: str) -> str:
        """The id of the contact in Xero."""
        (row,) = await self.business.execute(
            "SELECT xero_contact_id FROM contact_links WHERE contact_id = :id", id=decode("con", contact_id)
        )
        return str(row.xero_contact_id)

    async def in_xero(self, contact_id: str) -> dict[str, Any]:
        """What Xero has of one of our contacts."""
        return dict(self.business.stand_in.world.ledgers[NZ_TENANT].contacts[await self.xero_id(contact_id)])

    async def edit_in_xero(self, contact_id: str, **fields: Any) -> None:
        """Somebody edits the contact in Xero."""
        ledger = self.business.stand_in.world.ledgers[NZ_TENANT]
        contacts.store(ledger, {**await self.in_xero(contact_id), **fields}, self.business.stand_in.world.now())

    def type_in(self, name: str, **fields: Any) -> str:
        """Somebody types a contact into Xero; gives its id."""
        ledger, now = self.business.stand_in.world.ledgers[NZ_TENANT], self.business.stand_in.world.now()
        return str(contacts.store(ledger, {**contacts.blank(), "Name": name, **fields}, now)["ContactID"])

    def named(self, name: str) -> list[dict[str, Any]]:
        """Xero's contacts of this name."""
        everybody = self.business.stand_in.world.ledgers[NZ_TENANT].contacts.values()
        return [contact for contact in everybody if contact["Name"] == name]

    def spoil(self, **fault: object) -> None:
        """The next call that changes contacts goes wrong."""
        self.business.stand_in.faults.waiting.append(
            Fault.model_validate({"method": "POST", "path": "Contacts", **fault})
        )

    def calls(self) -> list[str]:
        """The methods of the calls about contacts since `forget_calls`."""
        return [row["method"] for row in self.business.stand_in.world.calls if row["path"] == "/api.xro/2.0/Contacts"]

    def forget_calls(self) -> None:
        """Count calls from now on."""
        self.business.stand_in.world.calls.clear()
