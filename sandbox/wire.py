"""Xero's JSON and XML: exact numbers, `/Date(ms)/` timestamps, and the parsing of request bodies."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

_NUMBER_MARK = uuid4().hex
_MARKED_NUMBER = re.compile(rf'"{_NUMBER_MARK}(-?[0-9.]+)"')
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SINGULAR = {"Addresses": "Address", "TrackingCategories": "TrackingCategory", "Currencies": "Currency"}


def ms_date(moment: date | datetime) -> str:
    """`/Date(1552262400000+0000)/`: milliseconds since the epoch; a plain date counts as midnight UTC."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return f"/Date({round(moment.timestamp() * 1000)}+0000)/"


def _serialise(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{_NUMBER_MARK}{value:f}"
    if isinstance(value, date):
        return ms_date(value)
    raise TypeError(f"{type(value).__name__} cannot be serialised in a Xero reply")


def to_json(value: object) -> bytes:
    """JSON in which Decimals are numbers with their trailing zeros, as in Xero's replies."""
    text = json.dumps(value, default=_serialise, separators=(",", ":"))
    return _MARKED_NUMBER.sub(r"\1", text).encode()


def from_json(body: bytes) -> Any:
    """Parse a request body; fractions become Decimal. Raises ValueError for anything but strict JSON."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None


def control_character_in(value: Any) -> str | None:
    """The first character in the texts of a request that XML, and so Xero, does not have; None if there is none."""
    if isinstance(value, str):
        match = _NOT_XML.search(value)
        return match[0] if match else None
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((character for entry in inner if (character := control_character_in(entry))), None)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"Unexpected value {name}.")


def to_xml(value: Any) -> bytes:
    """A reply as XML, which Xero sends to callers without `Accept: application/json`."""
    root = ET.Element("Response")
    _append(root, value)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _append(parent: ET.Element, value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _append(ET.SubElement(parent, key), inner)
    elif isinstance(value, list):
        name = _SINGULAR.get(parent.tag, parent.tag.removesuffix("s"))
        for inner in value:
            _append(ET.SubElement(parent, name), inner)
    elif isinstance(value, bool):
        parent.text = "true" if value else "false"
    elif isinstance(value, datetime):
        parent.text = value.strftime("%Y-%m-%dT%H:%M:%S")
    elif value is not None:
        parent.text = _NOT_XML.sub("", str(value))
