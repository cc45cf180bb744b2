"""Messages for errors of fields: what is wrong and how to correct it."""

from typing import Any, Final

_SENTENCES: Final = {
    "extra_forbidden": "There is no field of this name. Check its spelling or leave it out.",
    "missing": "This is required.",
    "string_type": "This has to be text.",
    "string_unicode": "This text is not valid Unicode.",
    "string_too_long": "Use at most {max_length} characters.",
    "string_too_short": "Use at least {min_length} character(s).",
    "string_pattern_mismatch": "This does not have the form {pattern}.",
    "too_long": "Give at most {max_length}.",
    "too_short": "Give at least {min_length}.",
    "greater_than": "This has to be more than {gt}.",
    "greater_than_equal": "This has to be at least {ge}.",
    "less_than": "This has to be less than {lt}.",
    "less_than_equal": "This has to be at most {le}.",
    "int_type": "This has to be a whole number.",
    "int_parsing": "This has to be a whole number.",
    "bool_type": "This has to be true or false.",
    "bool_parsing": "This has to be true or false.",
    "list_type": "This has to be a list.",
    "dict_type": "This has to be an object.",
    "model_type": "This has to be an object.",
    "model_attributes_type": "This has to be an object.",
    "literal_error": "Use one of {expected}.",
    "enum": "Use one of {expected}.",
    "union_tag_invalid": "{tag} is not a known {discriminator}. Use one of {expected_tags}.",
    "union_tag_not_found": "Say which kind it is in {discriminator}.",
    "date_type": "Write a date as YYYY-MM-DD.",
    "date_parsing": "Write a date as YYYY-MM-DD.",
    "date_from_datetime_parsing": "Write a date as YYYY-MM-DD.",
    "date_from_datetime_inexact": "Write a date as YYYY-MM-DD, without a time.",
    "uuid_parsing": "This is not a UUID.",
    "uuid_type": "This is not a UUID.",
}
_MAX_VALUE_CHARACTERS = 300  # of what the caller sent and a message repeats


def message_for(detail: Any) -> str:
    """One sentence about one of pydantic's errors; messages of our own validators stay as they are."""
    sentence = _SENTENCES.get(detail["type"])
    if sentence is not None:
        return sentence.format_map({name: _shortened(value) for name, value in (detail.get("ctx") or {}).items()})
    text = _shortened(detail["msg"]).removeprefix("Value error, ")
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _shortened(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _MAX_VALUE_CHARACTERS else text[: _MAX_VALUE_CHARACTERS - 1] + "…"
