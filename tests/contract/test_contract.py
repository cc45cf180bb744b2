"""Every operation keeps what openapi.yaml says of it: requests made from the file get only answers of the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.transport.prepare import prepare_request
from yaml import CSafeLoader, load

from tests.tenancy.records import OwnedRecords

REPOSITORY = Path(__file__).parents[2]
CASES = 3  # of each operation, both of those that fit the file and of those that do not
EVERY = 5  # Making the cases of all operations takes long, so `make test` takes every fifth operation.
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
REJECTING = "negative_data_rejection"  # a batch answers 200 and rejects its elements one by one
# Operations after which the session is another or none, so that the rows are out of its reach.
AT_THE_END = ("disconnect", "switch_business", "accept_invitation", "sign_up", "sign_in", "end_session", "sign_out")
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> list[Any]:
    """The same requests in every run, deletions after the others; of every n-th operation."""
    document = load((REPOSITORY / "openapi.yaml").read_text("utf-8"), CSafeLoader)
    config = SchemathesisConfig.from_dict(
        {
            "generation": {"with-security-parameters": False},  # the callers bring their own
            "output": {"sanitization": {"enabled": False}},
            "checks": {REJECTING: {"expected-statuses": ["4xx"]}},
        }
    )
    schema = schemathesis.openapi.from_dict(document, config=config)
    results: Any = schema.get_all_operations()
    operations = [result.ok() for result in results]
    return [
        case
        for operation in sorted(operations[:: request.param], key=turn)
        for mode in MODES
        for case in made(operation, mode)
    ]


def name_of(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])


def turn(operation: Any) -> tuple[bool, int]:
    """Deletions come after the other operations, and those of AT_THE_END after them."""
    name = name_of(operation)
    return name in AT_THE_END or operation.method == "delete", AT_THE_END.index(name) if name in AT_THE_END else -1


def made(operation: Any, mode: schemathesis.GenerationMode) -> list[Any]:
    cases: list[Any] = []

    @settings(
        max_examples=CASES,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        cases.append(case)

    try:
        collect()
    except Unsatisfiable:  # nothing can be wrong with a request without parameters and body
        assert mode is schemathesis.GenerationMode.NEGATIVE, operation.label
    return cases


def faults(case: Any, reply: httpx2.Response) -> Iterator[str]:
    names = CHECKED if case.operation.path.endswith("/batch") else (*CHECKED, REJECTING)
    try:
        case.validate_response(reply, checks=[CHECKS.get_one(name) for name in names])
    except FailureGroup as group:
        yield from (f"{case.operation.label}: {failure.title}: {failure.message}" for failure in group.exceptions)


async def send(caller: httpx2.AsyncClient, case: Any) -> httpx2.Response:
    prepared: Any = prepare_request(case, None, config=case.operation.schema.config.output.sanitization, base_url=None)
    headers = {name: value for name, value in prepared.headers.items() if name.lower() != "content-length"}
    return await caller.request(prepared.method, prepared.url, headers=headers, content=prepared.body)


@pytest.mark.parametrize(
    ("caller", "cases"),
    [
        ("admin", EVERY),
        *(pytest.param(caller, 1, marks=pytest.mark.exhaustive) for caller in ("nobody", "key", "admin")),
    ],
    indirect=True,
)
async def test_every_answer_is_one_of_the_file(caller: httpx2.AsyncClient, records: OwnedRecords, cases: list[Any]):
    wrong: dict[str, None] = {}
    statuses: dict[str, set[int]] = {}
    for case in cases:
        if case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE:
            case.path_parameters |= {name: records.ids[name] for name in case.path_parameters if name in records.ids}
        reply = await send(caller, case)
        wrong |= dict.fromkeys(faults(case, reply))
        statuses.setdefault(name_of(case.operation), set()).add(reply.status_code)

    assert not wrong, "\n\n".join(wrong)
    refused = {name for name, seen in statuses.items() if seen <= {401, 403}}
    assert caller is not records.client or refused <= set(AT_THE_END), "an admin reaches every operation"
