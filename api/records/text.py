"""Types of text: validation and comparison."""

import re
import unicodedata
from functools import lru_cache, partial
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from api.platform.text import OneLine, Tidy, check_characters, email_address

# Beside the categories Pi and Pf, and Pd: what is typed as a quote or as a dash.
_QUOTES = frozenset('"`\u00b4\u02b9\u02ba\u02bb\u02bc\u02bd\u02c8\u201a\u201e\u2032\u2033\uff02\uff07')
_DASHES = frozenset("\u2043\u2212")
_KEPT_KEYS = 65_536  # of names, so that matching folds each name once, however often it compares it


EXTERNAL_ID = "Your own id for it; unique among its kind."


def folded(text: str) -> str:
    """The text normalised (NFKC) and without letter case."""
    return unicodedata.normalize("NFKC", text).casefold()


def search_key(text: str) -> str:
    """The form in which texts are searched and sorted: without accents, letter case, repeated blanks, curly quotes.

    A search for `kowhai` finds Kōwhai.
    """
    marked = unicodedata.normalize("NFKD", "".join(map(_plain_mark, text)))
    plain = "".join(mark for mark in marked if not unicodedata.combining(mark))
    return " ".join(folded(plain).split())


def in_ascii(text: str) -> str:
    """The text in printable ASCII: without accents, with plain quotes and dashes. What has no such form is left out."""
    plain = unicodedata.normalize("NFKD", "".join(map(_plain_mark, text)))
    return " ".join("".join(each for each in plain if each.isascii() and each.isprintable()).split())


def containing(text: str) -> str:
    """The pattern of LIKE for texts that contain this one.

    Whole, as one parameter: PostgreSQL would join and escape the parts of a pattern for each row.
    """
    return "%" + re.sub(r"([\\%_])", r"\\\1", text) + "%"


@lru_cache(maxsize=_KEPT_KEYS)
def name_key(name: str) -> str:
    """The form in which names are compared: case, width, blanks, quotes, dashes and invisible characters are folded.

    Accents stay: Maori and Māori are different names.
    """
    if name.isascii():  # the same by a shorter way
        return " ".join(name.replace('"', "'").replace("`", "'").casefold().split())
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
    return " ".join(check_characters(text).split())


def _with_plain_line_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# Repeated spaces become one space: ledgers do the same, and the stored text has to equal the text that was sent.
Name = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_named), Tidy]
Email = Annotated[
    str, Field(min_length=1, max_length=255), AfterValidator(partial(email_address, allow_smtputf8=False))
]
Line = Annotated[str, Field(min_length=1, max_length=255), OneLine]
ShortLine = Annotated[str, Field(min_length=1, max_length=50), OneLine, Tidy]
LongText = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_with_plain_line_breaks)]
CodeText = Annotated[str, Field(min_length=1, max_length=10), OneLine, Tidy]
ExternalId = Annotated[
    str,
    Field(min_length=1, max_length=100, description=EXTERNAL_ID, examples=["C-1042"]),
    OneLine,
    Tidy,
]
Search = Annotated[str, Field(min_length=1, max_length=100)]
