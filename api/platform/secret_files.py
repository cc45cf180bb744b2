"""Secrets in files: `NAME_FILE` names the file that has the value of the variable NAME."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

_LARGEST_BYTES: Final = 64 * 1024


def with_secret_files(source: Mapping[str, str], secrets: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """The variables with the values of the files, and one error for each file that cannot be used."""
    values, errors = dict(source), []
    for name in sorted(secrets):
        path = source.get(f"{name}_FILE")
        if path is None:
            continue
        try:
            values[name] = _content(Path(path))
        except (OSError, ValueError) as error:
            errors.append(f"{name}_FILE: {path} cannot be read ({_reason(error)})")
        if name in source:
            errors.append(f"{name}_FILE: {name} is set too; set one of the two")
    return values, errors


def _content(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise ValueError("it has more than 64 KB")
    text = content.decode("utf-8").strip()
    if not text:
        raise ValueError("it is empty")
    return text


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not text"
    return error.strerror or "unknown" if isinstance(error, OSError) else str(error)
