"""The command line, run as an operator runs it."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_configuration_that_cannot_be_used_is_refused_at_the_start_with_every_fault(command: str) -> None:
    wrong = {"JOBTALLY_PORT": "70000", "JOBTALLY_REDIS_URL": "http://redis", "JOBTALLY_ALLOWED_ORIGINS": "*"}

    ended = subprocess.run(
        [sys.executable, "-m", "api.cli", command], env=wrong, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert {name for name in wrong if f"  {name}: " in ended.stderr} == wrong.keys()
    assert "Traceback" not in ended.stderr
