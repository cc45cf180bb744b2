"""What can be exported and what needs a person: counts and sums of invoices by cause."""
