"""The thirty jobs of the demo."""

from __future__ import annotations

from sandbox.demo.contacts import Row, customers

STATUSES = ("Quoted", "Scheduled", "In progress", "Completed", "Invoiced")
INVOICED = STATUSES[-1]

_DESCRIPTIONS = (
    "Replace hot-water cylinder",
    "Clear blocked kitchen waste",
    "Fit mixer tap in bathroom",
    "Repair burst main",
    "New laundry pipework",
    "Reseat leaking toilet",
    "Install rainwater tank",
    "Re-pipe upstairs bathroom",
    "Service backflow preventer",
    "Move gas hob supply",
    "Fit tempering valve",
    "Replace spouting, south side",
    "Camera survey of the drain",
    "Dig and relay sewer lateral",
    "Install heat-pump cylinder",
    "Winterise holiday home",
    "Replace stop tap at the boundary",
    "Connect dishwasher",
    "Pressure test new build",
    "Prelay pipework, lot 14",
    "Change shower cartridge",
    "Repair urinal flush",
    "Replace header tank",
    "Fit outside tap and hose reel",
    "Trace leak under slab",
    "Install water filter",
    "Repair solar collector loop",
    "Replace wet-area wall mixer",
    "Upgrade pump shed",
    "Annual check of thirty-two units",
)


def jobs(status_ids: dict[str, str], contact_ids: dict[str, str]) -> list[Row]:
    """Jobs `J-01` to `J-30`, each for one customer; every third job has the customer's own reference."""
    customer_ids = customers()
    return [
        {
            "external_id": f"J-{number:02d}",
            "number": f"J{4100 + number}",
            "description": description,
            "location": f"{number * 11 % 160 + 2} Tāwari Terrace",
            "customer_reference": f"PO {7000 + number * 13}" if number % 3 == 0 else None,
            "status_id": status_ids[STATUSES[2 + number % 2]],
            "contact_id": contact_ids[customer_of(number, customer_ids)],
        }
        for number, description in enumerate(_DESCRIPTIONS, 1)
    ]


def customer_of(job_number: int, customer_ids: list[str]) -> str:
    """The external id of the customer of a job."""
    return customer_ids[(job_number * 7) % len(customer_ids)]
