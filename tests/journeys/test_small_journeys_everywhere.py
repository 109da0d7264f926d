"""Short stories that the desk is tried on in memory, made on its databases and on every other surface.

Each is a point of the second half that no longer journey goes through: the half-sheet, a memo on paper, a special
meeting, a request that is declined.
"""

import pytest

from tests.features.test_appeals import (
    test_a_scan_alone_is_enough_and_opens_to_who_may_read_the_appeal,
    test_one_tap_gives_the_half_sheet_with_the_day_and_tells_the_director,
    test_the_half_sheet_without_a_case_names_the_policys_own_period,
)
from tests.features.test_consultation import (
    test_a_special_meeting_needs_its_day_and_says_when_it_is_too_late,
)
from tests.features.test_memos_to_trustees import (
    test_a_memo_opens_only_to_the_trustee_it_was_sent_to,
    test_a_trustee_in_no_chat_gets_paper_and_a_named_person_enters_the_answer,
    test_a_view_goes_to_the_director_only_and_no_trustee_learns_of_another,
    test_each_trustee_gets_a_memo_of_their_own_and_no_channel_gets_any,
)
from tests.features.test_reinstatement_answers import (
    test_declined_with_reasons_the_letter_says_nothing_about_asking_again_where_the_policy_is_silent,
)
from tests.journeys.surfaces import (
    PLACES,
    POSTGRESQL,
    SQLITE,
    on,
)

__all__ = [
    "test_a_memo_opens_only_to_the_trustee_it_was_sent_to",
    "test_a_scan_alone_is_enough_and_opens_to_who_may_read_the_appeal",
    "test_a_special_meeting_needs_its_day_and_says_when_it_is_too_late",
    "test_a_trustee_in_no_chat_gets_paper_and_a_named_person_enters_the_answer",
    "test_a_view_goes_to_the_director_only_and_no_trustee_learns_of_another",
    "test_declined_with_reasons_the_letter_says_nothing_about_asking_again_where_the_policy_is_silent",
    "test_each_trustee_gets_a_memo_of_their_own_and_no_channel_gets_any",
    "test_one_tap_gives_the_half_sheet_with_the_day_and_tells_the_director",
    "test_the_half_sheet_without_a_case_names_the_policys_own_period",
]

WAYS = [*on(("desk",), SQLITE, POSTGRESQL), *on(PLACES, SQLITE, rest=(POSTGRESQL,))]
pytestmark = pytest.mark.parametrize("way", WAYS)
