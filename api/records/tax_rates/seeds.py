"""The first tax rates of a business, by country. A ledger refresh replaces them by the rates of the ledger."""

from decimal import Decimal
from typing import Final

_NONE, _GST_AU, _GST_NZ = Decimal(0), Decimal(10), Decimal(15)

# tax type, name, percent, for income codes, for expense codes
FIRST_RATES: Final = {
    "NZ": (
        ("OUTPUT2", "GST on Income", _GST_NZ, True, False),
        ("INPUT2", "GST on Expenses", _GST_NZ, False, True),
        ("ZERORATED", "Zero Rated", _NONE, True, False),
        ("NONE", "No GST", _NONE, True, True),
        ("GSTONIMPORTS", "GST on Imports", _NONE, False, True),
    ),
    "AU": (
        ("OUTPUT", "GST on Income", _GST_AU, True, False),
        ("INPUT", "GST on Expenses", _GST_AU, False, True),
        ("EXEMPTOUTPUT", "GST Free Income", _NONE, True, False),
        ("EXEMPTEXPENSES", "GST Free Expenses", _NONE, False, True),
        ("BASEXCLUDED", "BAS Excluded", _NONE, True, True),
        ("INPUTTAXED", "Input Taxed", _NONE, True, True),
        ("CAPEXINPUT", "GST on Capital", _GST_AU, False, True),
        ("EXEMPTCAPITAL", "GST Free Capital", _NONE, False, True),
        ("EXEMPTEXPORT", "GST Free Exports", _NONE, True, False),
        ("GSTONIMPORTS", "GST on Imports", _NONE, False, False),
        ("GSTONCAPIMPORTS", "GST on Capital Imports", _NONE, False, False),
    ),
}
