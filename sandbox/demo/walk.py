"""The walk itself: what a plumbing business does on its first day, through the public API alone."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from sandbox.demo import paper, people, work
from sandbox.demo.browser import Browser, wait_for
from sandbox.demo.failure import Failure
from sandbox.demo.screen import Screen

EMAIL = "mere@kereru-plumbing.example.com"
DONE = "3 of 3 invoices have been exported to Xero."
_WORDS = (
    "copper", "kauri", "ladle", "mitre", "nikau", "olive", "pipit", "quartz", "rimu", "solder", "tui", "valve",
    "washer", "yarrow",
)  # fmt: skip
_CHOSEN_PARTS = ["job_number", "customer_reference", "job_location"]
_SECONDS = 60


@dataclass
class Walk:
    """One walk through the app at `app`, with the stand-in at `xero`."""

    screen: Screen
    browser: Browser
    xero: str
    password: str = field(default_factory=lambda: "-".join(secrets.choice(_WORDS) for _ in range(5)))
    today: date = field(default_factory=lambda: datetime.now(ZoneInfo("Pacific/Auckland")).date())

    def run(self) -> None:
        """Every step in order."""
        self._sign_up()
        self._fill_the_books()
        self._sign_in_and_connect()
        self._set_preferences()
        ready = self._check()
        self._export(self._three_of(ready))

    def _sign_up(self) -> None:
        with self.screen.step("Sign Kererū Plumbing up"):
            person = {"name": "Mere Hohepa", "email": EMAIL, "password": self.password}
            self.browser.send("POST", "/businesses", {"business_name": "Kererū Plumbing", "country": "NZ"} | person)

    def _fill_the_books(self) -> None:
        with self.screen.step("Put in contacts, jobs and invoices") as step:
            contacts = self.browser.upsert("/contacts", people.contacts())
            statuses = {name: self._made("/job-statuses", name) for name in work.STATUSES}
            centers = {name: self._made("/cost-centers", name) for name in paper.COST_CENTERS}
            jobs = self.browser.upsert("/jobs", work.jobs(statuses, contacts))
            invoices = paper.invoices(paper.Ids(contacts, jobs, centers), self.today)
            self.browser.upsert("/invoices", invoices)
            step.told = f"{len(contacts)} contacts, {len(jobs)} jobs, {len(invoices)} invoices of both kinds"

    def _made(self, path: str, name: str) -> str:
        return str(self.browser.send("POST", path, {"name": name})["id"])

    def _sign_in_and_connect(self) -> None:
        with self.screen.step("Sign in and connect to Xero (the stand-in)") as step:
            # Somebody in the office has locked the books: two months ago would be usual, invoices are late here.
            locked_to = self.today - timedelta(days=paper.LOCKED_DAYS)
            self._at_the_stand_in("POST", "/lock-dates", {"period": f"{locked_to}"})
            self.browser.send("POST", "/session", {"email": EMAIL, "password": self.password})
            consent = self.browser.send("POST", "/connections/xero/authorizations", {})
            self.browser.allow_access(consent["authorize_url"])
            connection = self.browser.ask("/connections/xero")
            if connection["state"] != "connected":
                raise Failure(f"The connection is {connection['state']!r}.", "Look at the logs named below.")
            step.told = connection["organisation_name"]
        with self.screen.step("Read accounts, tax rates, tracking and items from Xero") as step:
            refresh = self.browser.send("POST", "/ledger/refreshes", {})
            refresh = wait_for("The refresh", lambda: self._finished(refresh["id"]), _SECONDS)
            step.told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in refresh["counts"].items())

    def _finished(self, refresh_id: str) -> Any:
        refresh = self.browser.ask(f"/ledger/refreshes/{refresh_id}")
        if refresh["state"] == "failed":
            raise Failure(f"The refresh failed: {refresh['problem']}", "Look at the logs named below.")
        return refresh if refresh["state"] == "done" else None

    def _set_preferences(self) -> None:
        with self.screen.step("Set the accounting preferences") as step:
            income = next(self.browser.everything("/ledger/accounts", kind="income"))
            expense = next(self.browser.everything("/ledger/accounts", kind="expense"))
            category = next(self.browser.everything("/ledger/tracking-categories"))
            statuses = {row["name"]: row["id"] for row in self.browser.everything("/job-statuses")}
            self.browser.change(
                "/preferences",
                {
                    "default_income_code": income["code"], "default_expense_code": expense["code"],
                    "tracking_category_id": category["category_id"], "reference_parts": _CHOSEN_PARTS,
                    "customer_invoice_status": "AUTHORISED", "supplier_invoice_status": "SUBMITTED",
                    "job_status_on_export": statuses[work.INVOICED],
                },
            )  # fmt: skip
            step.told = f"{income['code']} and {expense['code']}, cost centres by {category['name']}"

    def _check(self) -> list[str]:
        with self.screen.step("Check every approved invoice before sending") as step:
            approved = [row["id"] for row in self.browser.everything("/invoices", export_state="ready")]
            found = self.browser.send("POST", "/export-checks", {"selection": {"mode": "ids", "ids": approved}})
            step.told = f"{found['ready']} of {found['total']} are ready, {found['needs_fix']} need a fix"
        invoices = {row["invoice_id"]: row for row in found["invoices"]}
        for group in found["groups"]:
            first = invoices[group["invoice_ids"][0]]
            detail = next(one["detail"] for one in first["problems"] if one["code"] == group["code"])
            self.screen.detail(f"{group['count']} × {group['title']}. {first['number']}: {detail}")  # noqa: RUF001
        ready: list[str] = found["ready_ids"]
        return ready

    def _three_of(self, ready: list[str]) -> list[str]:
        """Two customer invoices and a bill: the procedure is the same."""
        chosen: list[str] = []
        wanted = Counter(customer=2, supplier=1)
        kinds = {row["id"]: row["kind"] for row in self.browser.everything("/invoices", export_state="ready")}
        for invoice_id in ready:
            if wanted[kinds[invoice_id]] > 0:
                wanted[kinds[invoice_id]] -= 1
                chosen.append(invoice_id)
        return chosen

    def _export(self, ids: list[str]) -> None:
        with self.screen.step("Export three invoices, and wait for the notification"):
            feed = self.browser.ask("/notifications")
            run = self.browser.send("POST", "/exports", {"selection": {"mode": "ids", "ids": ids}})
            message = self._told_about(run["id"], feed["next_cursor"])
        if message != DONE:
            raise Failure(f"The notification says: {message}", "Look at the export in the app, and at the logs.")
        self.screen.say(f"\n   {message}\n", "bold")
        with self.screen.step("Look into Xero (the stand-in)") as step:
            documents = self._at_the_stand_in("GET", "/invoices")
            if len(documents) != len(ids):
                raise Failure(f"The stand-in holds {len(documents)} documents, not {len(ids)}.", "Look at the logs.")
            step.told = f"it holds exactly {len(documents)} documents"
        for document in documents:
            kind = "invoice" if document["Type"] == "ACCREC" else "bill"
            what = f"{kind} {document['InvoiceNumber']}, {document['Contact']['Name']}, {document['Total']:,.2f}"
            self.screen.detail(f"{what} {document['CurrencyCode']}, {document['Status'].lower()}")

    def _told_about(self, export_id: str, cursor: str) -> str:
        """The notification about this export; the feed is asked until it comes."""
        heard: list[str] = []

        def listen() -> str | None:
            nonlocal cursor
            feed = self.browser.ask("/notifications", after=cursor, wait=5)
            cursor = feed["next_cursor"]
            heard.extend(one["message"] for one in feed["items"] if one["data"].get("export_id") == export_id)
            return heard[0] if heard else None

        return str(wait_for("The export", listen, _SECONDS))

    def _at_the_stand_in(self, method: str, path: str, body: Any = None) -> Any:
        with httpx2.Client(base_url=self.xero, trust_env=False, timeout=30) as client:
            reply = client.request(method, f"/_ctl{path}", json=body)
        if not reply.is_success:
            raise Failure(f"The stand-in answered {reply.status_code} to {path}.", "Look at the logs.", [reply.text])
        return reply.json()
