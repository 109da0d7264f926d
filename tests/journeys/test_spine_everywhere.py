"""Every journey of the spine, made again through Slack and Teams: signed deliveries in, checked payloads out."""

import pytest

from tests.journeys.surfaces import CHATS, POSTGRESQL, SQLITE, on
from tests.journeys.test_at_once import (
    test_reports_at_once_get_each_a_reference_of_its_own,
    test_the_same_draft_sent_thirty_two_times_at_once_acts_once,
    test_thirty_two_of_the_directors_sessions_decide_once_and_thirty_one_are_told_who_and_when,
    test_thirty_two_reports_of_one_item_at_once_become_one_record,
    test_two_editors_confirming_at_once_start_each_clock_once,
)
from tests.journeys.test_comment_to_block import (
    test_approved_is_not_in_force_until_an_editor_confirms,
    test_channels_show_where_the_case_stands_and_nothing_of_the_person,
    test_each_act_is_kept_with_who_did_it_and_in_which_role,
    test_each_person_sees_what_their_role_opens_and_every_look_is_kept,
    test_four_hundred_days_with_a_restart_in_the_middle_lose_and_double_no_reminder,
    test_the_dates_are_those_of_the_policy_and_each_is_proved,
)
from tests.journeys.test_what_is_kept import (
    test_a_decision_sent_before_a_restart_is_answered_from_the_record_after_it,
    test_a_form_begun_before_a_restart_is_finished_after_it,
    test_another_library_in_the_same_database_sees_and_joins_nothing,
    test_any_card_can_be_rebuilt_from_the_database,
    test_everything_comes_back_after_a_restart_as_it_was,
    test_handles_stand_only_with_the_author_and_in_payloads,
    test_words_and_pictures_of_what_stays_up_are_gone_from_everywhere,
)

__all__ = [
    "test_a_decision_sent_before_a_restart_is_answered_from_the_record_after_it",
    "test_a_form_begun_before_a_restart_is_finished_after_it",
    "test_another_library_in_the_same_database_sees_and_joins_nothing",
    "test_any_card_can_be_rebuilt_from_the_database",
    "test_approved_is_not_in_force_until_an_editor_confirms",
    "test_channels_show_where_the_case_stands_and_nothing_of_the_person",
    "test_each_act_is_kept_with_who_did_it_and_in_which_role",
    "test_each_person_sees_what_their_role_opens_and_every_look_is_kept",
    "test_everything_comes_back_after_a_restart_as_it_was",
    "test_four_hundred_days_with_a_restart_in_the_middle_lose_and_double_no_reminder",
    "test_handles_stand_only_with_the_author_and_in_payloads",
    "test_reports_at_once_get_each_a_reference_of_its_own",
    "test_the_dates_are_those_of_the_policy_and_each_is_proved",
    "test_the_same_draft_sent_thirty_two_times_at_once_acts_once",
    "test_thirty_two_of_the_directors_sessions_decide_once_and_thirty_one_are_told_who_and_when",
    "test_thirty_two_reports_of_one_item_at_once_become_one_record",
    "test_two_editors_confirming_at_once_start_each_clock_once",
    "test_words_and_pictures_of_what_stays_up_are_gone_from_everywhere",
]

pytestmark = pytest.mark.parametrize("way", on(CHATS, SQLITE, rest=(POSTGRESQL,)))
