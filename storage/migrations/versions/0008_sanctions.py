"""Keep the step of the ladder a block was asked for, the votes of a panel, and the meeting of a body."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was asked before has none of them."""
    op.add_column("block", sa.Column("met_on", sa.Date(), nullable=True))
    op.add_column("block", sa.Column("step", sa.JSON(), nullable=True))
    op.add_column("block", sa.Column("votes", sa.JSON(), nullable=True))
    op.create_index(
        "block_with_a_step",
        "block",
        ["library_id", "requested_at"],
        sqlite_where=sa.text("step IS NOT NULL"),
        postgresql_where=sa.text("step IS NOT NULL"),
    )
