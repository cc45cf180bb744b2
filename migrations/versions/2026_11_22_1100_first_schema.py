"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ad1f52e76f57"
down_revision = None
branch_labels = None
depends_on = None

# The one clock of leases, due times and column defaults. Only tests set `app.clock_offset`, an interval like '90 seconds'.
APP_NOW = """
CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT statement_timestamp() + coalesce(nullif(current_setting('app.clock_offset', true), ''), '0')::interval
$$
"""
# PostgreSQL learns how many rows a table has after a minute or more. Until then it plans for few, and a check of contacts
# that were just read compares all with all. Only the owner of a table may have its rows counted.
ANALYZE_MIRRORS = """
CREATE FUNCTION analyze_mirrors() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  ANALYZE (SKIP_LOCKED) mirror_contacts, mirror_contact_keys, mirror_documents;
END
$$
"""
# The product adds audit events and reads them; deleting a business would change its events, by their foreign key.
# An installation may have another role, or none but the owner.
ONLY_ADDED = """
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'jobtally_app') THEN
    REVOKE UPDATE, DELETE ON audit_events FROM jobtally_app;
    REVOKE DELETE ON businesses FROM jobtally_app;
  END IF;
END
$$
"""
# The business whose rows a transaction may see and write is in `app.business_id`: none if it is not set, all if it is 'system'.
# A policy evaluates the subqueries once for a statement, not once for a row, and compares uuids: to write the uuid of each row
# as text would take as long as to read the row. PostgreSQL expects of `IS NOT NULL` that nearly all rows pass: of the comparison
# alone it would expect that nearly none do, and choose plans for few rows.
OWN_BUSINESS = """
CREATE FUNCTION own_business() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN current_setting('app.business_id', true) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    THEN current_setting('app.business_id', true)::uuid END
$$
"""
POLICY = """
CREATE POLICY business ON {table} USING (
  nullif({business} = {own} OR (SELECT current_setting('app.business_id', true) = 'system'), false) IS NOT NULL
)
"""
_OWN = "(SELECT own_business())"
# The tables whose rows belong to a business without naming it in `business_id`.
_BUSINESS_OF = {"businesses": "id", "idempotency_keys": "split_part(owner, ':', 1)"}
_OWN_AS_TEXT = {"idempotency_keys": "(SELECT own_business()::text)"}  # some owners have no business
# Rows of people and of Xero's organisations, which several businesses may share.
_OF_NO_BUSINESS = {"users", "one_time_links", "grants", "budgets", "spent_calls"}

# The views of invoices; each that few invoices are in has an index that is as small as the view.
IS_READY = "status = 'approved' AND export_state = 'not_exported' AND problems = '[]'::jsonb"
NEEDS_ATTENTION = (
    "export_state IN ('changed', 'voided') OR (status = 'approved' AND ("
    "(problems <> '[]'::jsonb AND export_state IN ('not_exported', 'checking'))"
    " OR (remarks <> '[]'::jsonb AND remarks_read_at IS NULL)))"
)
VIEWS = {
    "is_ready": "is_ready",
    "needs_attention": "needs_attention",
    "in_export": "export_state IN ('queued', 'sending', 'checking')",
    "draft": "status = 'draft'",
}
# How many invoices a business has in each state. Each statement that writes invoices adds the difference that it makes, as rows of
# its own that are summed on reading: no transaction waits for another, and none is lost. Of many rows those are combined that
# no other transaction is combining. A business that is being deleted counts nothing any more.
_COUNTED_BY = "business_id, kind, status, export_state, is_ready, needs_attention"
COUNT_INVOICES = """
CREATE FUNCTION count_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  written uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    WITH counted AS (
      INSERT INTO invoice_counts ({states}, count) SELECT {states}, count(*) FROM added GROUP BY {states}
      RETURNING business_id
    ) SELECT array_agg(DISTINCT business_id) INTO written FROM counted;
  ELSIF TG_OP = 'DELETE' THEN
    WITH counted AS (
      INSERT INTO invoice_counts ({states}, count) SELECT {states}, -count(*) FROM removed
      WHERE EXISTS (SELECT FROM businesses WHERE id = business_id) GROUP BY {states}
      RETURNING business_id
    ) SELECT array_agg(DISTINCT business_id) INTO written FROM counted;
  ELSE
    WITH counted AS (
      INSERT INTO invoice_counts ({states}, count) SELECT {states}, sum(change) FROM (
        SELECT {states}, 1 AS change FROM added UNION ALL SELECT {states}, -1 FROM removed
      ) AS changes
      GROUP BY {states} HAVING sum(change) <> 0
      RETURNING business_id
    ) SELECT array_agg(DISTINCT business_id) INTO written FROM counted;
  END IF;
  IF written IS NOT NULL THEN
    PERFORM combine_invoice_counts(written);
  END IF;
  RETURN NULL;
END
$$
"""
COMBINE_INVOICE_COUNTS = """
CREATE FUNCTION combine_invoice_counts(businesses uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  business uuid;
  taken bigint[];
BEGIN
  FOREACH business IN ARRAY businesses LOOP
    CONTINUE WHEN (SELECT count(*) FROM invoice_counts WHERE business_id = business) <= 100;
    taken := ARRAY(SELECT id FROM invoice_counts WHERE business_id = business FOR UPDATE SKIP LOCKED);
    WITH combined AS (
      DELETE FROM invoice_counts WHERE business_id = business AND id = ANY (taken) RETURNING {states}, count
    )
    INSERT INTO invoice_counts ({states}, count)
    SELECT {states}, sum(count) FROM combined GROUP BY {states} HAVING sum(count) <> 0;
  END LOOP;
END
$$
"""
_COUNTING_TRIGGERS = """
CREATE TRIGGER invoices_counted_on_insert AFTER INSERT ON invoices
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_invoices();
CREATE TRIGGER invoices_counted_on_update AFTER UPDATE ON invoices
  REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_invoices();
CREATE TRIGGER invoices_counted_on_delete AFTER DELETE ON invoices
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_invoices();
"""
# What stands against an invoice is worked out again after each change of what it depends on. The triggers note the
# change in the same transaction, by whatever statement it is made. `standing_checks` is only ever added to by them, so that nobody waits.
MARK_FOR_CHECK = """
CREATE FUNCTION mark_for_check() RETURNS trigger LANGUAGE plpgsql AS $$
-- Arguments: the kind of the subject, the column with its id, and the columns whose change means nothing.
DECLARE
  ignored text[] := '{updated_at,held_until}'::text[] || TG_ARGV[2]::text[];
  before jsonb := to_jsonb(OLD) - ignored;
  after jsonb := to_jsonb(NEW) - ignored;
  changed jsonb := coalesce(after, before);
BEGIN
  IF before IS DISTINCT FROM after THEN
    INSERT INTO standing_checks (business_id, subject_kind, subject_id)
    SELECT id, TG_ARGV[0], (changed ->> TG_ARGV[1])::uuid
    FROM businesses WHERE id = (changed ->> 'business_id')::uuid
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$
"""
# Two bills of one supplier with one number stand against each other. OFFSET 0, here and below: the subquery is read by the
# index of the numbers. Without statistics of the table PostgreSQL would rather read all invoices of the kind.
# To which of several invoices of a contact over the same amount a document in Xero belongs, depends on all of them: a new
# one may free others, and one less may hold others.
MARK_INVOICE_FOR_CHECK = """
CREATE FUNCTION mark_invoice_for_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO standing_checks (business_id, subject_kind, subject_id) VALUES (NEW.business_id, 'invoice', NEW.id)
  ON CONFLICT DO NOTHING;
  IF NEW.kind = 'supplier' THEN
    INSERT INTO standing_checks (business_id, subject_kind, subject_id)
    SELECT business_id, 'invoice', id FROM (
      SELECT * FROM invoices
      WHERE business_id = NEW.business_id
        AND (contact_id, number_key) IN ((NEW.contact_id, NEW.number_key), (OLD.contact_id, OLD.number_key))
      OFFSET 0
    ) AS numbered
    WHERE kind = 'supplier' AND number IS NOT NULL AND status = 'approved' AND export_state = 'not_exported'
    ON CONFLICT DO NOTHING;
  END IF;
  IF NEW.status <> 'approved' OR NEW.export_state = 'excluded' THEN
    INSERT INTO standing_checks (business_id, subject_kind, subject_id)
    VALUES (NEW.business_id, 'contact', NEW.contact_id) ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO standing_checks (business_id, subject_kind, subject_id)
    SELECT business_id, 'invoice', id FROM invoices
    WHERE business_id = NEW.business_id AND contact_id = NEW.contact_id AND total = NEW.total AND needs_attention
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$
"""
MARK_NUMBER_FOR_CHECK = """
CREATE FUNCTION mark_number_for_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO standing_checks (business_id, subject_kind, subject_id)
  SELECT business_id, 'invoice', id FROM (
    SELECT * FROM invoices
    WHERE business_id = NEW.business_id AND number_key IN (lower(NEW.number), lower(OLD.number))
    OFFSET 0
  ) AS numbered
  WHERE kind = 'customer' AND status = 'approved' AND export_state = 'not_exported'
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$
"""
# A document that somebody else entered may be a bill of ours, or an invoice, to the same contact.
MARK_CONTACT_OF_DOCUMENT_FOR_CHECK = """
CREATE FUNCTION mark_contact_of_document_for_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO standing_checks (business_id, subject_kind, subject_id)
  SELECT NEW.business_id, 'xero_contact', id FROM unnest(ARRAY[NEW.xero_contact_id, OLD.xero_contact_id]) AS id
  WHERE id IS NOT NULL
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$
"""
# A document that is linked with an invoice is no longer asked about at another one of the contact.
MARK_CONTACT_OF_LINK_FOR_CHECK = """
CREATE FUNCTION mark_contact_of_link_for_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO standing_checks (business_id, subject_kind, subject_id)
  SELECT businesses.id, 'contact', contact_id FROM invoices JOIN businesses ON businesses.id = business_id
  WHERE invoices.id = coalesce(NEW.invoice_id, OLD.invoice_id)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$
"""
# `mirror_contact_keys` has a row for each element of `likeness_keys`: row-level security lets no array be searched by an index.
STORE_CONTACT_KEYS = """
CREATE FUNCTION store_contact_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM mirror_contact_keys AS stored USING changed
  WHERE stored.business_id = changed.business_id AND stored.xero_contact_id = changed.xero_contact_id
    AND stored.key <> ALL (changed.likeness_keys);
  INSERT INTO mirror_contact_keys (business_id, xero_contact_id, key)
  SELECT DISTINCT business_id, xero_contact_id, unnest(likeness_keys) FROM changed
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER keys_new AFTER INSERT ON mirror_contacts REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION store_contact_keys();
CREATE TRIGGER keys_changed AFTER UPDATE ON mirror_contacts REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION store_contact_keys();
"""
_FUNCTIONS = (
    "store_contact_keys",
    "mark_for_check",
    "mark_invoice_for_check",
    "mark_number_for_check",
    "mark_contact_of_document_for_check",
    "mark_contact_of_link_for_check",
)
_OTHER_TRIGGERS = """
CREATE TRIGGER invoice_approved AFTER INSERT ON invoices FOR EACH ROW
  WHEN (NEW.status = 'approved') EXECUTE FUNCTION mark_invoice_for_check();
CREATE TRIGGER invoice_changed AFTER UPDATE ON invoices FOR EACH ROW
  WHEN (
    ((OLD.version, OLD.status) IS DISTINCT FROM (NEW.version, NEW.status) AND 'approved' IN (OLD.status, NEW.status))
    OR (OLD.export_state <> NEW.export_state AND NEW.export_state IN ('not_exported', 'excluded', 'voided'))
  ) EXECUTE FUNCTION mark_invoice_for_check();
CREATE TRIGGER document_new AFTER INSERT ON mirror_documents FOR EACH ROW
  WHEN (NEW.type = 'ACCREC' AND NEW.number IS NOT NULL) EXECUTE FUNCTION mark_number_for_check();
CREATE TRIGGER document_changed AFTER UPDATE ON mirror_documents FOR EACH ROW
  WHEN (
    NEW.type = 'ACCREC'
    AND (OLD.number, OLD.status, OLD.marker_invoice_id) IS DISTINCT FROM (NEW.number, NEW.status, NEW.marker_invoice_id)
  ) EXECUTE FUNCTION mark_number_for_check();
CREATE TRIGGER document_of_others_new AFTER INSERT ON mirror_documents FOR EACH ROW
  WHEN (NEW.marker_invoice_id IS NULL) EXECUTE FUNCTION mark_contact_of_document_for_check();
CREATE TRIGGER document_of_others_changed AFTER UPDATE ON mirror_documents FOR EACH ROW
  WHEN (
    (NEW.marker_invoice_id IS NULL OR OLD.marker_invoice_id IS NULL)
    AND (
      OLD.marker_invoice_id, OLD.xero_contact_id, OLD.type, OLD.number, OLD.issued_on, OLD.total, OLD.currency,
      OLD.status IN ('VOIDED', 'DELETED')
    ) IS DISTINCT FROM (
      NEW.marker_invoice_id, NEW.xero_contact_id, NEW.type, NEW.number, NEW.issued_on, NEW.total, NEW.currency,
      NEW.status IN ('VOIDED', 'DELETED')
    )
  ) EXECUTE FUNCTION mark_contact_of_document_for_check();
CREATE TRIGGER link_by_person_new AFTER INSERT ON invoice_links FOR EACH ROW
  WHEN (NEW.by_person) EXECUTE FUNCTION mark_contact_of_link_for_check();
CREATE TRIGGER link_by_person_gone AFTER DELETE ON invoice_links FOR EACH ROW
  WHEN (OLD.by_person) EXECUTE FUNCTION mark_contact_of_link_for_check();
CREATE TRIGGER contact_renamed AFTER UPDATE ON contacts FOR EACH ROW
  WHEN (
    (OLD.name, OLD.first_name, OLD.last_name, OLD.payer_reference)
    IS DISTINCT FROM (NEW.name, NEW.first_name, NEW.last_name, NEW.payer_reference)
  ) EXECUTE FUNCTION mark_for_check('business', 'business_id', '{}');
CREATE TRIGGER xero_contact_renamed AFTER UPDATE ON mirror_contacts FOR EACH ROW
  WHEN (
    (OLD.name_key, OLD.account_key, OLD.contact_number)
    IS DISTINCT FROM (NEW.name_key, NEW.account_key, NEW.contact_number)
  ) EXECUTE FUNCTION mark_for_check('business', 'business_id', '{}');
CREATE TRIGGER xero_contact_gone AFTER DELETE ON mirror_contacts FOR EACH ROW
  EXECUTE FUNCTION mark_for_check('business', 'business_id', '{}');
"""
# By table: the subject, the column with its id, and the columns whose change means nothing.
_MARKED = {
    "preferences": ("business", "business_id", ""),
    "accounting_codes": ("business", "business_id", ""),
    "cost_centers": ("business", "business_id", ""),
    "connections": (
        "business",
        "business_id",
        "grant_id,xero_connection_id,organisation_name,connected_by,connected_at,checked_at,used_at,unreachable_since,problem",
    ),
    "ledger_organisations": ("business", "business_id", ""),
    "ledger_accounts": ("business", "business_id", ""),
    "ledger_tax_rates": ("business", "business_id", ""),
    "ledger_tracking_categories": ("business", "business_id", ""),
    "ledger_items": ("business", "business_id", ""),
    "ledger_currencies": ("business", "business_id", ""),
    "ledger_actions": ("business", "business_id", ""),
    "mirror_cursors": ("business", "business_id", "read_up_to"),
    "different_documents": ("invoice", "invoice_id", ""),
    "different_bills": ("invoice", "invoice_id", ""),
    "contacts": (
        "contact",
        "id",
        "roles,address,external_id,sync_state,external_url,agreed_content,problems,remarks",
    ),
    "contact_links": (
        "contact",
        "contact_id",
        "evidence,base,batch_limit,without_reference,remarks,decided_at,decided_by_user",
    ),
    "mirror_contacts": (
        "xero_contact",
        "xero_contact_id",
        "plain_name,likeness_keys,first_name,last_name,address_slots,phone_slots,is_customer,is_supplier",
    ),
}


# In the order in which they are created, one line per package.
_TABLES = (
    "idempotency_keys",
    "businesses",
    "users",
    "memberships",
    "sessions",
    "api_keys",
    "invitations",
    "one_time_links",
    "audit_events",
    "mails",
    "scheduled_tasks",
    "tax_rates",
    "accounting_codes",
    "job_statuses",
    "contacts",
    "jobs",
    "items",
    "cost_centers",
    "preferences",
    "invoices",
    "invoice_counts",
    "invoice_lines",
    "different_bills",
    "notifications",
    "notification_counters",
    "notification_read_markers",
    "grants",
    "connections",
    "authorizations",
    "offered_organisations",
    "budgets",
    "spent_calls",
    "ledger_refreshes",
    "ledger_organisations",
    "ledger_accounts",
    "ledger_tax_rates",
    "ledger_tracking_categories",
    "ledger_items",
    "ledger_currencies",
    "ledger_actions",
    "mirror_reads",
    "mirror_contacts",
    "mirror_contact_keys",
    "mirror_cursors",
    "contact_links",
    "contact_imports",
    "contact_import_items",
    "contact_import_offers",
    "contact_pushes",
    "contact_push_items",
    "write_queue",
    "write_attempts",
    "write_attempt_elements",
    "mirror_documents",
    "document_cursors",
    "different_documents",
    "export_runs",
    "export_items",
    "invoice_links",
    "standing_checks",
    "never_sent_alarms",
)


def upgrade() -> None:
    op.execute(APP_NOW)
    op.execute(OWN_BUSINESS)
    op.execute(ANALYZE_MIRRORS)
    _create_platform()
    _create_identity()
    _create_mails()
    _create_schedule()
    _create_records()
    _create_connections()
    _create_ledger()
    _create_contacts()
    _create_contact_imports()
    _create_contact_pushes()
    _create_writes()
    _create_documents()
    _create_exports()
    _create_standing_checks()
    _create_daily_reports()
    _restrict_to_businesses()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP FUNCTION count_invoices()")
    op.execute("DROP FUNCTION combine_invoice_counts(uuid[])")
    op.execute("DROP FUNCTION analyze_mirrors()")
    op.execute("DROP FUNCTION own_business()")
    op.execute("DROP FUNCTION app_now()")


def _restrict_to_businesses() -> None:
    for table in _TABLES:
        if table not in _OF_NO_BUSINESS:
            business = _BUSINESS_OF.get(table, "business_id")
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(POLICY.format(table=table, business=business, own=_OWN_AS_TEXT.get(table, _OWN)))


def _create_platform() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)


def _create_identity() -> None:
    op.create_table(
        "businesses",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint("country IN ('NZ', 'AU')", name=op.f("ck_businesses_country_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_businesses")),
    )
    op.create_table(
        "users",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "memberships",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("wants_mail", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint("role IN ('viewer', 'member', 'admin')", name=op.f("ck_memberships_role_known")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_memberships_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("business_id", "user_id", name=op.f("uq_memberships_business_id_user_id")),
    )
    op.create_index(op.f("ix_memberships_business_id"), "memberships", ["business_id"], unique=False)
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_sessions_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "api_keys",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_api_keys_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_api_keys_created_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("handle", name=op.f("uq_api_keys_handle")),
    )
    op.create_index(op.f("ix_api_keys_business_id"), "api_keys", ["business_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_invitations_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(op.f("ix_invitations_business_id"), "invitations", ["business_id"], unique=False)
    op.create_table(
        "one_time_links",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('password_reset', 'email_verification')", name=op.f("ck_one_time_links_purpose_known")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_links_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
        sa.UniqueConstraint("user_id", "purpose", name=op.f("uq_one_time_links_user_id_purpose")),
    )
    op.create_table(
        "audit_events",
        sa.Column("business_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_audit_events_business_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_business_id_id", "audit_events", ["business_id", "id"], unique=False)
    op.create_index(
        "ix_audit_events_business_id_subject_id", "audit_events", ["business_id", "subject", "id"], unique=False
    )
    op.execute(ONLY_ADDED)


def _create_mails() -> None:
    op.create_table(
        "mails",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("paragraphs", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("link_label", sa.Text(), nullable=False),
        sa.Column("link_path", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'refused', 'unwanted', 'not_set_up')", name=op.f("ck_mails_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_mails_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mails_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("business_id", "user_id", "once", name=op.f("uq_mails_business_id_user_id_once")),
    )
    op.create_index(op.f("ix_mails_business_id"), "mails", ["business_id"], unique=False)
    op.create_index(
        "ix_mails_waiting", "mails", ["due_at"], unique=False, postgresql_where=sa.text("state IN ('waiting')")
    )


def _create_schedule() -> None:
    op.create_table(
        "scheduled_tasks",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_scheduled_tasks_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("business_id", "task", name=op.f("pk_scheduled_tasks")),
    )
    op.create_index(op.f("ix_scheduled_tasks_due_at"), "scheduled_tasks", ["due_at"], unique=False)


def _create_records() -> None:
    op.create_table(
        "tax_rates",
        sa.Column("tax_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rate", sa.Numeric(), nullable=False),
        sa.Column("for_income", sa.Boolean(), nullable=False),
        sa.Column("for_expense", sa.Boolean(), nullable=False),
        sa.Column("for_asset", sa.Boolean(), nullable=True),
        sa.Column("for_liability", sa.Boolean(), nullable=True),
        sa.Column("for_equity", sa.Boolean(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_tax_rates_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_rates")),
        sa.UniqueConstraint("business_id", "tax_type", name=op.f("uq_tax_rates_business_id_tax_type")),
    )
    op.create_index(op.f("ix_tax_rates_business_id"), "tax_rates", ["business_id"], unique=False)
    op.create_table(
        "accounting_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tax_type", sa.Text(), nullable=True),
        sa.Column("ledger_state", sa.Text(), server_default="unchecked", nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint("kind IN ('income', 'expense')", name=op.f("ck_accounting_codes_kind_known")),
        sa.CheckConstraint(
            "ledger_state IN ('unchecked', 'matched', 'archived', 'wrong_type', 'missing')",
            name=op.f("ck_accounting_codes_ledger_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_accounting_codes_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounting_codes")),
        sa.UniqueConstraint("business_id", "code", name=op.f("uq_accounting_codes_business_id_code")),
    )
    op.create_index(op.f("ix_accounting_codes_business_id"), "accounting_codes", ["business_id"], unique=False)
    op.create_table(
        "job_statuses",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_job_statuses_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_statuses")),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_job_statuses_business_id_name")),
    )
    op.create_index(op.f("ix_job_statuses_business_id"), "job_statuses", ["business_id"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("sort_name", sa.Text(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("tax_number", sa.Text(), nullable=True),
        sa.Column("payer_reference", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("sync_state", sa.Text(), server_default="not_sent", nullable=False),
        sa.Column("external_url", sa.Text(), nullable=True),
        sa.Column("agreed_content", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("asked_as", sa.Text(), nullable=True),
        sa.Column(
            "problems", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column(
            "remarks", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'company')", name=op.f("ck_contacts_kind_known")),
        sa.CheckConstraint(
            "sync_state IN ('not_sent', 'in_step', 'changed', 'failed', 'unsure')",
            name=op.f("ck_contacts_sync_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_contacts_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("business_id", "external_id", name=op.f("uq_contacts_business_id_external_id")),
    )
    op.create_index(op.f("ix_contacts_business_id"), "contacts", ["business_id"], unique=False)
    op.create_index(
        "ix_contacts_business_id_sort_name_id", "contacts", ["business_id", "sort_name", "id"], unique=False
    )
    op.create_table(
        "jobs",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("customer_reference", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("status_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_jobs_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_jobs_contact_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["status_id"], ["job_statuses.id"], name=op.f("fk_jobs_status_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("business_id", "external_id", name=op.f("uq_jobs_business_id_external_id")),
    )
    op.create_index(op.f("ix_jobs_business_id"), "jobs", ["business_id"], unique=False)
    op.create_index("ix_jobs_business_id_number_id", "jobs", ["business_id", "number", "id"], unique=False)
    op.create_index(op.f("ix_jobs_contact_id"), "jobs", ["contact_id"], unique=False)
    op.create_index(op.f("ix_jobs_status_id"), "jobs", ["status_id"], unique=False)
    op.create_table(
        "items",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), sa.Computed("lower(code)", persisted=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("sale_price", sa.Numeric(precision=15, scale=4), nullable=True),
        sa.Column("sale_code", sa.Text(), nullable=True),
        sa.Column("purchase_price", sa.Numeric(precision=15, scale=4), nullable=True),
        sa.Column("purchase_code", sa.Text(), nullable=True),
        sa.Column("match", sa.Text(), server_default="unchecked", nullable=False),
        sa.Column("in_ledger", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "match IN ('unchecked', 'matched', 'differs', 'missing')", name=op.f("ck_items_match_known")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_items_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("business_id", "code_key", name=op.f("uq_items_business_id_code_key")),
    )
    op.create_index(op.f("ix_items_business_id"), "items", ["business_id"], unique=False)
    op.create_table(
        "cost_centers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("match", sa.Text(), server_default="unchecked", nullable=False),
        sa.Column("option_id", sa.Text(), nullable=True),
        sa.Column("option_name", sa.Text(), nullable=True),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "match IN ('unchecked', 'matched', 'spelled_differently', 'missing', 'archived')",
            name=op.f("ck_cost_centers_match_known"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_cost_centers_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_centers")),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_cost_centers_business_id_name")),
    )
    op.create_index(op.f("ix_cost_centers_business_id"), "cost_centers", ["business_id"], unique=False)
    op.create_table(
        "preferences",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("person_name_format", sa.Text(), nullable=False),
        sa.Column("send_payer_reference", sa.Boolean(), nullable=False),
        sa.Column("contact_push_enabled", sa.Boolean(), nullable=False),
        sa.Column("default_income_code", sa.Text(), nullable=True),
        sa.Column("default_expense_code", sa.Text(), nullable=True),
        sa.Column("tracking_category_id", sa.Text(), nullable=True),
        sa.Column("reference_parts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reference_on_bills", sa.Boolean(), nullable=False),
        sa.Column("customer_invoice_status", sa.Text(), nullable=False),
        sa.Column("supplier_invoice_status", sa.Text(), nullable=False),
        sa.Column("default_sales_tax_type", sa.Text(), nullable=True),
        sa.Column("default_purchase_tax_type", sa.Text(), nullable=True),
        sa.Column("send_item_codes", sa.Boolean(), nullable=False),
        sa.Column("mark_as_sent", sa.Boolean(), nullable=False),
        sa.Column("skip_tracking_setup", sa.Boolean(), nullable=False),
        sa.Column("job_status_on_export", sa.Uuid(), nullable=True),
        sa.Column("send_from_date", sa.Date(), nullable=True),
        sa.Column("never_sent_alarm_days", sa.Integer(), nullable=True),
        sa.Column("digest_mail", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_preferences_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["job_status_on_export"],
            ["job_statuses.id"],
            name=op.f("fk_preferences_job_status_on_export"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
        sa.UniqueConstraint("business_id", name=op.f("uq_preferences_business_id")),
    )
    op.create_table(
        "invoices",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_key", sa.Text(), sa.Computed("lower(coalesce(number, ''))", persisted=True), nullable=False),
        sa.Column(
            "bare_number",
            sa.Text(),
            sa.Computed("translate(lower(coalesce(number, '')), ' -', '')", persisted=True),
            nullable=False,
        ),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amounts", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("mark_as_sent", sa.Boolean(), nullable=True),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subtotal", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("tax_total", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("total", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("content_tag", sa.Text(), nullable=False),
        sa.Column("export_state", sa.Text(), server_default="not_exported", nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("external_url", sa.Text(), nullable=True),
        sa.Column("exported_tag", sa.Text(), nullable=True),
        sa.Column("ledger_total", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column(
            "problems", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column(
            "remarks", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("remarks_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_ready", sa.Boolean(), sa.Computed(IS_READY, persisted=True), nullable=False),
        sa.Column("needs_attention", sa.Boolean(), sa.Computed(NEEDS_ATTENTION, persisted=True), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint("number IS NOT NULL OR kind = 'supplier'", name=op.f("ck_invoices_customer_numbered")),
        sa.CheckConstraint("amounts IN ('exclusive', 'inclusive', 'no_tax')", name=op.f("ck_invoices_amounts_known")),
        sa.CheckConstraint(
            "export_state IN ('not_exported', 'queued', 'sending', 'checking', 'exported', 'changed', 'voided', 'excluded')",
            name=op.f("ck_invoices_export_state_known"),
        ),
        sa.CheckConstraint("kind IN ('customer', 'supplier')", name=op.f("ck_invoices_kind_known")),
        sa.CheckConstraint("status IN ('draft', 'approved')", name=op.f("ck_invoices_status_known")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_invoices_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_invoices_contact_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_invoices_job_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("business_id", "external_id", name=op.f("uq_invoices_business_id_external_id")),
    )
    op.create_index(
        "ix_invoices_business_id_number_key_contact_id",
        "invoices",
        ["business_id", "number_key", "contact_id"],
        unique=False,
    )
    op.create_index(
        "ix_invoices_needs_attention_contact_id",
        "invoices",
        ["business_id", "contact_id"],
        unique=False,
        postgresql_where=sa.text("needs_attention"),
    )
    for name, view in VIEWS.items():
        op.create_index(
            f"ix_invoices_{name}",
            "invoices",
            ["business_id", "kind", "issued_on", "id"],
            unique=False,
            postgresql_where=sa.text(view),
        )
    op.create_index(
        "ix_invoices_business_id_kind_issued_on_id",
        "invoices",
        ["business_id", "kind", "issued_on", "id"],
        unique=False,
        postgresql_include=["contact_id", "job_id", "bare_number", "total"],
    )
    op.create_index(
        "ix_invoices_business_id_issued_on_id",
        "invoices",
        ["business_id", "issued_on", "id"],
        unique=False,
        postgresql_include=["contact_id", "job_id", "bare_number", "total"],
    )
    op.create_index(op.f("ix_invoices_job_id"), "invoices", ["job_id"], unique=False)
    op.create_index(
        "uq_invoices_customer_number",
        "invoices",
        ["business_id", "number_key"],
        unique=True,
        postgresql_where=sa.text("kind = 'customer'"),
    )
    op.create_table(
        "invoice_counts",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("export_state", sa.Text(), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("needs_attention", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_invoice_counts_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_invoice_counts")),
    )
    for statement in (COMBINE_INVOICE_COUNTS, COUNT_INVOICES, _COUNTING_TRIGGERS):
        op.execute(statement.format(states=_COUNTED_BY))
    op.create_table(
        "invoice_lines",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=17, scale=4), nullable=True),
        sa.Column("unit_price", sa.Numeric(precision=15, scale=4), nullable=True),
        sa.Column("discount_percent", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("accounting_code", sa.Text(), nullable=True),
        sa.Column("tax_type", sa.Text(), nullable=True),
        sa.Column("tax_rate", sa.Numeric(), nullable=False),
        sa.Column("cost_center_id", sa.Uuid(), nullable=True),
        sa.Column("item_code", sa.Text(), nullable=True),
        sa.Column("line_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("tax_amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "(quantity IS NULL) = (unit_price IS NULL)", name=op.f("ck_invoice_lines_quantity_with_price")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_invoice_lines_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cost_center_id"], ["cost_centers.id"], name=op.f("fk_invoice_lines_cost_center_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_lines_invoice_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_lines")),
    )
    op.create_index(op.f("ix_invoice_lines_cost_center_id"), "invoice_lines", ["cost_center_id"], unique=False)
    op.create_index(op.f("ix_invoice_lines_invoice_id"), "invoice_lines", ["invoice_id"], unique=False)
    op.create_table(
        "different_bills",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_different_bills_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_different_bills_invoice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["invoices.id"], name=op.f("fk_different_bills_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_different_bills")),
        sa.UniqueConstraint("invoice_id", "other_id", name=op.f("uq_different_bills_invoice_id_other_id")),
    )
    op.create_index(op.f("ix_different_bills_business_id"), "different_bills", ["business_id"], unique=False)
    op.create_index(op.f("ix_different_bills_other_id"), "different_bills", ["other_id"], unique=False)
    op.create_table(
        "notifications",
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("once", sa.Text(), nullable=True),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_notifications_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("business_id", "once", name=op.f("uq_notifications_business_id_once")),
        sa.UniqueConstraint("business_id", "sequence", name=op.f("uq_notifications_business_id_sequence")),
    )
    op.create_index(op.f("ix_notifications_business_id"), "notifications", ["business_id"], unique=False)
    op.create_table(
        "notification_counters",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_notification_counters_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("business_id", name=op.f("pk_notification_counters")),
    )
    op.create_table(
        "notification_read_markers",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"],
            ["businesses.id"],
            name=op.f("fk_notification_read_markers_business_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_read_markers_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("business_id", "user_id", name=op.f("pk_notification_read_markers")),
    )


def _create_connections() -> None:
    op.create_table(
        "grants",
        sa.Column("xero_user_id", sa.Text(), nullable=True),
        sa.Column("xero_user_name", sa.Text(), nullable=True),
        sa.Column("access_token", sa.Text(), nullable=False),
        sa.Column("refresh_token", sa.Text(), nullable=False),
        sa.Column("previous_refresh_token", sa.Text(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("refused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("xero_user_id", name=op.f("uq_grants_xero_user_id")),
    )
    op.create_table(
        "connections",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column("xero_connection_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("connected_by", sa.Text(), nullable=False),
        sa.Column("connected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('not_connected', 'connected', 'needs_reconnect', 'removed')",
            name=op.f("ck_connections_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_connections_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name=op.f("fk_connections_grant_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
        sa.UniqueConstraint("business_id", name=op.f("uq_connections_business_id")),
    )
    op.create_index(op.f("ix_connections_grant_id"), "connections", ["grant_id"], unique=False)
    op.create_index(
        "uq_connections_organisation_id_connected",
        "connections",
        ["organisation_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('connected')"),
    )
    op.create_table(
        "authorizations",
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_verifier", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_authorizations_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_authorizations_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_authorizations_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_authorizations")),
    )
    op.create_index(op.f("ix_authorizations_business_id"), "authorizations", ["business_id"], unique=False)
    op.create_table(
        "offered_organisations",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("xero_connection_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("short_code", sa.Text(), nullable=True),
        sa.Column("country_code", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("organisation_created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_to", sa.Text(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_offered_organisations_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name=op.f("fk_offered_organisations_grant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_organisations")),
    )
    op.create_index(
        op.f("ix_offered_organisations_business_id"), "offered_organisations", ["business_id"], unique=False
    )
    op.create_table(
        "budgets",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_by", sa.Text(), nullable=True),
        sa.Column("reading", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day_count_at_reading", sa.Integer(), nullable=False),
        sa.Column("day_begins_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("xero_clock_ahead", sa.Interval(), nullable=True),
        sa.Column("clock_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_budgets")),
    )
    op.create_table(
        "spent_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_calls")),
    )
    op.create_index(
        "ix_spent_calls_organisation_id_started_at", "spent_calls", ["organisation_id", "started_at"], unique=False
    )


def _create_ledger() -> None:
    op.create_table(
        "ledger_refreshes",
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("problem", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("parts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reading", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_ledger_refreshes_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_ledger_refreshes_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_refreshes")),
    )
    op.create_index(op.f("ix_ledger_refreshes_business_id"), "ledger_refreshes", ["business_id"], unique=False)
    op.create_index(
        "uq_ledger_refreshes_open",
        "ledger_refreshes",
        ["business_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_table(
        "ledger_organisations",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_code", sa.Text(), nullable=True),
        sa.Column("base_currency", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("period_lock_date", sa.Date(), nullable=True),
        sa.Column("year_lock_date", sa.Date(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("pays_tax", sa.Boolean(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_ledger_organisations_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_organisations")),
    )
    op.create_index(op.f("ix_ledger_organisations_business_id"), "ledger_organisations", ["business_id"], unique=False)
    op.create_table(
        "ledger_accounts",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("account_class", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("tax_type", sa.Text(), nullable=True),
        sa.Column("system_account", sa.Text(), nullable=True),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_ledger_accounts_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint("business_id", "account_id", name=op.f("uq_ledger_accounts_business_id_account_id")),
    )
    op.create_index(op.f("ix_ledger_accounts_business_id"), "ledger_accounts", ["business_id"], unique=False)
    op.create_table(
        "ledger_tax_rates",
        sa.Column("tax_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rate", sa.Numeric(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("applies_to", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_ledger_tax_rates_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_tax_rates")),
        sa.UniqueConstraint("business_id", "tax_type", name=op.f("uq_ledger_tax_rates_business_id_tax_type")),
    )
    op.create_index(op.f("ix_ledger_tax_rates_business_id"), "ledger_tax_rates", ["business_id"], unique=False)
    op.create_table(
        "ledger_tracking_categories",
        sa.Column("category_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"],
            ["businesses.id"],
            name=op.f("fk_ledger_tracking_categories_business_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_tracking_categories")),
        sa.UniqueConstraint(
            "business_id", "category_id", name=op.f("uq_ledger_tracking_categories_business_id_category_id")
        ),
    )
    op.create_index(
        op.f("ix_ledger_tracking_categories_business_id"), "ledger_tracking_categories", ["business_id"], unique=False
    )
    op.create_table(
        "ledger_items",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_tracked", sa.Boolean(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_ledger_items_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_items")),
        sa.UniqueConstraint("business_id", "code", name=op.f("uq_ledger_items_business_id_code")),
    )
    op.create_index(op.f("ix_ledger_items_business_id"), "ledger_items", ["business_id"], unique=False)
    op.create_table(
        "ledger_currencies",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_ledger_currencies_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_currencies")),
        sa.UniqueConstraint("business_id", "code", name=op.f("uq_ledger_currencies_business_id_code")),
    )
    op.create_index(op.f("ix_ledger_currencies_business_id"), "ledger_currencies", ["business_id"], unique=False)
    op.create_table(
        "ledger_actions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_allowed", sa.Boolean(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_ledger_actions_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_actions")),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_ledger_actions_business_id_name")),
    )
    op.create_index(op.f("ix_ledger_actions_business_id"), "ledger_actions", ["business_id"], unique=False)
    op.create_table(
        "mirror_reads",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "part IN ('organisation', 'actions', 'currencies', 'accounts', 'tax_rates', 'tracking', 'items',"
            " 'contacts', 'documents')",
            name=op.f("ck_mirror_reads_part_known"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_mirror_reads_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("business_id", "part", name=op.f("pk_mirror_reads")),
    )


def _create_contacts() -> None:
    op.create_table(
        "mirror_contacts",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("xero_contact_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("contact_number", sa.Text(), nullable=True),
        sa.Column("account_number", sa.Text(), nullable=True),
        sa.Column("account_key", sa.Text(), nullable=True),
        sa.Column("plain_name", sa.Text(), nullable=False),
        sa.Column("likeness_keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phones", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=True),
        sa.Column("last_name", sa.Text(), nullable=True),
        sa.Column("address_slots", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("phone_slots", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tax_number", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("merged_to", sa.Uuid(), nullable=True),
        sa.Column("is_customer", sa.Boolean(), nullable=False),
        sa.Column("is_supplier", sa.Boolean(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_mirror_contacts_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mirror_contacts")),
        sa.UniqueConstraint(
            "business_id", "xero_contact_id", name=op.f("uq_mirror_contacts_business_id_xero_contact_id")
        ),
    )
    op.create_index(op.f("ix_mirror_contacts_business_id"), "mirror_contacts", ["business_id"], unique=False)
    op.create_index(
        "ix_mirror_contacts_business_id_account_key",
        "mirror_contacts",
        ["business_id", "account_key"],
        unique=False,
    )
    op.create_index(
        "ix_mirror_contacts_business_id_contact_number",
        "mirror_contacts",
        ["business_id", "contact_number"],
        unique=False,
    )
    op.create_index(
        "ix_mirror_contacts_business_id_name_key", "mirror_contacts", ["business_id", "name_key"], unique=False
    )
    op.create_index(
        "ix_mirror_contacts_business_id_plain_name", "mirror_contacts", ["business_id", "plain_name"], unique=False
    )
    op.create_index(
        "ix_mirror_contacts_merged_to",
        "mirror_contacts",
        ["business_id", "merged_to"],
        unique=False,
        postgresql_where=sa.text("merged_to IS NOT NULL"),
    )
    op.create_table(
        "mirror_contact_keys",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("xero_contact_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id", "xero_contact_id"],
            ["mirror_contacts.business_id", "mirror_contacts.xero_contact_id"],
            name="fk_mirror_contact_keys_contact",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("business_id", "key", "xero_contact_id", name=op.f("pk_mirror_contact_keys")),
    )
    op.create_index(
        "ix_mirror_contact_keys_contact", "mirror_contact_keys", ["business_id", "xero_contact_id"], unique=False
    )
    op.execute(STORE_CONTACT_KEYS)
    op.create_table(
        "mirror_cursors",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("read_up_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reading_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reading_began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reading_offset", sa.Integer(), nullable=False),
        sa.Column("reading_count", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_mirror_cursors_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("business_id", name=op.f("pk_mirror_cursors")),
    )
    op.create_table(
        "contact_links",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("xero_contact_id", sa.Uuid(), nullable=True),
        sa.Column("evidence", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("decided_by_user", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("xero_name", sa.Text(), nullable=True),
        sa.Column("base", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("batch_limit", sa.Integer(), nullable=False),
        sa.Column("without_reference", sa.Boolean(), nullable=False),
        sa.Column("refused_write", sa.Text(), nullable=True),
        sa.Column("remarks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('creating', 'refused', 'linked', 'doubted', 'decided')",
            name=op.f("ck_contact_links_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_contact_links_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_links_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_links")),
        sa.UniqueConstraint("organisation_id", "contact_id", name=op.f("uq_contact_links_organisation_id_contact_id")),
    )
    op.create_index(op.f("ix_contact_links_business_id"), "contact_links", ["business_id"], unique=False)
    op.create_index(
        "uq_contact_links_business_id_organisation_id_xero_contact_id",
        "contact_links",
        ["business_id", "organisation_id", "xero_contact_id"],
        unique=True,
        postgresql_where=sa.text("decided_by <> 'merge'"),
    )


def _create_contact_imports() -> None:
    op.create_table(
        "contact_imports",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("preview_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("done_up_to", sa.Uuid(), nullable=True),
        sa.Column("waiting_for", sa.Text(), nullable=True),
        sa.Column("resume_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("possible_duplicate", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Integer(), nullable=False),
        sa.Column("linked", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("undecided", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("problem", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint("mode IN ('preview', 'apply')", name=op.f("ck_contact_imports_mode_known")),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'waiting', 'done', 'failed')", name=op.f("ck_contact_imports_state_known")
        ),
        sa.CheckConstraint("step IN ('read', 'group', 'apply')", name=op.f("ck_contact_imports_step_known")),
        sa.CheckConstraint(
            "waiting_for IN ('rate', 'day_limit', 'xero', 'connection')",
            name=op.f("ck_contact_imports_waiting_for_known"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_contact_imports_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["preview_id"], ["contact_imports.id"], name=op.f("fk_contact_imports_preview_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_imports")),
    )
    op.create_index(op.f("ix_contact_imports_business_id"), "contact_imports", ["business_id"], unique=False)
    op.create_index(
        "uq_contact_imports_open",
        "contact_imports",
        ["business_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('queued', 'running', 'waiting')"),
    )
    op.create_table(
        "contact_import_items",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("xero_contact_id", sa.Uuid(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("xero", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("item_group", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("differs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("possible_duplicates", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_contact_id", sa.Uuid(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "item_group IN ('new', 'matched', 'possible_duplicate', 'unchanged', 'archived')",
            name=op.f("ck_contact_import_items_item_group_known"),
        ),
        sa.CheckConstraint(
            "decision IN ('same', 'different', 'leave_out')", name=op.f("ck_contact_import_items_decision_known")
        ),
        sa.CheckConstraint(
            "result IN ('imported', 'linked', 'left_out', 'undecided', 'failed')",
            name=op.f("ck_contact_import_items_result_known"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_contact_import_items_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_import_items_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["contact_imports.id"], name=op.f("fk_contact_import_items_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_import_items")),
        sa.UniqueConstraint(
            "import_id", "xero_contact_id", name=op.f("uq_contact_import_items_import_id_xero_contact_id")
        ),
    )
    op.create_index(op.f("ix_contact_import_items_business_id"), "contact_import_items", ["business_id"], unique=False)
    op.create_index(op.f("ix_contact_import_items_contact_id"), "contact_import_items", ["contact_id"], unique=False)
    op.create_index(
        "ix_contact_import_items_import_id_name_key_id",
        "contact_import_items",
        ["import_id", "name_key", "id"],
        unique=False,
    )
    op.create_table(
        "contact_import_offers",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('put_off', 'done')", name=op.f("ck_contact_import_offers_state_known")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_contact_import_offers_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("business_id", "organisation_id", name=op.f("pk_contact_import_offers")),
    )


def _create_contact_pushes() -> None:
    op.create_table(
        "contact_pushes",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=True),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("waiting_for", sa.Text(), nullable=True),
        sa.Column("resume_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compared_up_to", sa.Uuid(), nullable=True),
        sa.Column("compared", sa.Boolean(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'waiting', 'done', 'done_with_errors')",
            name=op.f("ck_contact_pushes_state_known"),
        ),
        sa.CheckConstraint(
            "waiting_for IN ('rate', 'day_limit', 'xero', 'connection')",
            name=op.f("ck_contact_pushes_waiting_for_known"),
        ),
        sa.CheckConstraint(
            "waiting + created + updated + unchanged + unsure + failed = total",
            name=op.f("ck_contact_pushes_counts_add_up"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_contact_pushes_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_pushes")),
        sa.UniqueConstraint("business_id", "slot", name=op.f("uq_contact_pushes_business_id_slot")),
    )
    op.create_index(op.f("ix_contact_pushes_business_id"), "contact_pushes", ["business_id"], unique=False)
    op.create_index(
        "uq_contact_pushes_open",
        "contact_pushes",
        ["business_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('queued', 'running', 'waiting')"),
    )
    op.create_table(
        "contact_push_items",
        sa.Column("push_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("batch_limit", sa.Integer(), nullable=False),
        sa.Column("rechecked", sa.Boolean(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint("action IN ('create', 'update')", name=op.f("ck_contact_push_items_action_known")),
        sa.CheckConstraint(
            "result IN ('waiting', 'created', 'updated', 'unchanged', 'unsure', 'failed')",
            name=op.f("ck_contact_push_items_result_known"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_contact_push_items_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_push_items_contact_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["push_id"], ["contact_pushes.id"], name=op.f("fk_contact_push_items_push_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_push_items")),
        sa.UniqueConstraint("push_id", "contact_id", name=op.f("uq_contact_push_items_push_id_contact_id")),
    )
    op.create_index(op.f("ix_contact_push_items_business_id"), "contact_push_items", ["business_id"], unique=False)
    op.create_index(op.f("ix_contact_push_items_contact_id"), "contact_push_items", ["contact_id"], unique=False)
    op.create_index(
        "ix_contact_push_items_push_id_result_id", "contact_push_items", ["push_id", "result", "id"], unique=False
    )


def _create_writes() -> None:
    op.create_table(
        "write_queue",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_served_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_write_queue_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("business_id", name=op.f("pk_write_queue")),
    )
    op.create_index(op.f("ix_write_queue_next_due"), "write_queue", ["next_due"], unique=False)
    op.create_table(
        "write_attempts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("body_sha256", sa.Text(), nullable=False),
        sa.Column("batch_limit", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("server_errors", sa.Integer(), nullable=False),
        sa.Column("first_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('create_invoices', 'create_contacts', 'change_contacts')",
            name=op.f("ck_write_attempts_kind_known"),
        ),
        sa.CheckConstraint("state IN ('open', 'settled')", name=op.f("ck_write_attempts_state_known")),
        sa.CheckConstraint("next_step IN ('send', 'look_up', 'prove')", name=op.f("ck_write_attempts_next_step_known")),
        sa.CheckConstraint("state <> 'open' OR body IS NOT NULL", name=op.f("ck_write_attempts_open_has_body")),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_write_attempts_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_attempts")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_write_attempts_idempotency_key")),
    )
    op.create_index(op.f("ix_write_attempts_business_id"), "write_attempts", ["business_id"], unique=False)
    op.create_index(
        "ix_write_attempts_open",
        "write_attempts",
        ["business_id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_write_attempts_group_id"), "write_attempts", ["group_id"], unique=False)
    op.create_table(
        "write_attempt_elements",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["write_attempts.id"], name=op.f("fk_write_attempt_elements_attempt_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attempt_id", "element_id", name=op.f("pk_write_attempt_elements")),
    )
    op.create_index(
        "uq_write_attempt_elements_open",
        "write_attempt_elements",
        ["element_id"],
        unique=True,
        postgresql_where=sa.text("open"),
    )


def _create_documents() -> None:
    op.create_table(
        "mirror_documents",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("xero_invoice_id", sa.Uuid(), nullable=False),
        sa.Column("marker_invoice_id", sa.Uuid(), nullable=True),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("number_key", sa.Text(), sa.Computed("lower(number)", persisted=True), nullable=True),
        sa.Column(
            "digits",
            sa.Text(),
            sa.Computed("regexp_replace(number, '[^1-9]', '', 'g')", persisted=True),
            nullable=True,
        ),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("xero_contact_id", sa.Uuid(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("total", sa.Numeric(), nullable=True),
        sa.Column("amount_paid", sa.Numeric(), nullable=True),
        sa.Column("amount_credited", sa.Numeric(), nullable=True),
        sa.Column("amount_due", sa.Numeric(), nullable=True),
        sa.Column("changed_in_xero_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_mirror_documents_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mirror_documents")),
        sa.UniqueConstraint(
            "business_id",
            "organisation_id",
            "xero_invoice_id",
            name=op.f("uq_mirror_documents_business_id_organisation_id_xero_invoice_id"),
        ),
    )
    op.create_index(op.f("ix_mirror_documents_business_id"), "mirror_documents", ["business_id"], unique=False)
    op.create_index(
        "ix_mirror_documents_marker",
        "mirror_documents",
        ["business_id", "organisation_id", "marker_invoice_id"],
        unique=False,
        postgresql_where=sa.text("marker_invoice_id IS NOT NULL"),
    )
    op.create_index(
        "ix_mirror_documents_number",
        "mirror_documents",
        ["business_id", "organisation_id", "number_key"],
        unique=False,
        postgresql_where=sa.text("type = 'ACCREC'"),
    )
    for name in ("digits", "issued_on"):
        op.create_index(
            f"ix_mirror_documents_{name}",
            "mirror_documents",
            ["business_id", "organisation_id", "xero_contact_id", name],
            unique=False,
            postgresql_where=sa.text("marker_invoice_id IS NULL"),
        )
    op.create_table(
        "document_cursors",
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("read_up_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("whole_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("unreadable", sa.Integer(), nullable=False),
        sa.Column("summaries_have_url", sa.Boolean(), nullable=False),
        sa.Column("reading_id", sa.Uuid(), nullable=True),
        sa.Column("reading_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reading_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reading_began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reading_offset", sa.Integer(), nullable=False),
        sa.Column("reading_created_offset", sa.Integer(), nullable=False),
        sa.Column("reading_count", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_document_cursors_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("business_id", "organisation_id", name=op.f("pk_document_cursors")),
    )
    op.create_table(
        "different_documents",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("xero_invoice_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_different_documents_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_different_documents_invoice_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_different_documents")),
        sa.UniqueConstraint(
            "invoice_id",
            "organisation_id",
            "xero_invoice_id",
            name=op.f("uq_different_documents_invoice_id_organisation_id_xero_invoice_id"),
        ),
    )
    op.create_index(op.f("ix_different_documents_business_id"), "different_documents", ["business_id"], unique=False)


def _create_exports() -> None:
    op.create_table(
        "export_runs",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("retry_of", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("waiting_for", sa.Text(), nullable=True),
        sa.Column("resume_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("exported", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("with_remarks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'waiting', 'done', 'done_with_errors', 'cancelled')",
            name=op.f("ck_export_runs_state_known"),
        ),
        sa.CheckConstraint(
            "waiting_for IN ('rate', 'day_limit', 'xero', 'connection')",
            name=op.f("ck_export_runs_waiting_for_known"),
        ),
        sa.CheckConstraint(
            "exported + rejected + waiting + unknown + cancelled = total", name=op.f("ck_export_runs_counts_add_up")
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_export_runs_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["retry_of"], ["export_runs.id"], name=op.f("fk_export_runs_retry_of"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_runs")),
        sa.UniqueConstraint("business_id", "number", name=op.f("uq_export_runs_business_id_number")),
    )
    op.create_index(op.f("ix_export_runs_business_id"), "export_runs", ["business_id"], unique=False)
    op.create_index(
        "ix_export_runs_open",
        "export_runs",
        ["business_id", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'running', 'waiting')"),
    )
    op.create_table(
        "export_items",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("total", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("batch_limit", sa.Integer(), nullable=False),
        sa.Column("contact_rechecked", sa.Boolean(), nullable=False),
        sa.Column("problems", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("remarks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("xero_invoice_id", sa.Uuid(), nullable=True),
        sa.Column("external_url", sa.Text(), nullable=True),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'ready', 'sending', 'unknown', 'exported', 'rejected', 'review', 'blocked', 'cancelled')",
            name=op.f("ck_export_items_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_export_items_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_export_items_contact_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_export_items_invoice_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["export_runs.id"], name=op.f("fk_export_items_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_items")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_export_items_run_id_position")),
    )
    op.create_index(op.f("ix_export_items_business_id"), "export_items", ["business_id"], unique=False)
    op.create_index(
        "ix_export_items_run_id_state_position", "export_items", ["run_id", "state", "position"], unique=False
    )
    op.create_index(
        "ix_export_items_refused_invoice_id",
        "export_items",
        ["invoice_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('rejected', 'review')"),
    )
    op.create_index(
        "uq_export_items_open_invoice",
        "export_items",
        ["invoice_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('pending', 'ready', 'sending', 'unknown', 'blocked')"),
    )
    op.create_table(
        "invoice_links",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("xero_invoice_id", sa.Uuid(), nullable=False),
        sa.Column("xero_status", sa.Text(), nullable=True),
        sa.Column("xero_total", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("line_item_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("by_person", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("app_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_invoice_links_business_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_links_invoice_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_links")),
        sa.UniqueConstraint("organisation_id", "invoice_id", name=op.f("uq_invoice_links_organisation_id_invoice_id")),
        sa.UniqueConstraint(
            "organisation_id", "xero_invoice_id", name=op.f("uq_invoice_links_organisation_id_xero_invoice_id")
        ),
    )
    op.create_index(op.f("ix_invoice_links_business_id"), "invoice_links", ["business_id"], unique=False)


def _create_standing_checks() -> None:
    op.create_table(
        "standing_checks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "transaction", sa.BigInteger(), server_default=sa.text("pg_current_xact_id()::text::bigint"), nullable=False
        ),
        sa.CheckConstraint(
            "subject_kind IN ('business', 'contact', 'xero_contact', 'invoice')",
            name=op.f("ck_standing_checks_subject_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_standing_checks_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_checks")),
        sa.UniqueConstraint(
            "business_id", "subject_kind", "subject_id", "transaction", name="uq_standing_checks_subject"
        ),
    )
    for statement in (
        MARK_FOR_CHECK,
        MARK_INVOICE_FOR_CHECK,
        MARK_NUMBER_FOR_CHECK,
        MARK_CONTACT_OF_DOCUMENT_FOR_CHECK,
        MARK_CONTACT_OF_LINK_FOR_CHECK,
        _OTHER_TRIGGERS,
    ):
        op.execute(statement)
    for table, (kind, column, ignored) in _MARKED.items():
        op.execute(
            f"CREATE TRIGGER standing_check AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION mark_for_check('{kind}', '{column}', '{{{ignored}}}')"
        )


def _create_daily_reports() -> None:
    op.create_table(
        "never_sent_alarms",
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_never_sent_alarms_invoice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["business_id"], ["businesses.id"], name=op.f("fk_never_sent_alarms_business_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("invoice_id", name=op.f("pk_never_sent_alarms")),
    )
    op.create_index(op.f("ix_never_sent_alarms_business_id"), "never_sent_alarms", ["business_id"], unique=False)
