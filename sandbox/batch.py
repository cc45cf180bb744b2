"""Writes of many elements: each is validated separately; `summarizeErrors` selects the form of the reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.call import Call
from sandbox.replies import Refusal, Reply, validation_exception
from sandbox.state import Record


@dataclass
class Outcome:
    """The result of one element: its row for the reply, its errors and its warnings."""

    row: Record
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def reply_row(self) -> Record:
        """The row with its status and messages, in Xero's order."""
        row = dict(self.row)
        row["StatusAttributeString"] = "ERROR" if self.errors else "WARNING" if self.warnings else "OK"
        if self.errors:
            row["ValidationErrors"] = messages(self.errors)
        if self.warnings:
            row["Warnings"] = messages(self.warnings)
        for name in ("HasErrors", "HasValidationErrors"):
            if name in row:
                row[name] = bool(self.errors)
        return row


def messages(texts: list[str]) -> list[Record]:
    """`{"Message": …}` objects, without duplicates."""
    return [{"Message": text} for text in dict.fromkeys(texts)]


def write(call: Call, key: str, save: Callable[[Record], Outcome]) -> Reply:
    """Save every element in order. With `summarizeErrors` (the default) one error undoes all of them: 400."""
    restore = call.ledger.snapshot()
    try:
        outcomes = [save(element) for element in call.elements(key)]
    except Refusal:
        restore()
        raise
    failed = [outcome for outcome in outcomes if outcome.errors]
    if failed and call.flag("summarizeerrors", default=True):
        restore()
        return validation_exception([outcome.reply_row() for outcome in failed])
    return call.reply(key, [outcome.reply_row() for outcome in outcomes])
