"""The question whether a document that somebody else entered is an invoice of ours. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from api.platform.problems import Choice, LedgerDocument, Problem
from api.records.invoices.service import InvoiceDocument
from api.sync.documents.service import Document, closest
from api.sync.exports.entered import AlikeDocument
from api.sync.exports.mapping import invoice_link
from api.sync.exports.problems import DIFFERENT, LOOKS_ENTERED, problem

SAME: Final = "same"
_IS_DIFFERENT: Final = Choice(DIFFERENT, "It is another one")
_NOUNS: Final = {"customer": "an invoice", "supplier": "a bill"}
_MOST_SHOWN: Final = 5


def looks_entered(invoice: InvoiceDocument, alike: Sequence[AlikeDocument], short_code: str | None) -> Problem:
    """The question whether the closest of these documents is the invoice, with what is to be compared."""
    noun, shown = _NOUNS[invoice.kind], closest(alike)
    if len(shown) == 1:
        theirs, elsewhere = _words(shown[0].document.number, shown[0].document), shown[0].elsewhere
        whose = "Yours" if elsewhere in (None, invoice.contact_name) else f"Yours, of {invoice.contact_name}"
        detail = f"Xero has {noun} of {elsewhere or invoice.contact_name} that Jobtally didn't send: {theirs}."
        detail += f" {whose}: {_words(invoice.number, invoice)}."
        same = [Choice(SAME, "It is the same", document_of(invoice.kind, shown[0].document, short_code))]
    else:
        names = dict.fromkeys(each.elsewhere or invoice.contact_name for each in shown)
        detail = f"Xero has {len(shown)} documents of {' or '.join(names)} that could be this one:"
        detail += f" {_words(invoice.number, invoice)}."
        same = [
            Choice(
                f"{SAME}:{each.document.xero_invoice_id}",
                f"It is {_name(each)}",
                document_of(invoice.kind, each.document, short_code),
            )
            for each in shown[:_MOST_SHOWN]
        ]
    return replace(problem(LOOKS_ENTERED, detail), choices=(*same, _IS_DIFFERENT))


def document_of(kind: str, document: Document, short_code: str | None) -> LedgerDocument:
    """The document as a person compares it."""
    type_: Literal["ACCREC", "ACCPAY"] = "ACCREC" if kind == "customer" else "ACCPAY"
    return LedgerDocument(
        number=document.number or None,
        issued_on=document.issued_on.isoformat() if document.issued_on else None,
        total=f"{document.total:.2f}" if document.total is not None else None,
        currency=document.currency,
        url=invoice_link(type_, short_code, document.xero_invoice_id) if short_code else None,
    )


def _words(number: str | None, written: InvoiceDocument | Document) -> str:
    dated = f"{written.issued_on:%-d %b %Y}" if written.issued_on else ""
    amount = f"{written.total:,.2f} {written.currency or ''}".rstrip() if written.total is not None else ""
    return ", ".join(filter(None, (number or "no number", dated, amount)))


def _name(alike: AlikeDocument) -> str:
    document = alike.document
    dated = f" of {document.issued_on:%-d %b %Y}" if document.issued_on else ""
    whose = f", {alike.elsewhere}" if alike.elsewhere else ""
    return f"{document.number or 'the one'}{dated}{whose}"
