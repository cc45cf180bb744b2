"""The client of Xero's accounting API for one organisation."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from api.xero import wire, wire_settings
from api.xero.calls import Call, OrganisationCalls
from api.xero.config import XeroConfig
from api.xero.errors import XeroBusy, XeroRejected
from api.xero.http import Http
from api.xero.paging import Listing, Page, ReadPage, read_pages, read_whole
from api.xero.ports import BudgetStore, TokenSource
from api.xero.reply import Reply, read_reply

E = TypeVar("E", bound=wire.Read)
L = TypeVar("L", bound=wire.Element)

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

    async def currencies(self) -> tuple[wire_settings.Currency, ...]:
        """Read the currencies that the organisation has."""
        return (await self._read("Currencies", wire_settings.Currency)).elements

    async def actions(self) -> tuple[wire_settings.Action, ...]:
        """Read what the connected user may do."""
        return (await self._read("Organisation/Actions", wire_settings.Action, envelope="Actions")).elements

    def contact_pages(
        self, *, modified_since: datetime | None = None, offset: int = 0, include_archived: bool = False
    ) -> AsyncIterator[Page[wire.Contact]]:
        """Read contacts in pages of up to 1,000, from number `offset` on, in an order that changes cannot shift."""
        params = _list_params({}, "ContactID", include_archived=include_archived)
        return read_pages(self._list_reader("Contacts", wire.Contact, params, modified_since), offset)

    async def contacts_by_ids(self, contact_ids: Sequence[UUID]) -> Listing[wire.Contact]:
        """Read at most 40 contacts by id, archived ones included."""
        params = _list_params({"IDs": _joined(map(str, contact_ids))}, "ContactID", include_archived=True)
        return await read_whole(self._list_reader("Contacts", wire.Contact, params))

    async def create_contacts(
        self, body: bytes, key: str, *, before_sending: Callable[[], None] | None = None
    ) -> Reply[wire.Contact]:
        """Create contacts. Xero refuses a name or number that exists; it never overwrites."""
        return await self._write("PUT", "Contacts", wire.Contact, body, key, before_sending=before_sending)

    async def update_contacts(
        self, body: bytes, key: str, *, before_sending: Callable[[], None] | None = None
    ) -> Reply[wire.Contact]:
        """Change contacts by ContactID. Fields that are not sent stay as they are."""
        return await self._write("POST", "Contacts", wire.Contact, body, key, before_sending=before_sending)

    async def create_invoices(
        self, body: bytes, key: str, *, before_sending: Callable[[], None] | None = None
    ) -> Reply[wire.Invoice]:
        """Create invoices. Xero refuses a customer invoice number that exists; it never overwrites.

        `before_sending` runs after token and budget are there, just before the request; its errors are passed on.
        """
        params = {"unitdp": "4"}
        return await self._write("PUT", "Invoices", wire.Invoice, body, key, params, before_sending)

    async def invoices_by_numbers(self, numbers: Sequence[str]) -> Listing[wire.Invoice]:
        """Read every invoice and bill with one of these numbers (at most 40), in any status, with its lines."""
        # The list is separated by commas.
        listed, alone = [n for n in numbers if "," not in n], [n for n in numbers if "," in n]
        filters = [{"InvoiceNumbers": _joined(listed)}] if listed else []
        filters += [_equal("InvoiceNumber", number) for number in alone]
        listings = [await self._invoices(each) for each in filters]
        wanted = {number.casefold() for number in numbers}
        every = Listing(
            tuple(invoice for listing in listings for invoice in listing.elements),
            complete=all(listing.complete for listing in listings),
            unreadable=sum(listing.unreadable for listing in listings),
        )
        return _only(every, lambda invoice: (invoice.invoice_number or "").casefold() in wanted)

    async def invoices_marked_since(self, since: datetime) -> Listing[wire.Invoice]:
        """Read every invoice and bill that this app created and anyone changed since then, in any status."""
        return await self._invoices({"createdByMyApp": "true"}, since)

    async def invoices_of_contacts(self, contact_ids: Sequence[UUID], day: date) -> Listing[wire.Invoice]:
        """Read every invoice and bill of at most 40 contacts with this date, in any status, of any app or user."""
        where = f"Date==DateTime({day:%Y},{day:%m},{day:%d})"
        return await self._invoices({"ContactIDs": _joined(map(str, contact_ids)), "where": where})

    def invoice_headers(
        self, *, modified_since: datetime | None = None, offset: int = 0
    ) -> AsyncIterator[Page[wire.InvoiceHeader]]:
        """Read all invoices and bills without lines, in pages of up to 1,000, from the document number `offset` on.

        The order is by InvoiceID, so that a read that was interrupted can go on at the `next_offset` of its last page.
        Whether Xero gives the `Url` here is not documented.
        """
        params = _list_params({"summaryOnly": "true"}, "InvoiceID", include_archived=True)
        return read_pages(self._list_reader("Invoices", wire.InvoiceHeader, params, modified_since), offset)

    def created_invoices(
        self, *, modified_since: datetime | None = None, offset: int = 0
    ) -> AsyncIterator[Page[wire.InvoiceHeader]]:
        """Read all invoices and bills that this app created, certainly with their `Url`; else as `invoice_headers`."""
        params = _list_params({"createdByMyApp": "true"}, "InvoiceID", include_archived=True)
        return read_pages(self._list_reader("Invoices", wire.InvoiceHeader, params, modified_since), offset)

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

    async def _invoices(self, filters: dict[str, str], since: datetime | None = None) -> Listing[wire.Invoice]:
        params = _list_params({**filters, "unitdp": "4"}, "InvoiceID", include_archived=True)
        return await read_whole(self._list_reader("Invoices", wire.Invoice, params, since))

    def _list_reader(
        self, resource: str, model: type[L], params: dict[str, str], modified_since: datetime | None = None
    ) -> ReadPage[L]:
        async def read(page: int, size: int, skip: int) -> Reply[L]:
            paged = {**params, "page": str(page), "pageSize": str(size)}
            return await self._read(resource, model, paged, modified_since, skip=skip)

        return read

    async def _read(
        self,
        path: str,
        model: type[E],
        params: dict[str, str] | None = None,
        modified_since: datetime | None = None,
        *,
        envelope: str | None = None,
        target: UUID | None = None,
        skip: int = 0,
    ) -> Reply[E]:
        call = Call(
            method="GET",
            path=f"/{path}",
            url=f"{self._base}/{path.format(id=target)}",
            params=params or {},
            headers={"If-Modified-Since": _to_the_second(modified_since)} if modified_since else {},
        )
        return read_reply("GET", await self._calls.make(call), envelope or path, model, skip=skip)

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


def _list_params(filters: dict[str, str], order: str, *, include_archived: bool) -> dict[str, str]:
    """The parameters of a list. Xero's own order is by change, in which an edit meanwhile shifts the rest."""
    return {**filters, "order": order, **({"includeArchived": "true"} if include_archived else {})}


def _only(listing: Listing[L], keep: Callable[[L], bool]) -> Listing[L]:
    return replace(listing, elements=tuple(element for element in listing.elements if keep(element)))


def _equal(field: str, value: str) -> dict[str, str]:
    where = where_equals(field, value)
    return {"where": where} if where else {"searchTerm": value}


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
