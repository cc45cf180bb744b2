"""Types of text: validation and comparison."""

import unicodedata
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

# Beside the categories Pi and Pf, and Pd: what is typed as a quote or as a dash.
_QUOTES = frozenset('"`\u00b4\u02b9\u02ba\u02bb\u02bc\u02bd\u02c8\u201a\u201e\u2032\u2033\uff02\uff07')
_DASHES = frozenset("\u2043\u2212")


EXTERNAL_ID = "Your own id for it; unique among its kind."


def folded(text: str) -> str:
    """The text normalised (NFKC) and without letter case."""
    return unicodedata.normalize("NFKC", text).casefold()


def search_key(text: str) -> str:
    """The form in which texts are searched and sorted: without accents, letter case and repeated blanks.

    A search for `kowhai` finds Kōwhai.
    """
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " ".join(folded(plain).split())


def name_key(name: str) -> str:
    """The form in which names are compared: case, width, blanks, quotes, dashes and invisible characters are folded.

    Accents stay: Maori and Māori are different names.
    """
    # Marks are folded before NFKC, which turns an acute accent of its own into a blank and an accent.
    marked = "".join(map(_plain_mark, name))
    # Folding the case can undo the composed form, so NFKC comes once more.
    return " ".join(unicodedata.normalize("NFKC", folded(marked)).split())


def _plain_mark(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category in ("Pi", "Pf") or character in _QUOTES:
        return "'"
    return "-" if category == "Pd" or character in _DASHES else character


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


# Repeated spaces become one space: ledgers do the same, and the stored text has to equal the text that was sent.
Name = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_named)]
Email = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_email)]
Line = Annotated[str, Field(min_length=1, max_length=255)]
ShortLine = Annotated[str, Field(min_length=1, max_length=50)]
LongText = Annotated[str, Field(min_length=1, max_length=4000)]
CodeText = Annotated[str, Field(min_length=1, max_length=10)]
ExternalId = Annotated[
    str,
    Field(min_length=1, max_length=100, description=EXTERNAL_ID, examples=["C-1042"]),
]
Search = Annotated[str, Field(min_length=1, max_length=100)]
