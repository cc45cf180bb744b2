"""Configuration: one frozen object, read from a mapping of environment variables and from nothing else."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from api.platform.addresses import (
    check_proxies,
    check_redis_address,
    check_sender,
    check_smtp_address,
    check_token,
    check_web_address,
    database_address,
    is_this_machine,
    origin_error,
    origin_of,
)
from api.platform.folders import home_of_this_account
from api.platform.secret_files import with_secret_files
from api.platform.secret_keys import parse_keys


class SettingsInvalid(Exception):
    """The configuration cannot be used; `errors` has one line for each variable that is wrong."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


class EnvironmentModel(BaseModel):
    """A frozen model whose fields are environment variables (their aliases) or other models of this kind."""

    model_config = ConfigDict(frozen=True, extra="ignore", validate_default=True, hide_input_in_errors=True)

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Self:
        """Read `env`, or os.environ if there is none; SettingsInvalid lists all errors. A blank value is unset."""
        given = {name: value for name, value in (os.environ if env is None else env).items() if value}
        source, file_errors = with_secret_files(given, _secrets(cls))
        nested = {name: source for name, field in cls.model_fields.items() if field.alias is None}
        env_name = source.get("JOBTALLY_ENV")
        context = {"production": env_name == "production", "env_is_written": env_name is not None}
        try:
            settings = cls.model_validate({**source, **nested}, context=context)
        except ValidationError as error:
            names = _variables(cls)
            raise SettingsInvalid(file_errors + [_error_line(entry, names) for entry in error.errors()]) from None
        if file_errors:
            raise SettingsInvalid(file_errors)
        return settings

    @classmethod
    def variables(cls) -> frozenset[str]:
        """The names of all environment variables that `from_env` reads."""
        return frozenset(_variables(cls).values())


def in_production(info: ValidationInfo) -> bool:
    """Whether the settings under validation are those of a production system."""
    return bool(info.context and info.context["production"])


def _check_this_machine(host: str, info: ValidationInfo) -> None:
    """A development server has no TLS and shows its links: it is open to others only on purpose."""
    if info.context and not info.context["env_is_written"] and not is_this_machine(host):
        raise ValueError("is not only this machine: set JOBTALLY_ENV to production, or to development if you mean it")


def _split_words(value: Any) -> Any:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _remove_last_slash(value: Any) -> Any:
    return value.rstrip("/") if isinstance(value, str) else value


def _check_https(value: str, info: ValidationInfo) -> str:
    if in_production(info) and not value.startswith("https://"):
        raise ValueError("has to start with https:// in production")
    return value


def _check_required(value: Any, info: ValidationInfo) -> Any:
    if in_production(info) and not value:
        raise ValueError("has to be set in production")
    return value


Words = Annotated[tuple[str, ...], BeforeValidator(_split_words)]
Url = Annotated[
    str, BeforeValidator(_remove_last_slash), AfterValidator(check_web_address), AfterValidator(_check_https)
]
DatabaseUrl = Annotated[str, AfterValidator(database_address)]
RedisUrl = Annotated[str, AfterValidator(check_redis_address)]
SmtpUrl = Annotated[str, AfterValidator(check_smtp_address)]
required_in_production = AfterValidator(_check_required)


class Settings(EnvironmentModel):
    """The settings of the platform; `.env.example` explains each of them."""

    env: Literal["development", "production"] = Field("development", alias="JOBTALLY_ENV")
    host: str = Field("127.0.0.1", alias="JOBTALLY_HOST")
    port: int = Field(8080, ge=0, le=65535, alias="JOBTALLY_PORT")
    public_url: Annotated[Url | None, required_in_production] = Field(None, alias="JOBTALLY_PUBLIC_URL")
    app_url: Url | None = Field(None, alias="JOBTALLY_APP_URL")
    allowed_origins: Words = Field((), alias="JOBTALLY_ALLOWED_ORIGINS")
    database_url: Annotated[DatabaseUrl | None, required_in_production] = Field(
        None, alias="JOBTALLY_DATABASE_URL", repr=False
    )
    migration_database_url: DatabaseUrl | None = Field(None, alias="JOBTALLY_MIGRATION_DATABASE_URL", repr=False)
    redis_url: RedisUrl | None = Field(None, alias="JOBTALLY_REDIS_URL", repr=False)
    processes: int = Field(1, ge=1, le=64, alias="JOBTALLY_PROCESSES")
    data_dir: Path = Field(alias="JOBTALLY_DATA_DIR")
    secret_keys: Annotated[str | None, required_in_production] = Field(None, alias="JOBTALLY_SECRET_KEYS", repr=False)
    smtp_url: SmtpUrl | None = Field(None, alias="JOBTALLY_SMTP_URL", repr=False)
    mail_from: Annotated[str, AfterValidator(check_sender)] | None = Field(None, alias="JOBTALLY_MAIL_FROM")
    support_email: str | None = Field(None, alias="JOBTALLY_SUPPORT_EMAIL")
    support_phone: str | None = Field(None, alias="JOBTALLY_SUPPORT_PHONE")
    operator_token: Annotated[str, Field(min_length=16), AfterValidator(check_token)] | None = Field(
        None, alias="JOBTALLY_OPERATOR_TOKEN", repr=False
    )
    operator_port: int | None = Field(None, ge=0, le=65535, alias="JOBTALLY_OPERATOR_PORT")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", alias="JOBTALLY_LOG_LEVEL")
    trusted_proxies: Words = Field((), alias="JOBTALLY_TRUSTED_PROXIES")
    requests_per_minute: int = Field(1200, ge=1, alias="JOBTALLY_REQUESTS_PER_MINUTE")
    time_scale: float = Field(1, ge=1, allow_inf_nan=False, alias="JOBTALLY_TIME_SCALE")

    @property
    def in_production(self) -> bool:
        return self.env == "production"

    @property
    def base_url(self) -> str:
        """Our public address. The default is `localhost`: Xero accepts plain http for this name only."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach us by https only."""
        return self.base_url.startswith("https://")

    @property
    def app_base_url(self) -> str:
        """The address of the web app, without a slash at the end."""
        return self.app_url or self.base_url

    @property
    def xero_is_stand_in(self) -> bool:
        """Whether Xero's addresses point to this machine; the class that has these addresses overrides it."""
        return False

    @property
    def own_origins(self) -> frozenset[str]:
        """Origins whose pages may send unsafe requests with our cookie."""
        own = {origin_of(self.base_url), origin_of(self.app_base_url)}
        if not self.in_production:  # the other names of the same server
            own |= {f"http://{host}:{self.port}" for host in ("localhost", "127.0.0.1")}
        return frozenset(own | set(self.allowed_origins))

    def keys(self) -> dict[str, bytes]:
        """Secret keys by id, the writing key first; empty if none is set."""
        return parse_keys(self.secret_keys) if self.secret_keys else {}

    @model_validator(mode="before")
    @classmethod
    def _default_data_dir(cls, source: dict[str, Any]) -> dict[str, Any]:
        home = source.get("HOME") or home_of_this_account()
        shared = source.get("XDG_DATA_HOME") or (home and Path(home) / ".local" / "share")
        return {"JOBTALLY_DATA_DIR": Path(shared) / "jobtally", **source} if shared else source

    @field_validator("host")
    @classmethod
    def _check_host(cls, value: str, info: ValidationInfo) -> str:
        _check_this_machine(value, info)
        return value

    @field_validator("processes")
    @classmethod
    def _check_processes(cls, value: int, info: ValidationInfo) -> int:
        if value > 1 and info.data.get("redis_url", "") is None:
            raise ValueError("more than one needs JOBTALLY_REDIS_URL, to count requests and sign-ins for all of them")
        return value

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and "xero" in value.lower():
            raise ValueError('choose an address without "xero": Xero refuses invoices that link to one')
        if value is not None and urlsplit(value).path:
            raise ValueError("leave out the path: Jobtally answers at the root of its address")
        if value is not None:
            _check_this_machine(urlsplit(value).hostname or "", info)
        return value

    @field_validator("operator_port")
    @classmethod
    def _check_operator_port(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value and value == info.data.get("port"):
            raise ValueError("is the port of the API (JOBTALLY_PORT): choose another")
        return value

    @field_validator("mail_from")
    @classmethod
    def _check_mail_from(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("smtp_url"):
            raise ValueError("has to be set with JOBTALLY_SMTP_URL: the sender of mail, like jobtally@example.nz")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        check_proxies(value, widest=not in_production(info))
        return value

    @field_validator("secret_keys")
    @classmethod
    def _check_keys(cls, value: str | None) -> str | None:
        if value is not None:
            parse_keys(value)
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if wrong := [error for entry in value if (error := origin_error(entry)) is not None]:
            raise ValueError(f"list origins like https://app.example.nz, separated by commas: {'; '.join(wrong)}")
        for origin in value:
            _check_https(origin, info)
        return value

    @field_validator("log_level")
    @classmethod
    def _check_log_level(cls, value: str, info: ValidationInfo) -> str:
        if in_production(info) and value == "DEBUG":
            raise ValueError("DEBUG is not for production; use INFO")
        return value

    @field_validator("time_scale")
    @classmethod
    def _check_time_scale(cls, value: float, info: ValidationInfo) -> float:
        if in_production(info) and value != 1:
            raise ValueError("has to be 1 in production; other values shorten the waiting times that protect exports")
        return value


def _variables(model: type[BaseModel]) -> dict[str, str]:
    """The environment variable of each field, nested models included."""
    names: dict[str, str] = {}
    for name, field in model.model_fields.items():
        if field.alias is not None:
            names[name] = field.alias
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            names |= _variables(field.annotation)
    return names


def _secrets(model: type[BaseModel]) -> frozenset[str]:
    """The environment variables that hold a secret, nested models included: those that `repr` does not show."""
    secrets: set[str] = set()
    for field in model.model_fields.values():
        if field.alias is not None and not field.repr:
            secrets.add(field.alias)
        elif field.alias is None and isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            secrets |= _secrets(field.annotation)
    return frozenset(secrets)


def _error_line(error: Any, names: Mapping[str, str]) -> str:
    place = str(error["loc"][-1])  # a variable, or the field's name if the value is the default
    return f"{names.get(place, place)}: {str(error['msg']).removeprefix('Value error, ')}"
