"""The client of Xero's accounting API for one organisation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from api.xero import wire
from api.xero.calls import Call, OrganisationCalls
from api.xero.config import XeroConfig
from api.xero.errors import XeroBusy, XeroRejected
from api.xero.http import Http
from api.xero.ports import BudgetStore, TokenSource
from api.xero.reply import Reply, read_reply

E = TypeVar("E", bound=wire.Read)

PAGE_SIZE = 1000
# Xero advises at most 40 values: longer lists make the address too long.
MAX_LIST_VALUES = 40
MAX_KEY_CHARACTERS = 128


class XeroClient:
    """The calls to one organisation. Each of them raises only the four errors of `errors.py`."""

    def __init__(
        self, config: XeroConfig, http: Http, tenant_id: UUID, tokens: TokenSource, budget: BudgetStore
    ) -> None:
        self._base = config.api_url.rstrip("/")
        self._calls = OrganisationCalls(http, str(tenant_id), tokens, budget)

    async def organisation(self) -> wire.Organisation:
        """Read the organisation: name, short code, lock dates, time zone."""
        reply = await self._read("Organisation", wire.Organisation, envelope="Organisations")
        if not reply.elements:
            raise XeroBusy(None, "unavailable", http_status=reply.http_status, correlation_id=reply.correlation_id)
        return reply.elements[0]

    async def accounts(self) -> tuple[wire.Account, ...]:
        """Read the whole chart of accounts, archived accounts included."""
        return (await self._read("Accounts", wire.Account)).elements

    async def tax_rates(self) -> tuple[wire.TaxRate, ...]:
        """Read all tax rates, deleted ones included."""
        return (await self._read("TaxRates", wire.TaxRate)).elements

    async def tracking_categories(self) -> tuple[wire.TrackingCategory, ...]:
        """Read all tracking categories with their options, archived ones included."""
        params = {"includeArchived": "true"}
        return (await self._read("TrackingCategories", wire.TrackingCategory, params)).elements

    async def items(self) -> tuple[wire.Item, ...]:
        """Read all items, with prices to four decimals."""
        return (await self._read("Items", wire.Item, {"unitdp": "4"})).elements

    async def contacts(
        self,
        page: int,
        *,
        modified_since: datetime | None = None,
        include_archived: bool = False,
        ids: Sequence[UUID] | None = None,
    ) -> Reply[wire.Contact]:
        """Read one page of up to 1,000 contacts, oldest change first. `ids` takes at most 40."""
        params = _page(page, include_archived=include_archived)
        if ids is not None:
            params["IDs"] = _joined(map(str, ids))
        return await self._read("Contacts", wire.Contact, params, modified_since)

    async def contacts_by_number(self, number: str) -> tuple[wire.Contact, ...]:
        """Read every contact with exactly this ContactNumber, archived ones included."""
        contacts = await self._contacts_equal("ContactNumber", number, include_archived=True)
        return tuple(contact for contact in contacts if contact.contact_number == number)

    async def contacts_by_name(self, name: str, *, include_archived: bool = False) -> tuple[wire.Contact, ...]:
        """Read every contact with this Name. Letter case is ignored, because Xero ignores it too."""
        contacts = await self._contacts_equal("Name", name, include_archived=include_archived)
        return tuple(contact for contact in contacts if (contact.name or "").casefold() == name.casefold())

    async def create_contacts(self, body: bytes, key: str) -> Reply[wire.Contact]:
        """Create contacts. Xero refuses a name or number that exists; it never overwrites."""
        return await self._write("PUT", "Contacts", wire.Contact, body, key)

    async def update_contacts(self, body: bytes, key: str) -> Reply[wire.Contact]:
        """Change contacts by ContactID. Fields that are not sent stay as they are."""
        return await self._write("POST", "Contacts", wire.Contact, body, key)

    async def create_invoices(
        self, body: bytes, key: str, *, before_sending: Callable[[], None] | None = None
    ) -> Reply[wire.Invoice]:
        """Create invoices. Xero refuses a customer invoice number that exists; it never overwrites.

        `before_sending` runs after token and budget are there, just before the request; its errors are passed on.
        """
        params = {"unitdp": "4"}
        return await self._write("PUT", "Invoices", wire.Invoice, body, key, params, before_sending)

    async def invoices_by_numbers(self, numbers: Sequence[str]) -> tuple[wire.Invoice, ...]:
        """Read every invoice and bill with one of these numbers (at most 40), in any status, with its lines."""
        listed = [number for number in numbers if "," not in number]
        invoices: list[wire.Invoice] = []
        if listed:
            invoices += await self._invoices({"InvoiceNumbers": _joined(listed)})
        for number in numbers:
            if "," in number:  # the list is separated by commas
                where = where_equals("InvoiceNumber", number)
                invoices += await self._invoices({"where": where} if where else {"searchTerm": number})
        wanted = {number.casefold() for number in numbers}
        return tuple(invoice for invoice in invoices if (invoice.invoice_number or "").casefold() in wanted)

    async def invoices_created_since(self, since: datetime, page: int) -> Reply[wire.Invoice]:
        """Read one page of up to 1,000 invoices and bills that this app created and anyone changed since then."""
        params = {"createdByMyApp": "true", "unitdp": "4", **_page(page, include_archived=True)}
        return await self._read("Invoices", wire.Invoice, params, since)

    async def invoice(self, invoice_id: UUID) -> wire.Invoice | None:
        """Read one invoice or bill with its lines; None when this organisation has none with that id."""
        try:
            reply = await self._read(
                "Invoices/{id}", wire.Invoice, {"unitdp": "4"}, envelope="Invoices", target=invoice_id
            )
        except XeroRejected as rejected:
            if rejected.http_status == 404:
                return None
            raise
        return next(iter(reply.elements), None)

    async def _contacts_equal(self, field: str, value: str, *, include_archived: bool) -> list[wire.Contact]:
        where = where_equals(field, value)
        filters = {"where": where} if where else {"searchTerm": value}
        return await self._all_pages("Contacts", wire.Contact, filters, include_archived=include_archived)

    async def _invoices(self, filters: dict[str, str]) -> list[wire.Invoice]:
        return await self._all_pages("Invoices", wire.Invoice, {**filters, "unitdp": "4"}, include_archived=True)

    async def _all_pages(
        self, resource: str, model: type[E], filters: dict[str, str], *, include_archived: bool
    ) -> list[E]:
        elements: list[E] = []
        page = pages = 1
        while page <= pages:
            params = {**filters, **_page(page, include_archived=include_archived)}
            reply = await self._read(resource, model, params)
            elements += reply.elements
            page, pages = page + 1, reply.page_count
        return elements

    async def _read(
        self,
        path: str,
        model: type[E],
        params: dict[str, str] | None = None,
        modified_since: datetime | None = None,
        *,
        envelope: str | None = None,
        target: UUID | None = None,
    ) -> Reply[E]:
        call = Call(
            method="GET",
            path=f"/{path}",
            url=f"{self._base}/{path.format(id=target)}",
            params=params or {},
            headers={"If-Modified-Since": _to_the_second(modified_since)} if modified_since else {},
        )
        return read_reply("GET", await self._calls.make(call), envelope or path, model)

    async def _write(
        self,
        method: str,
        resource: str,
        model: type[E],
        body: bytes,
        key: str,
        params: dict[str, str] | None = None,
        before_sending: Callable[[], None] | None = None,
    ) -> Reply[E]:
        if not 0 < len(key) <= MAX_KEY_CHARACTERS:
            raise ValueError(f"an idempotency key has 1 to {MAX_KEY_CHARACTERS} characters")
        call = Call(
            method=method,
            path=f"/{resource}",
            url=f"{self._base}/{resource}",
            # Without it one bad element makes Xero answer 400 for the whole call.
            params={"summarizeErrors": "false", **(params or {})},
            headers={"Idempotency-Key": key},
            content=body,
        )
        if before_sending is not None:
            call = replace(call, before_sending=before_sending)
        return read_reply(method, await self._calls.make(call), resource, model)


def _page(page: int, *, include_archived: bool) -> dict[str, str]:
    archived = {"includeArchived": "true"} if include_archived else {}
    return {"page": str(page), "pageSize": str(PAGE_SIZE), **archived}


def _joined(values: Iterable[str]) -> str:
    listed = list(values)
    if not 0 < len(listed) <= MAX_LIST_VALUES:
        raise ValueError(f"a list has 1 to {MAX_LIST_VALUES} values")
    return ",".join(listed)


def _to_the_second(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def where_equals(field: str, value: str) -> str | None:
    """A `where` expression, or None for a value that Xero's parser cannot read (quotes, backslashes, controls).

    Xero's grammar cannot escape a quote. The caller searches for such values by `searchTerm` and compares them itself.
    """
    if not value or any(character in '"\\' or not character.isprintable() for character in value):
        return None
    return f'{field}=="{value}"'
