"""Documents that trades businesses write: lines of text, returns, and bills without a number."""

from tests.journeys.office import Office


async def test_lines_of_text_and_returns_arrive_in_xero_as_they_are_here(office: Office) -> None:
    lines = [
        {"description": "Stop tap, 15 mm", "quantity": "3", "unit_price": "40.00"},
        {"description": "12 months' warranty"},
        {"description": "Returned", "quantity": "-1", "unit_price": "40.00"},
    ]
    invoice = await office.invoice("INV-1", await office.company("Hana Parata"), lines=lines)

    run = await office.finished(await office.export(invoice))

    (theirs,) = office.in_xero()
    assert (run["state"], run["exported"], run["with_remarks"]) == ("done", 1, 0)
    assert [line["Description"] for line in theirs["LineItems"]] == [line["description"] for line in lines]
    assert [line["LineAmount"] for line in theirs["LineItems"]] == [120, 0, -40]
    assert f"{theirs['Total']:.2f}" == (await office.read(f"invoices/{invoice}"))["total"] == "92.00"


async def test_two_bills_of_one_supplier_without_numbers_arrive_once_each(office: Office) -> None:
    supplier = await office.company("Pipeline Supplies Ltd")
    bills = [await office.invoice(None, supplier, "supplier") for _ in range(2)]

    run = await office.finished(await office.export(*bills))

    assert (run["state"], run["exported"], len(office.in_xero())) == ("done", 2, 2)
    assert {document.get("InvoiceNumber") or "" for document in office.in_xero()} == {""}
