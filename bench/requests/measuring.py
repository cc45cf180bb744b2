"""The load generator: httpx2, eight requests at a time for rates and CPU, and one at a time for durations."""

import asyncio
import statistics
import time
from collections.abc import Mapping
from typing import Any

import httpx2

from bench.requests.paths import Measured
from bench.requests.servers import Servers

GENERATOR = f"httpx2 {httpx2.__version__}, 8 connections"
_AT_A_TIME = 8
_ROUNDS = 3
_ROUND_SECONDS = 0.7
_ONE_BY_ONE = 120


async def measure(
    servers: Servers, client: httpx2.AsyncClient, requests: Mapping[str, Measured]
) -> dict[str, dict[str, float]]:
    """Server CPU per request, rate as a part of that of hello, and p50 and p95 one at a time, in interleaved rounds."""
    rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in requests}
    for number in range(_ROUNDS + 1):
        for name, request in requests.items():
            result = await _round(servers, client, request)
            if number > 0:  # the first round warms up
                rounds[name].append(result)
    rates = {name: statistics.median(rate for _, rate in results) for name, results in rounds.items()}
    return {
        name: {
            "server_cpu_ms": round(statistics.median(cpu for cpu, _ in rounds[name]), 2),
            "rate_to_hello": round(rates[name] / rates["hello"], 2),
            "requests_per_second": round(rates[name]),
            **await _durations(client, request),
        }
        for name, request in requests.items()
    }


async def timed(
    servers: Servers, client: httpx2.AsyncClient, path: str, body: Any, *, expected: int = 202
) -> dict[str, float]:
    """How long one POST takes, and its CPU."""
    cpu, started = servers.cpu_seconds(), time.perf_counter()
    reply = await client.post(path, json=body)
    taken = time.perf_counter() - started
    assert reply.status_code == expected, reply.text
    return {"ms": round(taken * 1000), "server_cpu_ms": round((servers.cpu_seconds() - cpu) * 1000)}


def quantiles(seconds: list[float]) -> dict[str, float]:
    """p50 and p95 in milliseconds."""
    ordered = statistics.quantiles(seconds, n=20)
    return {"p50_ms": round(ordered[9] * 1000, 2), "p95_ms": round(ordered[-1] * 1000, 2)}


async def _round(servers: Servers, client: httpx2.AsyncClient, request: Measured) -> tuple[float, float]:
    """Milliseconds of CPU per request, and requests per second."""
    cpu, started = servers.cpu_seconds(), time.perf_counter()
    ends = started + _ROUND_SECONDS

    async def ask_until_the_end() -> int:
        count = 0
        while time.perf_counter() < ends:
            await _ask(client, request)
            count += 1
        return count

    count = sum(await asyncio.gather(*(ask_until_the_end() for _ in range(_AT_A_TIME))))
    wall = time.perf_counter() - started
    return (servers.cpu_seconds() - cpu) * 1000 / count, count / wall


async def _durations(client: httpx2.AsyncClient, request: Measured) -> dict[str, float]:
    seconds = []
    for _ in range(_ONE_BY_ONE):
        started = time.perf_counter()
        await _ask(client, request)
        seconds.append(time.perf_counter() - started)
    return quantiles(seconds)


async def _ask(client: httpx2.AsyncClient, request: Measured) -> None:
    reply = await client.get(request.path, headers=dict(request.headers))
    assert reply.status_code == request.expected, (request.path, reply.status_code, reply.text[:300])
