"""The whole chain, from a comment to its certificate, on every surface; in Slack on PostgreSQL by its socket."""

import pytest

from tests.journeys.surfaces import (
    CHATS,
    POSTGRESQL,
    SQLITE,
    on,
)
from tests.journeys.test_whole_chain import (
    test_from_the_comment_to_the_certificate_with_every_date_and_every_reminder_once,
)

__all__ = [
    "test_from_the_comment_to_the_certificate_with_every_date_and_every_reminder_once",
]

WAYS = [
    *on(CHATS, SQLITE, rest=(POSTGRESQL,)),
    *on(("practice", "socket"), rest=(SQLITE, POSTGRESQL)),
]
pytestmark = pytest.mark.parametrize("way", WAYS)
