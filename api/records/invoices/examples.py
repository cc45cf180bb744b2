"""The example invoice of the API description, as a request and as an answer."""

from typing import Final

from pydantic.config import JsonDict

_ID: Final = "01jeecwz2h6z28dd1fm9d2r7kx"

LINE: Final[JsonDict] = {
    "description": "Labour, two plumbers",
    "quantity": "6.5000",
    "unit_price": "95.0000",
    "discount_percent": "0.00",
    "accounting_code": "200",
    "tax_type": "OUTPUT2",
    "cost_center_id": f"cos_{_ID}",
    "item_code": None,
}
_HEAD: Final[JsonDict] = {
    "kind": "customer",
    "number": "INV-20480",
    "contact_id": f"con_{_ID}",
    "job_id": f"job_{_ID}",
    "issued_on": "2026-11-20",
    "due_on": "2026-12-20",
    "currency": "NZD",
    "amounts": "exclusive",
    "reference": None,
    "external_id": "8116-1",
    "mark_as_sent": None,
}
SENT: Final[JsonDict] = {**_HEAD, "lines": [LINE]}
LISTED: Final[JsonDict] = {
    **_HEAD,
    "id": f"inv_{_ID}",
    "contact_external_id": "C-1042",
    "contact_name": "Kōwhai Dental Ltd",
    "job_external_id": "8116",
    "job_number": "J8116",
    "job_description": "Replace hot-water cylinder",
    "status": "approved",
    "approved_at": "2026-11-20T03:10:00Z",
    "export_state": "not_exported",
    "exported_at": None,
    "external_url": None,
    "problems": [],
    "remarks": [],
    "remarks_read_at": None,
    "subtotal": "617.50",
    "tax_total": "92.63",
    "total": "710.13",
    "created_at": "2026-11-20T03:05:00Z",
    "updated_at": "2026-11-20T03:10:00Z",
}
ANSWERED_LINE: Final[JsonDict] = {
    **LINE,
    "id": f"lin_{_ID}",
    "tax_rate": "15.0000",
    "line_amount": "617.50",
    "tax_amount": "92.63",
}
ANSWERED: Final[JsonDict] = {**LISTED, "lines": [ANSWERED_LINE]}
NO_PARTS: Final[JsonDict] = {"contact": None, "job": None, "lines": None}
KIND_COUNTS: Final[JsonDict] = {
    "ready": 58,
    "needs_attention": 2,
    "in_progress": 0,
    "exported": 4,
    "draft": 2,
    "all": 66,
}
