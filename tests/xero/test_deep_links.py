"""Links into Xero's screens lead to the document, in the right organisation."""

from uuid import UUID

from api.xero.deep_links import contact_link, invoice_link

ID = UUID("aaaaaaaa-0000-4000-8000-000000000001")


def test_an_invoice_a_bill_and_a_contact_each_open_on_their_own_screen() -> None:
    assert invoice_link("ACCREC", "!mBdtL", ID) == f"https://go.xero.com/app/!mBdtL/invoicing/view/{ID}"
    assert invoice_link("ACCPAY", "!mBdtL", ID) == (
        "https://go.xero.com/organisationlogin/default.aspx?shortcode=!mBdtL"
        f"&redirecturl=/AccountsPayable/Edit.aspx?InvoiceID={ID}"
    )
    assert contact_link("!mBdtL", ID) == f"https://go.xero.com/app/!mBdtL/contacts/contact/{ID}"


def test_a_short_code_cannot_lead_elsewhere() -> None:
    assert contact_link("../../evil?x=", ID).startswith("https://go.xero.com/app/..%2F..%2Fevil%3Fx%3D/")
