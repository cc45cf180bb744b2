"""The scenario of the demo: the first day of a plumbing business, through the public API only."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from sandbox.demo import contacts, invoices, jobs
from sandbox.demo.browser import Browser, wait_for
from sandbox.demo.failure import Failure
from sandbox.demo.screen import Screen

EMAIL = "mere@kereru-plumbing.example.com"
_EXPECTED_NOTIFICATION = "3 of 3 invoices have been exported to Xero."
_PASSWORD_WORDS = (
    "copper",
    "kauri",
    "ladle",
    "mitre",
    "nikau",
    "olive",
    "pipit",
    "quartz",
    "rimu",
    "solder",
    "tui",
    "valve",
    "washer",
    "yarrow",
)
_REFERENCE_PARTS = ["job_number", "customer_reference", "job_location"]
_TIMEOUT_SECONDS = 60


@dataclass
class Scenario:
    """One run; `browser` calls the app, `xero` is the address of the stand-in."""

    screen: Screen
    browser: Browser
    xero: str
    password: str = field(default_factory=lambda: "-".join(secrets.choice(_PASSWORD_WORDS) for _ in range(5)))
    today: date = field(default_factory=lambda: datetime.now(ZoneInfo("Pacific/Auckland")).date())

    def run(self) -> None:
        self._sign_up()
        self._add_records()
        self._sign_in_and_connect()
        self._import_contacts()
        self._set_preferences()
        self._export(self._choose_three(self._check()))

    def _sign_up(self) -> None:
        with self.screen.step("Sign up Kererū Plumbing"):
            person = {"name": "Mere Hohepa", "email": EMAIL, "password": self.password}
            self.browser.send("POST", "/businesses", {"business_name": "Kererū Plumbing", "country": "NZ"} | person)

    def _add_records(self) -> None:
        with self.screen.step("Add contacts, jobs and invoices") as step:
            contact_ids = self.browser.upsert("/contacts", contacts.contacts())
            status_ids = {name: self._create("/job-statuses", name) for name in jobs.STATUSES}
            center_ids = {name: self._create("/cost-centers", name) for name in invoices.COST_CENTERS}
            job_ids = self.browser.upsert("/jobs", jobs.jobs(status_ids, contact_ids))
            rows = invoices.invoices(invoices.Ids(contact_ids, job_ids, center_ids), self.today)
            self.browser.upsert("/invoices", rows)
            step.result = f"{len(contact_ids)} contacts, {len(job_ids)} jobs, {len(rows)} invoices of both kinds"

    def _create(self, path: str, name: str) -> str:
        return str(self.browser.send("POST", path, {"name": name})["id"])

    def _sign_in_and_connect(self) -> None:
        with self.screen.step("Sign in and connect to Xero (the stand-in)") as step:
            # Some invoices are dated before the lock date, so that the export check reports them.
            locked_to = self.today - timedelta(days=invoices.LOCKED_DAYS)
            self._control_stand_in("POST", "/lock-dates", {"period": f"{locked_to}"})
            self._control_stand_in("POST", "/seed", {"contacts": [contacts.POSSIBLE_DUPLICATE]})
            self.browser.send("POST", "/session", {"email": EMAIL, "password": self.password})
            consent = self.browser.send("POST", "/connections/xero/authorizations", {})
            self.browser.allow_access(consent["authorize_url"])
            connection = self.browser.get("/connections/xero")
            if connection["state"] != "connected":
                raise Failure(f"The connection is {connection['state']!r}.", "Look at the logs.")
            step.result = connection["organisation_name"]
        with self.screen.step("Read accounts, tax rates, tracking and items from Xero") as step:
            refresh = self.browser.send("POST", "/ledger/refreshes", {})
            refresh = wait_for("The refresh", lambda: self._finished(refresh["id"]), _TIMEOUT_SECONDS)
            step.result = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in refresh["counts"].items())

    def _finished(self, refresh_id: str) -> Any:
        refresh = self.browser.get(f"/ledger/refreshes/{refresh_id}")
        if refresh["state"] == "failed":
            raise Failure(f"The refresh failed: {refresh['problem']}", "Look at the logs.")
        return refresh if refresh["state"] == "done" else None

    def _import_contacts(self) -> None:
        with self.screen.step("Import the contacts of Xero that are certain") as step:
            started = self.browser.send("POST", "/contact-imports", {"mode": "apply"})
            done = wait_for("The import", lambda: self._import_finished(started["id"]), _TIMEOUT_SECONDS)
            step.result = f"{done['imported']} new, {done['linked']} linked, {done['undecided']} to decide"
        for item in self.browser.list_all(f"/contact-imports/{started['id']}/items", result="undecided"):
            here, there = item["contact"]["name"], item["xero_contact"]["name"]
            self.screen.detail(f"{there} in Xero may be {here}: {', '.join(item['evidence']) or 'a similar name'}")

    def _import_finished(self, import_id: str) -> Any:
        done = self.browser.get(f"/contact-imports/{import_id}")
        if done["state"] == "failed":
            raise Failure(f"The import failed: {done['problem']}", "Look at the logs.")
        return done if done["state"] == "done" else None

    def _set_preferences(self) -> None:
        with self.screen.step("Set the accounting preferences") as step:
            income = next(self.browser.list_all("/ledger/accounts", kind="income"))
            expense = next(self.browser.list_all("/ledger/accounts", kind="expense"))
            category = next(self.browser.list_all("/ledger/tracking-categories"))
            statuses = {row["name"]: row["id"] for row in self.browser.list_all("/job-statuses")}
            self.browser.change(
                "/preferences",
                {
                    "default_income_code": income["code"],
                    "default_expense_code": expense["code"],
                    "tracking_category_id": category["category_id"],
                    "reference_parts": _REFERENCE_PARTS,
                    "customer_invoice_status": "AUTHORISED",
                    "supplier_invoice_status": "SUBMITTED",
                    "job_status_on_export": statuses[jobs.INVOICED],
                },
            )
            step.result = f"{income['code']} and {expense['code']}, cost centres by {category['name']}"

    def _check(self) -> list[str]:
        with self.screen.step("Check every approved invoice before sending") as step:
            approved = [row["id"] for row in self._approved()]
            check = self.browser.send("POST", "/export-checks", {"selection": {"mode": "ids", "ids": approved}})
            step.result = f"{check['ready']} of {check['total']} are ready, {check['needs_fix']} need a fix"
        checked = {row["invoice_id"]: row for row in check["invoices"]}
        for group in check["groups"]:
            first = checked[group["invoice_ids"][0]]
            detail = next(problem["detail"] for problem in first["problems"] if problem["code"] == group["code"])
            self.screen.detail(f"{group['count']} × {group['title']}. {first['number']}: {detail}")  # noqa: RUF001
        ready: list[str] = check["ready_ids"]
        return ready

    def _approved(self) -> Iterator[Any]:
        """The approved invoices that are not in Xero, whatever stands against them."""
        return self.browser.list_all("/invoices", status="approved", export_state="not_exported")

    def _choose_three(self, ready: list[str]) -> list[str]:
        """Two customer invoices and one bill: both kinds are exported in the same way."""
        chosen: list[str] = []
        wanted = Counter(customer=2, supplier=1)
        kinds = {row["id"]: row["kind"] for row in self._approved()}
        for invoice_id in ready:
            if wanted[kinds[invoice_id]] > 0:
                wanted[kinds[invoice_id]] -= 1
                chosen.append(invoice_id)
        return chosen

    def _export(self, ids: list[str]) -> None:
        with self.screen.step("Export three invoices, and wait for the notification"):
            feed = self.browser.get("/notifications")
            run = self.browser.send("POST", "/exports", {"selection": {"mode": "ids", "ids": ids}})
            message = self._wait_for_notification(run["id"], feed["next_cursor"])
        if message != _EXPECTED_NOTIFICATION:
            raise Failure(f"The notification says: {message}", "Look at the export in the app and at the logs.")
        self.screen.say(f"\n   {message}\n", "bold")
        with self.screen.step("Read the documents from Xero (the stand-in)") as step:
            documents = self._control_stand_in("GET", "/invoices")
            if len(documents) != len(ids):
                raise Failure(f"The stand-in holds {len(documents)} documents, not {len(ids)}.", "Look at the logs.")
            step.result = f"Xero holds exactly {len(documents)} documents"
        for document in documents:
            kind = "invoice" if document["Type"] == "ACCREC" else "bill"
            what = f"{kind} {document['InvoiceNumber']}, {document['Contact']['Name']}, {document['Total']:,.2f}"
            self.screen.detail(f"{what} {document['CurrencyCode']}, {document['Status'].lower()}")

    def _wait_for_notification(self, export_id: str, cursor: str) -> str:
        """Poll the feed until the notification about this export arrives; return its message."""
        messages: list[str] = []

        def poll() -> str | None:
            nonlocal cursor
            feed = self.browser.get("/notifications", after=cursor, wait=5)
            cursor = feed["next_cursor"]
            messages.extend(item["message"] for item in feed["items"] if item["data"].get("export_id") == export_id)
            return messages[0] if messages else None

        return str(wait_for("The export", poll, _TIMEOUT_SECONDS))

    def _control_stand_in(self, method: str, path: str, body: Any = None) -> Any:
        with httpx2.Client(base_url=self.xero, trust_env=False, timeout=30) as client:
            reply = client.request(method, f"/_ctl{path}", json=body)
        if not reply.is_success:
            raise Failure(f"The stand-in returned {reply.status_code} for {path}.", "Look at the logs.", [reply.text])
        return reply.json()
