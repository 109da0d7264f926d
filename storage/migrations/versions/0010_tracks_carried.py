"""Find the reports on a track without reading them all."""

from alembic import op

revision = "0010"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index("incident_track", "incident", ["library_id", "track"])
