"""Xero's filter language, of which we speak one sentence: a field equals a text."""


def equals(field: str, value: str) -> str | None:
    """A `where` expression, or None for a value that Xero's parser cannot take (quotes, backslashes, controls).

    Xero's grammar cannot escape a quote: such values are found by `searchTerm`, then compared.
    """
    if not value or any(character in '"\\' or not character.isprintable() for character in value):
        return None
    return f'{field}=="{value}"'
