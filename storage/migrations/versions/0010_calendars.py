"""Keep through which year a library's closed days are entered, and its Board's calendar as it was written."""

import json
from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HOLIDAYS_A_YEAR = 5
"""Fewer closed days than this in a year were entered one by one, and are no year of public holidays."""


def upgrade() -> None:
    """Add the columns; the last year that holds a year's holidays is the one that was entered."""
    op.add_column("library", sa.Column("closures_through", sa.Integer(), nullable=True))
    op.add_column("library", sa.Column("meeting_lines", sa.String(), nullable=True))
    bind = op.get_bind()
    library = sa.table(
        "library",
        sa.column("id", sa.Uuid()),
        sa.column("closures", sa.JSON()),
        sa.column("closures_through", sa.Integer()),
        sa.column("meeting_lines", sa.String()),
    )
    for row in bind.execute(sa.select(library.c.id, library.c.closures)).all():
        held = json.loads(row.closures) if isinstance(row.closures, str) else row.closures
        years = Counter(int(day[:4]) for day in held)
        through = max((year for year, days in years.items() if days >= HOLIDAYS_A_YEAR), default=0)
        bind.execute(
            sa.update(library).where(library.c.id == row.id).values(closures_through=through, meeting_lines="")
        )
