"""The chart of accounts."""

from __future__ import annotations

from sandbox import fields, listing
from sandbox.batch import messages
from sandbox.call import Call, Route, settings_scopes
from sandbox.replies import Refusal, Reply, not_found, validation_exception
from sandbox.state import ZERO_ID, Ledger, Record, new_id

FIELDS = {
    "AccountID": "guid",
    "Code": "text",
    "Name": "text",
    "Type": "text",
    "Class": "text",
    "Status": "text",
    "Description": "text",
    "TaxType": "text",
    "SystemAccount": "text",
    "EnablePaymentsToAccount": "flag",
    "ShowInExpenseClaims": "flag",
    "BankAccountNumber": "text",
    "CurrencyCode": "text",
    "ReportingCode": "text",
    "UpdatedDateUTC": "day",
}
CLASSES = {
    "REVENUE": "REVENUE",
    "SALES": "REVENUE",
    "OTHERINCOME": "REVENUE",
    "DIRECTCOSTS": "EXPENSE",
    "EXPENSE": "EXPENSE",
    "OVERHEADS": "EXPENSE",
    "DEPRECIATN": "EXPENSE",
    "EQUITY": "EQUITY",
    "CURRLIAB": "LIABILITY",
    "LIABILITY": "LIABILITY",
    "TERMLIAB": "LIABILITY",
    "PAYG": "LIABILITY",
    "BANK": "ASSET",
    "CURRENT": "ASSET",
    "FIXED": "ASSET",
    "INVENTORY": "ASSET",
    "NONCURRENT": "ASSET",
    "PREPAYMENT": "ASSET",
}


def find_account(ledger: Ledger, *, code: str | None = None, account_id: str | None = None) -> Record | None:
    """The account with that id, otherwise with that code; archived accounts included."""
    for account in ledger.accounts:
        if account["AccountID"] == account_id or (account_id is None and code and account["Code"] == code):
            return account
    return None


def takes_invoice_lines(account: Record) -> bool:
    """Whether invoice lines may use the account: no bank, inventory or system account except for rounding and GST."""
    return account["Type"] not in ("BANK", "INVENTORY") and account.get("SystemAccount", "") in (
        "",
        "ROUNDING",
        "GST",
        "GSTONIMPORTS",
    )


def get_accounts(call: Call) -> Reply:
    """All accounts, archived accounts included."""
    return call.reply("Accounts", listing.select(call, call.ledger.accounts, FIELDS))


def get_account(call: Call) -> Reply:
    return call.reply("Accounts", [_by_id(call)])


def put_account(call: Call) -> Reply:
    sent = _sent(call)
    kind = (fields.text(sent, "Type") or "").upper()
    account: Record = {
        "AccountID": new_id(),
        "Code": fields.text(sent, "Code") or "",
        "Name": fields.text(sent, "Name") or "",
        "Status": "ACTIVE",
        "Type": kind,
        "TaxType": fields.text(sent, "TaxType") or "NONE",
        "Class": CLASSES.get(kind, ""),
        "Description": fields.text(sent, "Description") or "",
        "EnablePaymentsToAccount": bool(fields.flag(sent, "EnablePaymentsToAccount")),
        "ShowInExpenseClaims": bool(fields.flag(sent, "ShowInExpenseClaims")),
        "ReportingCode": "",
        "HasAttachments": False,
        "UpdatedDateUTC": call.now,
        "AddToWatchlist": False,
    }
    problems = _problems(call.ledger, account)
    if kind not in CLASSES:
        problems.append("Account type is not valid.")
    if problems:
        raise Refusal(validation_exception([{**sent, "AccountID": ZERO_ID, "ValidationErrors": messages(problems)}]))
    call.ledger.accounts.append(account)
    return call.reply("Accounts", [account])


def post_account(call: Call) -> Reply:
    """Change name, code, description, tax type or status of one account."""
    account, sent = _by_id(call), _sent(call)
    changed = {**account, "UpdatedDateUTC": call.now}
    for name in ("Code", "Name", "Description", "TaxType", "Status"):
        if (value := fields.text(sent, name)) is not None:
            changed[name] = value
    problems = _problems(call.ledger, changed)
    if account.get("SystemAccount"):
        problems.append("System accounts cannot be changed.")
    if changed["Status"] not in ("ACTIVE", "ARCHIVED"):
        problems.append("Account status is not valid.")
    if problems:
        raise Refusal(validation_exception([{**changed, "ValidationErrors": messages(problems)}]))
    account.update(changed)
    return call.reply("Accounts", [account])


def delete_account(call: Call) -> Reply:
    """Delete an account; an account in use is refused."""
    account = _by_id(call)
    used = any(
        line.get("AccountID") == account["AccountID"]
        for invoice in call.ledger.invoices.values()
        for line in invoice["LineItems"]
    )
    if used or account.get("SystemAccount"):
        text = "You cannot delete an account that is in use."
        raise Refusal(validation_exception([{**account, "ValidationErrors": messages([text])}]))
    call.ledger.accounts.remove(account)
    return call.reply("Accounts", [{**account, "Status": "DELETED"}])


def _problems(ledger: Ledger, account: Record) -> list[str]:
    problems = fields.too_long(account, {"Code": 10, "Name": 150, "Description": 4000})
    others = [row for row in ledger.accounts if row["AccountID"] != account["AccountID"]]
    if not account["Name"] or any(row["Name"].casefold() == account["Name"].casefold() for row in others):
        problems.append("Please enter a unique Name.")
    if account["Code"] and any(row["Code"] == account["Code"] for row in others):
        problems.append("Please enter a unique Code.")
    return problems


def _sent(call: Call) -> Record:
    return call.elements("Accounts")[0]


def _by_id(call: Call) -> Record:
    account = find_account(call.ledger, account_id=fields.as_guid(call.path["key"]) or "")
    if account is None:
        raise not_found()
    return account


ROUTES = [
    Route("GET", "/Accounts", settings_scopes(), get_accounts),
    Route("PUT", "/Accounts", settings_scopes(write=True), put_account),
    Route("GET", "/Accounts/{key}", settings_scopes(), get_account),
    Route("POST", "/Accounts/{key}", settings_scopes(write=True), post_account),
    Route("DELETE", "/Accounts/{key}", settings_scopes(write=True), delete_account),
]
