"""The currencies of invoices."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

# The active currencies of ISO 4217 in November 2026, without funds, metals and test codes.
_ACTIVE: Final = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK
    MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU
    UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES: Final = frozenset(_ACTIVE.split())


def _active(code: str) -> str:
    if code not in CURRENCIES:
        raise PydanticCustomError("unknown_currency", 'Use the three capital letters of ISO 4217, like "NZD".')
    return code


def _as_choice(schema: dict[str, Any]) -> None:
    schema.update(enum=sorted(CURRENCIES))


# The type has a name, so that the API description lists the codes once.
Currency = TypeAliasType("Currency", Annotated[str, AfterValidator(_active), Field(json_schema_extra=_as_choice)])
