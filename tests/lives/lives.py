"""Any people doing anything in any order, while days pass, the chat fails and the program dies."""

import asyncio
import os
from dataclasses import replace
from datetime import timedelta
from random import Random
from unittest.mock import patch
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from typing_extensions import override

from bot.cards import Button, Identity, Reply, Turn
from bot.cases.appeal import ReceivedAppeal
from bot.cases.task import TaskKind, TaskState
from bot.catalogue import FEATURES
from bot.people import Grant
from bot.policy.terms import Role
from bot.ports import Address, Store
from tests.lives.failing import Fault
from tests.lives.watch import Watch
from tests.lives.world import BIRCH, CHICOPEE, EVERYBODY, GUEST, STAFF, THE_OTHERS, Who, World, again, buttons_of

SEEDS = st.integers(0, 2**32)
ANYBODY = st.sampled_from(EVERYBODY)
AT_WORK = st.sampled_from((*STAFF, *STAFF, *THE_OTHERS))
WORDS = (
    "home",
    "report",
    "spam",
    "look",
    "complaint",
    "due",
    "reports",
    "blocks",
    "tasks",
    "who",
    "help",
    "delegate",
    "setup",
    "policy spam",
    "block",
    "link",
    "due show {ref}",
    "show {ref}",
    "{ref}",
    "block {ref}",
    "correct {ref}",
    "close {ref}",
    "notice {ref}",
    "history @{handle}",
    "block @{handle}",
    "link @{handle}",
    "search {handle}",
    "search fb.example",
    "https://fb.example/{secret}",
    "“{secret}”",
    "flibber {secret}",
    "appeal",
    "appeal log",
    "appeals",
    "half-sheet",
    "half-sheet {ref}",
    "reinstate",
    "reinstate {ref}",
    "requests",
    "memo {ref}",
    "docket",
    "why kept {ref}",
    "dispose",
    "holds",
    "hold {ref}",
    "hold release {ref}",
    "away",
    "who is away",
    "acting director",
)
SAM = next(who for who in STAFF if who.user == "sam")
DANA, KIM, *TRUSTEES = (next(who for who in STAFF if who.user == user) for user in ("dana", "kim", "terry", "lou"))
BEGINNINGS = (
    *("incident.report", "incident.report", "incident.spam", "block.request", "incident.look"),
    *("appeal.log", "appeal.log", "reinstatement.log", "hold.place", "docket.propose", "absence.enter"),
)
WORK = ("incident.", "block.", "notice.", "appeal.", "restore.", "reinstatement.", "docket.")
ON_THE_WAY = ("incident.spam", "appeal.log", "block.request", "appeal.log", "appeal.log", "reinstatement.log")
"""What most lives begin with, one after another, with the work between that it asks for."""
OF_THE_CASE = {
    TaskKind.DECIDE_BLOCK: "block.approve",
    TaskKind.SEND_NOTICE: "notice.settle",
    TaskKind.CONSULT: "appeal.consult",
    TaskKind.MATCH_APPEAL: "appeal.match",
    TaskKind.DECIDE_APPEAL: "appeal.decide",
    TaskKind.MATCH_REINSTATEMENT: "reinstatement.match",
    TaskKind.ALSO_APPEAL: "reinstatement.appeal",
    TaskKind.DECIDE_REINSTATEMENT: "reinstatement.decide",
}
DOES = {
    **OF_THE_CASE,
    TaskKind.CONFIRM_REMOVAL: "incident.done_today",
    TaskKind.MAKE_BLOCK: "block.done_today",
    TaskKind.LIFT_BLOCK: "block.done_today",
    TaskKind.RESTORE: "restore.done_today",
}
"""What is pressed to do a task; of most about the case, of the others about the task itself."""
A_YEAR = 365
LONGEST = 16
"""Days that are lived one by one."""
UNUSED = frozenset({"setup.pack"})
"""Adopting another library's policy is a journey of its own."""


ACTS = st.integers(0, 24)


class Lives(RuleBasedStateMachine):
    """Whole lives of cases."""

    @classmethod
    def make_store(cls) -> Store:
        """A store with both libraries in it."""
        raise NotImplementedError

    def __init__(self) -> None:
        super().__init__()
        self.chance = patch.object(os, "urandom", Random(0).randbytes)  # so that a life can be lived again
        self.chance.start()
        self.loop = asyncio.new_event_loop()
        self.world = World(kept=self.make_store(), run=self.loop.run_until_complete)
        self.watch = Watch(self.world, (CHICOPEE, BIRCH))

    @override
    def teardown(self) -> None:
        self.chance.stop()
        self.loop.run_until_complete(self.world.kept.close())
        self.loop.close()

    @initialize(seed=SEEDS, acts=ACTS, later=st.sampled_from((0, 0, 46, 380)))
    def something_is_under_way(self, seed: int, acts: int, later: int) -> None:
        """Most lives begin in the middle, so that late states are met as often as early ones."""
        self.lives_so_far(seed, acts, later)

    def lives_so_far(self, seed: int, acts: int, later: int) -> None:
        """So many acts, then so many days in which nobody is there."""
        whim = Random(seed)
        begins = iter(ON_THE_WAY)
        for act in range(acts):
            if act % 3 == 0 and (intent := next(begins, "")):
                self.begins_a_case(who=SAM, intent=intent, seed=whim.randrange(2**32))
            elif act % 6 == 5:
                self.the_board_is_asked(seed=whim.randrange(2**32))
            else:
                self.somebody_does_what_is_asked_of_them(seed=whim.randrange(2**32), library=CHICOPEE)
        if later:
            self.days_pass(days=later, away=True)
        if later > A_YEAR:
            self.the_disposal_list_is_dealt_with(seed=whim.randrange(2**32))

    # -- what people do ----------------------------------------------------------------------------------------------

    @rule(who=ANYBODY, seed=SEEDS)
    def says(self, who: Who, seed: int) -> None:
        whim = Random(seed)
        said = whim.choice(WORDS).format(
            ref=self._ref(whim), handle=self.world.handle(who.library, whim), secret=self.world.secret(who.library)
        )
        self.watch.sent(who, *self.world.say(who, said))

    @rule(who=ANYBODY, seed=SEEDS)
    def presses_a_button_from_any_card(self, who: Who, seed: int) -> None:
        """Anybody may have been forwarded anything."""
        whim = Random(seed)
        mine = [button for library, button in self.world.buttons if library == who.library][-80:]
        if mine:
            intent = whim.choice(sorted({button.intent for button in mine}))  # rare ones are as tempting as common ones
            button = whim.choice([button for button in mine if button.intent == intent])
            self._fill_to_the_end(who, self._press(who, button), whim, 0.1)

    @rule(who=ANYBODY, seed=SEEDS)
    def presses_what_no_card_offered(self, who: Who, seed: int) -> None:
        whim = Random(seed)
        intent = whim.choice(sorted(FEATURES.keys() - UNUSED))
        kept = self.watch.kept[who.library]
        known = [
            self._ref(whim),
            *kept.holds,
            *kept.disposals,
            *map(str, kept.tasks),
            *map(str, kept.clocks),
            *map(str, kept.authors),
        ]
        button = Button(label="", intent=intent, subject=whim.choice(known), version=whim.choice((0, 1, 2)))
        self._fill_to_the_end(who, self._press(who, button), whim, 0.1)

    @rule(who=AT_WORK, seed=SEEDS, wild=st.sampled_from((0.0, 0.0, 0.2)))
    def does_something_from_home(self, who: Who, seed: int, wild: float) -> None:
        whim = Random(seed)
        sent, reply = self.world.say(who, "home")
        self.watch.sent(who, sent, reply)
        buttons = [one for card in reply.cards for one in buttons_of(card) if one.opens_form or one.version]
        if buttons:
            self._fill_to_the_end(who, self._press(who, whim.choice(buttons)), whim, wild)

    @rule(who=AT_WORK, intent=st.sampled_from(BEGINNINGS), seed=SEEDS)
    def begins_a_case(self, who: Who, intent: str, seed: int) -> None:
        reply = self._press(who, Button(label="", intent=intent, opens_form=True))
        self._fill_to_the_end(who, reply, Random(seed), 0.0)

    @rule(seed=SEEDS)
    def the_disposal_list_is_dealt_with(self, seed: int) -> None:
        """The Director proposes what is on it, and the records officer does something with the message about it."""
        self.begins_a_case(who=DANA, intent="docket.propose", seed=seed)
        self.a_round_is_made()
        self.presses_a_button_of_a_message_to_them(who=KIM, seed=seed)

    @rule(seed=SEEDS)
    def the_board_is_asked(self, seed: int) -> None:
        """The Director asks about an appeal that waits, and trustees do something with the memo if they got one."""
        whim = Random(seed)
        waiting = [ref for ref, one in self.watch.kept[CHICOPEE].appeals.items() if isinstance(one, ReceivedAppeal)]
        if waiting:
            asks = Button(label="", intent="appeal.consult", subject=whim.choice(sorted(waiting)), opens_form=True)
            self._fill_to_the_end(DANA, self._press(DANA, asks), whim, 0.0)
            self.a_round_is_made()
            for trustee in TRUSTEES:
                self.presses_a_button_of_a_message_to_them(who=trustee, seed=seed)
            for who in whim.sample(STAFF, 2):
                self.watch.sent(who, *self.world.say(who, f"show {asks.subject}"))

    @rule(seed=SEEDS)
    def an_appeal_ends_without_an_answer(self, seed: int) -> None:
        """The Director ends one that waits: nothing of ours is meant, it was taken back, or it is none."""
        waiting = [ref for ref, one in self.watch.kept[CHICOPEE].appeals.items() if isinstance(one, ReceivedAppeal)]
        if waiting:
            whim = Random(seed)
            ends = Button(label="", intent="appeal.end", subject=whim.choice(sorted(waiting)), opens_form=True)
            self._fill_to_the_end(DANA, self._press(DANA, ends), whim, 0.0)

    @rule(who=ANYBODY, seed=SEEDS)
    def does_what_others_are_asked(self, who: Who, seed: int) -> None:
        """Somebody takes up whatever anybody is asked to do, whether or not it is theirs."""
        whim = Random(seed)
        tasks = [one for one in self.watch.kept[who.library].tasks.values() if one.state is TaskState.OPEN]
        kinds = sorted({one.kind for one in tasks} & DOES.keys())
        if kinds:
            kind = whim.choice(kinds)
            task = whim.choice([one for one in tasks if one.kind is kind])
            subject = task.case if kind in OF_THE_CASE else str(task.id)
            self._fill_to_the_end(
                who, self._press(who, Button(label="", intent=DOES[kind], subject=subject)), whim, 0.0
            )

    @rule(who=st.sampled_from(STAFF), seed=SEEDS)
    def presses_a_button_of_a_message_to_them(self, who: Who, seed: int) -> None:
        whim = Random(seed)
        mine = [post.card for post in self.world.chat.posts if who.identity == _whose(post.to)][-6:]
        buttons = [button for card in mine for button in buttons_of(card)]
        if buttons:
            intent = whim.choice(sorted({button.intent for button in buttons}))
            button = whim.choice([button for button in buttons if button.intent == intent])
            self._fill_to_the_end(who, self._press(who, button), whim, 0.0)

    @rule(seed=SEEDS, library=st.sampled_from((CHICOPEE, CHICOPEE, BIRCH)))
    def somebody_does_what_is_asked_of_them(self, seed: int, library: UUID) -> None:
        whim = Random(seed)
        people = [who for who in (*STAFF, *THE_OTHERS) if who.library == library]
        for who in whim.sample(people, len(people)):
            sent, reply = self.world.say(who, "home")
            self.watch.sent(who, sent, reply)
            rows = [row for card in reply.cards for row in (card.table.rows if card.table else ())]
            asked = [one for row in rows for one in row.buttons if one.intent.startswith(WORK)]
            if asked:
                self._fill_to_the_end(who, self._press(who, whim.choice(asked)), whim, 0.0)
                return

    @rule(who=ANYBODY, seed=SEEDS, turn=st.sampled_from((Turn.NEXT, Turn.NEXT, Turn.BACK, Turn.CANCEL)))
    def sends_a_page_from_any_time(self, who: Who, seed: int, turn: Turn) -> None:
        whim = Random(seed)
        pages = [(owner, page) for owner, page in self.world.pages if owner.library == who.library]
        if pages:
            owner, page = whim.choice(pages[-15:])
            sender = owner if whim.random() < 0.7 else who
            if page.intent not in UNUSED:
                self.watch.sent(sender, *self.world.fill(sender, page, whim, turn=turn))

    @rule(seed=SEEDS)
    def something_is_delivered_again(self, seed: int) -> None:
        if self.world.sent:
            who, sent = Random(seed).choice(self.world.sent[-20:])
            repeated = again(sent)
            self.watch.sent(who, repeated, self.world.send(who, repeated))

    @rule(seed=SEEDS, role=st.sampled_from(sorted(Role)), ends=st.booleans())
    def a_role_is_given_or_ended(self, seed: int, role: Role, *, ends: bool) -> None:
        """As setup would, with the whole of the law: a Director may come, go, or be acting."""
        whim = Random(seed)
        kept = self.watch.kept[CHICOPEE]
        person = whim.choice([one for one in kept.people.values() if GUEST.identity not in one.identities])
        day = self.world.now.date()
        held = [g for g in person.grants if g.until is None]
        if ends and held:
            gone = whim.choice(held)
            grants = tuple(
                Grant(role=g.role, since=g.since, until=day - timedelta(days=1), accounts=g.accounts)
                if g is gone
                else g
                for g in person.grants
            )
        else:
            accounts = tuple(whim.sample(sorted(kept.accounts), 1)) if role is Role.EDITOR else ()
            until = whim.choice((None, None, day + timedelta(days=3)))
            grants = (*person.grants, Grant(role=role, since=day, until=until, accounts=accounts, document="paper"))
        changed = replace(person, grants=grants)
        self.loop.run_until_complete(
            self.world.kept.act(CHICOPEE, lambda shelves: shelves.registry.put_person(changed))
        )
        self.watch.look_again()

    # -- what happens ------------------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from((1, 5, 60, 60 * 9, 60 * 24)))
    def time_passes(self, minutes: int) -> None:
        self.world.now += timedelta(minutes=minutes)

    @rule()
    def a_round_is_made(self) -> None:
        calm = not self.world.chat.faults and not self.world.store.calls_left
        lived = self.world.round()
        self.watch.rounded(calm=calm and lived)

    @rule(days=st.sampled_from((1, 3, 16, 16, 46, 380)), away=st.booleans())
    def days_pass(self, days: int, *, away: bool) -> None:
        """The library is away for the longest times, so that a life reaches them."""
        once = away or days > LONGEST
        for _ in range(1 if once else days):
            self.world.now += timedelta(days=days if once else 1)
            self.a_round_is_made()
        self.world.now += timedelta(minutes=2)
        self.a_round_is_made()

    @rule(faults=st.lists(st.sampled_from(Fault), min_size=1, max_size=3))
    def the_chat_will_fail(self, faults: list[Fault]) -> None:
        self.world.chat.faults += faults

    @rule(calls=st.integers(1, 6), after_commit=st.booleans())
    def the_program_will_die(self, calls: int, *, after_commit: bool) -> None:
        self.world.store.calls_left, self.world.store.after_commit = calls, after_commit

    @rule()
    def the_program_is_started_again(self) -> None:
        self.world.restart()

    # -- the parts of it ---------------------------------------------------------------------------------------------

    def _press(self, who: Who, button: Button) -> Reply:
        if button.intent in UNUSED:
            return Reply()
        sent, reply = self.world.press(who, button)
        self.watch.sent(who, sent, reply)
        return reply

    def _fill_to_the_end(self, who: Who, reply: Reply, whim: Random, wild: float) -> None:
        for _ in range(6):
            if reply.page is None or reply.page.intent in UNUSED:
                return
            sent, reply = self.world.fill(who, reply.page, whim, wild=wild)
            self.watch.sent(who, sent, reply)

    def _ref(self, whim: Random) -> str:
        refs = sorted(
            ref for kept in self.watch.kept.values() for ref in (*kept.cases(), *kept.disposals, *kept.stones)
        )
        return whim.choice(refs) if refs else "I-2026-0001"


def _whose(to: Address) -> Identity:
    """The account a message to a person goes to."""
    return Identity(platform=to.platform, tenant=to.tenant, user=to.user)
