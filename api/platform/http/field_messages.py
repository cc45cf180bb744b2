"""Messages for errors of fields: what is wrong and how to correct it."""

from typing import Any, Final

_SENTENCES: Final = {
    "extra_forbidden": "There is no field of this name. Check its spelling or leave it out.",
    "missing": "This is required.",
    "string_type": "This has to be text.",
    "string_unicode": "Send valid Unicode: half of a surrogate pair (U+D800 to U+DFFF) cannot be stored.",
    "string_too_long": "Use at most {max_length} characters.",
    "string_too_short": "Use at least {min_length} characters.",
    "string_pattern_mismatch": "Write it in the form {pattern}.",
    "too_long": "Give at most {max_length} elements.",
    "too_short": "Give at least {min_length} elements.",
    "greater_than": "This has to be more than {gt}.",
    "greater_than_equal": "This has to be at least {ge}.",
    "less_than": "This has to be less than {lt}.",
    "less_than_equal": "This has to be at most {le}.",
    "int_type": "This has to be a whole number.",
    "int_parsing": "This has to be a whole number.",
    "int_parsing_size": "This number is too large. Send a smaller one.",
    "int_from_float": "This has to be a whole number, without a fraction.",
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
    **dict.fromkeys(
        (
            "datetime_type",
            "datetime_parsing",
            "datetime_from_date_parsing",
            "datetime_object_invalid",
            "timezone_aware",
        ),
        "Send an instant with its time zone, like 2026-11-22T09:00:00Z.",
    ),
    "date_type": "Write a date as YYYY-MM-DD.",
    "date_parsing": "Write a date as YYYY-MM-DD.",
    "date_from_datetime_parsing": "Write a date as YYYY-MM-DD.",
    "date_from_datetime_inexact": "Write a date as YYYY-MM-DD, without a time.",
    "uuid_parsing": "Send a UUID, like 01939b2e-7c51-7cc4-a1b8-0f7e5a2b1c3d.",
    "uuid_type": "Send a UUID as text, like 01939b2e-7c51-7cc4-a1b8-0f7e5a2b1c3d.",
}
_SENTENCES_FOR_EMPTY: Final = {
    "string_too_short": "This is empty. Write at least one character.",
    "too_short": "This is empty. Give at least one element.",
}
_MAX_VALUE_CHARACTERS = 300  # of what the caller sent and a message repeats


def message_for(detail: Any) -> str:
    """One sentence about one of pydantic's errors; messages of our own validators stay as they are."""
    limits = detail.get("ctx") or {}
    sentences = _SENTENCES | (_SENTENCES_FOR_EMPTY if limits.get("min_length") == 1 else {})
    sentence = sentences.get(detail["type"])
    if sentence is not None:
        return sentence.format_map({name: _shortened(value) for name, value in limits.items()})
    text = _shortened(detail["msg"]).removeprefix("Value error, ")
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _shortened(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _MAX_VALUE_CHARACTERS else text[: _MAX_VALUE_CHARACTERS - 1] + "…"
