"""Preferences of a business: read and change."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement

from api.identity.audit.service import record_event
from api.identity.reader import Reader
from api.platform.db.reads import STATEMENTS, Read
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid
from api.platform.http.versions import ExpectedVersion
from api.records.accounting_codes.service import AccountingCodeService
from api.records.job_statuses.service import JobStatusService
from api.records.preferences.models import Preferences
from api.records.preferences.repository import PreferencesRepository, pushing_businesses
from api.records.preferences.schemas import PreferencesChange, PreferencesOut
from api.records.tax_rates.service import TaxRateService

__all__ = ["PreferencesService", "PreferencesView", "begin", "pushing_businesses", "read_preferences"]

_TAX_TYPES = {"NZ": ("OUTPUT2", "INPUT2"), "AU": ("OUTPUT", "INPUT")}
_SIDES = {"default_sales_tax_type": "income", "default_purchase_tax_type": "expense"}
_CODES = {"default_income_code": "income", "default_expense_code": "expense"}
# What is sent of a contact: after a change, contacts are compared with the ledger again.
_COMPARED: Final = {"person_name_format", "send_payer_reference"}

PREFERENCES_TABLE: Final = Preferences


@dataclass(frozen=True)
class PreferencesView:
    """The preferences of one business."""

    person_name_format: str
    send_payer_reference: bool
    contact_push_enabled: bool
    default_income_code: str | None
    default_expense_code: str | None
    tracking_category_id: str | None
    reference_parts: tuple[str, ...]
    reference_on_bills: bool
    customer_invoice_status: str
    supplier_invoice_status: str
    default_sales_tax_type: str | None
    default_purchase_tax_type: str | None
    send_item_codes: bool
    mark_as_sent: bool
    skip_tracking_setup: bool
    job_status_on_export: UUID | None
    send_from_date: date | None
    never_sent_alarm_days: int | None
    digest_mail: bool


async def begin(work: UnitOfWork, country: str) -> None:
    """Create the row of a new business, with the tax types of its country."""
    sales, purchases = _TAX_TYPES[country]
    row = Preferences(default_sales_tax_type=sales, default_purchase_tax_type=purchases)
    await PreferencesRepository(work).add(row)


class PreferencesService:
    """The preferences of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._preferences = PreferencesRepository(work)

    async def current(self) -> PreferencesView:
        """Read the preferences."""
        return _view(await self._preferences.own())

    def name_format(self) -> ColumnElement[str]:
        """The format of the names of persons, for statements of other packages to use."""
        return self._preferences.name_format()

    async def change(self, change: PreferencesChange, expected: ExpectedVersion) -> PreferencesView:
        """Apply a merge-patch. Raises PreconditionFailed when the preferences have another version."""
        row = await self._preferences.own_locked()
        await expected.check(PreferencesOut, self.current)
        before = asdict(_view(row))
        wanted = change.model_dump(exclude_unset=True)
        new = {name: value for name, value in wanted.items() if _plain(before[name]) != value}
        if not new:
            return _view(row)
        if errors := await self._field_errors({**before, **new}, new):
            raise Invalid(errors=errors)
        for name, value in new.items():
            setattr(row, name, value)
        record_event(self._work, "preferences.change", fields=sorted(new))
        if "tracking_category_id" in new:
            self._work.wake_after_commit("ledger.rebind", self._work.business_id)
        if _COMPARED & new.keys():
            self._work.wake_after_commit("contacts.restate", self._work.business_id)
        await self._work.session.flush()
        return _view(row)

    async def _field_errors(self, merged: dict[str, Any], new: dict[str, Any]) -> list[FieldError]:
        errors = await self._code_errors(merged, new) + await self._tax_errors(new)
        status = new.get("job_status_on_export")
        if status is not None and status not in await JobStatusService(self._work).known({status}):
            detail = "There is no job status with this id. List them at /job-statuses."
            errors.append(FieldError("unknown_job_status", detail, pointer="#/job_status_on_export"))
        return errors

    async def _code_errors(self, merged: dict[str, Any], new: dict[str, Any]) -> list[FieldError]:
        changed = [name for name in _CODES if name in new]
        codes = [merged[name] for name in _CODES]
        if changed and codes[0] is not None and codes[0] == codes[1]:
            detail = "The default income code and the default expense code have to be two different codes."
            return [FieldError("default_codes_equal", detail, pointer=f"#/{name}") for name in _CODES]
        kinds = await AccountingCodeService(self._work).kinds({new[name] for name in changed if new[name] is not None})
        return [
            FieldError(
                "wrong_code_kind",
                f"{new[name]} is an {kinds[new[name]]} code. Choose an {_CODES[name]} code here.",
                pointer=f"#/{name}",
            )
            for name in changed
            if kinds.get(new[name], _CODES[name]) != _CODES[name]
        ]

    async def _tax_errors(self, new: dict[str, Any]) -> list[FieldError]:
        wanted = {name: new[name] for name in _SIDES if new.get(name) is not None}
        rates = await TaxRateService(self._work).by_type() if wanted else {}
        errors: list[FieldError] = []
        for name, tax_type in wanted.items():
            rate, side = rates.get(tax_type), _SIDES[name]
            if rate is None or not rate.active:
                detail = f"There is no tax type {tax_type}. List them at /tax-rates."
                errors.append(FieldError("unknown_tax_type", detail, pointer=f"#/{name}"))
            elif not (rate.for_income if side == "income" else rate.for_expense):
                detail = f"{rate.name} ({tax_type}) cannot be used with an {side} code. Choose another."
                errors.append(FieldError("tax_type_misfit", detail, pointer=f"#/{name}"))
        return errors


async def read_preferences(reader: Reader) -> PreferencesView:
    """The preferences of the business of the caller."""
    ((row,),) = await reader.fetch(_own_row())
    return _view_of(row)


@cache
def _own_row() -> Read:
    return Read.of(PreferencesRepository(STATEMENTS).rows())


def _view(row: Preferences) -> PreferencesView:
    return _view_of({field.name: getattr(row, field.name) for field in fields(PreferencesView)})


def _view_of(row: Mapping[str, Any]) -> PreferencesView:
    values = {field.name: row[field.name] for field in fields(PreferencesView)}
    return PreferencesView(**{**values, "reference_parts": tuple(row["reference_parts"])})


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
