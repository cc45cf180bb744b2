"""Notes on contacts and invoices: they can be added but not changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from sandbox import contacts, fields, invoice_write, invoices
from sandbox.batch import messages
from sandbox.call import Call, Operation, Route
from sandbox.replies import Refusal, Reply, validation_exception
from sandbox.state import Ledger, Record

_UNKNOWN = "The document with the supplied id was not found for this endpoint."
_MAX_CHARACTERS = 2500
Find = Callable[[Ledger, str], Record | None]


def _reader(find: Find, id_name: str) -> Operation:
    def get_history(call: Call) -> Reply:
        return call.reply("HistoryRecords", call.ledger.history.get(_document_id(call, find, id_name), []))

    return get_history


def _writer(find: Find, id_name: str) -> Operation:
    def put_history(call: Call) -> Reply:
        document_id = _document_id(call, find, id_name)
        texts = [fields.text(sent, "Details") or "" for sent in call.elements("HistoryRecords")]
        for text in texts:
            if not text.strip() or len(text) > _MAX_CHARACTERS:
                _refuse(f"Details must have between 1 and {_MAX_CHARACTERS} characters.")
        rows: list[Record] = [
            {
                "Changes": "Note",
                "DateUTCString": call.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
                "DateUTC": call.now,
                "User": "System Generated",
                "Details": text,
            }
            for text in texts
        ]
        call.ledger.history.setdefault(document_id, []).extend(rows)
        return call.reply("HistoryRecords", rows)

    return put_history


def _document_id(call: Call, find: Find, id_name: str) -> str:
    document = find(call.ledger, call.path["key"])
    if document is None:
        _refuse(_UNKNOWN)
        raise AssertionError
    return str(document[id_name])


def _refuse(message: str) -> None:
    raise Refusal(validation_exception([{"ValidationErrors": messages([message])}]))


ROUTES = [
    Route("GET", "/Contacts/{key}/History", contacts.READ_SCOPES, _reader(contacts.find, "ContactID")),
    Route("PUT", "/Contacts/{key}/History", contacts.SCOPES, _writer(contacts.find, "ContactID")),
    Route("GET", "/Invoices/{key}/History", invoices.READ_SCOPES, _reader(invoice_write.find, "InvoiceID")),
    Route("PUT", "/Invoices/{key}/History", invoices.SCOPES, _writer(invoice_write.find, "InvoiceID")),
]
