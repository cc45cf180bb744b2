"""The command `jobtally`: serve, work, migrate, and look after an installation."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.console import Console

from api.platform.db import migrations
from api.platform.db.roles import role_fault
from api.platform.embedded_postgres.errors import PostgresUnavailable
from api.platform.embedded_postgres.postgres import EmbeddedPostgres
from api.platform.embedded_postgres.temporary import temporary_postgres
from api.platform.embedded_postgres.watch import watched
from api.platform.http.listeners import listening
from api.platform.ids import decode
from api.platform.log import set_up_logging
from api.platform.settings import SettingsInvalid
from api.xero.config import JobtallySettings

if TYPE_CHECKING:
    from api.platform.http.operator import Readiness

# The app and its routes take seconds to import: each command imports what it needs, so that the others are quick.
cli = typer.Typer(no_args_is_help=True, add_completion=False, help="The accounting bridge for trades businesses.")
users = typer.Typer(no_args_is_help=True, help="Help users who cannot sign in.")
cli.add_typer(users, name="users")
_console = Console(stderr=True, highlight=False)
_REFERENCE, _PROBLEMS = Path("openapi.yaml"), Path("docs/problems.md")


def main() -> None:
    """Run the command; an error that an operator can correct is printed without a traceback."""
    try:
        cli()
    except SettingsInvalid as invalid:
        _console.print("The configuration cannot be used:", style="bold red")
        for error in invalid.errors:
            _console.print(f"  {error}", markup=False)
        raise SystemExit(2) from None
    except (PostgresUnavailable, migrations.UnknownSchema) as refused:
        _console.print(str(refused), style="red", markup=False)
        raise SystemExit(1) from None


@cli.command()
def serve() -> None:
    """Serve the API and the app; brings its own database and worker when none are configured."""
    settings = JobtallySettings.from_env()
    set_up_logging(settings.log_level)
    _check_role(settings)
    with listening(settings) as (bound, listeners), _with_database(bound) as ready:
        _console.print(f"Jobtally is at {ready.app_base_url}")
        if ready.operator_port is not None:
            _console.print(f"Metrics and the pages of the API are at port {ready.operator_port}")
        if ready.processes > 1:
            _run_processes(settings, ready, listeners)
        else:
            _run_server(ready, listeners)


@cli.command("serve-on", hidden=True)
def serve_on(sockets: list[int]) -> None:
    """Serve on open sockets, as one of several processes that `jobtally serve` starts."""
    from api.platform.http.processes import end_with_parent

    end_with_parent()
    settings = JobtallySettings.from_env()
    set_up_logging(settings.log_level)
    _run_server(settings, [socket.socket(fileno=number) for number in sockets])


@cli.command()
def worker() -> None:
    """Work on exports and refreshes beside an API that runs elsewhere; start as many as you want."""
    settings = JobtallySettings.from_env()
    set_up_logging(settings.log_level)
    missing = {"JOBTALLY_DATABASE_URL": settings.database_url, "JOBTALLY_REDIS_URL": settings.redis_url}
    if errors := [f"{name}: a separate worker needs it" for name, value in missing.items() if not value]:
        raise SettingsInvalid(errors)
    _check_role(settings)
    asyncio.run(_work(settings))


@cli.command()
def migrate(
    check: Annotated[bool, typer.Option(help="Compare models and migrations; change nothing.")] = False,
) -> None:
    """Bring the database to this release's schema."""
    if check:
        _check_migrations()
        return
    settings = JobtallySettings.from_env()
    with _with_database(settings, migrated=False) as ready:
        migrations.upgrade(_owner_url(ready))
    _console.print(f"The database is at {migrations.head()}.")


@cli.command()
def openapi(
    check: Annotated[bool, typer.Option(help="Compare the files with the code; change nothing.")] = False,
) -> None:
    """Write openapi.yaml and docs/problems.md as the code has them."""
    from api import app as http_root
    from api.platform.http.reference import openapi_yaml, problems_markdown

    app = http_root.create_app(JobtallySettings.from_env({}))
    made = {_REFERENCE: openapi_yaml(app), _PROBLEMS: problems_markdown(app.state.catalogue)}
    for path, text in made.items():
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            _console.print(f"{path} is not what the code says: run `jobtally openapi` and commit it.", style="red")
            raise typer.Exit(1)


@cli.command()
def doctor() -> None:
    """Look at configuration, database, Redis and the clocks; exits with 1 or 2 when something is wrong."""
    settings = JobtallySettings.from_env()
    if settings.database_url is None:
        _console.print("The configuration is fine; the embedded database starts with `jobtally serve`.")
        return
    _check_role(settings)
    state, clock = asyncio.run(_examine(settings))
    sys.stdout.write(state.model_dump_json(indent=2) + "\n")
    if clock is not None:
        _console.print(clock, style="red", markup=False)
    if not state.ready or clock is not None:
        raise typer.Exit(1)


@cli.command("audit-duplicates")
def audit_duplicates(
    business: Annotated[str | None, typer.Argument(help="The id of a business, biz_…; without it, all.")] = None,
    offline: Annotated[bool, typer.Option(help="Use what was read before; make no call to Xero.")] = False,
) -> None:
    """Look for invoices with two documents in Xero, or with none; exits with 1 when there are any."""
    settings = JobtallySettings.from_env()
    try:
        business_id = decode("biz", business) if business else None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    with _with_database(settings) as ready:
        lines = asyncio.run(_audit_duplicates(ready, business_id, offline=offline))
    for line in lines:
        sys.stdout.write(line + "\n")
    if lines:
        raise typer.Exit(1)
    _console.print("No invoice has two documents in Xero, and none is missing there.")


@users.command("reset-link")
def reset_link(email: Annotated[str, typer.Argument(help="The address that the user signs in with.")]) -> None:
    """Print a link with which a user chooses a new password; it works once, within an hour."""
    settings = JobtallySettings.from_env()
    with _with_database(settings) as ready:
        link = asyncio.run(_reset_link(ready, email))
    if link is None:
        _console.print("No user signs in with this address.", style="red")
        raise typer.Exit(1)
    sys.stdout.write(link + "\n")


@cli.command()
def demo(
    once: Annotated[bool, typer.Option(help="Stop after the three invoices are exported.")] = False,
) -> None:
    """Run the demo: a plumbing business exports three invoices to a stand-in for Xero on this machine."""
    if find_spec("sandbox") is None:
        _console.print("The stand-in is not part of this installation: run `make demo` in a checkout.", style="red")
        raise typer.Exit(1)
    # In place of this process, so that signals and the exit code are the demonstration's own.
    command = [sys.executable, "-P", "-m", "sandbox.demo", *(["--once"] if once else [])]
    os.execv(sys.executable, command)  # noqa: S606


@contextmanager
def _with_database(settings: JobtallySettings, *, migrated: bool = True) -> Iterator[JobtallySettings]:
    """The configured database, or the embedded one for as long as the block lasts."""
    if settings.database_url is not None:
        if migrated and not settings.in_production:
            migrations.upgrade(_owner_url(settings))
        yield settings
        return
    with EmbeddedPostgres(settings.data_dir) as postgres, watched(postgres, _end_without_database):
        urls = {"database_url": postgres.app_url, "migration_database_url": postgres.owner_url}
        ready = settings.model_copy(update=urls)
        if migrated:
            migrations.upgrade(_owner_url(ready))
        yield ready


def _check_role(settings: JobtallySettings) -> None:
    """Raise SettingsInvalid in production for a role that row-level security does not hold."""
    if settings.in_production and settings.database_url and (fault := role_fault(settings.database_url)):
        raise SettingsInvalid([f"JOBTALLY_DATABASE_URL: {fault}"])


def _end_without_database(reason: PostgresUnavailable) -> None:
    """End this process, which can do nothing without its database; the lease on its work ends by itself."""
    _console.print(f"PostgreSQL has died and cannot be started again. {reason}", style="red", markup=False)
    os._exit(1)


def _owner_url(settings: JobtallySettings) -> str:
    url = settings.migration_database_url or settings.database_url
    assert url is not None
    return url


def _run_server(settings: JobtallySettings, listeners: list[socket.socket]) -> None:
    from api import app as http_root
    from api.platform.http.server import run_server

    run_server(http_root.create_app(settings), settings, listeners)


def _run_processes(given: JobtallySettings, ready: JobtallySettings, listeners: list[socket.socket]) -> None:
    """Run the processes with the settings that were given, and what became of them here."""
    from api.platform.http.processes import run_processes

    names = ("port", "operator_port", "database_url", "migration_database_url")
    changed = [name for name in names if getattr(ready, name) != getattr(given, name)]
    variables = {str(type(ready).model_fields[name].alias): str(getattr(ready, name)) for name in changed}
    command = [sys.executable, "-m", "api.cli", "serve-on"]
    asyncio.run(run_processes(ready.processes, command, variables, listeners))


async def _work(settings: JobtallySettings) -> None:
    from api import worker as task_root
    from api.platform.runtime import exempt_from_collection

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with task_root.separate_worker(settings):
        exempt_from_collection()
        _console.print("The worker is waiting for work.")
        await stop.wait()


def _check_migrations() -> None:
    from api import app as http_root

    with temporary_postgres() as postgres:
        migrations.upgrade(postgres.owner_url)
        differences = migrations.drift(postgres.owner_url, http_root.metadata)
    for difference in differences:
        _console.print(difference, style="red", markup=False)
    if differences:
        raise typer.Exit(1)


async def _audit_duplicates(settings: JobtallySettings, business_id: UUID | None, *, offline: bool) -> list[str]:
    from api.platform.runtime import open_runtime
    from api.sync.connections.service import XeroGateways
    from api.sync.documents.audit import audit_installation
    from api.xero.http import open_http

    async with open_runtime(settings) as runtime, open_http() as http:
        gateways = XeroGateways(runtime, settings.xero, http)
        return [line async for line in audit_installation(gateways, business_id, offline=offline)]


async def _reset_link(settings: JobtallySettings, email: str) -> str | None:
    from api.identity.account.service import reset_link
    from api.platform.runtime import open_runtime

    async with open_runtime(settings) as runtime:
        return await reset_link(runtime.database, email.strip().lower(), settings.app_base_url)


async def _examine(settings: JobtallySettings) -> tuple["Readiness", str | None]:
    from api.platform.http.operator import readiness
    from api.platform.runtime import open_runtime
    from api.sync.budgets.service import clock_warning

    async with open_runtime(settings) as runtime:
        state = await readiness(runtime.database, runtime.queue.redis)
        return state, await clock_warning(runtime.database) if state.ready else None


if __name__ == "__main__":
    main()
