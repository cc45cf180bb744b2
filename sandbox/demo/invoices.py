"""The 120 invoices of the demo: 80 customer invoices and 40 bills; some have an error that the export check reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sandbox.demo.contacts import Row, customers, suppliers
from sandbox.demo.jobs import customer_of

# In Xero the options are North, South, Eastside and West: "EastSide" is misspelled on purpose.
COST_CENTERS = ("North", "South", "EastSide", "West")
LOCKED_DAYS = 90
"""The lock date, in days before today."""

_CUSTOMER_INVOICES, _BILLS, _JOBS = 80, 40, 30
_SALES = (
    ("Labour, licensed plumber", 85, 115, "200"),
    ("Call-out fee", 60, 95, "210"),
    ("Labour, apprentice", 48, 62, None),
    ("Copper pipe 15 mm, per metre", 11, 16, None),
    ("Hot-water cylinder 180 L", 1480, 1920, "200"),
    ("Mixer tap, brushed nickel", 240, 420, None),
    ("Silicone and consumables", 12, 45, None),
    ("Drain camera, per hour", 140, 190, "200"),
    ("Tempering valve", 110, 165, None),
    ("Digger with operator, half day", 520, 680, "200"),
)
_PURCHASES = (
    ("Copper and fittings", 40, 900, "310"),
    ("Hot-water cylinders", 900, 2400, "310"),
    ("Skip, 6 m³", 240, 390, None),
    ("Subcontracted drainlaying", 600, 2800, "315"),
    ("Tool hire", 60, 310, None),
    ("PVC pipe 100 mm", 25, 380, "310"),
)
# The goods that are items in Xero, by their description.
_ITEM_CODES = {
    "Labour, licensed plumber": "LABOUR",
    "Call-out fee": "CALLOUT",
    "Copper pipe 15 mm, per metre": "PIPE15",
    "Silicone and consumables": "SEALANT",
}
# The numbers of the customer invoices and bills that are drafts or have an error.
_DRAFTS, _DRAFT_BILLS = (4, 15, 26, 37, 48, 59, 70, 78), (9, 18, 31)
_UNKNOWN_CODE, _ARCHIVED_CODE, _EXPENSE_CODE = (11, 52), (33,), (22, 61)
_NO_DUE_DATE, _IN_LOCKED_PERIOD = (19, 44), (29, 66)
_MISSPELLED, _LOCKED_BILLS, _INCOME_CODE = (13, 35, 57), (12,), (24,)


@dataclass(frozen=True)
class Ids:
    """The API's ids by external id or name."""

    contacts: Mapping[str, str]
    jobs: Mapping[str, str]
    cost_centers: Mapping[str, str]


def invoices(ids: Ids, today: date) -> list[Row]:
    """All invoices. Only the dates differ between runs; the latest is yesterday."""
    random = Random("Kererū Plumbing")
    customer_invoices = [_customer_invoice(number, ids, today, random) for number in range(1, _CUSTOMER_INVOICES + 1)]
    return customer_invoices + [_bill(number, ids, today, random) for number in range(1, _BILLS + 1)]


def _customer_invoice(number: int, ids: Ids, today: date, random: Random) -> Row:
    job = (number - 1) % _JOBS + 1
    locked = number in _IN_LOCKED_PERIOD
    issued_on = today - timedelta(days=LOCKED_DAYS + 4 if locked else 1 + (_CUSTOMER_INVOICES - number) * 3 // 4)
    lines = [_line(random, _SALES, "OUTPUT2", discount=10 if number % 9 == 0 else 0) for _ in range(1 + number % 4)]
    for line in lines:
        line["cost_center_id"] = _cost_center(number, ids, misspelled=number in _MISSPELLED)
    if number in _UNKNOWN_CODE:
        lines[0]["accounting_code"] = "233"
    elif number in _ARCHIVED_CODE:
        lines[0]["accounting_code"] = "295"
    elif number in _EXPENSE_CODE:
        lines[-1]["accounting_code"] = "310"
    return {
        "external_id": f"I-{number:03d}",
        "kind": "customer",
        "number": f"KP-{2400 + number}",
        "contact_id": ids.contacts[customer_of(job, customers())],
        "job_id": ids.jobs[f"J-{job:02d}"],
        "issued_on": f"{issued_on}",
        "due_on": None if number in _NO_DUE_DATE else f"{_twentieth_after(issued_on)}",
        "amounts": "inclusive" if number % 11 == 0 else "exclusive",
        "lines": lines,
        "approve": number not in _DRAFTS,
    }


def _bill(number: int, ids: Ids, today: date, random: Random) -> Row:
    issued_on = today - timedelta(days=LOCKED_DAYS + 9 if number in _LOCKED_BILLS else 1 + (_BILLS - number) * 3 // 2)
    lines = [_line(random, _PURCHASES, "INPUT2", discount=0) for _ in range(1 + number % 3)]
    for line in lines:
        line["cost_center_id"] = _cost_center(number + 2, ids, misspelled=False)
    if number in _INCOME_CODE:
        lines[0]["accounting_code"] = "200"
    supplier = suppliers()[number * 3 % len(suppliers())]
    return {
        "external_id": f"B-{number:03d}",
        "kind": "supplier",
        "number": f"{supplier[2:]}/{50_000 + number * 37}",
        "contact_id": ids.contacts[supplier],
        "job_id": ids.jobs[f"J-{number % _JOBS + 1:02d}"],
        "issued_on": f"{issued_on}",
        "due_on": f"{_twentieth_after(issued_on)}",
        "lines": lines,
        "approve": number not in _DRAFT_BILLS,
    }


def _line(random: Random, goods: tuple[tuple[str, int, int, str | None], ...], tax_type: str, *, discount: int) -> Row:
    description, low, high, code = random.choice(goods)
    cents = random.randrange(low * 100, high * 100 + 1)
    return {
        "description": description,
        "quantity": f"{random.choice((1, 1, 2, 3, 4.5, 0.75))}",
        "unit_price": f"{cents // 100}.{cents % 100:02d}",
        "discount_percent": f"{discount}",
        "accounting_code": code,
        "tax_type": tax_type,
        "item_code": _ITEM_CODES.get(description),
    }


def _cost_center(number: int, ids: Ids, *, misspelled: bool) -> str | None:
    if misspelled:
        return ids.cost_centers["EastSide"]
    spelled_right = [name for name in COST_CENTERS if name != "EastSide"]
    return ids.cost_centers[spelled_right[number % 3]] if number % 5 else None


def _twentieth_after(issued_on: date) -> date:
    """The twentieth of the next month, the usual due date in New Zealand."""
    return (issued_on.replace(day=1) + timedelta(days=32)).replace(day=20)
