"""Find the reports on a track without reading them all, and keep posts of our own that were checked."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index and the table."""
    op.create_index("incident_track", "incident", ["library_id", "track"])
    op.create_table(
        "checked_post",
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("not_done", sa.JSON(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"]),
        sa.PrimaryKeyConstraint("library_id", "id"),
    )
    op.create_index("checked_post_newest", "checked_post", ["library_id", "at"])
