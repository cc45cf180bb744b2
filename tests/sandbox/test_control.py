"""What can be done to the stand-in behind the caller's back."""

import base64
import hashlib
import hmac
import http.server
import threading
from collections.abc import Iterator

import pytest

from tests.sandbox.visitor import API, Visitor, line, texts


async def control(xero: Visitor, path: str, **body):
    reply = await xero.post(f"/_ctl/{path}", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_disconnecting_in_xero_forbids_the_next_call(xero: Visitor):
    await control(xero, "disconnect", tenant="nz")

    assert (await xero.get(f"{API}/Organisation")).status_code == 403
    assert (await xero.get("/connections")).json() == []
    assert (await xero.refresh(xero.tokens["refresh_token"])).status_code == 200


async def test_revoked_tokens_are_dead_for_calls_and_for_refreshing(xero: Visitor):
    await control(xero, "tokens/revoke")

    assert (await xero.get(f"{API}/Organisation")).status_code == 401
    assert (await xero.refresh(xero.tokens["refresh_token"])).json() == {"error": "invalid_grant"}


async def test_the_clock_can_be_moved_on(xero: Visitor):
    await control(xero, "clock", seconds=1800)

    assert "TokenExpired" in (await xero.get(f"{API}/Organisation")).text


async def test_a_merged_contact_points_to_the_one_that_stays_and_takes_its_invoices_along(xero: Visitor):
    row = await xero.put_invoice()
    await control(xero, "contacts/Hana Parata/merge", into="Tom Whitfield")

    merged = (await xero.read(f"Contacts/{row['Contact']['ContactID']}"))["Contacts"][0]
    moved = (await xero.read(f"Invoices/{row['InvoiceID']}"))["Invoices"][0]
    assert (merged["ContactStatus"], merged["MergedToContactID"]) == ("ARCHIVED", moved["Contact"]["ContactID"])
    assert moved["Contact"]["Name"] == "Tom Whitfield"


async def test_twins_can_be_made_to_confuse_a_matcher(xero: Visitor):
    await xero.put_invoice(Url="http://localhost:8080/x/1")
    await control(xero, "contacts/CRM-1001/duplicate")
    await control(xero, "invoices/J-1/duplicate")

    assert len((await xero.read("Contacts", where='ContactNumber=="CRM-1001"'))["Contacts"]) == 2
    assert len({row["InvoiceID"] for row in (await xero.read("Invoices", InvoiceNumbers="J-1"))["Invoices"]}) == 2


async def test_archiving_a_contact_stops_new_invoices_to_it(xero: Visitor):
    await control(xero, "contacts/Hana Parata/archive")

    assert "has been archived" in texts(await xero.put_invoice())[0]


async def test_accounts_and_tax_rates_can_be_archived(xero: Visitor):
    await control(xero, "accounts/200", status="ARCHIVED")
    await control(xero, "tax-rates/OUTPUT2", status="ARCHIVED")

    assert len(texts(await xero.put_invoice())) == 2


async def test_a_part_payment_leaves_the_rest_due_and_is_listed(xero: Visitor):
    await xero.sign_in(scope="accounting.payments.read")
    row = await xero.put_invoice()
    paid = await control(xero, f"invoices/{row['InvoiceNumber']}/payment", amount="15.00")

    assert (paid["Status"], paid["AmountDue"], paid["AmountPaid"]) == ("AUTHORISED", 100, 15)
    assert [payment["Amount"] for payment in (await xero.read("Payments"))["Payments"]] == [15]
    too_much = await xero.post(f"/_ctl/invoices/{row['InvoiceNumber']}/payment", json={"amount": "100.01"})
    assert too_much.status_code == 400


async def test_somebody_can_edit_or_void_an_invoice_in_xero(xero: Visitor):
    row = await xero.put_invoice()
    edited = await control(xero, "invoices/J-1", LineItems=[line(UnitAmount=200)])
    voided = await control(xero, "invoices/J-1/void")

    assert edited[0]["Total"] == 230
    assert (voided["Status"], voided["InvoiceID"]) == ("VOIDED", row["InvoiceID"])


async def test_any_number_of_contacts_can_be_seeded(xero: Visitor):
    await control(xero, "seed", contact_count=250, contacts=[{"Name": "Special"}])

    assert (await xero.read("Contacts", page=1))["pagination"]["itemCount"] == 30 + 251


async def test_a_reset_brings_the_first_books_back_and_keeps_the_sign_in(xero: Visitor):
    await xero.put_invoice()
    await control(xero, "reset")

    assert (await xero.read("Invoices"))["Invoices"] == []
    await control(xero, "reset", identity=True)
    assert (await xero.get(f"{API}/Invoices")).status_code == 401


async def test_limits_can_be_changed_while_it_runs(xero: Visitor):
    await control(xero, "limits", calls_per_minute=1)

    assert [(await xero.get(f"{API}/Organisation")).status_code for _ in range(2)] == [200, 429]


async def test_the_state_says_who_is_connected(xero: Visitor):
    organisations = (await xero.get("/_ctl/state")).json()["organisations"]

    assert [(row["country"], row["connected"]) for row in organisations] == [("NZ", True), ("AU", False)]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("disconnect", {"tenant": "uk"}, 404), ("contacts/Nobody/archive", {}, 404), ("accounts/zzz", {}, 404),
        ("invoices/none/void", {}, 404), ("clock", {"seconds": -1}, 422), ("limits", {"speed": 9}, 422),
        ("organisation", {"fields": {"PaysTax": "maybe"}}, 400), ("webhook", {"url": "ftp://x", "key": "k"}, 422),
        ("webhook/intent", {}, 404), ("seed", {"contacts": [{"Name": ""}]}, 400), ("seed", {"contacts": [5]}, 422),
        ("seed", {"invoices": [{"Type": {}}]}, 400), ("contacts/Fern Cottage", {"Phones": 5}, 400),
    ],
)  # fmt: skip
async def test_a_control_request_that_cannot_be_done_says_so(stranger: Visitor, path, body, status):
    assert (await stranger.post(f"/_ctl/{path}", json=body)).status_code == status


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes webhooks as the guide tells: 200 for a right signature, 401 for a wrong one."""

    bodies: list[bytes] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        right = base64.b64encode(hmac.new(b"hook-key", body, hashlib.sha256).digest()).decode()
        good = hmac.compare_digest(right, self.headers["x-xero-signature"])
        self.bodies += [body] if good else []
        self.send_response(200 if good else 401)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture
def receiver() -> Iterator[str]:
    Receiver.bodies.clear()
    with http.server.HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()
        thread.join()


async def test_webhooks_are_signed_and_the_trial_round_mixes_in_wrong_signatures(xero: Visitor, receiver: str):
    await control(xero, "webhook", url=receiver, key="hook-key")
    trial = await control(xero, "webhook/intent")
    event = {"category": "INVOICE", "kind": "UPDATE", "resource_id": "11111111-1111-4111-8111-111111111111"}
    sent = await xero.post("/_ctl/webhook/events", json=[event])

    assert trial == {"statuses": [200, 401, 200, 401]}
    assert sent.json() == {"status": 200}
    assert b'"eventCategory": "INVOICE"' in Receiver.bodies[-1]
