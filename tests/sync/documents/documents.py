"""Documents in the stand-in, put there as a user of Xero or an export would."""

from typing import Any
from uuid import UUID, uuid4

from sandbox.seeds import NZ_TENANT
from sandbox.state import Record
from tests.sync.connected_business import STAND_IN, ConnectedBusiness

_APP = "stand-in-client"


class Books:
    """The invoices of an organisation in the stand-in."""

    def __init__(self, business: ConnectedBusiness, tenant: str = NZ_TENANT) -> None:
        self._world = business.stand_in.world
        self._ledger = self._world.ledgers[tenant]
        self._contact = next(iter(self._ledger.contacts))

    def add(self, *, marker: UUID | None = None, **fields: Any) -> UUID:
        """Add an invoice of 115.00, with the marker of our app if it is given; gives Xero's id."""
        ours = {"_ClientID": _APP, "Url": f"{STAND_IN}/x/{marker}"} if marker else {"_ClientID": "xero-screens"}
        document: Record = {
            "InvoiceID": str(uuid4()),
            "Type": "ACCREC",
            "InvoiceNumber": "INV-1",
            "Status": "AUTHORISED",
            "LineAmountTypes": "Exclusive",
            "LineItems": [],
            "Payments": [],
            "CreditNotes": [],
            "CurrencyCode": "NZD",
            "SubTotal": 100,
            "TotalTax": 15,
            "Total": 115,
            "AmountDue": 115,
            "AmountPaid": 0,
            "AmountCredited": 0,
            "_ContactID": self._contact,
            "UpdatedDateUTC": self._world.now(),
            **ours,
            **fields,
        }
        self._ledger.put_invoice(document)
        return UUID(document["InvoiceID"])

    def change(self, xero_invoice_id: UUID, **fields: Any) -> None:
        """Change an invoice, now."""
        before = self._ledger.invoices[str(xero_invoice_id)]
        self._ledger.put_invoice({**before, **fields, "UpdatedDateUTC": self._world.now()})

    def remove(self, xero_invoice_id: UUID) -> None:
        """Take an invoice out of the books, as a reset of a demo company does."""
        del self._ledger.invoices[str(xero_invoice_id)]
