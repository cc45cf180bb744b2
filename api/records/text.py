"""Text as the records keep and compare it."""

import unicodedata
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError


def folded(text: str) -> str:
    """The form in which texts are compared and sorted: one Unicode spelling, no case."""
    return unicodedata.normalize("NFKC", text).casefold()


def _named(text: str) -> str:
    if "<" in text or ">" in text:
        raise PydanticCustomError("angle_bracket", "Leave out < and >: ledgers refuse them in names.")
    tidy = " ".join(text.split())
    if any(unicodedata.category(letter) == "Cc" for letter in tidy):
        raise PydanticCustomError("control_character", "Leave out control characters.")
    return tidy


def _email(text: str) -> str:
    try:
        address = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        reason = {"reason": str(error).rstrip(".")}
        raise PydanticCustomError(
            "malformed_email", "This is not an e-mail address we can use: {reason}.", reason
        ) from None
    return address.normalized


# Runs of spaces become one: ledgers fold them too, and what comes back has to equal what was sent.
Name = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_named)]
Email = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_email)]
Line = Annotated[str, Field(min_length=1, max_length=255)]
ShortLine = Annotated[str, Field(min_length=1, max_length=50)]
LongText = Annotated[str, Field(min_length=1, max_length=4000)]
CodeText = Annotated[str, Field(min_length=1, max_length=10)]
ExternalId = Annotated[
    str,
    Field(min_length=1, max_length=100, description="Your own id for it; unique among its kind.", examples=["C-1042"]),
]
Search = Annotated[str, Field(min_length=1, max_length=100)]
