"""Count the invoices of an export that have remarks."""

import sqlalchemy as sa
from alembic import op

revision = "92a8acff4dd5"
down_revision = "b1f0c2d84a67"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("export_runs", sa.Column("with_remarks", sa.Integer(), server_default="0", nullable=False))
    op.execute(
        "UPDATE export_runs SET with_remarks = (SELECT count(*) FROM export_items"
        " WHERE export_items.run_id = export_runs.id AND jsonb_array_length(export_items.remarks) > 0)"
    )


def downgrade() -> None:
    op.drop_column("export_runs", "with_remarks")
