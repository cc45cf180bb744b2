"""The control routes: changes that do not come from the app under test."""

import base64
import hashlib
import hmac
import http.server
import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.sandbox.client import API, StandInClient, line, texts


async def control(xero: StandInClient, path: str, **body):
    reply = await xero.post(f"/_ctl/{path}", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_disconnecting_in_xero_forbids_the_next_call(xero: StandInClient):
    await control(xero, "disconnect", tenant="nz")

    assert (await xero.get(f"{API}/Organisation")).status_code == 403
    assert (await xero.get("/connections")).json() == []
    assert (await xero.refresh(xero.tokens["refresh_token"])).status_code == 200


async def test_revoked_tokens_fail_for_calls_and_for_refreshing(xero: StandInClient):
    await control(xero, "tokens/revoke")

    assert (await xero.get(f"{API}/Organisation")).status_code == 401
    assert (await xero.refresh(xero.tokens["refresh_token"])).json() == {"error": "invalid_grant"}


async def test_the_clock_can_be_advanced(xero: StandInClient):
    await control(xero, "clock", seconds=1800)

    assert "TokenExpired" in (await xero.get(f"{API}/Organisation")).text


async def test_merging_archives_the_contact_and_moves_its_invoices_to_the_remaining_contact(xero: StandInClient):
    row = await xero.put_invoice()
    await control(xero, "contacts/Hana Parata/merge", into="Tom Whitfield")

    merged = (await xero.read(f"Contacts/{row['Contact']['ContactID']}"))["Contacts"][0]
    moved = (await xero.read(f"Invoices/{row['InvoiceID']}"))["Invoices"][0]
    assert (merged["ContactStatus"], merged["MergedToContactID"]) == ("ARCHIVED", moved["Contact"]["ContactID"])
    assert moved["Contact"]["Name"] == "Tom Whitfield"


async def test_contacts_and_invoices_can_be_duplicated(xero: StandInClient):
    await xero.put_invoice(Url="http://localhost:8080/x/1")
    await control(xero, "contacts/CRM-1001/duplicate")
    await control(xero, "invoices/J-1/duplicate")

    assert len((await xero.read("Contacts", where='ContactNumber=="CRM-1001"'))["Contacts"]) == 2
    assert len({row["InvoiceID"] for row in (await xero.read("Invoices", InvoiceNumbers="J-1"))["Invoices"]}) == 2


async def test_archiving_a_contact_refuses_new_invoices_to_it(xero: StandInClient):
    await control(xero, "contacts/Hana Parata/archive")

    assert "has been archived" in texts(await xero.put_invoice())[0]


async def test_accounts_and_tax_rates_can_be_archived(xero: StandInClient):
    await control(xero, "accounts/200", status="ARCHIVED")
    await control(xero, "tax-rates/OUTPUT2", status="ARCHIVED")

    assert len(texts(await xero.put_invoice())) == 2


@pytest.mark.parametrize(
    ("rate", "kind", "tax"),
    [
        ("-100", "Inclusive", 0),
        ("-100", "Exclusive", -100),
        ("9999.99995", "Inclusive", Decimal("99.01")),
        ("9999.99995", "Exclusive", 10000),
        ("123456789012345678901234567890", "Exclusive", Decimal("123456789012345678901234567890.00")),
        ("-99.9999999999999999999999", "Inclusive", None),
    ],
)
async def test_a_tax_rate_can_be_changed_to_any_rate(xero: StandInClient, rate: str, kind: str, tax: Decimal | None):
    changed = await control(xero, "tax-rates/OUTPUT2", rate=rate)
    listed = (await xero.read("TaxRates", where='TaxType=="OUTPUT2"'))["TaxRates"][0]

    row = await xero.put_invoice(LineAmountTypes=kind, LineItems=[line(TaxType="OUTPUT2", UnitAmount=100)])

    assert changed["EffectiveRate"] == listed["EffectiveRate"] == listed["TaxComponents"][0]["Rate"]
    if tax is not None:
        assert texts(row) == []
        assert row["TotalTax"] == float(tax)


async def test_a_tax_rate_that_is_no_number_is_refused(xero: StandInClient):
    for rate in ("NaN", "Infinity", "ten"):
        assert (await xero.post("/_ctl/tax-rates/OUTPUT2", json={"rate": rate})).status_code == 422


async def test_a_partial_payment_leaves_the_rest_due_and_is_listed(xero: StandInClient):
    await xero.sign_in(scope="accounting.payments.read")
    row = await xero.put_invoice()
    paid = await control(xero, f"invoices/{row['InvoiceNumber']}/payment", amount="15.00")

    assert (paid["Status"], paid["AmountDue"], paid["AmountPaid"]) == ("AUTHORISED", 100, 15)
    assert [payment["Amount"] for payment in (await xero.read("Payments"))["Payments"]] == [15]
    too_much = await xero.post(f"/_ctl/invoices/{row['InvoiceNumber']}/payment", json={"amount": "100.01"})
    assert too_much.status_code == 400


async def test_an_invoice_can_be_edited_or_voided_in_xero(xero: StandInClient):
    row = await xero.put_invoice()
    edited = await control(xero, "invoices/J-1", LineItems=[line(UnitAmount=200)])
    voided = await control(xero, "invoices/J-1/void")

    assert edited[0]["Total"] == 230
    assert (voided["Status"], voided["InvoiceID"]) == ("VOIDED", row["InvoiceID"])


async def test_any_number_of_contacts_can_be_seeded(xero: StandInClient):
    await control(xero, "seed", contact_count=250, contacts=[{"Name": "Special"}])

    assert (await xero.read("Contacts", page=1))["pagination"]["itemCount"] == 30 + 251


async def test_a_reset_restores_the_seeded_records_and_keeps_the_sign_in(xero: StandInClient):
    await xero.put_invoice()
    await control(xero, "reset")

    assert (await xero.read("Invoices"))["Invoices"] == []
    await control(xero, "reset", identity=True)
    assert (await xero.get(f"{API}/Invoices")).status_code == 401


async def test_limits_can_be_changed_at_run_time(xero: StandInClient):
    await control(xero, "limits", calls_per_minute=1)

    assert [(await xero.get(f"{API}/Organisation")).status_code for _ in range(2)] == [200, 429]


async def test_the_state_shows_which_organisations_are_connected(xero: StandInClient):
    organisations = (await xero.get("/_ctl/state")).json()["organisations"]

    assert [(row["country"], row["connected"]) for row in organisations] == [("NZ", True), ("AU", False)]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("disconnect", {"tenant": "uk"}, 404),
        ("contacts/Nobody/archive", {}, 404),
        ("accounts/zzz", {}, 404),
        ("invoices/none/void", {}, 404),
        ("clock", {"seconds": "soon"}, 422),
        ("limits", {"speed": 9}, 422),
        ("organisation", {"fields": {"PaysTax": "maybe"}}, 400),
        ("webhook", {"url": "ftp://x", "key": "k"}, 422),
        ("webhook/intent", {}, 404),
        ("seed", {"contacts": [{"Name": ""}]}, 400),
        ("seed", {"contacts": [5]}, 422),
        ("seed", {"invoices": [{"Type": {}}]}, 400),
        ("contacts/Fern Cottage", {"Phones": 5}, 400),
    ],
)
async def test_an_invalid_control_request_is_refused(anonymous: StandInClient, path, body, status):
    assert (await anonymous.post(f"/_ctl/{path}", json=body)).status_code == status


class Receiver(http.server.BaseHTTPRequestHandler):
    """Receives webhooks as Xero's guide requires: 200 for a valid signature, 401 for an invalid one."""

    bodies: list[bytes] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        expected = base64.b64encode(hmac.new(b"hook-key", body, hashlib.sha256).digest()).decode()
        is_valid = hmac.compare_digest(expected, self.headers["x-xero-signature"])
        self.bodies += [body] if is_valid else []
        self.send_response(200 if is_valid else 401)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def receiver() -> Iterator[str]:
    Receiver.bodies.clear()
    with http.server.HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()
        thread.join()


async def test_webhooks_are_signed_and_the_intent_check_has_invalid_signatures(xero: StandInClient, receiver: str):
    await control(xero, "webhook", url=receiver, key="hook-key")
    intent = await control(xero, "webhook/intent")
    event = {"category": "INVOICE", "kind": "UPDATE", "resource_id": "11111111-1111-4111-8111-111111111111"}
    sent = await xero.post("/_ctl/webhook/events", json=[event])

    assert intent == {"statuses": [200, 401, 200, 401]}
    assert sent.json() == {"status": 200}
    assert b'"eventCategory": "INVOICE"' in Receiver.bodies[-1]
