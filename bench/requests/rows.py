"""Rows for a benchmark, written by SQL: businesses with contacts, jobs and invoices of all views."""

from typing import Final
from uuid import UUID

import psycopg

from api.platform.db.work import EVERY_BUSINESS

CONTACTS_PER_BUSINESS: Final = 500

_BUSINESSES: Final = """
INSERT INTO businesses (id, name, country, currency, locale, time_zone)
SELECT lpad(to_hex(n), 32, '0')::uuid, 'Bench ' || n, 'NZ', 'NZD', 'en-NZ', 'Pacific/Auckland'
FROM generate_series(1, %(businesses)s - 1) AS n
"""
_CONTACTS: Final = """
INSERT INTO contacts (id, business_id, kind, name, sort_name, roles, email)
SELECT gen_random_uuid(), b.id, 'company', 'Kōwhai Builders ' || n, 'kowhai builders ' || n, '{customer,supplier}',
  'office' || n || '@example.nz'
FROM businesses b, generate_series(1, %(contacts)s) AS n
"""
_JOBS: Final = """
INSERT INTO jobs (id, business_id, number, description, search_text, contact_id)
SELECT gen_random_uuid(), business_id, 'J' || name, 'Replace the stop tap in the kitchen',
  lower('J' || sort_name || ' replace the stop tap in the kitchen'), id
FROM contacts
"""
# Of a hundred invoices 85 are exported, four each are drafts, ready, or have a problem; the rest is in progress.
_INVOICES: Final = """
INSERT INTO invoices (id, business_id, kind, number, contact_id, job_id, issued_on, due_on, currency, amounts,
  reference, status, approved_at, version, subtotal, tax_total, total, content_tag, export_state, exported_at,
  external_url, exported_tag, problems)
SELECT lpad(to_hex(n), 32, '0')::uuid, o.business_id,
  CASE WHEN (n / 20) %% 3 = 0 THEN 'supplier' ELSE 'customer' END,
  'INV-' || n, o.contact_id, o.job_id, date '2020-01-01' + (n * 7 %% 2400)::int,
  date '2020-02-01' + (n * 7 %% 2400)::int, 'NZD', 'exclusive', 'PO ' || n,
  CASE WHEN state < 4 THEN 'draft' ELSE 'approved' END,
  CASE WHEN state < 4 THEN NULL ELSE timestamptz '2026-11-01' END, 1, 1000 + n %% 900, 150, 1150 + n %% 900, 'tag',
  CASE WHEN state < 12 THEN 'not_exported' WHEN state < 15 THEN 'queued' ELSE 'exported' END,
  CASE WHEN state < 15 THEN NULL ELSE timestamptz '2026-11-02' END,
  CASE WHEN state < 15 THEN NULL ELSE 'https://go.xero.com/app/' || n END,
  CASE WHEN state < 15 THEN NULL ELSE 'tag' END,
  CASE WHEN state BETWEEN 8 AND 11 THEN '[{"code": "due_on_missing", "title": "Add a due date", "detail": "Add a date.",
    "pointer": "#/due_on", "fix": null, "source": "check", "xero_message": null, "choices": []}]'::jsonb ELSE '[]' END
FROM generate_series(1, %(invoices)s) AS n
CROSS JOIN LATERAL (SELECT (n / 20 * 37) %% 100 AS state) AS s
JOIN owners o ON o.business = n %% %(businesses)s AND o.contact = (n / 20) %% %(contacts)s
"""
_OWNERS: Final = """
CREATE TEMPORARY TABLE owners AS
SELECT dense_rank() OVER (ORDER BY c.business_id) - 1 AS business,
  row_number() OVER (PARTITION BY c.business_id ORDER BY c.id) - 1 AS contact,
  c.business_id, c.id AS contact_id, j.id AS job_id
FROM contacts c JOIN jobs j ON j.contact_id = c.id
"""
_LINES: Final = """
INSERT INTO invoice_lines (id, business_id, invoice_id, position, description, quantity, unit_price, discount_percent,
  tax_rate, line_amount, tax_amount)
SELECT gen_random_uuid(), business_id, id, 1, 'Hours', 10, subtotal / 10, 0, 15, subtotal, tax_total FROM invoices
"""


def write_rows(owner_url: str, *, businesses: int, invoices: int) -> None:
    """Add businesses until there are this many, and spread the invoices evenly over all of them."""
    numbers = {"businesses": businesses, "invoices": invoices, "contacts": CONTACTS_PER_BUSINESS}
    with connected(owner_url) as connection:
        for statement in (_BUSINESSES, _CONTACTS, _JOBS, _OWNERS, _INVOICES, _LINES):
            connection.execute(statement, numbers if "%(" in statement else None)
        connection.execute("VACUUM ANALYZE")


def ready_invoices(owner_url: str, business_id: UUID, count: int) -> list[UUID]:
    """Make this many invoices of the business ready to be exported; their ids."""
    statement = """
    UPDATE invoices SET status = 'approved', export_state = 'not_exported', problems = '[]'
    WHERE id IN (SELECT id FROM invoices WHERE business_id = %s AND export_state = 'exported' LIMIT %s) RETURNING id
    """
    with connected(owner_url) as connection:
        return [row[0] for row in connection.execute(statement, (business_id, count))]


def connected(owner_url: str) -> psycopg.Connection[tuple[UUID]]:
    """A connection that sees the rows of every business."""
    url = owner_url.replace("postgresql+psycopg", "postgresql")
    return psycopg.connect(url, autocommit=True, options=f"-c app.business_id={EVERY_BUSINESS}")
