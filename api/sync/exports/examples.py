"""The examples of exports in the API description."""

from typing import Final

from pydantic.config import JsonDict

_ID: Final = "01jeecwz2h6z28dd1fm9d2r7kx"
_INVOICE: Final = f"inv_{_ID}"
_PROBLEM: Final[JsonDict] = {
    "code": "contact_email_refused",
    "title": "Xero cannot use the contact's e-mail address",
    "detail": "Correct the e-mail address of Kōwhai Dental Ltd.",
    "pointer": "#/contact_id",
    "fix": {"label": "Open the contact", "href": f"/contacts/con_{_ID}"},
    "source": "check",
    "xero_message": None,
    "choices": [],
}

EXPORT: Final[JsonDict] = {
    "id": f"exp_{_ID}",
    "number": 12,
    "state": "running",
    "waiting_for": None,
    "resume_at": None,
    "organisation_name": "Kererū Plumbing Ltd",
    "started_by": "Mere Hohepa",
    "retry_of": None,
    "created_at": "2026-11-24T20:40:00Z",
    "finished_at": None,
    "hold_until": None,
    "total": 3,
    "exported": 1,
    "rejected": 0,
    "waiting": 2,
    "unknown": 0,
    "cancelled": 0,
    "with_remarks": 0,
    "cancel_requested": False,
    "poll_after_ms": 1000,
}
STARTED: Final[JsonDict] = {**EXPORT, "state": "queued", "exported": 0, "waiting": 3, "skipped": []}
ITEM: Final[JsonDict] = {
    "id": f"exi_{_ID}",
    "invoice_id": _INVOICE,
    "kind": "customer",
    "number": "INV-20480",
    "contact_name": "Kōwhai Dental Ltd",
    "total": "710.13",
    "currency": "NZD",
    "state": "exported",
    "problems": [],
    "remarks": [],
    "external_url": "https://go.xero.com/AccountsReceivable/View.aspx?InvoiceID=0c3d9a7e-41c6-4b8d-8e2f-4a6c8e0b1d2f",
}
CHECK_SELECTION: Final[JsonDict] = {
    "selection": {"mode": "ids", "ids": ["inv_01jf9jwz2hfk2a38g7zvjjpf1x", "inv_01jf9jwz2hfk2a38g7zvjjpf1y"]}
}
CHECK_DRAFT: Final[JsonDict] = {
    "invoice": {
        "kind": "customer",
        "number": "INV-1042",
        "contact_external_id": "C-17",
        "issued_on": "2026-11-22",
        "due_on": "2026-12-20",
        "lines": [{"description": "Hot water cylinder", "quantity": "1", "unit_price": "1240.00"}],
    }
}
CHECK: Final[JsonDict] = {
    "total": 2,
    "ready": 1,
    "needs_fix": 1,
    "organisation_name": "Kererū Plumbing Ltd",
    "obstacles": [],
    "checked_against": dict.fromkeys(
        (
            "organisation",
            "actions",
            "currencies",
            "accounts",
            "tax_rates",
            "tracking",
            "items",
            "contacts",
            "documents",
        ),
        "2026-11-24T20:38:00Z",
    ),
    "refreshing": False,
    "poll_after_ms": None,
    "remarks": [],
    "ready_ids": ["inv_01jeecx3v8fq2t9h6n4k7m0p5s"],
    "resendable_ids": [],
    "ready_totals": [{"currency": "NZD", "total": "230.00"}],
    "groups": [
        {
            "code": _PROBLEM["code"],
            "title": _PROBLEM["title"],
            "fix": _PROBLEM["fix"],
            "count": 1,
            "totals": [{"currency": "NZD", "total": "710.13"}],
            "invoice_ids": [_INVOICE],
        }
    ],
    "invoices": [
        {
            "invoice_id": _INVOICE,
            "number": "INV-20480",
            "contact_name": "Kōwhai Dental Ltd",
            "currency": "NZD",
            "total": "710.13",
            "problems": [_PROBLEM],
        }
    ],
    "marked_as_sent": 0,
    "not_marked_as_sent": [
        {
            "reason": "Xero marks approved invoices only, and your customer invoices arrive there as drafts.",
            "invoice_ids": ["inv_01jeecx3v8fq2t9h6n4k7m0p5s"],
        }
    ],
    "new_contacts": [{"contact_id": f"con_{_ID}", "name": "Kōwhai Dental Ltd"}],
    "contacts": [
        {
            "contact_id": f"con_{_ID}",
            "name": "Kōwhai Dental Ltd",
            "goes_to": "Kōwhai Dental Ltd",
            "how": "will_link",
            "decided_by": "name",
            "evidence": ["name", "phone"],
            "differs": [
                {
                    "field": "email",
                    "ours": "accounts@kowhaidental.co.nz",
                    "theirs": "office@kowhaidental.co.nz",
                    "effect": "kept_in_xero",
                }
            ],
            "possible_duplicates": [],
            "remarks": [],
            "invoices": 2,
            "totals": [{"currency": "NZD", "total": "940.13"}],
        }
    ],
}
_ELEMENT: Final[JsonDict] = {
    "Type": "ACCREC",
    "InvoiceNumber": "INV-20480",
    "Contact": {"ContactID": "7c2d9f64-3b1a-4e0f-8a77-5d6e0b9c4f21"},
    "Date": "2026-11-20",
    "LineItems": [{"Description": "Labour, two plumbers", "Quantity": "6.5", "UnitAmount": "95.0"}],
}
PREVIEW: Final[JsonDict] = {
    "invoice_id": _INVOICE,
    "method": "PUT",
    "path": "/Invoices",
    "element": _ELEMENT,
    "element_json": '{"Type":"ACCREC","InvoiceNumber":"INV-20480",'
    '"Contact":{"ContactID":"7c2d9f64-3b1a-4e0f-8a77-5d6e0b9c4f21"},"Date":"2026-11-20",'
    '"LineItems":[{"Description":"Labour, two plumbers","Quantity":6.5,"UnitAmount":95.0}]}',
    "sent_at": None,
    "sent_call": None,
    "expected_total": "710.13",
    "not_marked_as_sent": "Marking invoices as sent is switched off in the preferences.",
    "problems": [],
}

ANSWERS: Final[JsonDict] = {
    "selection": {"mode": "ids", "ids": [_INVOICE]},
    "problem_code": "outcome_unknown",
    "choice": "was_not_sent",
}
