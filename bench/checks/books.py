"""The books of the organisation in the stand-in: what its users add and change there."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox import accounts, contact_view, contacts, tax_rates, tracking
from sandbox.app import StandIn
from sandbox.control_documents import call_of_a_user
from sandbox.invoice_write import save
from sandbox.seeds import NZ_TENANT
from sandbox.state import Ledger, Record, new_id


class Books:
    """Direct access to the organisation of the stand-in; every change has the time of now."""

    def __init__(self, stand_in: StandIn) -> None:
        self._world = stand_in.world

    @property
    def ledger(self) -> Ledger:
        """The records of the organisation."""
        return self._world.ledgers[NZ_TENANT]

    def add_account(self, code: str, type_: str, tax_type: str = "NONE", system: str | None = None) -> None:
        """A new active account."""
        account = {**deepcopy(self.ledger.accounts[1]), "AccountID": new_id(), "Code": code, "Name": f"Account {code}"}
        account |= {"Type": type_, "Class": accounts.CLASSES[type_], "TaxType": tax_type}
        if system is not None:
            account["SystemAccount"] = system
        self.ledger.accounts.append({**account, "UpdatedDateUTC": self._world.now()})

    def change_account(self, code: str, **fields: Any) -> None:
        """Change fields of an account; a new type brings its class."""
        account = accounts.find_account(self.ledger, code=code)
        assert account is not None
        if "Type" in fields:
            fields["Class"] = accounts.CLASSES[fields["Type"]]
        account |= {**fields, "UpdatedDateUTC": self._world.now()}

    def add_rate(self, tax_type: str, percent: str, like: str) -> None:
        """A new active tax rate that goes with the accounts that `like` goes with."""
        rate = deepcopy(tax_rates.find_rate(self.ledger, like))
        assert rate is not None
        rate |= {"TaxType": tax_type, "Name": f"Rate {tax_type}"}
        tax_rates.set_rate(rate, Decimal(percent))
        self.ledger.tax_rates.append(rate)

    def change_rate(self, tax_type: str, *, status: str | None = None, percent: str | None = None) -> None:
        """Give a tax rate another status or percentage."""
        rate = tax_rates.find_rate(self.ledger, tax_type)
        assert rate is not None
        if status is not None:
            rate["Status"] = status
        if percent is not None:
            tax_rates.set_rate(rate, Decimal(percent))

    def remove_rate(self, tax_type: str) -> None:
        """Take a tax rate from the list."""
        self.ledger.tax_rates = [rate for rate in self.ledger.tax_rates if rate["TaxType"] != tax_type]

    @property
    def region(self) -> Record:
        """The tracking category of the cost centers."""
        category: Record = self.ledger.tracking_categories[0]
        return category

    def add_option(self, name: str) -> None:
        """A new option of the category."""
        self.region["Options"].append(tracking.option_record(name))

    def change_option(self, option: str, **fields: Any) -> None:
        """Rename or archive an option."""
        next(row for row in self.region["Options"] if row["Name"] == option).update(fields)

    def remove_option(self, option: str) -> None:
        """Delete an option that nothing uses."""
        self.region["Options"] = [row for row in self.region["Options"] if row["Name"] != option]

    def add_item(self, code: str, **fields: Any) -> None:
        """A new item without accounts of its own."""
        item = {**deepcopy(next(iter(self.ledger.items.values()))), "ItemID": new_id(), "Code": code, **fields}
        self.ledger.items[item["ItemID"]] = {**item, "UpdatedDateUTC": self._world.now()}

    def change_item(self, item: str, **fields: Any) -> None:
        """Change fields of an item."""
        key = next(key for key, row in self.ledger.items.items() if row["Code"] == item)
        self.ledger.items[key] = {**self.ledger.items[key], **fields, "UpdatedDateUTC": self._world.now()}

    def remove_item(self, code: str) -> None:
        """Delete an item."""
        self.ledger.items = {key: row for key, row in self.ledger.items.items() if row["Code"] != code}

    def add_contact(self, name: str, **fields: Any) -> str:
        """A new active contact, with fields that Xero may have taken before it checked them; gives its id."""
        stored = contacts.store(self.ledger, {**contacts.blank(), "Name": name, **fields}, self._world.now())
        return str(stored["ContactID"])

    def contact(self, name: str) -> Record:
        """The contact of this name, the newest first."""
        return next(row for row in reversed(contacts.known(self.ledger)) if row["Name"] == name)

    def change_contact(self, contact: str, **fields: Any) -> None:
        """Change fields of a contact as they are stored."""
        contacts.store(self.ledger, {**self.contact(contact), **fields}, self._world.now())

    def merge_contact(self, source: str, target: str) -> None:
        """Merge a contact into another one."""
        self.change_contact(source, ContactStatus="ARCHIVED", MergedToContactID=self.contact(target)["ContactID"])

    def enter(self, contact: str, status: str = "AUTHORISED", **fields: Any) -> None:
        """A document that somebody else has entered; `status` is what it has come to."""
        line = {"Description": "Work", "Quantity": 1, "UnitAmount": fields.pop("amount", "777.10"), "TaxType": "NONE"}
        line["AccountCode"] = "200" if fields["Type"] == "ACCREC" else "310"
        sent = {"Contact": {"ContactID": self.contact(contact)["ContactID"]}, "LineItems": [line], **fields}
        sent |= {"Status": "AUTHORISED", "DueDate": fields["Date"]}
        outcome = save(call_of_a_user(self._world, self.ledger), {}, sent)
        assert not outcome.errors, outcome.errors
        stored = self.ledger.invoices[outcome.row["InvoiceID"]]
        self.ledger.put_invoice({**stored, "Status": status, "UpdatedDateUTC": self._world.now()})

    def void(self, invoice_id: str) -> None:
        """Void a document."""
        changed = {"Status": "VOIDED", "AmountDue": Decimal("0.00"), "UpdatedDateUTC": self._world.now()}
        self.ledger.put_invoice({**self.ledger.invoices[invoice_id], **changed})

    def lock(self, *, period: date | None = None, year: date | None = None) -> None:
        """Set the lock dates."""
        self.ledger.organisation |= {"PeriodLockDate": period, "EndOfYearLockDate": year}

    def currencies(self, *codes: str) -> None:
        """The currencies that the organisation has."""
        self.ledger.currencies = [{"Code": code, "Description": code} for code in codes]

    def shown(self, invoice_id: str) -> Record:
        """Where a document goes."""
        return contact_view.reference(self.ledger.contacts[self.ledger.invoices[invoice_id]["_ContactID"]])
