"""The `where` expressions of list calls: parsed once, then evaluated for each record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sandbox.fields import as_guid
from sandbox.replies import bad_query
from sandbox.state import Record

Fields = Mapping[str, str]
"""Field path → `text`, `number`, `flag`, `guid` or `day`."""
Predicate = Callable[[Record], bool]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>"(?:[^"\\]|"")*")
  | (?P<number>-?\d+(?:\.\d+)?[mMdD]?)
  | (?P<operator>==|!=|<>|<=|>=|&&|\|\||[=<>!(),])
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    )""",
    re.VERBOSE,
)
_METHODS = {"startswith": str.startswith, "endswith": str.endswith, "contains": str.__contains__}


def fold(value: str) -> str:
    """The form in which Xero compares texts: without case and accents."""
    decomposed = unicodedata.normalize("NFKD", value)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def look_up(record: Record, path: str) -> Any:
    """The value at a dotted path; None when any part is missing."""
    value: Any = record
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


@dataclass(frozen=True)
class Term:
    """An operand: the kind of its value, and a function that reads the value from a record."""

    kind: str
    value: Callable[[Record], Any]


def parse(expression: str, fields: Fields) -> Predicate:
    """Parse an expression into a predicate for records. Raises Xero's QueryParseException for invalid expressions."""
    return _Parser(_tokens(expression), fields).parse()


def _tokens(expression: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    text = expression.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise bad_query(f"Syntax error in the where clause at index {position}.")
        tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
        position = match.end()
    return [*tokens, ("end", "")]


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], fields: Fields) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0
        self._fields = {name.lower(): (name, kind) for name, kind in fields.items()}

    def parse(self) -> Predicate:
        test = self._any()
        if self._peek()[0] != "end":
            raise bad_query(f"Syntax error: unexpected '{self._peek()[1]}'.")
        return test

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._position]

    def _take(self, *texts: str) -> bool:
        kind, text = self._peek()
        if kind in ("operator", "name") and text.lower() in texts:
            self._position += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise bad_query(f"'{text}' expected.")

    def _any(self) -> Predicate:
        tests = [self._all()]
        while self._take("or", "||"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda record: any(test(record) for test in tests)

    def _all(self) -> Predicate:
        tests = [self._single()]
        while self._take("and", "&&"):
            tests.append(self._single())
        return tests[0] if len(tests) == 1 else lambda record: all(test(record) for test in tests)

    def _single(self) -> Predicate:
        self._depth += 1
        if self._depth > 100:
            raise bad_query("The where clause is nested too deeply.")
        if self._take("not", "!"):
            inner = self._single()
            return lambda record: not inner(record)
        if self._take("("):
            inner = self._any()
            self._expect(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Predicate:
        left = self._term()
        kind, operator = self._peek()
        if kind == "operator" and operator in ("==", "=", "!=", "<>", "<", ">", "<=", ">="):
            self._position += 1
            return _compare(left, operator, self._term())
        if left.kind != "flag":
            raise bad_query("Expression of type 'Boolean' expected.")
        return lambda record: bool(left.value(record))

    def _term(self) -> Term:
        kind, text = self._peek()
        self._position += 1
        if kind == "string":
            return _constant("text", text[1:-1].replace('""', '"'))
        if kind == "number":
            return _constant("number", Decimal(text.rstrip("mMdD")))
        if kind != "name":
            raise bad_query("Expression expected.")
        match text.lower():
            case "true" | "false":
                return _constant("flag", text.lower() == "true")
            case "null":
                return _constant("null", None)
            case "new":
                return self._term()
            case "guid" | "guid.parse":
                return self._guid()
            case "datetime":
                return self._moment()
        return self._field(text)

    def _guid(self) -> Term:
        self._expect("(")
        kind, text = self._peek()
        value = as_guid(text[1:-1]) if kind == "string" else None
        if value is None:
            raise bad_query("Guid should contain 32 digits with 4 dashes.")
        self._position += 1
        self._expect(")")
        return _constant("guid", value)

    def _moment(self) -> Term:
        self._expect("(")
        parts: list[int] = []
        while not self._take(")"):
            kind, text = self._peek()
            if kind != "number" or not text.isdigit():
                raise bad_query("No applicable constructor exists in type 'DateTime'.")
            parts.append(int(text))
            self._position += 1
            self._take(",")
        if not 3 <= len(parts) <= 6:
            raise bad_query("No applicable constructor exists in type 'DateTime'.")
        try:
            return _constant("day", datetime(*parts, tzinfo=UTC))  # type: ignore[arg-type, misc]  # 3 to 6 integers
        except (ValueError, OverflowError):
            raise bad_query("Year, Month, and Day parameters describe an un-representable DateTime.") from None

    def _field(self, text: str) -> Term:
        path, method = text, ""
        if self._peek()[1] == "(" and "." in text:
            path, method = text.rsplit(".", 1)
        known = self._fields.get(path.lower())
        if known is None:
            raise bad_query(f"No property or field '{path}' exists in type.")
        name, kind = known
        if not method:
            return Term(kind, lambda record: look_up(record, name))
        return self._method(name, kind, method.lower())

    def _method(self, name: str, kind: str, method: str) -> Term:
        self._expect("(")
        if method in ("tolower", "toupper") and kind == "text":
            self._expect(")")
            return Term("text", lambda record: look_up(record, name))
        argument = self._term()
        self._expect(")")
        operation = _METHODS.get(method)
        if operation is None or kind != "text" or argument.kind != "text":
            raise bad_query(f"No applicable method '{method}' exists in type.")

        def apply(record: Record) -> bool:
            value = look_up(record, name)
            if value is None:
                raise bad_query("Object reference not set to an instance of an object.")
            return bool(operation(fold(value), fold(argument.value(record))))

        return Term("flag", apply)


def _constant(kind: str, value: Any) -> Term:
    return Term(kind, lambda _: value)


def comparable(value: Any) -> Any:
    """A value converted for comparison: texts are folded, dates become datetimes at midnight UTC."""
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def _compare(left: Term, operator: str, right: Term) -> Predicate:
    kinds = {left.kind, right.kind} - {"null"}
    equality = operator in ("==", "=", "!=", "<>")
    if len(kinds) > 1 or (not equality and not kinds <= {"number", "day"}):
        raise bad_query(f"Operator '{operator}' incompatible with operand types '{left.kind}' and '{right.kind}'.")

    def test(record: Record) -> bool:
        a, b = comparable(left.value(record)), comparable(right.value(record))
        if equality:
            return bool((a == b) == (operator in ("==", "=")))
        if a is None or b is None:
            return False
        return bool({"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[operator])

    return test
