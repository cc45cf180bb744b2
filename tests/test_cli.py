"""The command line, run as an operator runs it."""

import subprocess
import sys

import pytest

from tests.conftest import Databases, name_of
from tests.platform.test_settings import PRODUCTION


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_configuration_that_cannot_be_used_is_refused_at_the_start_with_every_fault(command: str) -> None:
    wrong = {"JOBTALLY_PORT": "70000", "JOBTALLY_REDIS_URL": "http://redis", "JOBTALLY_ALLOWED_ORIGINS": "*"}

    ended = subprocess.run(
        [sys.executable, "-m", "api.cli", command], env=wrong, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert {name for name in wrong if f"  {name}: " in ended.stderr} == wrong.keys()
    assert "Traceback" not in ended.stderr


def run(command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; one that starts after all is ended."""
    arguments = [sys.executable, "-m", "api.cli", command]
    return subprocess.run(arguments, env=env, capture_output=True, text=True, check=False, timeout=30)


@pytest.mark.parametrize("command", ["serve", "worker", "doctor"])
@pytest.mark.parametrize(("role", "reason"), [("postgres", "is a superuser"), ("jobtally_owner", "owns the tables")])
def test_production_refuses_a_role_that_sees_every_business(
    databases: Databases, database_url: str, command: str, role: str, reason: str
) -> None:
    url = str(databases.server.url(role, name_of(database_url)))
    more = {"JOBTALLY_DATABASE_URL": url, "JOBTALLY_REDIS_URL": "redis://127.0.0.1:9", "JOBTALLY_PORT": "0"}

    ended = run(command, PRODUCTION | more)

    assert ended.returncode == 2
    assert f"JOBTALLY_DATABASE_URL: the role {role} {reason}" in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr
