"""`/_ctl` for contacts: the changes that a user makes to them in Xero, and how strict Xero is about them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from sandbox import contact_view, contacts
from sandbox.control import Body, ControlProblem, json_reply, ledger_of
from sandbox.control_documents import call_of_a_user, outcomes_reply, sent_object
from sandbox.state import ZERO_ID, Ledger, PageEdit, Record, World


class Merge(Body):
    """The contact that remains."""

    into: str


class EditBetweenPages(Body):
    """The fields under Xero's names, and the page of a list of contacts after which they change."""

    fields: dict[str, Any]
    after_page: int = Field(default=1, ge=1)
    tenant: str | None = None


class Rules(Body):
    """How strict Xero is; what is left out is unchanged.

    With `names_unique: false` two active contacts may have one name. With `slots_replaced` the addresses and phones of
    a write replace all that the contact has.
    """

    names_unique: bool | None = None
    slots_replaced: bool | None = None


def router(world: World) -> APIRouter:
    """The control routes for contacts."""
    routes = APIRouter()
    _add_edits(routes, world)
    _add_statuses(routes, world)

    @routes.post("/contact-rules")
    async def rules(body: Rules) -> Record:
        changes = body.model_dump(exclude_none=True)
        for name, value in changes.items():
            setattr(world.options, name, value)
        return changes

    return routes


def _get(ledger: Ledger, key: str) -> Record:
    contact = contacts.find(ledger, key) or next((row for row in contacts.known(ledger) if row["Name"] == key), None)
    if contact is None:
        raise ControlProblem(f"There is no contact {key!r}.")
    return contact


def _add_edits(routes: APIRouter, world: World) -> None:
    @routes.post("/contacts/{key}")
    async def edit(key: str, request: Request, tenant: str | None = None) -> Response:
        ledger, sent = ledger_of(world, tenant), await sent_object(request)
        contact = {**_get(ledger, key), "ContactStatus": sent.get("ContactStatus", "ACTIVE")}
        return outcomes_reply([contacts.save(call_of_a_user(world, ledger), contact, sent)])

    @routes.post("/contacts/{key}/between-pages")
    async def edit_between_pages(key: str, body: EditBetweenPages) -> Record:
        ledger = ledger_of(world, body.tenant)
        edit = PageEdit(ledger.tenant_id, _get(ledger, key)["ContactID"], body.after_page, body.fields)
        world.page_edits.append(edit)
        return {"waiting": len(world.page_edits)}

    @routes.post("/contacts/{key}/duplicate")
    async def duplicate(key: str, tenant: str | None = None) -> Response:
        ledger = ledger_of(world, tenant)
        copy = {**_get(ledger, key), "ContactID": ZERO_ID}
        return json_reply(contact_view.full(ledger, contacts.store(ledger, copy, world.now())))


def _add_statuses(routes: APIRouter, world: World) -> None:
    @routes.post("/contacts/{key}/archive")
    async def archive(key: str, tenant: str | None = None) -> Response:
        ledger = ledger_of(world, tenant)
        changed = {**_get(ledger, key), "ContactStatus": "ARCHIVED"}
        return json_reply(contact_view.full(ledger, contacts.store(ledger, changed, world.now())))

    @routes.post("/contacts/{key}/restore")
    async def restore(key: str, tenant: str | None = None) -> Response:
        ledger = ledger_of(world, tenant)
        active = {**_get(ledger, key), "ContactStatus": "ACTIVE"}
        active.pop("MergedToContactID", None)
        return outcomes_reply([contacts.save(call_of_a_user(world, ledger), active, {})])

    @routes.post("/contacts/{key}/vanish")
    async def vanish(key: str, tenant: str | None = None) -> Record:
        ledger = ledger_of(world, tenant)
        contact = _get(ledger, key)
        ledger.contacts[contact["ContactID"]] = {**contact, "_gone": True}
        return {"gone": contact["ContactID"]}

    @routes.post("/contacts/{key}/merge")
    async def merge(key: str, body: Merge, tenant: str | None = None) -> Response:
        ledger = ledger_of(world, tenant)
        source, target = _get(ledger, key), _get(ledger, body.into)
        changed = {**source, "ContactStatus": "ARCHIVED", "MergedToContactID": target["ContactID"]}
        for invoice in list(ledger.invoices.values()):
            if invoice["_ContactID"] == source["ContactID"]:
                ledger.put_invoice({**invoice, "_ContactID": target["ContactID"], "UpdatedDateUTC": world.now()})
        return json_reply(contact_view.full(ledger, contacts.store(ledger, changed, world.now())))
