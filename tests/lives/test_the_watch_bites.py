"""The watch over whole lives is itself watched: every one of these broken programs must be caught.

Only here product code is bent out of shape.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import initialize, run_state_machine_as_test
from typing_extensions import override

from bot import reading, rounds, work
from bot.cards import Button, Card, Fact, Quote
from bot.cases.appeal import DecidedAppeal, ReceivedAppeal, received
from bot.cases.block import Done, Execution
from bot.cases.clock import Clock, ClockState
from bot.cases.disposal import ProposedDisposal
from bot.cases.hold import Hold
from bot.cases.incident import Incident
from bot.cases.task import Task
from bot.clocks.arithmetic import DueDate
from bot.features import appeal_order, decide_reinstatement, dispose
from bot.people import Power, require
from bot.policy.terms import ClockKind
from bot.ports import Address, Message, OutcomeUnknown
from bot.views import consultations, incidents
from tests.lives.lives import DANA, KIM, SAM, SEEDS
from tests.lives.test_whole_lives import LivesInMemory
from tests.lives.world import CHICOPEE, STAFF

ENOUGH = settings(
    max_examples=250,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)
Bend = Callable[[pytest.MonkeyPatch], None]


def everybody_has(power: Power, bent: pytest.MonkeyPatch) -> None:
    def lenient(person: Any, asked: Power, **about: Any) -> None:  # noqa: ANN401 - whatever it is given
        if asked is not power:
            require(person, asked, **about)

    bent.setattr(reading, "require", lenient)


def anybody_decides(bent: pytest.MonkeyPatch) -> None:
    everybody_has(Power.DECIDE_BLOCK, bent)


def channels_name_the_author(bent: pytest.MonkeyPatch) -> None:
    neutral = incidents.pushed

    def gossip(incident: Incident, of: work.Work) -> Card:
        card = neutral(incident, of)
        return replace(card, facts=(*card.facts, Fact(label="Link", value=incident.link)))

    bent.setattr(incidents, "pushed", gossip)


def everybody_may_see_everything(bent: pytest.MonkeyPatch) -> None:
    bent.setattr(reading.Reading, "may_see", lambda _, __: True)


def what_stays_up_is_kept(bent: pytest.MonkeyPatch) -> None:
    forgets = Incident.leave_up
    bent.setattr(Incident, "leave_up", lambda self, *, on: replace(forgets(self, on=on), text=self.text))


def tasks_end_without_a_trace(bent: pytest.MonkeyPatch) -> None:
    keeps = work.Work.save

    def silently(self: work.Work, record: Any, **before: Any) -> Any:  # noqa: ANN401 - any record
        if isinstance(record, Task) and before:
            self.shelves.tasks.put(record)
            return record
        return keeps(self, record, **before)

    bent.setattr(work.Work, "save", silently)


def nobody_looks_before_posting_again(bent: pytest.MonkeyPatch) -> None:
    async def blindly(self: Any, message: Message, card: Card, to: Address, under: str) -> str:  # noqa: ANN401 - bent
        messenger = self._messengers[to.platform]
        try:
            posted: str = await messenger.post(to, card, key=message.key, under="" if under == rounds.WAIT else under)
        except OutcomeUnknown:
            posted = await messenger.post(to, card, key=message.key)
        return posted

    bent.setattr(rounds.Rounds, "_post", blindly)


# -- after something was done ----------------------------------------------------------------------------------------


def anybody_answers_appeals(bent: pytest.MonkeyPatch) -> None:
    everybody_has(Power.DECIDE_APPEAL, bent)


def anybody_answers_requests(bent: pytest.MonkeyPatch) -> None:
    everybody_has(Power.DECIDE_REINSTATEMENT, bent)


def anybody_says_what_was_undone(bent: pytest.MonkeyPatch) -> None:
    everybody_has(Power.CONFIRM, bent)


def anybody_holds(bent: pytest.MonkeyPatch) -> None:
    everybody_has(Power.HOLD, bent)


def deciding_meets_the_date(bent: pytest.MonkeyPatch) -> None:
    keeps = work.Work.save

    def hasty(self: work.Work, record: Any, **before: Any) -> Any:  # noqa: ANN401 - any record
        kept = keeps(self, record, **before)
        if isinstance(record, DecidedAppeal):
            for clock in self.shelves.clocks.of_case(record.ref):
                if clock.name.startswith("decide_appeal_by") and clock.state is ClockState.RUNNING:
                    keeps(self, clock.stop(ClockState.MET), before=clock)
        return kept

    bent.setattr(work.Work, "save", hasty)


def a_grant_lifts_by_itself(bent: pytest.MonkeyPatch) -> None:
    def lift(block: str, accounts: tuple[UUID, ...], of: work.Work) -> None:
        for account in accounts:
            of.save(
                Execution(
                    id=uuid4(),
                    library=of.library.id,
                    block=block,
                    account=account,
                    done=Done.LIFTED,
                    done_on=of.today,
                    confirmed_by=of.actor.id,
                    confirmed_at=of.now,
                )
            )

    bent.setattr(decide_reinstatement, "_ask_to_lift", lift)


def what_was_reversed_still_counts(bent: pytest.MonkeyPatch) -> None:
    bent.setattr(Incident, "overturn", lambda self, **_: self)


def nobody_is_late(bent: pytest.MonkeyPatch) -> None:
    bent.setattr(appeal_order, "_late_since", lambda *_: None)


def nobody_appeals_twice(bent: pytest.MonkeyPatch) -> None:
    place = ReceivedAppeal.place

    def forgetful(self: ReceivedAppeal, **about: Any) -> ReceivedAppeal:  # noqa: ANN401 - whatever it is told
        return place(self, **{**about, "second_of": ""})

    bent.setattr(ReceivedAppeal, "place", forgetful)


def an_earlier_letter_matched_later_loses_its_date(bent: pytest.MonkeyPatch) -> None:
    """Whichever was put on file first is the first, and the other one's time is dropped, even if it ends earlier."""
    as_kept = lambda appeals: sorted(appeals, key=lambda one: received(one).logged_at)  # noqa: E731 - bent
    bent.setattr(appeal_order, "in_order", as_kept)
    bent.setattr(appeal_order, "_ends_before", lambda *_: False)


def an_ending_leaves_the_date_running(bent: pytest.MonkeyPatch) -> None:
    stops = Clock.stop
    bent.setattr(Clock, "stop", lambda self, state: self if state is ClockState.ENDED else stops(self, state))


def whoever_opens_an_appeal_reads_the_trustees(bent: pytest.MonkeyPatch) -> None:
    bent.setattr(reading.Reading, "reads_advice", lambda *_: True)
    bent.setattr(reading.Reading, "reads_views", lambda *_: True)


def a_memo_is_pushed_whole(bent: pytest.MonkeyPatch) -> None:
    bare = consultations.pushed_memo

    def whole(appeal: Any, of: work.Work) -> Card:  # noqa: ANN401 - an appeal
        card = bare(appeal, of)
        return replace(card, quotes=(Quote(label="The patron wrote", text=received(appeal).writing.words),))

    bent.setattr(consultations, "pushed_memo", whole)


def what_is_held_goes(bent: pytest.MonkeyPatch) -> None:
    bent.setattr(Hold, "covers", lambda _, __: False)


def what_is_not_due_goes(bent: pytest.MonkeyPatch) -> None:
    counts = work.Work._clock  # noqa: SLF001 - where every date of a policy becomes a clock

    def early(self: work.Work, due: DueDate, case: str) -> Clock:
        clock = counts(self, due, case)
        return replace(clock, due=clock.due - timedelta(days=340)) if clock.kind is ClockKind.RETENTION else clock

    bent.setattr(work.Work, "_clock", early)


def one_person_disposes(bent: pytest.MonkeyPatch) -> None:
    bent.setattr(ProposedDisposal, "check_second", lambda *_, **__: None)


def what_went_can_still_be_found(bent: pytest.MonkeyPatch) -> None:
    bent.setattr(dispose, "_forget", lambda *_: {})


@pytest.mark.parametrize(
    "bend",
    [
        channels_name_the_author,
        everybody_may_see_everything,
        what_stays_up_is_kept,
        tasks_end_without_a_trace,
    ],
    ids=lambda bend: bend.__name__.replace("_", " "),
)
def test_a_broken_program_is_caught(bend: Bend, monkeypatch: pytest.MonkeyPatch) -> None:
    bend(monkeypatch)

    with pytest.raises((AssertionError, FlakyFailure)):
        run_state_machine_as_test(LivesInMemory, settings=ENOUGH)


class FromTheMiddle(LivesInMemory):
    """Lives that begin late, where most of what follows an act has begun."""

    @initialize(seed=SEEDS, acts=st.integers(15, 24), later=st.sampled_from((0, 46, 380)))
    @override
    def something_is_under_way(self, seed: int, acts: int, later: int) -> None:
        self.lives_so_far(seed, acts, later)
        whim = Random(seed)
        for who in whim.choices(STAFF, k=6):
            self.does_what_others_are_asked(who=who, seed=whim.randrange(2**32))
        self.begins_a_case(who=whim.choice(STAFF), intent="hold.place", seed=whim.randrange(2**32))


@pytest.mark.parametrize(
    "bend",
    [
        nobody_looks_before_posting_again,
        anybody_answers_appeals,
        anybody_answers_requests,
        anybody_says_what_was_undone,
        anybody_holds,
        deciding_meets_the_date,
        a_grant_lifts_by_itself,
        what_was_reversed_still_counts,
        nobody_is_late,
        nobody_appeals_twice,
        whoever_opens_an_appeal_reads_the_trustees,
        a_memo_is_pushed_whole,
    ],
    ids=lambda bend: bend.__name__.replace("_", " "),
)
def test_what_is_broken_after_an_act_is_caught_too(bend: Bend, monkeypatch: pytest.MonkeyPatch) -> None:
    bend(monkeypatch)

    with pytest.raises((AssertionError, FlakyFailure)):
        run_state_machine_as_test(FromTheMiddle, settings=ENOUGH)


class ABlockWaits(LivesInMemory):
    """Lives in which a block waits for its decision from the first moment on."""

    @initialize(seed=SEEDS)
    @override
    def something_is_under_way(self, seed: int, acts: int = 0, later: int = 0) -> None:
        whim = Random(seed)
        self.begins_a_case(who=SAM, intent="incident.spam", seed=whim.randrange(2**32))
        self.begins_a_case(who=SAM, intent="block.request", seed=whim.randrange(2**32))
        for who in whim.sample(STAFF, 3):
            self.does_what_others_are_asked(who=who, seed=whim.randrange(2**32))


def test_that_anybody_decides_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    anybody_decides(monkeypatch)

    with pytest.raises((AssertionError, FlakyFailure)):
        run_state_machine_as_test(ABlockWaits, settings=settings(ENOUGH, stateful_step_count=10))


class SeveralLetters(LivesInMemory):
    """Lives in which several letters have come in before anybody says what they are about."""

    @initialize(seed=SEEDS)
    @override
    def something_is_under_way(self, seed: int, acts: int = 0, later: int = 0) -> None:
        whim = Random(seed)
        self.begins_a_case(who=SAM, intent="incident.spam", seed=whim.randrange(2**32))
        for _ in range(3):
            self.begins_a_case(who=SAM, intent="appeal.log", seed=whim.randrange(2**32))
        for ref in whim.sample(sorted(self.watch.kept[CHICOPEE].appeals), 3):
            reply = self._press(DANA, Button(label="", intent="appeal.match", subject=ref, opens_form=True))
            self._fill_to_the_end(DANA, reply, whim, 0.0)


@pytest.mark.parametrize(
    "bend",
    [an_earlier_letter_matched_later_loses_its_date, an_ending_leaves_the_date_running],
    ids=lambda bend: bend.__name__.replace("_", " "),
)
def test_what_is_broken_about_several_letters_is_caught_too(bend: Bend, monkeypatch: pytest.MonkeyPatch) -> None:
    bend(monkeypatch)

    with pytest.raises((AssertionError, FlakyFailure)):
        run_state_machine_as_test(SeveralLetters, settings=settings(ENOUGH, stateful_step_count=6))


class FromTheEnd(LivesInMemory):
    """Lives in which something was settled, time has passed, and records go."""

    @initialize(seed=SEEDS, acts=st.integers(4, 9), later=st.sampled_from((46, 380)))
    @override
    def something_is_under_way(self, seed: int, acts: int, later: int) -> None:
        whim = Random(seed)
        for _ in range(2):
            self.begins_a_case(who=SAM, intent="incident.spam", seed=whim.randrange(2**32))
        for _ in range(acts):
            self.somebody_does_what_is_asked_of_them(seed=whim.randrange(2**32), library=CHICOPEE)
        self.days_pass(days=later, away=True)
        if whim.random() < 0.5:
            self.begins_a_case(who=KIM, intent="hold.place", seed=whim.randrange(2**32))
        for _ in range(3):
            self.the_disposal_list_is_dealt_with(seed=whim.randrange(2**32))


@pytest.mark.parametrize(
    "bend",
    [what_is_held_goes, what_is_not_due_goes, one_person_disposes, what_went_can_still_be_found],
    ids=lambda bend: bend.__name__.replace("_", " "),
)
def test_what_is_broken_about_disposals_is_caught_too(bend: Bend, monkeypatch: pytest.MonkeyPatch) -> None:
    bend(monkeypatch)

    with pytest.raises((AssertionError, FlakyFailure)):
        run_state_machine_as_test(FromTheEnd, settings=settings(ENOUGH, stateful_step_count=8))
