"""A contact's address inside Xero's own screens."""

from uuid import UUID

from api.sync.contacts.mapping import contact_link

ID = UUID("aaaaaaaa-0000-4000-8000-000000000001")


def test_a_contact_opens_on_its_own_screen() -> None:
    assert contact_link("!mBdtL", ID) == f"https://go.xero.com/app/!mBdtL/contacts/contact/{ID}"


def test_a_short_code_cannot_lead_to_another_site() -> None:
    assert contact_link("../../evil?x=", ID).startswith("https://go.xero.com/app/..%2F..%2Fevil%3Fx%3D/")
