"""Items of the ledger, and how ours follow them. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from api.records.items.models import Item, LedgerItemRow

# What an item here and its item in the ledger both have.
_FIELDS: Final = ("name", "description", "sale_price", "sale_code", "purchase_price", "purchase_code")
_FOUR_PLACES: Final = Decimal("0.0001")


@dataclass(frozen=True)
class LedgerItem:
    """An item of the ledger."""

    code: str
    name: str
    description: str | None
    sale_price: Decimal | None
    sale_code: str | None
    purchase_price: Decimal | None
    purchase_code: str | None
    is_tracked: bool = False


def item_key(code: str) -> str:
    """The form in which codes of items are compared: the ledger has each code once, in any letter case."""
    return code.lower()


def follow(row: Item, item: LedgerItem | None) -> None:
    """Take the fields of the ledger's item that nobody has changed here since they were last read; keep the others."""
    if item is None:
        row.match, row.in_ledger = "missing", None
        return
    last_read = row.in_ledger
    for name in _FIELDS:
        ours = getattr(row, name)
        if _kept(ours) == (last_read[name] if last_read else None):
            setattr(row, name, getattr(item, name))
    row.in_ledger = LedgerItemRow(
        code=item.code,
        name=item.name,
        description=item.description,
        sale_price=_price(item.sale_price),
        sale_code=item.sale_code,
        purchase_price=_price(item.purchase_price),
        purchase_code=item.purchase_code,
        is_tracked=item.is_tracked,
    )
    compare(row)


def compare(row: Item) -> None:
    """Say whether the item equals that of the ledger, as it was last read."""
    in_ledger = row.in_ledger
    if in_ledger is not None:
        is_equal = all(_kept(getattr(row, name)) == in_ledger[name] for name in _FIELDS)
        row.match = "matched" if is_equal else "differs"


def forget(row: Item) -> None:
    """The item has another code: what was read of the ledger is about another item."""
    row.match, row.in_ledger = "unchecked", None


def _kept(value: Any) -> Any:
    return _price(value) if isinstance(value, Decimal) else value


def _price(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.quantize(_FOUR_PLACES):f}"
