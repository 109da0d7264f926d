"""Keep appeals, consultations, restorations, requests to come back, and absences."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "appeal",
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("scans", sa.JSON(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("logged_by", sa.Uuid(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("against", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=True),
        sa.Column("matched_by", sa.Uuid(), nullable=True),
        sa.Column("late_since", sa.Date(), nullable=True),
        sa.Column("second_of", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("received_version", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answer_reason", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_as", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_under", sa.JSON(), nullable=True),
        sa.Column("decided_pack", sa.String(), nullable=True),
        sa.Column("not_consulted", sa.String(), nullable=True),
        sa.Column("own_decision", sa.Boolean(), nullable=True),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"]),
        sa.PrimaryKeyConstraint("library_id", "id"),
        sa.UniqueConstraint("library_id", "ref"),
    )
    op.create_index("appeal_against", "appeal", ["library_id", "against"])
    op.create_index("appeal_logged", "appeal", ["library_id", "logged_at"])
    op.create_index(
        "appeal_undecided",
        "appeal",
        ["library_id", "logged_at"],
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.create_table(
        "restoration",
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appeal", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cannot", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"]),
        sa.PrimaryKeyConstraint("library_id", "id"),
    )
    op.create_index("restoration_appeal", "restoration", ["library_id", "appeal"])
    op.create_table(
        "consultation",
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appeal", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("post_by", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"]),
        sa.PrimaryKeyConstraint("library_id", "id"),
    )
    op.create_index("consultation_appeal", "consultation", ["library_id", "appeal"])
    op.create_table(
        "memo",
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appeal", sa.String(), nullable=False),
        sa.Column("trustee", sa.Uuid(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"]),
        sa.PrimaryKeyConstraint("library_id", "id"),
    )
    op.create_index("memo_appeal", "memo", ["library_id", "appeal"])
    op.create_table(
        "view",
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appeal", sa.String(), nullable=False),
        sa.Column("trustee", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scans", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"]),
        sa.PrimaryKeyConstraint("library_id", "id"),
    )
    op.create_index("view_appeal", "view", ["library_id", "appeal"])
    op.create_table(
        "advice",
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appeal", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("trustees", sa.JSON(), nullable=False),
        sa.Column("advised", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"]),
        sa.PrimaryKeyConstraint("library_id", "id"),
    )
    op.create_index("advice_appeal", "advice", ["library_id", "appeal"])
    op.create_table(
        "reinstatement",
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("scans", sa.JSON(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("logged_by", sa.Uuid(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("block", sa.String(), nullable=False),
        sa.Column("matched_by", sa.Uuid(), nullable=True),
        sa.Column("eligible_on", sa.Date(), nullable=True),
        sa.Column("appeal", sa.String(), nullable=False),
        sa.Column("requested_version", sa.Integer(), nullable=True),
        sa.Column("granted_on", sa.JSON(), nullable=True),
        sa.Column("conditions", sa.String(), nullable=True),
        sa.Column("answer_reason", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_as", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_under", sa.JSON(), nullable=True),
        sa.Column("decided_pack", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"]),
        sa.PrimaryKeyConstraint("library_id", "id"),
        sa.UniqueConstraint("library_id", "ref"),
    )
    op.create_index("reinstatement_block", "reinstatement", ["library_id", "block"])
    op.create_index("reinstatement_logged", "reinstatement", ["library_id", "logged_at"])
    op.create_index(
        "reinstatement_undecided",
        "reinstatement",
        ["library_id", "logged_at"],
        sqlite_where=sa.text("answer_reason IS NULL"),
        postgresql_where=sa.text("answer_reason IS NULL"),
    )
    op.create_table(
        "scan",
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("paper", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"]),
        sa.PrimaryKeyConstraint("library_id", "sha256", "paper"),
    )
    op.create_index("scan_paper", "scan", ["library_id", "paper"])
    op.create_table(
        "absence",
        sa.Column("library_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"]),
        sa.PrimaryKeyConstraint("library_id", "id"),
    )
