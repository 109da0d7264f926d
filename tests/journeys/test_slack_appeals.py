"""What follows a removal or a block, made again through Slack: signed requests in, checked payloads out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.features.test_appeals import (
    test_a_scan_alone_is_enough_and_opens_to_who_may_read_the_appeal,
    test_one_tap_gives_the_half_sheet_with_the_day_and_tells_the_director,
    test_the_half_sheet_without_a_case_names_the_policys_own_period,
)
from tests.features.test_memos_to_trustees import (
    test_a_memo_opens_only_to_the_trustee_it_was_sent_to,
    test_a_trustee_in_no_chat_gets_paper_and_a_named_person_enters_the_answer,
    test_a_view_goes_to_the_director_only_and_no_trustee_learns_of_another,
    test_each_trustee_gets_a_memo_of_their_own_and_no_channel_gets_any,
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
)
from tests.journeys.test_whole_chain import (
    test_a_reversed_removal_is_put_back_counts_no_more_and_is_disposed_of_in_its_time,
    test_an_appeal_that_nobody_is_here_to_answer_escalates_daily_until_the_acting_director_answers,
    test_from_the_comment_to_the_certificate_with_every_date_and_every_reminder_once,
    test_letters_nobody_can_place_late_ones_and_second_ones_are_each_kept_with_their_dates,
)
from tests.people import House
from tests.platforms.slack_wire import chicopee_over_slack

__all__ = [
    "test_a_block_of_2_march_an_early_request_and_the_way_back_from_16_april",
    "test_a_certificate_and_a_tombstone_survive_a_restart",
    "test_a_disposal_that_is_sent_twice_is_carried_out_once",
    "test_a_memo_opens_only_to_the_trustee_it_was_sent_to",
    "test_a_reversed_removal_is_put_back_counts_no_more_and_is_disposed_of_in_its_time",
    "test_a_scan_alone_is_enough_and_opens_to_who_may_read_the_appeal",
    "test_a_trustee_in_no_chat_gets_paper_and_a_named_person_enters_the_answer",
    "test_a_view_goes_to_the_director_only_and_no_trustee_learns_of_another",
    "test_an_appeal_goes_through_the_board_to_a_reversal_and_is_undone_on_each_account",
    "test_an_appeal_that_nobody_is_here_to_answer_escalates_daily_until_the_acting_director_answers",
    "test_each_trustee_gets_a_memo_of_their_own_and_no_channel_gets_any",
    "test_from_the_comment_to_the_certificate_with_every_date_and_every_reminder_once",
    "test_letters_nobody_can_place_late_ones_and_second_ones_are_each_kept_with_their_dates",
    "test_nothing_a_patron_wrote_stands_anywhere_after_the_disposal",
    "test_one_tap_gives_the_half_sheet_with_the_day_and_tells_the_director",
    "test_the_half_sheet_without_a_case_names_the_policys_own_period",
    "test_three_weeks_without_a_director_and_the_boards_acting_director_decides",
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the same journeys are made on both databases without Slack."""
    return sqlite_url


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Chicopee's library, reached through Slack only."""
    async with chicopee_over_slack(database_url, tmp_path) as ready:
        yield ready
