"""Attachments of invoices: at most ten files of 10 MB each; a file with the same name is replaced."""

from __future__ import annotations

from urllib.parse import quote

from sandbox import invoices
from sandbox.batch import messages
from sandbox.call import Call, Route
from sandbox.fields import as_guid
from sandbox.replies import Refusal, Reply, not_found, validation_exception
from sandbox.state import Record, new_id

_SCOPES = ("accounting.attachments",)
_READ_SCOPES = ("accounting.attachments", "accounting.attachments.read")
_MAX_FILES, _MAX_BYTES = 10, 10 * 1024 * 1024
_FORBIDDEN = set('<>:"/\\|?*+\0')


def get_attachments(call: Call) -> Reply:
    return call.reply("Attachments", [_shown(row) for row in _files(call)])


def get_attachment(call: Call) -> Reply:
    """The content of one file, by id or name."""
    key = call.path["file"]
    file = next((row for row in _files(call) if key == row["FileName"] or as_guid(key) == row["AttachmentID"]), None)
    if file is None:
        raise not_found()
    return Reply(text=file["_bytes"], media_type=file["MimeType"])


def put_attachment(call: Call) -> Reply:
    """Attach the raw body under the file name in the path."""
    invoice, name = invoices.existing(call), call.path["file"]
    kept = [row for row in _files(call) if row["FileName"] != name]
    if set(name) & _FORBIDDEN or not call.body or len(call.body) > _MAX_BYTES or len(kept) >= _MAX_FILES:
        text = "A file needs a valid name and content of up to 10 MB; a document has at most 10 files."
        raise Refusal(validation_exception([{"ValidationErrors": messages([text])}]))
    file: Record = {
        "AttachmentID": new_id(),
        "FileName": name,
        "Url": f"{call.world.options.public_url or 'http://localhost'}/api.xro/2.0/Invoices/{invoice['InvoiceID']}"
        f"/Attachments/{quote(name)}",
        "MimeType": call.headers.get("content-type", "application/octet-stream"),
        "ContentLength": len(call.body),
        "IncludeOnline": invoice["Type"] == "ACCREC" and call.flag("includeonline"),
        "_bytes": call.body,
    }
    call.ledger.attachments[invoice["InvoiceID"]] = [*kept, file]
    call.ledger.invoices[invoice["InvoiceID"]] = {**invoice, "HasAttachments": True, "UpdatedDateUTC": call.now}
    return call.reply("Attachments", [_shown(file)])


def _files(call: Call) -> list[Record]:
    return call.ledger.attachments.get(invoices.existing(call)["InvoiceID"], [])


def _shown(row: Record) -> Record:
    return {name: value for name, value in row.items() if name != "_bytes"}


ROUTES = [
    Route("GET", "/Invoices/{key}/Attachments", _READ_SCOPES, get_attachments),
    Route("GET", "/Invoices/{key}/Attachments/{file}", _READ_SCOPES, get_attachment),
    Route("PUT", "/Invoices/{key}/Attachments/{file}", _SCOPES, put_attachment),
    Route("POST", "/Invoices/{key}/Attachments/{file}", _SCOPES, put_attachment),
]
