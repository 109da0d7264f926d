"""Everything a person can ask for, and the words that ask for it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.cards import Page, Reply, Submission
from bot.features import (
    appeal_rules,
    ask_for_block,
    author_history,
    block_execution,
    close_item,
    correct,
    decide_block,
    find,
    help_page,
    home,
    link_handles,
    look_into,
    notices,
    policy_rules,
    practice_values,
    registry,
    report,
    report_pages,
    setting_up,
    show_case,
    what_is_due,
    who_is_who,
)
from bot.features.report_pages import LINK, QUOTES
from bot.work import Work

Handle = Callable[[Submission, Work], Reply]
Form = Callable[[Submission, Work], tuple[Page, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Feature:
    """One thing a person can ask for.

    ``acts`` says it changes something (it runs on the writer); otherwise it only reads. ``form`` gives the pages as
    known from the answers so far; it checks authority first, so a form never opens to somebody who may not send it.
    ``words`` are how it is typed.
    """

    handle: Handle
    acts: bool = False
    form: Form | None = None
    words: tuple[str, ...] = ()


FEATURES: Mapping[str, Feature] = {
    "home": Feature(handle=home.show, words=("home", "duenotice", "my tasks")),
    "help": Feature(handle=help_page.show, words=("help", "duenotice help", "?")),
    "incident.report": Feature(
        handle=report.report, acts=True, form=report_pages.pages, words=("report", "incident", "incident report")
    ),
    "incident.spam": Feature(handle=report.report_spam, acts=True, form=report_pages.spam_page, words=("spam",)),
    "incident.look": Feature(
        handle=report.please_look, acts=True, form=report_pages.look_page, words=("look", "please look")
    ),
    "incident.complaint": Feature(
        handle=report.leave_complaint, acts=True, form=report_pages.complaint_page, words=("complaint",)
    ),
    "incident.claim": Feature(handle=look_into.claim, acts=True),
    "incident.settle": Feature(handle=look_into.settle, acts=True, form=look_into.pages),
    "incident.done_today": Feature(handle=look_into.done_today, acts=True),
    "incident.done_earlier": Feature(handle=look_into.done_earlier, acts=True, form=look_into.day_page),
    "incident.close": Feature(handle=close_item.close, acts=True, words=("close",)),
    "case.show": Feature(handle=show_case.show, words=("show", "open", "incident show", "block show")),
    "author.history": Feature(handle=author_history.show, words=("history",)),
    "author.link": Feature(handle=link_handles.link, acts=True, form=link_handles.pages, words=("link",)),
    "author.unlink": Feature(handle=link_handles.unlink, acts=True, form=link_handles.unlink_page),
    "block.request": Feature(
        handle=ask_for_block.request, acts=True, form=ask_for_block.pages, words=("block", "block request")
    ),
    "block.approve": Feature(handle=decide_block.approve, acts=True, form=decide_block.approve_page),
    "block.deny": Feature(handle=decide_block.deny, acts=True, form=decide_block.deny_page),
    "block.done_today": Feature(handle=block_execution.done_today, acts=True),
    "block.done_earlier": Feature(handle=block_execution.done_earlier, acts=True, form=block_execution.day_page),
    "notice.settle": Feature(handle=notices.settle, acts=True, form=notices.pages, words=("notice",)),
    "due.list": Feature(handle=what_is_due.show, words=("due", "due list")),
    "due.proof": Feature(handle=what_is_due.prove, words=("due show", "proof")),
    "due.snooze": Feature(handle=what_is_due.snooze, acts=True, form=what_is_due.snooze_page),
    "find": Feature(handle=find.search, words=("search", "find")),
    "incident.list": Feature(handle=find.report_list, words=("reports", "list", "incident list")),
    "block.list": Feature(handle=find.block_list, words=("blocks", "block list")),
    "task.list": Feature(handle=home.tasks, words=("tasks", "task list")),
    "case.correct": Feature(handle=correct.correct, acts=True, form=correct.pages, words=("correct",)),
    "policy": Feature(handle=policy_rules.show, words=("policy",)),
    "appeal": Feature(handle=appeal_rules.show, words=("appeal",)),
    "who": Feature(handle=who_is_who.show, words=("who", "duenotice who")),
    "delegate": Feature(
        handle=who_is_who.delegate, acts=True, form=who_is_who.delegate_pages, words=("delegate", "duenotice delegate")
    ),
    "setup": Feature(handle=registry.checklist, words=("setup", "duenotice setup")),
    "setup.library": Feature(handle=setting_up.set_library, acts=True, form=setting_up.library_page),
    "setup.pack": Feature(handle=setting_up.adopt_pack, acts=True, form=setting_up.pack_page),
    "setup.person": Feature(handle=setting_up.set_person, acts=True, form=setting_up.person_page),
    "setup.role": Feature(handle=setting_up.set_role, acts=True, form=setting_up.role_page),
    "setup.account": Feature(handle=setting_up.set_account, acts=True, form=setting_up.account_page),
    "setup.channel": Feature(handle=setting_up.set_channel, acts=True, form=setting_up.channel_page),
    "setup.closure": Feature(handle=setting_up.set_closure, acts=True, form=setting_up.closure_page),
    "setup.practice": Feature(handle=practice_values.choose, acts=True, form=practice_values.pages),
}
"""Everything a person can ask for. A new thing is one module in ``features`` and one row here."""

PASTED = "pasted"
"""What a pasted link or a quoted comment is heard as: a report that is offered, not opened."""
REFERENCE = re.compile(r"\b([IBAR]-\d{4}-\d{4,})\b", re.IGNORECASE)


def understand(text: str) -> tuple[str, str]:
    """What somebody typed, as an intent and what it is about.

    A leading slash or mention sign is ignored, the longest known words win, and what follows them is the subject. A
    reference alone is shown; a link or a quoted comment offers a report. An empty intent means nobody understood.
    """
    said = " ".join(text.split()).lstrip("/").strip()
    folded = said.casefold()
    known = sorted(
        ((word, intent) for intent, feature in FEATURES.items() for word in feature.words),
        key=lambda pair: -len(pair[0]),
    )
    for word, intent in known:
        if folded == word or folded.startswith(f"{word} "):
            return intent, said[len(word) :].strip()
    if reference := REFERENCE.fullmatch(said):
        return "case.show", reference.group(1).upper()
    if LINK.search(said) or said[:1] in QUOTES:
        return PASTED, text.strip()
    return "", said


MOST_NEAR = 3


def nearest(said: str) -> tuple[tuple[str, str], ...]:
    """The words, with what they ask for, that are spelt most like what somebody typed; at most three, best first."""
    heard = said.casefold()[:60]
    by_word = {word: intent for intent, feature in FEATURES.items() for word in feature.words}
    alike = {
        by_word[word]: word
        for tried in (heard.partition(" ")[0], heard)
        for word in reversed(get_close_matches(tried, by_word, n=MOST_NEAR))
    }
    return tuple((word, intent) for intent, word in reversed(alike.items()))[:MOST_NEAR]
