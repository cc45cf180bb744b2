"""`/_ctl` for settings: the changes that a user makes to organisation, accounts, tax rates and tracking in Xero."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from sandbox import accounts, tax_rates
from sandbox.control import Body, ControlProblem, json_reply, ledger_of
from sandbox.fields import as_guid
from sandbox.state import Record, World


class LockDates(Body):
    """Lock dates; null removes a lock date."""

    tenant: str | None = None
    period: date | None = None
    end_of_year: date | None = None


class OrganisationChange(Body):
    """Fields of the organisation under Xero's names, and whether each action is allowed."""

    tenant: str | None = None
    fields: Record = {}
    actions: dict[str, bool] = {}


class Change(Body):
    """A new name, code or status of an account, tax rate, tracking category or option."""

    tenant: str | None = None
    name: str | None = None
    code: str | None = None
    status: Literal["ACTIVE", "ARCHIVED", "DELETED"] | None = None


class TaxRateChange(Change):
    """A new name, status or rate (in percent) of a tax rate."""

    rate: Decimal | None = Field(default=None, allow_inf_nan=False, max_digits=30)


def router(world: World) -> APIRouter:
    routes = APIRouter()
    _add_organisation(routes, world)
    _add_lists(routes, world)
    return routes


def _add_organisation(routes: APIRouter, world: World) -> None:
    @routes.post("/lock-dates")
    async def lock_dates(body: LockDates) -> Response:
        organisation = ledger_of(world, body.tenant).organisation
        organisation |= {"PeriodLockDate": body.period, "EndOfYearLockDate": body.end_of_year}
        return json_reply(organisation)

    @routes.post("/organisation")
    async def change_organisation(body: OrganisationChange) -> Response:
        ledger = ledger_of(world, body.tenant)
        for name, value in body.fields.items():
            if not isinstance(value, (str, int)) or type(value) is not type(ledger.organisation.get(name)):
                raise ControlProblem(f"The organisation's {name} cannot be {value!r}.", 400)
        ledger.organisation |= body.fields
        ledger.actions |= body.actions
        return json_reply(ledger.organisation)


def _add_lists(routes: APIRouter, world: World) -> None:
    @routes.post("/accounts/{code}")
    async def change_account(code: str, body: Change) -> Response:
        account = accounts.find_account(ledger_of(world, body.tenant), code=code)
        return _changed(account, body, {"name": "Name", "code": "Code", "status": "Status"}, world)

    @routes.post("/tax-rates/{tax_type}")
    async def change_tax_rate(tax_type: str, body: TaxRateChange) -> Response:
        rate = tax_rates.find_rate(ledger_of(world, body.tenant), tax_type)
        if rate is not None and body.rate is not None:
            tax_rates.set_rate(rate, body.rate)
        return _changed(rate, body, {"name": "Name", "status": "Status"})

    @routes.post("/tracking-categories/{key}")
    async def change_category(key: str, body: Change) -> Response:
        rows = ledger_of(world, body.tenant).tracking_categories
        return _changed(_find(rows, key, "TrackingCategoryID"), body, {"name": "Name", "status": "Status"})

    @routes.post("/tracking-options/{key}")
    async def change_option(key: str, body: Change) -> Response:
        rows = [row for category in ledger_of(world, body.tenant).tracking_categories for row in category["Options"]]
        return _changed(_find(rows, key, "TrackingOptionID"), body, {"name": "Name", "status": "Status"})


def _find(rows: list[Record], key: str, id_name: str) -> Record | None:
    return next((row for row in rows if row[id_name] == as_guid(key) or row["Name"] == key), None)


def _changed(record: Record | None, body: Change, names: dict[str, str], world: World | None = None) -> Response:
    if record is None:
        raise ControlProblem("There is no such record.")
    sent = body.model_dump(exclude_none=True)
    record |= {field: sent[name] for name, field in names.items() if name in sent}
    if world is not None:
        record["UpdatedDateUTC"] = world.now()
    return json_reply(record)
