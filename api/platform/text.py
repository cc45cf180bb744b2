"""Characters that no text of a request may contain, and those that are removed from names and ids."""

import re
import unicodedata
from typing import Final

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError, PydanticKnownError

CONTROL_CODE: Final = "control_character"
# C0 without tab and line breaks, DEL, C1, and two code points that are no characters.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_MARKS_OF_WEB_ADDRESSES = ("://", "www.")
_CONTROL_OF_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")


def control_remedy(text: str) -> str | None:
    """What to do about the first control character of a text; None when it has none. Tabs and line breaks are fine."""
    return _remedy(_CONTROL.search(text))


def check_characters(text: str) -> str:
    """The text itself; refused when it has a control character other than tabs and line breaks."""
    return _checked(text, _CONTROL.search(text))


def check_line(text: str) -> str:
    """The text itself; refused when it has a control character, a tab or a line break."""
    return _checked(text, _CONTROL_OF_A_LINE.search(text))


def check_no_web_address(text: str) -> str:
    """The text itself; refused when it has a web address, which mail programs would show as a link."""
    if any(mark in text.casefold() for mark in _MARKS_OF_WEB_ADDRESSES):
        raise PydanticCustomError("web_address", "Leave out the web address: this name is written in mails.")
    return text


def without_format_characters(text: str) -> str:
    """The text without its invisible format characters (zero-width spaces, byte order marks), and trimmed."""
    tidy = "".join(letter for letter in text if unicodedata.category(letter) != "Cf").strip()
    if not tidy:
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return tidy


def email_address(text: str, *, allow_smtputf8: bool = True) -> str:
    """The address in its normal form. Without `allow_smtputf8` it has ASCII letters only."""
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=allow_smtputf8).normalized
    except EmailNotValidError as error:
        reason = {"reason": str(error).rstrip(".")}
        raise PydanticCustomError(
            "malformed_email", "Send an e-mail address like mere@example.co.nz. {reason}.", reason
        ) from None


def ascii_email_address(address: str) -> str:
    """The address with its domain in ASCII (xn--…), which every mail server takes; as it is if it has no such form."""
    try:
        return validate_email(address, check_deliverability=False).ascii_email or address
    except EmailNotValidError:
        return address


def utf16_length(text: str) -> int:
    """How long the text is for .NET, where characters beyond the first plane, such as emoji, count as two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def cut_utf16(text: str, longest: int) -> str:
    """The beginning of the text, at most so long for .NET; no character is cut in halves."""
    return text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore")


def _checked(text: str, control: re.Match[str] | None) -> str:
    remedy = _remedy(control)
    if remedy is not None:
        raise PydanticCustomError(CONTROL_CODE, "{remedy}", {"remedy": remedy})
    return text


def _remedy(control: re.Match[str] | None) -> str | None:
    if control is None:
        return None
    code_point, position = ord(control[0]), control.start() + 1
    return f"Leave out the control character U+{code_point:04X} at position {position} of this field."


OneLine = AfterValidator(check_line)
Tidy = AfterValidator(without_format_characters)
NoWebAddress = AfterValidator(check_no_web_address)  # after Tidy: invisible characters could part an address
