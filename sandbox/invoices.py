"""Invoices and bills: PUT creates; POST changes matching invoices and creates the rest."""

from __future__ import annotations

from sandbox import fields, invoice_view, invoice_write, listing
from sandbox.batch import write
from sandbox.call import Call, Route
from sandbox.replies import Reply, not_found
from sandbox.state import Record

SCOPES = ("accounting.invoices",)
READ_SCOPES = ("accounting.invoices", "accounting.invoices.read")
FIELDS = {
    "InvoiceID": "guid",
    "Type": "text",
    "Status": "text",
    "InvoiceNumber": "text",
    "Reference": "text",
    "Date": "day",
    "DueDate": "day",
    "UpdatedDateUTC": "day",
    "FullyPaidOnDate": "day",
    "AmountDue": "number",
    "AmountPaid": "number",
    "AmountCredited": "number",
    "SubTotal": "number",
    "TotalTax": "number",
    "Total": "number",
    "CurrencyCode": "text",
    "SentToContact": "flag",
    "Url": "text",
    "LineAmountTypes": "text",
    "Contact.ContactID": "guid",
    "Contact.Name": "text",
    "Contact.ContactNumber": "text",
    "Contact.AccountNumber": "text",
    "Contact.EmailAddress": "text",
}


def get_invoices(call: Call) -> Reply:
    """The list; lines are included only with paging or `Statuses`."""
    ledger = call.ledger
    selected = listing.select(
        call, [_joined(call, row) for row in _filtered(call)], FIELDS, ("UpdatedDateUTC", "InvoiceID")
    )
    if not (listing.wants_page(call) or "statuses" in call.query):
        return call.reply("Invoices", [invoice_view.unpaged(ledger, row) for row in selected])
    shown, pagination = listing.page(call, selected)
    if call.flag("summaryonly"):
        with_url = call.world.options.url_in_summaries
        return call.reply(
            "Invoices", [invoice_view.summary(ledger, row, with_url=with_url) for row in shown], pagination
        )
    return call.reply("Invoices", [invoice_view.full(ledger, row, call.unit_places) for row in shown], pagination)


def _filtered(call: Call) -> list[Record]:
    wanted_ids, contact_ids = listing.ids(call, "IDs"), listing.ids(call, "ContactIDs")
    numbers, statuses = listing.names(call, "InvoiceNumbers"), listing.names(call, "Statuses")
    own = call.flag("createdbymyapp")
    return [
        row
        for row in call.ledger.invoices.values()
        if (wanted_ids is None or row["InvoiceID"] in wanted_ids)
        and (contact_ids is None or row["_ContactID"] in contact_ids)
        and (numbers is None or row.get("InvoiceNumber") in numbers)
        and (statuses is None or row["Status"] in statuses)
        and (not own or row["_ClientID"] == call.client_id)
        and listing.matches_term(call, row, ("InvoiceNumber", "Reference"))
    ]


def _joined(call: Call, invoice: Record) -> Record:
    return {**invoice, "Contact": call.ledger.contacts[invoice["_ContactID"]]}


def existing(call: Call) -> Record:
    """The invoice in the path, or 404."""
    invoice = invoice_write.find(call.ledger, call.path["key"])
    if invoice is None:
        raise not_found()
    return invoice


def get_invoice(call: Call) -> Reply:
    """One invoice in full, or as a PDF when the caller accepts PDF."""
    invoice = existing(call)
    if "application/pdf" in call.headers.get("accept", ""):
        return pdf(invoice)
    return call.reply("Invoices", [invoice_view.full(call.ledger, invoice, call.unit_places)])


def pdf(invoice: Record) -> Reply:
    """A one-page document that names the invoice."""
    text = f"Invoice {invoice.get('InvoiceNumber') or invoice['InvoiceID']}"
    stream = f"BT /F1 18 Tf 72 720 Td ({text.translate(str.maketrans('()', '[]')).replace(chr(92), '/')}) Tj ET"
    body = (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        f"4 0 obj<</Length {len(stream)}>>stream\n{stream}\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
    return Reply(text=body.encode("ascii", "replace"), media_type="application/pdf")


def put_invoices(call: Call) -> Reply:
    """Create only."""
    return write(call, "Invoices", lambda sent: invoice_write.save(call, {}, sent))


def post_invoices(call: Call) -> Reply:
    """Change matching invoices, create the rest."""
    return write(
        call,
        "Invoices",
        lambda sent: invoice_write.save(call, invoice_write.match(call.ledger, sent) or {}, sent),
    )


def post_invoice(call: Call) -> Reply:
    """Change the invoice in the path."""
    invoice_id = existing(call)["InvoiceID"]
    return write(call, "Invoices", lambda sent: invoice_write.save(call, call.ledger.invoices[invoice_id], sent))


def get_online_invoice(call: Call) -> Reply:
    """The URL of the invoice for the customer; 404 for drafts and bills."""
    invoice = existing(call)
    if invoice["Type"] != "ACCREC" or invoice["Status"] not in ("SUBMITTED", "AUTHORISED", "PAID"):
        raise not_found()
    url = f"https://in.stand-in.invalid/{invoice['InvoiceID']}"
    return call.reply("OnlineInvoices", [{"OnlineInvoiceUrl": url}])


def email_invoice(call: Call) -> Reply:
    """Mark the invoice as sent; no mail is sent."""
    invoice = existing(call)
    if invoice["Type"] == "ACCREC" and fields.text(invoice, "Status") in ("SUBMITTED", "AUTHORISED", "PAID"):
        call.ledger.invoices[invoice["InvoiceID"]] = {
            **invoice,
            "SentToContact": True,
            "UpdatedDateUTC": call.now,
        }
        return Reply(204)
    raise not_found()


ROUTES = [
    Route("GET", "/Invoices", READ_SCOPES, get_invoices),
    Route("PUT", "/Invoices", SCOPES, put_invoices),
    Route("POST", "/Invoices", SCOPES, post_invoices),
    Route("GET", "/Invoices/{key}", READ_SCOPES, get_invoice),
    Route("POST", "/Invoices/{key}", SCOPES, post_invoice),
    Route("GET", "/Invoices/{key}/OnlineInvoice", READ_SCOPES, get_online_invoice),
    Route("POST", "/Invoices/{key}/Email", SCOPES, email_invoice),
]
