"""What follows a removal or a block, made again on every other surface: the practice page, Slack and Teams.

On SQLite; in the long run on PostgreSQL too. The stories are the desk's own.
"""

import pytest

from tests.journeys.surfaces import (
    CHATS,
    POSTGRESQL,
    SQLITE,
    on,
)
from tests.journeys.test_appeal_to_restoration import (
    test_an_appeal_goes_through_the_board_to_a_reversal_and_is_undone_on_each_account,
)
from tests.journeys.test_coming_back import (
    test_a_block_of_2_march_an_early_request_and_the_way_back_from_16_april,
    test_three_weeks_without_a_director_and_the_boards_acting_director_decides,
)
from tests.journeys.test_disposal import (
    test_a_certificate_and_a_tombstone_survive_a_restart,
    test_a_disposal_that_is_sent_twice_is_carried_out_once,
    test_nothing_a_patron_wrote_stands_anywhere_after_the_disposal,
    test_the_disposal_of_one_record_leaves_the_others_of_the_day_whole,
)
from tests.journeys.test_whole_chain import (
    test_a_reversed_removal_is_put_back_counts_no_more_and_is_disposed_of_in_its_time,
    test_an_appeal_that_nobody_is_here_to_answer_escalates_daily_until_the_acting_director_answers,
    test_letters_nobody_can_place_late_ones_and_second_ones_are_each_kept_with_their_dates,
)

__all__ = [
    "test_a_block_of_2_march_an_early_request_and_the_way_back_from_16_april",
    "test_a_certificate_and_a_tombstone_survive_a_restart",
    "test_a_disposal_that_is_sent_twice_is_carried_out_once",
    "test_a_reversed_removal_is_put_back_counts_no_more_and_is_disposed_of_in_its_time",
    "test_an_appeal_goes_through_the_board_to_a_reversal_and_is_undone_on_each_account",
    "test_an_appeal_that_nobody_is_here_to_answer_escalates_daily_until_the_acting_director_answers",
    "test_letters_nobody_can_place_late_ones_and_second_ones_are_each_kept_with_their_dates",
    "test_nothing_a_patron_wrote_stands_anywhere_after_the_disposal",
    "test_the_disposal_of_one_record_leaves_the_others_of_the_day_whole",
    "test_three_weeks_without_a_director_and_the_boards_acting_director_decides",
]

WAYS = [*on(CHATS, SQLITE, rest=(POSTGRESQL,)), *on(("practice",), rest=(SQLITE, POSTGRESQL))]
"""The practice page is watched in Chromium; in the long run it makes each of these as well."""
pytestmark = pytest.mark.parametrize("way", WAYS)
