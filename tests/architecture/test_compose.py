"""compose.yaml passes only settings that exist, and each secret only to the services that need it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from api.xero.config import JobtallySettings

COMPOSE = yaml.safe_load((Path(__file__).parents[2] / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PRODUCT = ("migrate", "api", "worker")


@pytest.mark.parametrize("service", PRODUCT)
def test_every_passed_setting_is_a_setting_of_the_product(service: str) -> None:
    known = JobtallySettings.variables()
    assert set(SERVICES[service]["environment"]) <= known


@pytest.mark.parametrize("service", ["api", "worker"])
def test_the_api_and_the_worker_do_not_get_the_owners_database_password(service: str) -> None:
    given = " ".join(str(value) for value in SERVICES[service]["environment"].values())
    assert "APP_PASSWORD" in given
    assert "OWNER_PASSWORD" not in given
    assert "env_file" not in SERVICES[service]


def test_every_secret_has_to_be_given_by_the_operator() -> None:
    given = {
        name: value
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if name.endswith(("PASSWORD", "SECRET", "SECRET_KEYS"))
    }
    assert len(given) == 5
    assert all(value.startswith("${") and ":?" in value for value in given.values())
