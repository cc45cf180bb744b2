"""Having every contact of a batch in Xero before its invoices: linked, found, or created, each exactly once."""

from collections.abc import Collection, Sequence
from uuid import UUID

from api.records.contacts.service import ContactService, ContactView
from api.records.preferences.service import PreferencesService
from api.sync.connections.service import XeroGateway
from api.sync.contacts import mapping
from api.sync.contacts.creating import create
from api.sync.contacts.links import Linked, Refusal, known, link, refuse, taken
from api.sync.contacts.matching import find
from api.sync.contacts.mirror import candidates, read_changes
from api.sync.ledger.service import folded


async def ensure_contacts(gateway: XeroGateway, contact_ids: Collection[UUID]) -> Linked:
    """Link or create these contacts. The gateway's four errors pass through; a repeated call goes on from there."""
    linked = Linked()
    async with gateway.work() as work:
        linked.ids = await known(work, gateway.organisation_id, contact_ids)
    missing = [one for one in contact_ids if one not in linked.ids]
    if not missing:
        return linked
    await read_changes(gateway)
    to_create = await _match(gateway, missing, linked)
    for start in range(0, len(to_create), gateway.config.batch_size):
        await create(gateway, to_create[start : start + gateway.config.batch_size], linked)
    if linked.clashing:
        await _recognise(gateway, linked)
    return linked


async def _recognise(gateway: XeroGateway, linked: Linked) -> None:
    """Xero said "already there": it is one of ours from a lost reply, or somebody typed it in just now."""
    await read_changes(gateway)
    strangers = await _match(gateway, list(linked.clashing), linked)
    async with gateway.work() as work:
        for view in strangers:
            await refuse(work, view.id, linked.clashing[view.id], linked)


async def _match(gateway: XeroGateway, contact_ids: Sequence[UUID], linked: Linked) -> list[ContactView]:
    """Link whom the mirror knows, refuse what is in doubt, and give those to be created."""
    async with gateway.work() as work:
        views = await ContactService(work).views(contact_ids)
        use_reference = (await PreferencesService(work).current()).send_payer_reference
        wanted = {view.id: mapping.ours(view, send_payer_reference=use_reference) for view in views.values()}
        theirs = await candidates(work, wanted.values())
        held = await taken(work, gateway, theirs)
        to_create: dict[str, ContactView] = {}
        pairs: dict[UUID, UUID] = {}
        for contact_id, ours in wanted.items():
            found = find(ours, theirs, held)
            if found.obstacle is not None:
                await refuse(work, contact_id, Refusal(found.obstacle), linked)
            elif found.contact_id is not None:
                pairs[contact_id] = found.contact_id
                held[found.contact_id] = contact_id
            elif folded(ours.name) in to_create:
                await refuse(work, contact_id, Refusal("contact_name_taken"), linked)
            else:
                to_create[folded(ours.name)] = views[contact_id]
        await link(work, gateway, pairs, linked)
        return list(to_create.values())
