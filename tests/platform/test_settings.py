"""Settings: read from the given mapping only, all errors at once, and stricter in production."""

import os
import pwd
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.platform.settings import Settings, SettingsInvalid
from api.xero.config import JobtallySettings, XeroConfig

KEY = "one:qTZ6rJfL0Vw3s8Yk2NdXbH7mCe5uGp9tAoI4lQzRxWE="
PRODUCTION = {
    "JOBTALLY_ENV": "production",
    "JOBTALLY_PUBLIC_URL": "https://jobs.example.nz",
    "JOBTALLY_SECRET_KEYS": KEY,
    "JOBTALLY_DATABASE_URL": "postgresql://app@db/jobtally",
    "XERO_CLIENT_ID": "id",
    "XERO_CLIENT_SECRET": "secret",
}


def errors(env: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsInvalid) as refused:
        JobtallySettings.from_env(env)
    return refused.value.errors


def test_no_variable_is_required_in_development():
    settings = JobtallySettings.from_env({})
    assert settings.base_url == settings.app_base_url == "http://localhost:8080"
    assert not settings.xero_is_stand_in
    assert settings.database_url is None


@pytest.mark.parametrize("rubbish", ["", "rubbish", "-1"])
def test_variables_of_the_shell_do_not_leak_into_settings_that_were_given(
    monkeypatch: pytest.MonkeyPatch, rubbish: str
):
    variables = {*JobtallySettings.variables(), "XDG_DATA_HOME", "HOME"}
    fields = {*Settings.model_fields, *XeroConfig.model_fields, "xero"}
    for name in variables:
        monkeypatch.delenv(name, raising=False)
    default, production = JobtallySettings.from_env({}), JobtallySettings.from_env(PRODUCTION)
    for name in variables | {spelling for field in fields for spelling in (field, field.upper())}:
        monkeypatch.setenv(name, rubbish)
    assert JobtallySettings.from_env({}) == default
    assert JobtallySettings.from_env(PRODUCTION) == production


def test_without_a_mapping_the_environment_is_read(monkeypatch: pytest.MonkeyPatch):
    for name in JobtallySettings.variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JOBTALLY_PORT", "1234")
    monkeypatch.setenv("XERO_CLIENT_ID", "ours")
    settings = JobtallySettings.from_env()
    assert (settings.port, settings.xero.client_id) == (1234, "ours")


@pytest.mark.parametrize(
    ("env", "data_dir"),
    [
        ({"HOME": "/home/mere"}, "/home/mere/.local/share/jobtally"),
        ({"HOME": "/home/mere", "XDG_DATA_HOME": "/data"}, "/data/jobtally"),
        ({"HOME": "/home/mere", "XDG_DATA_HOME": "/data", "JOBTALLY_DATA_DIR": "/srv/jobtally"}, "/srv/jobtally"),
        ({"HOME": "/home/mere", "XDG_DATA_HOME": "", "JOBTALLY_DATA_DIR": ""}, "/home/mere/.local/share/jobtally"),
        ({}, f"{pwd.getpwuid(os.getuid()).pw_dir}/.local/share/jobtally"),
    ],
)
def test_the_data_directory_follows_the_mapping_and_not_the_shell(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], data_dir: str
):
    monkeypatch.setenv("HOME", "/home/of/the/shell")
    monkeypatch.setenv("XDG_DATA_HOME", "/data/of/the/shell")
    assert JobtallySettings.from_env(env).data_dir == Path(data_dir)


def test_an_account_without_a_home_directory_has_to_name_the_data_directory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 7)
    assert errors({}) == ["JOBTALLY_DATA_DIR: Field required"]
    assert JobtallySettings.from_env({"JOBTALLY_DATA_DIR": "/srv/jobtally"}).data_dir == Path("/srv/jobtally")


def test_a_blank_value_means_the_default():
    blank = JobtallySettings.from_env(dict.fromkeys(JobtallySettings.variables(), ""))
    assert blank == JobtallySettings.from_env({})


def test_settings_cannot_be_changed():
    settings = JobtallySettings.from_env({})
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1  # type: ignore[misc]  # the assignment is the test
    with pytest.raises(ValidationError, match="frozen"):
        settings.xero.batch_size = 1  # type: ignore[misc]  # the assignment is the test


def test_production_accepts_a_complete_configuration():
    settings = JobtallySettings.from_env(PRODUCTION)
    assert settings.own_origins == {"https://jobs.example.nz"}
    assert list(settings.keys()) == ["one"]


@pytest.mark.parametrize("missing", [name for name in PRODUCTION if name != "JOBTALLY_ENV"])
def test_production_names_each_missing_variable(missing: str):
    lines = errors({name: value for name, value in PRODUCTION.items() if name != missing})
    assert lines == [f"{missing}: has to be set in production"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JOBTALLY_PUBLIC_URL", "http://jobs.example.nz"),
        ("JOBTALLY_APP_URL", "http://app.example.nz"),
        ("JOBTALLY_LOG_LEVEL", "DEBUG"),
        ("JOBTALLY_TIME_SCALE", "60"),
        ("XERO_API_URL", "http://localhost:9000/api.xro/2.0"),
        ("XERO_TOKEN_URL", "https://identity.notxero.com/connect/token"),
        ("XERO_AUTHORIZE_URL", "https://xero.com.example.nz/authorize"),
        ("JOBTALLY_TRUSTED_PROXIES", "10.0.0.0/8, 0.0.0.0/0"),
        ("JOBTALLY_TRUSTED_PROXIES", "::/0"),
        ("JOBTALLY_TRUSTED_PROXIES", "0.0.0.0/1,128.0.0.0/1"),
        ("JOBTALLY_TRUSTED_PROXIES", "10.0.0.0/7"),
        ("JOBTALLY_TRUSTED_PROXIES", "2000::/3"),
    ],
)
def test_production_refuses_values_that_development_accepts(name: str, value: str):
    [line] = errors(PRODUCTION | {name: value})
    assert line.startswith(f"{name}: ")
    JobtallySettings.from_env({name: value, "JOBTALLY_ENV": "development"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JOBTALLY_PORT", "eighty"),
        ("JOBTALLY_PORT", "70000"),
        ("JOBTALLY_ENV", "staging"),
        ("JOBTALLY_PUBLIC_URL", "jobs.example.nz"),
        ("JOBTALLY_PUBLIC_URL", "https://my-xero-bridge.nz"),
        ("JOBTALLY_PUBLIC_URL", "https://jobs.example.nz:65536"),
        ("JOBTALLY_PUBLIC_URL", "https://jobs.example.nz:https"),
        ("JOBTALLY_PUBLIC_URL", "https://[::1"),
        ("JOBTALLY_PUBLIC_URL", "https://jobs example.nz"),
        ("JOBTALLY_PUBLIC_URL", "https://mere:secret@jobs.example.nz"),
        ("JOBTALLY_APP_URL", "https://mere:secret@app.example.nz"),
        ("JOBTALLY_APP_URL", "https://mere@app.example.nz"),
        ("JOBTALLY_PUBLIC_URL", "https://jobs.example.nz/?a=b"),
        ("JOBTALLY_APP_URL", "https://app.example.nz#top"),
        ("JOBTALLY_APP_URL", "https://app.example.nz?"),
        ("JOBTALLY_ALLOWED_ORIGINS", "*"),
        ("JOBTALLY_ALLOWED_ORIGINS", "null"),
        ("JOBTALLY_ALLOWED_ORIGINS", "https://app.example.nz, https://app.example.nz/jobs"),
        ("JOBTALLY_ALLOWED_ORIGINS", "https://app.example.nz/"),
        ("JOBTALLY_ALLOWED_ORIGINS", "https://App.example.nz"),
        ("JOBTALLY_ALLOWED_ORIGINS", "https://app.example.nz:443"),
        ("JOBTALLY_ALLOWED_ORIGINS", "https://app.example.nz:70000"),
        ("JOBTALLY_ALLOWED_ORIGINS", "app.example.nz"),
        ("JOBTALLY_DATABASE_URL", "mysql://db/x"),
        ("JOBTALLY_DATABASE_URL", "postgresql"),
        ("JOBTALLY_DATABASE_URL", "postgresql://db:port/x"),
        ("JOBTALLY_DATABASE_URL", "postgresql://db:65536/x"),
        ("JOBTALLY_MIGRATION_DATABASE_URL", "postgresql://[db/x"),
        ("JOBTALLY_REDIS_URL", "http://redis:6379"),
        ("JOBTALLY_REDIS_URL", "redis:6379"),
        ("JOBTALLY_REDIS_URL", "redis://redis:637999"),
        ("JOBTALLY_REDIS_URL", "redis://redis/first"),
        ("JOBTALLY_SMTP_URL", "mail.example.nz"),
        ("JOBTALLY_SMTP_URL", "http://mail.example.nz"),
        ("JOBTALLY_SMTP_URL", "smtp://mail.example.nz:587587"),
        ("JOBTALLY_SMTP_URL", "smtp://"),
        ("JOBTALLY_MAIL_FROM", "nobody"),
        ("JOBTALLY_MAIL_FROM", "us@example.nz\nBcc: them@example.nz"),
        ("XERO_SCOPES", ","),
        ("XERO_API_URL", "https://api.xero.com:99999/api.xro/2.0"),
        ("JOBTALLY_SECRET_KEYS", "one:short"),
        ("JOBTALLY_SECRET_KEYS", "one:" + "A" * 43 + "="),
        ("JOBTALLY_SECRET_KEYS", f"{KEY},one:AiZ6rJfL0Vw3s8Yk2NdXbH7mCe5uGp9tAoI4lQzRxWE="),
        ("JOBTALLY_SECRET_KEYS", KEY.replace("one", "prod|1")),
        ("JOBTALLY_SECRET_KEYS", KEY.replace("one", "prod 1")),
        ("JOBTALLY_SECRET_KEYS", KEY.replace("one", "pröd")),
        ("JOBTALLY_SECRET_KEYS", "one:schlüssel"),
        ("JOBTALLY_OPERATOR_TOKEN", "short"),
        ("JOBTALLY_OPERATOR_TOKEN", " " * 20),
        ("JOBTALLY_OPERATOR_TOKEN", "a token with blanks"),
        ("JOBTALLY_OPERATOR_TOKEN", "schlüssel-des-betreibers"),
        ("JOBTALLY_OPERATOR_PORT", "8080"),
        ("JOBTALLY_PUBLIC_URL", "http://localhost:8080/jobs"),
        ("XERO_SCOPES", "offline_access,accounting.contacts"),
        ("XERO_SCOPES", "openid,accounting.contacts"),
        ("JOBTALLY_HOST", "0.0.0.0"),
        ("JOBTALLY_HOST", "::"),
        ("JOBTALLY_HOST", "192.0.2.7"),
        ("JOBTALLY_PUBLIC_URL", "https://jobs.example.nz"),
        ("JOBTALLY_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example"),
        ("JOBTALLY_TIME_SCALE", "0.5"),
        ("JOBTALLY_TIME_SCALE", "inf"),
        ("JOBTALLY_TIME_SCALE", "nan"),
        ("XERO_BATCH_SIZE", "51"),
        ("XERO_TOKEN_URL", "token"),
    ],
)
def test_an_invalid_value_is_reported_with_the_name_of_its_variable(name: str, value: str):
    [line] = errors({name: value})
    assert line.startswith(f"{name}: ")
    assert "secret" not in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JOBTALLY_PUBLIC_URL", "http://localhost:65535/"),
        ("JOBTALLY_APP_URL", "http://[::1]:8080/jobs/"),
        ("JOBTALLY_TRUSTED_PROXIES", "10.0.0.0/8, 2400:cb00::/32, 127.0.0.1, ::1, fd00::/8"),
        ("JOBTALLY_OPERATOR_TOKEN", "b!e:3~/+=_-.0123456789"),
        ("JOBTALLY_ALLOWED_ORIGINS", "http://localhost:5173,http://[::1]:5173 https://app.example.nz"),
        ("JOBTALLY_DATABASE_URL", "postgres://app:p%40ss/w#rd@db:5432/jobtally?sslmode=require"),
        ("JOBTALLY_DATABASE_URL", "postgresql:///jobtally?host=/run/postgresql"),
        ("JOBTALLY_REDIS_URL", "rediss://default:pass@redis.example.nz:6380/1?socket_timeout=5"),
        ("JOBTALLY_REDIS_URL", "unix:///run/redis.sock"),
        ("JOBTALLY_MAIL_FROM", "Jobtally <jobtally@example.nz>"),
        ("JOBTALLY_SECRET_KEYS", KEY.replace("one", "2026-11.a_B")),
    ],
)
def test_every_usual_form_of_an_address_is_accepted(name: str, value: str):
    JobtallySettings.from_env({name: value})


def test_an_origin_that_no_browser_sends_is_refused_with_the_form_that_it_sends():
    [line] = errors({"JOBTALLY_ALLOWED_ORIGINS": "https://App.example.nz:443/ * http://a.nz"})
    assert line.endswith(": write https://app.example.nz for https://App.example.nz:443/; * is no origin")
    assert errors(PRODUCTION | {"JOBTALLY_ALLOWED_ORIGINS": "http://a.nz"})
    settings = JobtallySettings.from_env(
        {"JOBTALLY_PUBLIC_URL": "https://Jobs.example.nz:443/", "JOBTALLY_ENV": "development"}
    )
    assert "https://jobs.example.nz" in settings.own_origins


def test_all_errors_are_reported_at_once():
    wrong = {
        "JOBTALLY_ENV": "production",
        "JOBTALLY_PORT": "x",
        "JOBTALLY_TIME_SCALE": "2",
        "JOBTALLY_TRUSTED_PROXIES": "0.0.0.0/1",
        "JOBTALLY_OPERATOR_TOKEN": " " * 20,
        "XERO_CONCURRENCY": "1",
        "XERO_SCOPES": "openid",
    }
    missing = (set(PRODUCTION) - {"JOBTALLY_ENV"}) | {"JOBTALLY_MAIL_FROM"}
    lines = errors(wrong | {"JOBTALLY_SMTP_URL": "smtp://mail.example.nz"})
    assert {line.split(":")[0] for line in lines} == (set(wrong) - {"JOBTALLY_ENV"}) | missing


def test_secrets_are_not_part_of_the_representation():
    secret = {"XERO_CLIENT_SECRET": "hush-hush", "XERO_WEBHOOK_KEY": "whisper"}
    text = repr(JobtallySettings.from_env(PRODUCTION | secret))
    for value in ("hush-hush", "whisper", KEY.partition(":")[2]):
        assert value not in text


def test_lists_are_separated_by_commas_or_spaces():
    env = {"JOBTALLY_ALLOWED_ORIGINS": "https://a.nz, https://b.nz", "XERO_SCOPES": "openid offline_access"}
    settings = JobtallySettings.from_env(env)
    assert settings.allowed_origins == ("https://a.nz", "https://b.nz")
    assert settings.xero.scopes == ("openid", "offline_access")


def test_the_time_scale_is_one_unless_it_is_set():
    assert JobtallySettings.from_env({}).time_scale == 1
    assert JobtallySettings.from_env({"JOBTALLY_TIME_SCALE": "12.5"}).time_scale == 12.5


def test_the_example_file_lists_every_setting_with_its_default_and_no_other_setting():
    text = (Path(__file__).parents[2] / ".env.example").read_text("utf-8")
    listed = dict(re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", text, re.MULTILINE))
    assert listed.keys() == JobtallySettings.variables()
    home = {"HOME": str(Path.home())}
    example = JobtallySettings.from_env(
        listed | {"JOBTALLY_DATA_DIR": listed["JOBTALLY_DATA_DIR"].replace("~", home["HOME"])}
    )
    stated = {"public_url": "http://localhost:8080", "app_url": "http://localhost:8080"}
    assert example == JobtallySettings.from_env(home).model_copy(update=stated)
