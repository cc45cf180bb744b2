"""`/_ctl` for documents: seeding contacts and invoices, and the changes that a user makes to invoices in Xero."""

from __future__ import annotations

from decimal import Decimal

from fastapi import APIRouter
from pydantic import Field
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from sandbox import contact_view, contacts, invoice_rules, invoice_view, invoice_write, wire
from sandbox.batch import Outcome
from sandbox.call import Call
from sandbox.control import Body, ControlProblem, json_reply, ledger_of
from sandbox.state import Ledger, Record, World, new_id

XERO_USER = "xero-screens"
"""The client id of documents written through the control routes: `createdByMyApp` excludes them."""


class Seed(Body):
    """Contacts and invoices in Xero's JSON, and `contact_count` additional contacts with a name only."""

    tenant: str | None = None
    contacts: list[Record] = []
    invoices: list[Record] = []
    contact_count: int = Field(default=0, ge=0, le=20_000)


class Payment(Body):
    """A payment; without an amount, the whole amount due."""

    tenant: str | None = None
    amount: Decimal | None = Field(default=None, gt=0, decimal_places=2, max_digits=14)


def router(world: World) -> APIRouter:
    """The control routes that list, seed and change documents."""
    routes = APIRouter()
    _add_lists(routes, world)
    _add_invoices(routes, world)
    return routes


async def sent_object(request: Request) -> Record:
    """The JSON object of a control request, with exact numbers."""
    try:
        document = wire.from_json(await request.body())
    except ValueError as problem:
        raise ControlProblem(f"The body is not JSON: {problem}", 400) from None
    if not isinstance(document, dict):
        raise ControlProblem("The body must be a JSON object.", 400)
    return document


def call_of_a_user(world: World, ledger: Ledger) -> Call:
    """A call as the screens of Xero would make it."""
    return Call(world, ledger, XERO_USER, {}, {"unitdp": "4"}, Headers(), b"")


def outcomes_reply(outcomes: list[Outcome]) -> Response:
    """The outcomes of writes; status 400 when any was refused."""
    response = json_reply([outcome.reply_row() for outcome in outcomes])
    response.status_code = 400 if any(outcome.errors for outcome in outcomes) else 200
    return response


def _add_lists(routes: APIRouter, world: World) -> None:
    @routes.get("/invoices")
    async def invoices(tenant: str | None = None) -> Response:
        ledger = ledger_of(world, tenant)
        return json_reply([invoice_view.full(ledger, row, 4) for row in ledger.invoices.values()])

    @routes.get("/contacts")
    async def contact_list(tenant: str | None = None) -> Response:
        ledger = ledger_of(world, tenant)
        return json_reply([contact_view.with_balances(ledger, row) for row in contacts.known(ledger)])

    @routes.post("/seed")
    async def seed(request: Request, body: Seed) -> Response:
        ledger = ledger_of(world, body.tenant)
        call, sent = call_of_a_user(world, ledger), await sent_object(request)
        numbered = [{"Name": f"Seeded contact {number:05d}"} for number in range(1, body.contact_count + 1)]
        outcomes = [contacts.save(call, contacts.blank(), row) for row in [*sent.get("contacts", []), *numbered]]
        outcomes += [invoice_write.save(call, {}, row) for row in sent.get("invoices", [])]
        return outcomes_reply(outcomes)


def _add_invoices(routes: APIRouter, world: World) -> None:
    def get(ledger: Ledger, key: str) -> Record:
        invoice = invoice_write.find(ledger, key)
        if invoice is None:
            raise ControlProblem(f"There is no invoice {key!r}.")
        return invoice

    @routes.post("/invoices/{key}")
    async def edit(key: str, request: Request, tenant: str | None = None) -> Response:
        ledger, sent = ledger_of(world, tenant), await sent_object(request)
        return outcomes_reply([invoice_write.save(call_of_a_user(world, ledger), get(ledger, key), sent)])

    @routes.post("/invoices/{key}/duplicate")
    async def duplicate(key: str, tenant: str | None = None) -> Response:
        ledger = ledger_of(world, tenant)
        copy = {**get(ledger, key), "InvoiceID": new_id(), "UpdatedDateUTC": world.now()}
        ledger.put_invoice(copy)
        return json_reply(invoice_view.full(ledger, copy, 4))

    @routes.post("/invoices/{key}/void")
    async def void(key: str, tenant: str | None = None) -> Response:
        ledger = ledger_of(world, tenant)
        zero = Decimal("0.00")
        ledger.put_invoice({**get(ledger, key), "Status": "VOIDED", "AmountDue": zero, "UpdatedDateUTC": world.now()})
        return json_reply(invoice_view.full(ledger, get(ledger, key), 4))

    @routes.post("/invoices/{key}/payment")
    async def pay(key: str, body: Payment) -> Response:
        ledger = ledger_of(world, body.tenant)
        invoice = get(ledger, key)
        amount = body.amount or invoice["AmountDue"]
        if invoice["Status"] != "AUTHORISED" or not 0 < amount <= invoice["AmountDue"]:
            raise ControlProblem("Payment amount exceeds the amount outstanding on this document", 400)
        ledger.put_invoice(_paid(world, ledger, invoice, amount.quantize(Decimal("0.01"))))
        return json_reply(invoice_view.full(ledger, get(ledger, key), 4))


def _paid(world: World, ledger: Ledger, invoice: Record, amount: Decimal) -> Record:
    day = invoice_rules.today(ledger, world.now())
    payment: Record = {
        "PaymentID": new_id(),
        "Date": day,
        "Amount": amount,
        "Reference": "",
        "CurrencyRate": invoice["CurrencyRate"],
    }
    ledger.payments.append(_payment_document(world, ledger, invoice, payment))
    due = invoice["AmountDue"] - amount
    settled = {"Status": "PAID", "FullyPaidOnDate": day} if due == 0 else {}
    return {
        **invoice,
        **settled,
        "Payments": [*invoice["Payments"], payment | {"HasAccount": True, "HasValidationErrors": False}],
        "AmountPaid": invoice["AmountPaid"] + amount,
        "AmountDue": due,
        "UpdatedDateUTC": world.now(),
    }


def _payment_document(world: World, ledger: Ledger, invoice: Record, payment: Record) -> Record:
    bank = next(row for row in ledger.accounts if row["Type"] == "BANK")
    return {
        **payment,
        "BankAmount": payment["Amount"],
        "PaymentType": f"{invoice['Type']}PAYMENT",
        "Status": "AUTHORISED",
        "UpdatedDateUTC": world.now(),
        "HasAccount": True,
        "IsReconciled": False,
        "HasValidationErrors": False,
        "Account": {"AccountID": bank["AccountID"], "Code": bank["Code"]},
        "Invoice": {
            "Type": invoice["Type"],
            "InvoiceID": invoice["InvoiceID"],
            "InvoiceNumber": invoice["InvoiceNumber"],
            "CurrencyCode": invoice["CurrencyCode"],
            "HasErrors": False,
            "IsDiscounted": False,
            "LineItems": [],
            "Contact": contact_view.reference(ledger.contacts[invoice["_ContactID"]]),
        },
    }
