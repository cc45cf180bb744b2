"""Settings: everything wrong is told at once, and production refuses what only development may do."""

import re
from pathlib import Path
from typing import Any

import pytest

from api.platform.settings import Settings, SettingsInvalid

KEY = "one:qTZ6rJfL0Vw3s8Yk2NdXbH7mCe5uGp9tAoI4lQzRxWE="
PRODUCTION = {
    "JOBTALLY_ENV": "production", "JOBTALLY_PUBLIC_URL": "https://jobs.example.nz", "JOBTALLY_SECRET_KEYS": KEY,
    "JOBTALLY_DATABASE_URL": "postgresql://app@db/jobtally", "XERO_CLIENT_ID": "id", "XERO_CLIENT_SECRET": "secret",
}  # fmt: skip


def errors(env: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsInvalid) as refused:
        Settings.from_env(env)
    return refused.value.errors


def test_nothing_has_to_be_set_to_try_it():
    settings = Settings.from_env({})
    assert settings.base_url == settings.app_base_url == "http://localhost:8080"
    assert settings.xero_redirect_uri == "http://localhost:8080/api/v1/connections/xero/callback"
    assert not settings.xero_is_stand_in
    assert settings.database_url is None


def test_production_takes_a_whole_configuration():
    settings = Settings.from_env(PRODUCTION)
    assert settings.own_origins == {"https://jobs.example.nz"}
    assert list(settings.keys()) == ["one"]


@pytest.mark.parametrize("missing", [name for name in PRODUCTION if name != "JOBTALLY_ENV"])
def test_production_names_what_is_missing(missing: str):
    told = errors({name: value for name, value in PRODUCTION.items() if name != missing})
    assert told == [f"{missing}: has to be set in production"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"JOBTALLY_PUBLIC_URL": "http://jobs.example.nz"}, "JOBTALLY_PUBLIC_URL"),
        ({"XERO_API_URL": "http://localhost:9000/api.xro/2.0"}, "XERO_API_URL"),
        ({"JOBTALLY_LOG_LEVEL": "DEBUG"}, "JOBTALLY_LOG_LEVEL"),
    ],
)
def test_production_refuses_what_only_development_may_do(change: dict[str, str], named: str):
    assert errors(PRODUCTION | change)[0].startswith(named)
    Settings.from_env(change)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JOBTALLY_PORT", "eighty"), ("JOBTALLY_PORT", "70000"), ("JOBTALLY_ENV", "staging"),
        ("JOBTALLY_PUBLIC_URL", "jobs.example.nz"), ("JOBTALLY_PUBLIC_URL", "https://my-xero-bridge.nz"),
        ("JOBTALLY_DATABASE_URL", "mysql://db/x"), ("JOBTALLY_SECRET_KEYS", "one:short"),
        ("JOBTALLY_SECRET_KEYS", "one:" + "A" * 43 + "="), ("XERO_BATCH_SIZE", "51"), ("XERO_TOKEN_URL", "token"),
        ("JOBTALLY_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(name: str, value: str):
    told = errors({name: value})
    assert len(told) == 1
    assert told[0].startswith(f"{name}: ")


def test_every_fault_is_told_at_once():
    told = errors({"JOBTALLY_PORT": "x", "JOBTALLY_LOG_LEVEL": "LOUD", "XERO_CONCURRENCY": "1"})
    assert {line.split(":")[0] for line in told} == {"JOBTALLY_PORT", "JOBTALLY_LOG_LEVEL", "XERO_CONCURRENCY"}


def test_secrets_are_not_in_the_words_of_a_settings_object():
    text = repr(Settings.from_env(PRODUCTION | {"XERO_CLIENT_SECRET": "hush-hush", "XERO_WEBHOOK_KEY": "whisper"}))
    for secret in ("hush-hush", "whisper", KEY.partition(":")[2]):
        assert secret not in text


def test_lists_may_be_written_with_commas_or_spaces():
    told = Settings.from_env({"JOBTALLY_ALLOWED_ORIGINS": "https://a.nz, https://b.nz", "XERO_SCOPES": "openid email"})
    assert told.allowed_origins == ("https://a.nz", "https://b.nz")
    assert told.xero_scopes == ("openid", "email")


def test_the_example_file_lists_every_setting_and_no_other():
    text = (Path(__file__).parents[2] / ".env.example").read_text("utf-8")
    listed = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)
    known: Any = {field.alias for field in Settings.model_fields.values()}
    assert sorted(listed) == sorted(known)
