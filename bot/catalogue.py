"""Everything a person can ask for, and the words that ask for it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.cards import Page, Reply, Submission
from bot.features import (
    absences,
    answer,
    answer_complaint,
    appeal_rules,
    appeals,
    ask_for_block,
    assignments,
    attestations,
    attorney_approval,
    author_history,
    before_we_post,
    block_execution,
    close_item,
    closed_days,
    consult_board,
    contact_authorities,
    copyright_notice,
    correct,
    decide_appeal,
    decide_block,
    decide_reinstatement,
    docket,
    duties,
    duty_rota,
    end_appeal,
    find,
    half_sheet,
    hearings,
    help_page,
    holds,
    home,
    impostor,
    inspections,
    kept_copies,
    late_appeals,
    link_handles,
    link_people,
    look_into,
    memos_to_trustees,
    notices,
    offices,
    official_account,
    opening_an_account,
    own_post,
    partners,
    permissions,
    policy_rules,
    practice_values,
    records_request,
    registry,
    reinstatement,
    report,
    report_pages,
    restore,
    setting_up,
    several_people,
    show_case,
    speaking_for_the_library,
    staff_conduct,
    standard_replies,
    take_further,
    undelivered,
    warn_person,
    what_is_due,
    while_open,
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
    "incident.spam": Feature(
        handle=report.report_spam, acts=True, form=report_pages.spam_page, words=("spam", "incident spam")
    ),
    "incident.look": Feature(
        handle=report.please_look,
        acts=True,
        form=report_pages.look_page,
        words=("look", "please look", "incident look"),
    ),
    "incident.complaint": Feature(
        handle=report.leave_complaint,
        acts=True,
        form=report_pages.complaint_page,
        words=("complaint", "incident complaint"),
    ),
    "incident.claim": Feature(handle=look_into.claim, acts=True),
    "incident.settle": Feature(handle=look_into.settle, acts=True, form=look_into.pages),
    "incident.done_today": Feature(handle=look_into.done_today, acts=True),
    "incident.done_earlier": Feature(handle=look_into.done_earlier, acts=True, form=look_into.day_page),
    "incident.close": Feature(handle=close_item.close, acts=True, words=("close",)),
    "incident.copy_rule": Feature(handle=kept_copies.say, acts=True, form=kept_copies.pages),
    "incident.answer": Feature(handle=answer.answer, acts=True, form=answer.pages, words=("answer",)),
    "incident.acknowledge": Feature(handle=answer_complaint.acknowledge, acts=True),
    "incident.override": Feature(handle=answer_complaint.override, acts=True, form=answer_complaint.override_page),
    "incident.warn": Feature(
        handle=warn_person.warn, acts=True, form=warn_person.pages, words=("warn", "incident warn")
    ),
    "copyright.check": Feature(handle=copyright_notice.check, acts=True, form=copyright_notice.check_page),
    "copyright.counter": Feature(handle=copyright_notice.counter, acts=True, form=copyright_notice.counter_page),
    "copyright.put_back": Feature(handle=copyright_notice.put_back, acts=True, form=copyright_notice.put_back_page),
    "authority.told": Feature(
        handle=contact_authorities.record, acts=True, form=contact_authorities.pages, words=("authorities",)
    ),
    "conduct.review": Feature(handle=staff_conduct.review, acts=True, form=staff_conduct.pages),
    "impostor.told": Feature(handle=impostor.record, acts=True, form=impostor.pages),
    "own_post.corrected": Feature(handle=own_post.record, acts=True, form=own_post.pages),
    "reply.list": Feature(handle=standard_replies.show, words=("replies", "standard replies")),
    "reply.keep": Feature(handle=standard_replies.keep, acts=True, form=standard_replies.pages),
    "reply.retire": Feature(handle=standard_replies.retire, acts=True),
    "rota": Feature(handle=duty_rota.show, words=("rota", "duty rota")),
    "rota.enter": Feature(handle=duty_rota.enter, acts=True, form=duty_rota.pages),
    "post.check": Feature(
        handle=before_we_post.check, acts=True, form=before_we_post.pages, words=("checklist", "before we post")
    ),
    "post.list": Feature(handle=before_we_post.show, words=("checklists", "checked posts")),
    "partners": Feature(handle=partners.show, words=("partners",)),
    "case.show": Feature(handle=show_case.show, words=("show", "open", "incident show", "block show", "appeal show")),
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
    "appeal.log": Feature(handle=appeals.log, acts=True, form=appeals.pages, words=("appeal log",)),
    "appeal.match": Feature(handle=appeals.match, acts=True, form=appeals.match_pages),
    "appeal.waive": Feature(handle=late_appeals.waive, acts=True, form=late_appeals.waive_page),
    "appeal.hearing": Feature(handle=hearings.record, acts=True, form=hearings.pages),
    "appeal.take_further": Feature(handle=take_further.take, acts=True, form=take_further.pages),
    "appeal.for_now": Feature(handle=while_open.done, acts=True),
    "appeal.half_sheet": Feature(handle=half_sheet.hand_out, acts=True, words=("half-sheet", "appeal half-sheet")),
    "appeal.list": Feature(handle=appeals.show_list, words=("appeals", "appeal list")),
    "reinstatement.log": Feature(
        handle=reinstatement.log,
        acts=True,
        form=reinstatement.pages,
        words=("reinstate", "reinstatement", "come back", "block reinstate"),
    ),
    "reinstatement.match": Feature(handle=reinstatement.match, acts=True, form=reinstatement.match_pages),
    "reinstatement.appeal": Feature(handle=reinstatement.also_appeal, acts=True, form=reinstatement.appeal_page),
    "reinstatement.decide": Feature(handle=decide_reinstatement.decide, acts=True, form=decide_reinstatement.pages),
    "reinstatement.list": Feature(handle=reinstatement.show_list, words=("requests", "reinstatements")),
    "appeal.consult": Feature(handle=consult_board.choose, acts=True, form=consult_board.pages),
    "appeal.advice": Feature(handle=consult_board.record_advice, acts=True, form=consult_board.advice_pages),
    "appeal.memo": Feature(handle=memos_to_trustees.read, words=("memo",)),
    "appeal.view": Feature(handle=memos_to_trustees.give_view, acts=True, form=memos_to_trustees.view_pages),
    "appeal.enter_view": Feature(handle=memos_to_trustees.enter_view, acts=True, form=memos_to_trustees.enter_pages),
    "appeal.decide": Feature(handle=decide_appeal.decide, acts=True, form=decide_appeal.pages),
    "appeal.end": Feature(handle=end_appeal.end, acts=True, form=end_appeal.pages),
    "restore.done_today": Feature(handle=restore.done_today, acts=True),
    "restore.done_earlier": Feature(handle=restore.done_earlier, acts=True, form=restore.day_page),
    "restore.cannot": Feature(handle=restore.cannot, acts=True, form=restore.cannot_page),
    "docket": Feature(handle=docket.show, words=("docket", "disposal list")),
    "docket.why": Feature(handle=docket.show_why, words=("why kept", "docket show")),
    "docket.propose": Feature(handle=docket.propose, acts=True, form=docket.propose_page, words=("dispose",)),
    "docket.confirm": Feature(handle=docket.confirm, acts=True, form=docket.confirm_page),
    "docket.decline": Feature(handle=docket.decline, acts=True, form=docket.decline_page),
    "hold.list": Feature(handle=holds.show_list, words=("holds", "hold list")),
    "hold.place": Feature(handle=holds.place, acts=True, form=holds.pages, words=("hold", "hold place")),
    "hold.release": Feature(handle=holds.release, acts=True, form=holds.release_page, words=("hold release",)),
    "hold.answered": Feature(handle=records_request.answered, acts=True, form=records_request.answered_page),
    "absence.enter": Feature(handle=absences.enter, acts=True, form=absences.pages, words=("away", "absence", "leave")),
    "absence.list": Feature(handle=absences.show, words=("absences", "leave calendar", "who is away")),
    "absence.cancel": Feature(handle=absences.cancel, acts=True),
    "office.acting": Feature(
        handle=offices.appoint, acts=True, form=offices.pages, words=("acting director", "acting")
    ),
    "who": Feature(handle=who_is_who.show, words=("who", "duenotice who")),
    "delegate": Feature(
        handle=who_is_who.delegate, acts=True, form=who_is_who.delegate_pages, words=("delegate", "duenotice delegate")
    ),
    "undelivered.again": Feature(handle=undelivered.send_again, acts=True, words=("send again",)),
    "undelivered.list": Feature(handle=undelivered.show, words=("messages", "undelivered")),
    "undelivered.arrived": Feature(handle=undelivered.arrived, acts=True),
    "undelivered.repeat": Feature(handle=undelivered.repeat, acts=True),
    "undelivered.leave": Feature(handle=undelivered.leave, acts=True),
    "setup": Feature(handle=registry.checklist, words=("setup", "duenotice setup")),
    "setup.library": Feature(handle=closed_days.set_library, acts=True, form=closed_days.library_page),
    "setup.pack": Feature(handle=setting_up.adopt_pack, acts=True, form=setting_up.pack_page),
    "setup.person": Feature(handle=setting_up.set_person, acts=True, form=setting_up.person_page),
    "setup.link": Feature(handle=link_people.link, acts=True, form=link_people.page),
    "setup.people": Feature(handle=several_people.add, acts=True, form=several_people.pages),
    "setup.role": Feature(handle=setting_up.set_role, acts=True, form=setting_up.role_page),
    "setup.account": Feature(handle=official_account.register, acts=True, form=official_account.page),
    "setup.account_closed": Feature(handle=official_account.close, acts=True, form=official_account.close_page),
    "duties": Feature(handle=duties.show, words=("duties", "duty list")),
    "duty.take_up": Feature(handle=duties.take_up, acts=True),
    "duty.confirm": Feature(
        handle=attestations.confirm, acts=True, form=attestations.pages, words=("confirm", "duty confirm")
    ),
    "permission.answer": Feature(handle=permissions.answer, acts=True, form=permissions.answer_pages),
    "permission.end": Feature(handle=permissions.end, acts=True, form=permissions.end_page),
    "account.ask": Feature(
        handle=opening_an_account.ask, acts=True, form=opening_an_account.ask_page, words=("open account",)
    ),
    "account.register": Feature(handle=opening_an_account.register, acts=True, form=opening_an_account.register_page),
    "speak.ask": Feature(
        handle=speaking_for_the_library.ask, acts=True, form=speaking_for_the_library.ask_page, words=("speak",)
    ),
    "speak.list": Feature(handle=speaking_for_the_library.show, words=("spokespersons", "who speaks")),
    "attorney.ask": Feature(
        handle=attorney_approval.ask, acts=True, form=attorney_approval.ask_page, words=("attorney",)
    ),
    "inspection.begin": Feature(
        handle=inspections.begin, acts=True, form=inspections.begin_page, words=("inspect", "inspection")
    ),
    "inspection.end": Feature(handle=inspections.end, acts=True, form=inspections.end_page),
    "assignment.ask": Feature(handle=assignments.ask, acts=True, form=assignments.ask_page, words=("assign",)),
    "setup.channel": Feature(handle=setting_up.set_channel, acts=True, form=setting_up.channel_page),
    "setup.closure": Feature(handle=closed_days.set_closure, acts=True, form=closed_days.closure_page),
    "setup.practice": Feature(handle=practice_values.choose, acts=True, form=practice_values.pages),
}
"""Everything a person can ask for. A new thing is one module in ``features`` and one row here."""

PASTED = "pasted"
"""What a pasted link or a quoted comment is heard as: a report that is offered, not opened."""
REFERENCE = re.compile(r"\b([IBARDHUP]-\d{4}-\d{4,})\b", re.IGNORECASE)


def understand(text: str) -> tuple[str, str]:
    """What somebody typed, as an intent and what it is about.

    A leading slash or mention sign is ignored, the longest known words win, and what follows them is the subject. A
    reference alone is shown; a link or a quoted comment offers a report. An empty intent means nobody understood.
    What follows "duenotice" is read as if it stood alone, so that the one command leads to everything.
    """
    typed = text.split()
    called = next((place for place, word in enumerate(typed) if word.lstrip("/").casefold() != "duenotice"), len(typed))
    called = min(called, len(typed) - 1)
    if called <= 0:
        return _understood(text)
    rest = text.split(maxsplit=called)[called]
    intent, subject = _understood(rest)
    return (intent, subject) if intent else ("home", subject)


def _understood(text: str) -> tuple[str, str]:
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
