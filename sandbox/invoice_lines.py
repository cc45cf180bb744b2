"""The lines of an invoice: reading, validation against accounts and tax rates, amounts to the cent."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from sandbox import accounts, fields, rounding, tax_rates, tracking
from sandbox.items import find_item
from sandbox.replies import server_error
from sandbox.state import Ledger, Record, new_id

_MAX_AMOUNT = Decimal("9999999999.99")


@dataclass
class LineSetting:
    """The properties of the invoice that its lines depend on."""

    ledger: Ledger
    kind: str
    approved: bool
    line_amount_types: str
    unit_places: int


@dataclass
class Line:
    """A line after reading, with its errors."""

    record: Record
    errors: list[str] = field(default_factory=list)


def read_lines(setting: LineSetting, sent: list[Record], existing: list[Record]) -> list[Line]:
    """All lines of a write: a known LineItemID changes that line, other entries are new, missing lines are deleted."""
    known = {line["LineItemID"]: line for line in existing}
    return [_read(setting, entry, known.get(fields.guid(entry, "LineItemID") or "", {})) for entry in sent]


def _read(setting: LineSetting, sent: Record, existing: Record) -> Line:
    line = Line({"LineItemID": existing.get("LineItemID") or new_id()})
    _texts(setting, line, sent, existing)
    _account(setting, line, sent, existing)
    _tax_type(setting, line, sent, existing)
    line.record["Tracking"] = _tracking(setting, sent, existing)
    _amounts(setting, line, sent, existing)
    return line


def _texts(setting: LineSetting, line: Line, sent: Record, existing: Record) -> None:
    description = fields.text(sent, "Description") or existing.get("Description") or ""
    code = fields.text(sent, "ItemCode") or existing.get("ItemCode")
    item = find_item(setting.ledger, code) if code else None
    if code and item is None:
        line.errors.append(f"Item code '{code}' is not valid")
    elif code and item:
        line.record["ItemCode"] = item["Code"]
        line.record["Item"] = {"ItemID": item["ItemID"], "Name": item.get("Name", ""), "Code": item["Code"]}
        name = "Description" if setting.kind == "ACCREC" else "PurchaseDescription"
        description = description or item.get(name, "")
    line.record["Description"] = description
    line.errors += fields.too_long({"Description": description}, {"Description": 4000})
    if setting.approved and not description.strip():
        line.errors.append("Description cannot be empty.")


def _item_details(setting: LineSetting, line: Line) -> Record:
    item = find_item(setting.ledger, line.record["ItemCode"]) if "ItemCode" in line.record else None
    details: Record = (item or {}).get("SalesDetails" if setting.kind == "ACCREC" else "PurchaseDetails", {})
    return details


def _is_text_only(sent: Record, existing: Record) -> bool:
    return not any(
        source.get(name) is not None for source in (sent, existing) for name in ("UnitAmount", "LineAmount", "ItemCode")
    )


def _account(setting: LineSetting, line: Line, sent: Record, existing: Record) -> None:
    account_id, code = fields.guid(sent, "AccountID"), fields.text(sent, "AccountCode")
    if not account_id and not code:
        code = existing.get("AccountCode") or _item_details(setting, line).get("AccountCode")
    if not account_id and not code:
        if setting.approved and not _is_text_only(sent, existing):
            line.errors.append("Account code or ID must be specified.")
        return
    account = accounts.find_account(setting.ledger, code=code, account_id=account_id)
    shown = code or account_id
    if account is None:
        line.errors.append(f"Account code '{shown}' is not a valid code for this document.")
    elif account["Status"] != "ACTIVE":
        line.errors.append(
            f"Account code '{shown}' has been archived or has been deleted."
            " Each line item must reference a valid account."
        )
    elif account["Type"] == "INVENTORY":
        line.errors.append("You cannot save this transaction using an inventory account type")
    elif not accounts.takes_invoice_lines(account):
        line.errors.append(f"Account code '{shown}' is not a valid code for this document.")
    if account is not None:
        line.record["AccountCode"], line.record["AccountID"] = account["Code"], account["AccountID"]


def _tax_type(setting: LineSetting, line: Line, sent: Record, existing: Record) -> None:
    account_id = line.record.get("AccountID")
    account = accounts.find_account(setting.ledger, account_id=account_id) if account_id else None
    default = _item_details(setting, line).get("TaxType") or (account or {}).get("TaxType")
    tax_type = fields.text(sent, "TaxType") or existing.get("TaxType") or default or "NONE"
    if setting.line_amount_types == "NoTax" or tax_type == "NONE":
        line.record["TaxType"] = "NONE"
        return
    line.record["TaxType"] = tax_type
    rate = tax_rates.find_rate(setting.ledger, tax_type)
    if rate is not None and rate["Status"] != "ACTIVE":
        line.errors.append("Tax rate must be Active")
    elif rate is None:
        line.errors.append(
            f"The TaxType code '{tax_type}' does not exist or cannot be used for this type of transaction."
        )
    elif account and not tax_rates.applies_to(rate, account):
        code = account["Code"]
        line.errors.append(f"The TaxType code '{tax_type}' cannot be used with account code '{code}'.")


def _tracking(setting: LineSetting, sent: Record, existing: Record) -> list[Record]:
    if sent.get("Tracking") is None:
        kept: list[Record] = existing.get("Tracking", [])
        return kept
    if not isinstance(sent["Tracking"], list):
        raise server_error()
    return tracking.choose(setting.ledger, fields.objects(sent, "Tracking") or [])


def _amounts(setting: LineSetting, line: Line, sent: Record, existing: Record) -> None:
    quantity, unit = _priced(setting, line, sent, existing)
    rate = discount = None
    if setting.kind == "ACCREC":
        rate = _given(sent, existing, "DiscountRate", 2)
        discount = _given(sent, existing, "DiscountAmount", 2)
    amount = rounding.line_amount(quantity, unit, rate, discount)
    if rate is not None and not 0 <= rate <= 100:
        line.errors.append(f"The discount rate '{rate}' is invalid. Discount must not be greater than the line total.")
    stated = fields.number(sent, "LineAmount")
    if stated is not None and rounding.cents(stated) != amount:
        line.errors.append(f"The line total {rounding.cents(stated)} does not match the expected line total {amount}")
    if abs(amount) > _MAX_AMOUNT or abs(quantity) >= Decimal(10) ** 13:
        line.errors.append("The line total must not exceed 9999999999.99.")
    tax_rate = tax_rates.percentage(setting.ledger, line.record["TaxType"])
    tax = rounding.tax_amount(amount, tax_rate, setting.line_amount_types)
    override = fields.number(sent, "TaxAmount")
    if override is not None and setting.line_amount_types != "NoTax":
        tax = rounding.cents(override)
        if abs(tax) > abs(amount):
            line.errors.append("The tax amount cannot be greater than the line amount!")
    line.record |= {"Quantity": quantity, "UnitAmount": unit, "LineAmount": amount, "TaxAmount": tax}
    line.record |= {name: value for name, value in (("DiscountRate", rate), ("DiscountAmount", discount)) if value}


def _priced(setting: LineSetting, line: Line, sent: Record, existing: Record) -> tuple[Decimal, Decimal]:
    """Quantity and UnitAmount; either may be computed from LineAmount."""
    quantity = _given(sent, existing, "Quantity", 4)
    unit = _given(sent, existing, "UnitAmount", setting.unit_places)
    stated = fields.number(sent, "LineAmount")
    if unit is None and stated is not None:
        divisor = quantity or Decimal(1)
        unit = rounding.places(stated / divisor, setting.unit_places)
    if unit is None:
        unit = _item_details(setting, line).get("UnitPrice")
    if quantity is None:
        quantity = rounding.places(stated / unit, 4) if stated is not None and unit else Decimal("1.0000")
        if unit is None:
            quantity = Decimal("0.0000")
    return quantity, rounding.places(unit or Decimal(0), setting.unit_places)


def _given(sent: Record, existing: Record, name: str, digits: int) -> Decimal | None:
    value = fields.number(sent, name)
    if value is None:
        value = existing.get(name)
    return None if value is None else rounding.places(value, digits)
