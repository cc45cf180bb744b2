"""The scopes that an app may request: only the granular scopes, as for every app created since March 2026."""

from __future__ import annotations

_READABLE = (
    "accounting.settings",
    "accounting.contacts",
    "accounting.invoices",
    "accounting.payments",
    "accounting.banktransactions",
    "accounting.manualjournals",
    "accounting.attachments",
)
_REPORTS = (
    "aged",
    "balancesheet",
    "banksummary",
    "budgetsummary",
    "executivesummary",
    "profitandloss",
    "trialbalance",
    "taxreports",
    "tenninetynine",
)
KNOWN = frozenset(
    {"openid", "profile", "email", "offline_access", "accounting.budgets.read", "accounting.journals.read"}
    | {name + suffix for name in _READABLE for suffix in ("", ".read")}
    | {f"accounting.reports.{name}.read" for name in _REPORTS}
)
DESCRIPTIONS = {
    "accounting.settings": "View and change your organisation's settings",
    "accounting.settings.read": "View your organisation's settings",
    "accounting.contacts": "View and manage your contacts",
    "accounting.contacts.read": "View your contacts",
    "accounting.invoices": "View and manage your invoices and bills",
    "accounting.invoices.read": "View your invoices and bills",
    "accounting.payments.read": "View your payments",
    "accounting.attachments": "View and manage your attachments",
    "offline_access": "Keep the connection while you are away",
}
