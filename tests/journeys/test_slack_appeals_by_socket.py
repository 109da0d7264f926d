"""From a patron's letter to its end over a web socket: what is answered down it is what HTTP would carry."""

import pytest

from tests.journeys.surfaces import (
    POSTGRESQL,
    SQLITE,
    on,
)
from tests.journeys.test_appeal_to_restoration import (
    test_an_appeal_goes_through_the_board_to_a_reversal_and_is_undone_on_each_account,
)

__all__ = [
    "test_an_appeal_goes_through_the_board_to_a_reversal_and_is_undone_on_each_account",
]

pytestmark = pytest.mark.parametrize("way", on(("socket",), SQLITE, rest=(POSTGRESQL,)))
