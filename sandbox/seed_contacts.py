"""The seeded contacts of both demo organisations, edge cases included."""

from __future__ import annotations

from sandbox.state import Record

_PEOPLE = (
    ("Hana", "Parata", "Rolleston"),
    ("Tom", "Whitfield", "Picton"),
    ("Mere", "Ngata", "Gisborne"),
    ("Oliver", "Strand", "Ashburton"),
    ("Priya", "Raman", "Ryde"),
    ("Callum", "Reid", "Invercargill"),
    ("Sofia", "Petrou", "Northcote"),
    ("Jack", "Delaney", "Orange"),
    ("Leilani", "Tui", "Porirua"),
    ("Angus", "McRae", "Oamaru"),
)
_COMPANIES = (
    ("Harbourview Apartments Ltd", "Nelson"),
    ("Bluegum Property Group", "Ballarat"),
    ("Corner Bakery Co", "Hastings"),
    ("Southern Cross Dental", "Timaru"),
    ("Riverside Primary School", "Hamilton"),
    ("Pipeline Supplies Ltd", "Penrose"),
    ("Trade Tap & Fittings", "Petone"),
    ("Volt Wholesale", "Dandenong"),
    ("City Skip Hire", "Onehunga"),
    ("Redline Vehicle Leasing", "Parramatta"),
    ("Summit Scaffolding", "Queenstown"),
)

CONTACTS: list[Record] = [
    *(
        {
            "key": f"person-{number}",
            "Name": f"{first} {last}",
            "FirstName": first,
            "LastName": last,
            "EmailAddress": f"{first}.{last}@example.com".lower(),
            "City": city,
            "Phone": f"555 01{number:02d}",
        }
        for number, (first, last, city) in enumerate(_PEOPLE, 1)
    ),
    *(
        {
            "key": f"company-{number}",
            "Name": name,
            "EmailAddress": f"accounts{number}@example.org",
            "AccountNumber": f"AC-{number:04d}",
            "City": city,
        }
        for number, (name, city) in enumerate(_COMPANIES, 1)
    ),
    {"key": "twin-email-1", "Name": "Fern Cottage", "EmailAddress": "shared@example.org"},
    {"key": "twin-email-2", "Name": "Fern Holiday Homes", "EmailAddress": "shared@example.org"},
    {"key": "quotes", "Name": "The \"Olde\" Pub & O'Brien's Bar", "EmailAddress": "bar@example.org"},
    {"key": "umlaut", "Name": "Jürgen Groß Bau", "EmailAddress": "buero@example.org", "City": "Nelson"},
    {"key": "macron", "Name": "Whānau Āwhina Trust", "EmailAddress": "tari@example.org", "City": "Ōtaki"},
    {
        "key": "long",
        "Name": ("Incorporated Owners of the Long Bay Road Residential Village " * 5)[:255].strip(),
    },
    {"key": "numbered", "Name": "Numbered Customer", "ContactNumber": "CRM-1001", "TaxNumber": "99-888-777"},
    {
        "key": "archived",
        "Name": "Closed Café",
        "ContactStatus": "ARCHIVED",
        "EmailAddress": "gone@example.org",
    },
    {"key": "merged", "Name": "Harbour View Apts", "merged_into": "company-1"},
    {"key": "bad-email", "Name": "Broken Address Builders", "EmailAddress": "builders(at)example.org"},
    {
        "key": "terms",
        "Name": "Thirty Day Developments",
        "PaymentTerms": {
            "Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"},
            "Bills": {"Day": 20, "Type": "OFFOLLOWINGMONTH"},
        },
        "ContactPersons": [
            {
                "FirstName": "Site",
                "LastName": "Office",
                "EmailAddress": "site@example.org",
                "IncludeInEmails": True,
            }
        ],
    },
]
