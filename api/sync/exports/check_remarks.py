"""What deserves a look before an invoice is sent, although Xero takes it. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from api.platform.problems import Problem
from api.records.invoices.service import InvoiceDocument
from api.sync.exports.head_checks import PLAN_LIMITS, TYPES
from api.sync.exports.inputs import ExportContext, ExportInput, Surroundings, is_limited_plan
from api.sync.exports.mapping import code_of, status_in_xero
from api.sync.exports.problems import problem
from api.sync.ledger.service import AccountView

_USUAL_CLASS = {"customer": "REVENUE", "supplier": "EXPENSE"}
_CLASSES = {
    "REVENUE": ("code_of_other_kind", "an income code on a bill"),
    "EXPENSE": ("code_of_other_kind", "an expense code on a customer invoice"),
    "ASSET": ("balance_sheet_code", "an asset, not income or an expense"),
    "LIABILITY": ("balance_sheet_code", "a liability, not income or an expense"),
    "EQUITY": ("balance_sheet_code", "equity, not income or an expense"),
}


def remarks_of(export_input: ExportInput, context: ExportContext) -> list[Problem]:
    """The remarks on one invoice that can be sent."""
    return list(dict.fromkeys(_remarks(export_input.invoice, context)))


@dataclass(frozen=True)
class PlanLimits:
    """What the plan of the organisation says of invoices that are sent in this order, each by its id."""

    beyond: Mapping[UUID, Problem]  # Xero would refuse it
    last: Mapping[UUID, Problem]  # the plan approves no more in its month once it is sent


def plan_limits(ready: Iterable[InvoiceDocument], context: ExportContext, around: Surroundings) -> PlanLimits:
    """What the plan says of these invoices, which are ready but for it."""
    ledger, seen = context.ledger, Counter(around.approved)
    beyond: dict[UUID, Problem] = {}
    last: dict[UUID, Problem] = {}
    for invoice in ready if ledger is not None and is_limited_plan(ledger.plan) else ():
        if ledger is None or status_in_xero(invoice.kind, context.preferences) != "AUTHORISED":
            continue
        month, limit = (TYPES[invoice.kind], invoice.issued_on.replace(day=1)), PLAN_LIMITS[invoice.kind]
        seen[month] += 1
        said = f"The plan of {ledger.name} approves {limit} in {invoice.issued_on:%B %Y}"
        detail = f"{said}; this is number {seen[month]}."
        if seen[month] > limit:
            beyond[invoice.id] = problem("plan_limit", f"{detail} Send it as a draft, or change the plan in Xero.")
        elif seen[month] == limit:
            last[invoice.id] = problem("plan_limit_near", detail)
    return PlanLimits(beyond, last)


def _remarks(invoice: InvoiceDocument, context: ExportContext) -> Iterator[Problem]:
    for index, line in enumerate(invoice.lines):
        if line.quantity is None:
            continue
        pointer = f"#/lines/{index}"
        if line.cost_center_id is not None and context.preferences.tracking_category_id is None:
            center = context.cost_centers.get(line.cost_center_id)
            name = f"the cost centre {center.name}" if center else "its cost centre"
            detail = f"Line {index + 1}: {name} isn't sent, because no tracking category is chosen."
            yield problem("cost_center_not_sent", detail, pointer=f"{pointer}/cost_center_id")
        account = _account(code_of(line, invoice.kind, context.preferences), context)
        if account is not None and account.account_class in _CLASSES.keys() - {_USUAL_CLASS[invoice.kind]}:
            code, words = _CLASSES[account.account_class]
            detail = f"Line {index + 1}: {account.code} {account.name} is {words}."
            yield problem(code, detail, pointer=f"{pointer}/accounting_code")
        if invoice.kind == "supplier" and line.discount_percent:
            detail = f"Line {index + 1}: its price is sent with the discount of {line.discount_percent:f} % taken off."
            yield problem("discount_on_bill", detail, pointer=f"{pointer}/discount_percent")


def _account(code: str | None, context: ExportContext) -> AccountView | None:
    return context.ledger.accounts.get(code or "") if context.ledger is not None else None
