"""Invoices as values, with everything around them in order unless a test says otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.records.cost_centers.service import CostCenterView
from api.records.invoices.service import DocumentLine, InvoiceDocument
from api.records.jobs.service import JobView
from api.records.money import Totals, invoice_totals, line_total
from api.records.preferences.service import PreferencesView
from api.sync.exports.inputs import ExportContext, ExportInput
from api.sync.ledger.service import AccountView, ItemView, LedgerSnapshot, LedgerTaxRateView, Option

CONTACT, JOB, CENTER, ORGANISATION = (UUID(int=number) for number in range(1, 5))
CATEGORY, OPTION = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
_NOON = datetime(2026, 11, 20, tzinfo=UTC)
_PREFERENCES = PreferencesView(
    person_name_format="first_last",
    send_payer_reference=False,
    contact_push_enabled=False,
    default_income_code="200",
    default_expense_code="310",
    tracking_category_id=None,
    reference_parts=("job_number",),
    reference_on_bills=False,
    customer_invoice_status="DRAFT",
    supplier_invoice_status="DRAFT",
    default_sales_tax_type="OUTPUT2",
    default_purchase_tax_type="INPUT2",
    send_item_codes=False,
    mark_as_sent=False,
    job_status_on_export=None,
    send_from_date=None,
    never_sent_alarm_days=3,
    digest_mail=False,
    skip_tracking_setup=False,
)
_JOB = JobView(
    id=JOB,
    number="J-7",
    description="Leaking tap",
    customer_reference="PO 9",
    location="Nelson",
    status_id=None,
    contact_id=None,
    external_id=None,
    created_at=_NOON,
    updated_at=_NOON,
)


def preferences(**changes: Any) -> PreferencesView:
    """Preferences, changed."""
    return replace(_PREFERENCES, **changes)


def line(kind: str = "customer", amounts: Any = "exclusive", **fields: Any) -> DocumentLine:
    """A line of 100.00 plus 15 %, changed; its amounts are worked out."""
    sound = {
        "id": UUID(int=9),
        "description": "Labour",
        "quantity": Decimal(1),
        "unit_price": Decimal(100),
        "discount_percent": Decimal(0),
        "accounting_code": None,
        "tax_type": "OUTPUT2" if kind == "customer" else "INPUT2",
        "tax_rate": Decimal(15),
        "cost_center_id": None,
        "item_code": None,
    }
    content = {**sound, **fields}
    total = line_total(
        content["quantity"], content["unit_price"], content["discount_percent"], content["tax_rate"], amounts
    )
    return DocumentLine(**content, line_amount=total.line_amount, tax_amount=total.tax_amount)


def export_input(kind: str = "customer", *lines: DocumentLine, job: Any = _JOB, **fields: Any) -> ExportInput:
    """An approved invoice of these lines (one of 100.00 when there are none), changed."""
    amounts = fields.get("amounts", "exclusive")
    written = lines or (line(kind, amounts),)
    totals = _totals(written, amounts)
    sound = {
        "id": UUID(int=8),
        "kind": kind,
        "number": "INV-1",
        "contact_id": CONTACT,
        "contact_external_id": None,
        "contact_name": "Tui Cafe",
        "job_id": JOB,
        "job_external_id": None,
        "job_number": "J-7",
        "job_description": "Leaking tap",
        "issued_on": date(2026, 11, 20),
        "due_on": date(2026, 12, 20),
        "currency": "NZD",
        "amounts": "exclusive",
        "reference": None,
        "external_id": None,
        "mark_as_sent": None,
        "status": "approved",
        "approved_at": _NOON,
        "version": 1,
        "export_state": "queued",
        "exported_at": None,
        "external_url": None,
        "problems": [],
        "remarks": [],
        "remarks_read_at": None,
        "subtotal": totals.subtotal,
        "tax_total": totals.tax_total,
        "total": totals.total,
        "created_at": _NOON,
        "updated_at": _NOON,
        "lines": written,
    }
    return ExportInput(InvoiceDocument(**{**sound, **fields}), job)


def _totals(lines: Sequence[DocumentLine], amounts: Any) -> Totals:
    return invoice_totals(
        (
            line_total(each.quantity, each.unit_price, each.discount_percent, each.tax_rate, amounts)
            for each in lines
            if each.quantity is not None and each.unit_price is not None
        ),
        amounts,
    )


def account(code: str, type: str, account_class: str, **fields: Any) -> AccountView:
    """An active account."""
    sound = {"name": f"Account {code}", "status": "ACTIVE", "tax_type": None, "system_account": None}
    return AccountView(code=code, type=type, account_class=account_class, **{**sound, **fields})


def rate(tax_type: str, percent: str, *classes: str, **fields: Any) -> LedgerTaxRateView:
    """An active tax rate."""
    return LedgerTaxRateView(
        tax_type,
        **{"name": tax_type, "rate": Decimal(percent), "status": "ACTIVE", **fields},
        applies_to=frozenset(classes),
    )


def ledger(**changes: Any) -> LedgerSnapshot:
    """An organisation's books, changed."""
    accounts = (
        account("200", "REVENUE", "REVENUE"),
        account("310", "DIRECTCOSTS", "EXPENSE"),
        account("250", "REVENUE", "REVENUE", status="ARCHIVED"),
        account("610", "CURRENT", "ASSET", system_account="DEBTORS"),
        account("620", "CURRENT", "ASSET"),
    )
    rates = (
        rate("OUTPUT2", "15", "REVENUE"),
        rate("INPUT2", "15", "EXPENSE"),
        rate("OLD", "12.5", status="ARCHIVED"),
    )
    sound: dict[str, Any] = {
        "organisation_id": ORGANISATION,
        "name": "Kauri Plumbing Ltd",
        "short_code": "!NzDm1",
        "base_currency": "NZD",
        "period_lock_date": None,
        "year_lock_date": None,
        "plan": "STANDARD",
        "pays_tax": True,
        "currencies": frozenset({"NZD", "AUD"}),
        "actions": {},
        "accounts": {entry.code: entry for entry in accounts},
        "tax_rates": {entry.tax_type: entry for entry in rates},
        "categories": {CATEGORY: (Option(OPTION, "North", True),)},
        "category_names": {CATEGORY: "Region"},
        "items": {"pipe": ItemView("PIPE", is_tracked=False), "stock": ItemView("STOCK", is_tracked=True)},
    }
    return LedgerSnapshot(**{**sound, **changes})


def center(match: str = "matched", **fields: Any) -> CostCenterView:
    """A cost center bound to the option North."""
    sound = {"name": "North", "option_id": OPTION, "option_name": "North"}
    return CostCenterView(id=CENTER, match=match, **{**sound, **fields})


def context(**changes: Any) -> ExportContext:
    """Everything in order: `preferences`, `codes`, `cost_centers`, `ledger`."""
    sound: dict[str, Any] = {
        "preferences": _PREFERENCES,
        "codes": {},
        "cost_centers": {CENTER: center()},
        "ledger": ledger(),
    }
    return ExportContext(**{**sound, **changes})
