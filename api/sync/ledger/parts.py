"""What is read of an organisation, part by part, and how old each may be."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Part(StrEnum):
    """A part of the mirrors that is read for itself."""

    ORGANISATION = "organisation"
    ACTIONS = "actions"
    CURRENCIES = "currencies"
    ACCOUNTS = "accounts"
    TAX_RATES = "tax_rates"
    TRACKING = "tracking"
    ITEMS = "items"
    CONTACTS = "contacts"
    DOCUMENTS = "documents"


# Read again while invoices wait to be sent, although nobody asks for a check.
WATCHED: Final = (Part.ACCOUNTS, Part.ITEMS, Part.CONTACTS, Part.DOCUMENTS)
WATCHED_EVERY: Final = timedelta(minutes=30)
# The oldest that is compared when invoices are checked or sent.
_OLDEST: Final[Mapping[Part, timedelta]] = dict.fromkeys(Part, timedelta(minutes=5))
# While few calls of the day are left, what seldom changes (lock dates, plan, rights, currencies) may be older.
_SETTINGS: Final = (Part.ORGANISATION, Part.ACTIONS, Part.CURRENCIES)
_OLDEST_ON_SHORT_DAYS: Final = {**_OLDEST, **dict.fromkeys(_SETTINGS, timedelta(minutes=60))}
# The parts without which nothing can be sent, stored in one transaction.
LEDGER: Final = tuple(part for part in Part if part not in (Part.CONTACTS, Part.DOCUMENTS))
# What stands against invoices that wait is known only by these, too: they are read as soon as any wait.
BESIDE: Final = (Part.CONTACTS, Part.DOCUMENTS)
# By the code of a refusal: what it contradicts.
CONTRADICTED: Final[Mapping[str, tuple[Part, ...]]] = {
    **dict.fromkeys(
        ("account_code_missing", "account_code_unknown", "account_code_archived", "account_code_wrong_type"),
        (Part.ACCOUNTS,),
    ),
    **dict.fromkeys(
        ("tax_type_missing", "tax_type_unknown", "tax_code_mismatch", "total_mismatch"), (Part.TAX_RATES, Part.ACCOUNTS)
    ),
    "cost_center_unmatched": (Part.TRACKING,),
    **dict.fromkeys(("item_unknown", "stock_too_low"), (Part.ITEMS,)),
    **dict.fromkeys(("invoice_number_taken", "document_alike"), (Part.DOCUMENTS,)),
    "period_locked": (Part.ORGANISATION,),
    "plan_limit": (Part.ORGANISATION, Part.DOCUMENTS),
    "currency_not_enabled": (Part.CURRENCIES,),
    "role_too_low": (Part.ACTIONS,),
    **dict.fromkeys(
        ("contact_archived", "contact_name_taken", "contact_refused", "contact_email_refused"), (Part.CONTACTS,)
    ),
}


def too_old(read_at: Mapping[Part, datetime], instant: datetime, *, is_day_short: bool = False) -> set[Part]:
    """The parts that are older than they may be when something is checked or sent."""
    oldest = _OLDEST_ON_SHORT_DAYS if is_day_short else _OLDEST
    return {part for part, age in oldest.items() if part not in read_at or instant - read_at[part] >= age}


def contradicted(codes: Iterable[str]) -> set[Part]:
    """The parts that refusals with these codes contradict."""
    return {part for code in codes for part in CONTRADICTED.get(code, ())}
