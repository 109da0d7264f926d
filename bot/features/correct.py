"""Put a slip right: a new event with its reason; the clocks that stood on the detail are proved again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from bot.cards import Field, FieldKind, Option, Page, Reply, Submission
from bot.cases.block import Execution
from bot.cases.correction import Correction
from bot.cases.incident import EVENTS, ConfirmedRemoval, Incident, fingerprint
from bot.features import appeal_order, before_removal, block_days, correct_paper, reinstatement
from bot.features.holds import check_not_held
from bot.features.link_handles import parse_handle
from bot.people import Power
from bot.refusal import Mistake, Refusal
from bot.views import cases, fields, parts
from bot.work import Work


@dataclass(frozen=True, kw_only=True, slots=True)
class _Detail:
    """One detail of a report that can be wrong: how it is asked for, read, and set."""

    label: str
    asked: Callable[[Incident, Work], Field]
    read: Callable[[Incident, Work], str]
    set: Callable[[Incident, Submission, Work], Incident]
    applies: Callable[[Incident], bool]


def _confirmed(incident: Incident) -> bool:
    return isinstance(incident.removal, ConfirmedRemoval)


def _set_done_on(incident: Incident, sent: Submission, work: Work) -> Incident:
    removal = incident.removal
    day = sent.day("value")
    if not isinstance(removal, ConfirmedRemoval) or day is None:
        raise Mistake("Which day was it?", beside={"value": "Choose the day."})
    del work
    return replace(incident, removal=replace(removal, done_on=day))


def _set_author(incident: Incident, sent: Submission, work: Work) -> Incident:
    if incident.account is None:
        raise Refusal("That account is not ours, so no author is kept.")
    platform = work.account(incident.account).platform
    author = parse_handle(sent.text("value"), (platform,), work, field="value")
    return replace(incident, author=author.id)


def _set_link(incident: Incident, sent: Submission, work: Work) -> Incident:
    link = sent.text("value")
    if not incident.fingerprint:
        return replace(incident, link=link)
    author = parts.author_of(incident.author, work)
    same = fingerprint(
        account=str(incident.account or ""), link=link, text=incident.text, author=author.handle if author else ""
    )
    return replace(incident, link=link, fingerprint=same)


def _set_clauses(incident: Incident, sent: Submission, work: Work) -> Incident:
    if incident.removal is None:
        raise Refusal("Nothing was taken down, so no rule was applied.")
    asked = incident.removal.asked if isinstance(incident.removal, ConfirmedRemoval) else incident.removal
    pack = work.book.on(incident.judged_on)
    words = "\n\n".join(part for part in (asked.reason.words, sent.text("misses")) if part)
    reason = replace(asked.reason, clauses=sent.chosen("value"), words=words)
    reason.check({g.code: g.label for g in pack.grounds})
    host_post = incident.host_post.title or sent.text("host_post")
    if _newly_off_topic(incident, sent, work) and not (host_post and sent.text("misses")):
        raise Mistake(
            "That rule is judged against our own post.",
            beside={"misses": "Name our post it stands under, and say what exactly the item misses."},
        )
    before_removal.check(sent, _new_clauses(incident, sent), pack, work, ref=incident.ref)
    incident = replace(incident, host_post=replace(incident.host_post, title=host_post))
    corrected = replace(asked, reason=reason)
    if isinstance(incident.removal, ConfirmedRemoval):
        return replace(incident, removal=replace(incident.removal, asked=corrected))
    return replace(incident, removal=corrected)


def _new_clauses(incident: Incident, sent: Submission) -> tuple[str, ...]:
    return tuple(code for code in sent.chosen("value") if code not in incident.clauses)


def _newly_off_topic(incident: Incident, sent: Submission, work: Work) -> bool:
    """Test whether the item is now said to be off topic, and was not before."""
    new = _new_clauses(incident, sent)
    return any(ground.asks_host_post for ground in work.book.on(incident.judged_on).grounds if ground.code in new)


def _more_about_clauses(incident: Incident, sent: Submission, work: Work) -> tuple[Page, ...]:
    """What a rule that is applied only now asks: our post and what is missed, and what comes before any removal."""
    asked: tuple[Page, ...] = ()
    if _newly_off_topic(incident, sent, work):
        post = () if incident.host_post.title else (replace(fields.host_post(), required=True),)
        misses = Field(name="misses", label="What exactly does it miss?", required=True, kind=FieldKind.LONG_TEXT)
        asked = (Page(title="Off topic", fields=(*post, misses)),)
    before = before_removal.page(_new_clauses(incident, sent), work.book.on(incident.judged_on), work, sent)
    return (*asked, *((before,) if before else ()))


def _author_label(incident: Incident, work: Work) -> str:
    author = parts.author_of(incident.author, work)
    return author.label if author else ""


DETAILS: dict[str, _Detail] = {
    "done_on": _Detail(
        label="The day it was done",
        asked=lambda _, work: Field(
            name="value", label="It was done on", kind=FieldKind.DATE, required=True, latest=work.today
        ),
        read=lambda incident, _: (
            incident.removal.done_on.isoformat() if isinstance(incident.removal, ConfirmedRemoval) else ""
        ),
        set=_set_done_on,
        applies=_confirmed,
    ),
    "clauses": _Detail(
        label="The rule it breaks",
        asked=lambda incident, work: replace(
            fields.clauses(work.book.on(incident.judged_on)),
            name="value",
            initial=incident.clauses,
        ),
        read=lambda incident, _: ", ".join(incident.clauses),
        set=_set_clauses,
        applies=lambda incident: incident.removal is not None,
    ),
    "author": _Detail(
        label="The author's handle",
        asked=lambda _, __: Field(name="value", label="The handle", required=True),
        read=_author_label,
        set=_set_author,
        applies=lambda incident: incident.removal is not None,
    ),
    "posted_on": _Detail(
        label="The day it was posted",
        asked=lambda _, work: Field(
            name="value", label="It was posted on", kind=FieldKind.DATE, required=True, latest=work.today
        ),
        read=lambda incident, _: incident.posted_on.isoformat() if incident.posted_on else "",
        set=lambda incident, sent, _: replace(incident, posted_on=sent.day("value")),
        applies=lambda _: True,
    ),
    "host_post": _Detail(
        label="Our post it stands under",
        asked=lambda _, __: Field(name="value", label="Our post", required=True, max_length=200),
        read=lambda incident, _: incident.host_post.title,
        set=lambda incident, sent, _: replace(
            incident, host_post=replace(incident.host_post, title=sent.text("value"))
        ),
        applies=lambda _: True,
    ),
    "link": _Detail(
        label="The link",
        asked=lambda _, __: Field(name="value", label="The link", required=True, max_length=2000),
        read=lambda incident, _: incident.link,
        set=_set_link,
        applies=lambda _: True,
    ),
}


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Which detail was wrong; then what it should have been, and why."""
    ref = sent.subject.strip().upper()
    if not ref:
        raise Mistake("Which one? Write its reference, for example “correct I-2026-0001”.")
    if ref.startswith(("A-", "R-")):
        return correct_paper.pages(sent, work)
    work.require(Power.CORRECT)
    if ref.startswith("B-"):
        return _block_pages(ref, sent, work)
    incident = work.incident(ref)
    options = {name: detail.label for name, detail in DETAILS.items() if detail.applies(incident)}
    first = _which(ref, options)
    chosen = DETAILS.get(sent.text("detail"))
    if chosen is None:
        return (first,)
    was = chosen.read(incident, work) or "empty"
    more = _more_about_clauses(incident, sent, work) if sent.text("detail") == "clauses" else ()
    return first, _what_instead(chosen.asked(incident, work), was), *more


def _which(ref: str, options: dict[str, str]) -> Page:
    return Page(
        title=f"Correct {ref}",
        intro="What was kept stays on file; the correction is added with its reason.",
        fields=(
            Field(
                name="detail",
                label="What was wrong?",
                kind=FieldKind.CHOICE,
                required=True,
                options=tuple(Option(value=name, label=label) for name, label in options.items()),
            ),
        ),
        submit="Next",
    )


def _what_instead(field: Field, was: str) -> Page:
    return Page(
        title="What it should say",
        intro=f"Now: {was}",
        fields=(
            field,
            Field(name="reason", label="Why was it wrong?", kind=FieldKind.LONG_TEXT, required=True, max_length=1000),
        ),
        submit="Correct",
    )


def correct(sent: Submission, work: Work) -> Reply:
    """Add the correction and prove the clocks again; a date somebody was told is never shortened by it."""
    ref = sent.subject.strip().upper()
    if ref.startswith(("A-", "R-")):
        return correct_paper.correct(sent, work)
    work.require(Power.CORRECT)
    if ref.startswith("B-"):
        return _correct_block(ref, sent, work)
    incident = work.incident(ref)
    name = sent.text("detail")
    detail = DETAILS.get(name)
    if detail is None or not detail.applies(incident):
        raise Mistake("That detail is not on this report.", beside={"detail": "Choose from the list."})
    check_not_held(incident, work)
    if name == "done_on" and incident.account is not None:
        work.require(Power.CONFIRM, account=incident.account)
    fixed = detail.set(incident, sent, work)
    before, after = detail.read(incident, work), detail.read(fixed, work)
    if before == after:
        raise Mistake("That is what it says already.", beside={"value": "Nothing would change."})
    saved = work.save(fixed, before=incident)
    if name == "clauses":
        pack = work.book.on(incident.judged_on)
        before_removal.keep_answers(ref, sent, _new_clauses(incident, sent), pack, work)
    _keep(ref, detail.label, before, after, sent, work)
    if name == "done_on" and isinstance(saved.removal, ConfirmedRemoval):
        work.start_clocks(EVENTS[saved.outcome], case=ref, on=saved.removal.done_on)
        appeal_order.look_again(ref, work)
    return Reply(cards=cases.private(ref, work), headline="Corrected. What it said before stays on file.", about=ref)


def _keep(ref: str, label: str, before: str, after: str, sent: Submission, work: Work) -> None:
    work.save(
        Correction(
            id=uuid4(),
            library=work.library.id,
            case=ref,
            detail=label,
            before=before,
            after=after,
            reason=sent.text("reason"),
            by=work.actor.id,
            at=work.now,
        )
    )


def _block_pages(ref: str, sent: Submission, work: Work) -> tuple[Page, ...]:
    work.block(ref)
    made = {str(done.id): done for done in work.shelves.blocks.executions(ref)}
    if not made:
        raise Refusal(f"Nothing about {ref} has been confirmed yet, so there is no day to correct.")
    first = _which(ref, {name: f"The day it was {d.done.value} on {_label(d, work)}" for name, d in made.items()})
    chosen = made.get(sent.text("detail"))
    if chosen is None:
        return (first,)
    day = Field(name="value", label="It was done on", kind=FieldKind.DATE, required=True, latest=work.today)
    return first, _what_instead(day, chosen.done_on.isoformat())


def _label(done: Execution, work: Work) -> str:
    return work.account(done.account).label


def _correct_block(ref: str, sent: Submission, work: Work) -> Reply:
    check_not_held(work.block(ref), work)
    done = next((d for d in work.shelves.blocks.executions(ref) if d.id == UUID(sent.text("detail"))), None)
    day = sent.day("value")
    if done is None or day is None:
        raise Mistake("Which day was it?", beside={"value": "Choose the day."})
    work.require(Power.CONFIRM, account=done.account)
    if done.done_on == day:
        raise Mistake("That is what it says already.", beside={"value": "Nothing would change."})
    before = block_days.days(ref, work)
    work.save(replace(done, done_on=day), before=done)
    label = f"The day it was {done.done.value} on {_label(done, work)}"
    _keep(ref, label, done.done_on.isoformat(), day.isoformat(), sent, work)
    if block_days.days(ref, work) != before:
        block_days.count_again(ref, work)
        reinstatement.judge_again(ref, work)
    return Reply(cards=cases.private(ref, work), headline="Corrected. What it said before stays on file.", about=ref)
