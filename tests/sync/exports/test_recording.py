"""The one sentence the business reads when an export is done."""

import pytest

from api.sync.exports.recording import finished_sentence


@pytest.mark.parametrize(
    ("total", "exported", "rejected", "cancelled", "with_remarks", "sentence"),
    [
        (3, 3, 0, 0, 0, "3 of 3 invoices have been exported to Xero."),
        (1, 1, 0, 0, 0, "1 of 1 invoice has been exported to Xero."),
        (3, 2, 1, 0, 0, "2 of 3 invoices have been exported to Xero. 1 needs a fix."),
        (50, 48, 2, 0, 0, "48 of 50 invoices have been exported to Xero. 2 need a fix."),
        (1, 0, 1, 0, 0, "0 of 1 invoice has been exported to Xero. 1 needs a fix."),
        (4, 2, 1, 1, 0, "2 of 4 invoices have been exported to Xero. 1 needs a fix. 1 was stopped."),
        (3, 3, 0, 0, 1, "3 of 3 invoices have been exported to Xero. 1 needs a look."),
        (9, 6, 1, 2, 4, "6 of 9 invoices have been exported to Xero. 1 needs a fix. 4 need a look. 2 were stopped."),
        (4, 2, 0, 2, 0, "2 of 4 invoices have been exported to Xero. 2 were stopped."),
    ],
)
def test_the_sentence_counts_and_agrees(
    total: int, exported: int, rejected: int, cancelled: int, with_remarks: int, sentence: str
) -> None:
    assert finished_sentence(total, exported, rejected, cancelled, with_remarks) == sentence
