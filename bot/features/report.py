"""Report an item: what it is, what became of it, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from bot.cards import Reply, Submission
from bot.cases.account import Author, Confidence, HandleLink, OfficialAccount
from bot.cases.incident import (
    AskedRemoval,
    Evidence,
    HostPost,
    Incident,
    JoinedReport,
    Outcome,
    fingerprint,
    is_link,
)
from bot.cases.task import TaskKind
from bot.features import attorney_approval, before_removal, complaints_on_file, walled_report, who_posted
from bot.features.link_handles import author_named, together
from bot.features.removals import ask_to_confirm, confirm_removal, reason_given
from bot.features.report_pages import NO_COPY, OPEN_UNTIL_CLOSED, STAYS_UP, listed_account, outcome_of, track_of
from bot.features.what_follows import begin, report_up, seen_on
from bot.people import Power
from bot.policy.pack import Ground
from bot.policy.terms import Channel, Role, Track
from bot.records.kept import text_hash
from bot.refusal import Mistake, Refusal
from bot.views import cases, fields
from bot.work import Work

AT_ONCE = frozenset({Track.THREAT, Track.PERSONAL_INFORMATION})
"""Tracks that reach the duty person at any hour, whatever became of the item."""


def report_spam(sent: Submission, work: Work) -> Reply:
    """Keep spam that was already removed."""
    day = sent.day("posted_on") or work.today
    ground = next((ground for ground in work.book.on(day).grounds if ground.spam), None)
    if ground is None:
        raise Refusal("The policy lists no ground for spam. Report it with “report” and choose the rule it breaks.")
    return _report(sent, work, _Said(track=Track.VIOLATION, outcome=Outcome.REMOVED, clauses=(ground.code,)))


def please_look(sent: Submission, work: Work) -> Reply:
    """Ask an editor of the account to look at something."""
    return _report(sent, work, _Said(track=Track.VIOLATION, outcome=Outcome.PLEASE_LOOK))


def leave_complaint(sent: Submission, work: Work) -> Reply:
    """Keep that a complaint was seen and stays up, and tell the Director."""
    return _report(sent, work, _Said(track=Track.COMPLAINT, outcome=Outcome.LEFT_UP))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What the form said that decides the way a report goes."""

    track: Track
    outcome: Outcome
    clauses: tuple[str, ...] = ()


def report(sent: Submission, work: Work) -> Reply:
    """Keep one record per item, joined to an earlier report of the same item, and tell whom the track names."""
    track = track_of(sent)
    if track is Track.CHILD_SAFETY:
        return walled_report.report_child_safety(sent, work)
    if track in {Track.STAFF_CONDUCT, Track.TRUSTEE_CONDUCT}:
        return walled_report.report_conduct(sent, work, track)
    outcome = outcome_of(sent)
    if track in STAYS_UP and outcome.removes:
        raise Mistake("This stays up on this track.", beside={"outcome": "Choose that it stays up, or another track."})
    if not sent.lines("links") and not sent.yes("no_link"):
        raise Mistake("Where is it?", beside={"links": "Paste the link, or answer yes to “there is no link”."})
    if wrong := next((line for line in sent.lines("links") if not is_link(line)), ""):
        why = f"“{wrong[:80]}” is no link. Paste its address, one a line, or answer yes to “there is no link”."
        raise Mistake("Where is it?", beside={"links": why})
    if not (sent.lines("links") or sent.text("text") or sent.chosen("pictures") or sent.text("words")):
        raise Mistake(
            "What is it about?", beside={"text": "Give its words, a picture, a link or a few words about it."}
        )
    return _report(sent, work, _Said(track=track, outcome=outcome, clauses=sent.chosen("clauses")))


def _report(sent: Submission, work: Work, said: _Said) -> Reply:
    work.require(Power.REPORT)
    account = listed_account(sent, work)
    track = Track.IMPOSTOR if account is None and said.track not in AT_ONCE else said.track
    if account is None and said.outcome.removes:
        raise Mistake(
            "We cannot take anything down on an account that is not ours.",
            beside={"account": "Choose one of our accounts, or leave the outcome at “please look”."},
        )
    asked = _asked(sent, work, said) if said.outcome.removes else None
    authors = _authors(sent, work, account) if asked and account else ()
    kept = tuple(work.keep_file(token) for token in sent.chosen("pictures"))
    batch = uuid4()
    links: Sequence[str] = sent.lines("links") or ("",)
    saved, joined = [], []
    for place, link in enumerate(links):
        author = authors[place] if len(authors) == len(links) else next(iter(authors), None)
        same = fingerprint(
            account=str(account.id) if account else "",
            link=link,
            text=sent.text("text"),
            author=author.handle if author else "",
        )
        earlier = work.shelves.incidents.with_fingerprint(same) if same else None
        if asked is not None:
            attorney_approval.check_agreed(earlier.ref if earlier else "", sent, work)
            complaints_on_file.check_no_complaint(link, sent.text("text"), work, but=earlier.ref if earlier else "")
        elif earlier is None and track is Track.COMPLAINT:
            earlier = complaints_on_file.asked_to_come_down(link, sent.text("text"), work)
        if earlier is not None:
            keeps = asked is not None or said.outcome is Outcome.PLEASE_LOOK or earlier.closed_on is None
            keeps = keeps or _becomes_complaint(earlier, track, work)
            incident = _join(sent, work, earlier, kept, keeps=keeps)
            joined.append(incident.ref)
        else:
            incident = _begin(sent, work, _Item(track, account, link, same, batch, author, kept))
        had = earlier is not None and earlier.removal is not None
        incident = _settle(incident, work, asked, author, said)
        _keep_what_was_said(incident, sent, said, work, removes=asked is not None, new=not had)
        if earlier is None:
            begin(incident, work)
            report_up(incident, sent.text("supervisor"), work, seen=seen_on(incident))
        saved.append(incident.ref)
    _link_handles(authors, work, saved[0])
    return _answer(saved, joined, work)


@dataclass(frozen=True, slots=True)
class _Item:
    track: Track
    account: OfficialAccount | None
    link: str
    fingerprint: str
    batch: UUID
    author: Author | None
    kept: tuple[Evidence, ...]


def _asked(sent: Submission, work: Work, said: _Said) -> AskedRemoval:
    """The removal as asked for."""
    day = sent.day("posted_on") or work.today
    pack = work.book.on(day)
    reason = reason_given(sent, said.clauses, host_post=sent.text("host_post"), pack=pack)
    before_removal.check(sent, said.clauses, pack, work)
    return AskedRemoval(
        outcome=said.outcome,
        reason=reason,
        asked_by=work.actor.id,
        asked_at=work.now,
        said_done_on=sent.day("done_on"),
        part=sent.text("part"),
    )


def _begin(sent: Submission, work: Work, item: _Item) -> Incident:
    text = sent.text("text")
    return Incident(
        id=uuid4(),
        library=work.library.id,
        ref=work.next_ref("I"),
        version=0,
        track=item.track,
        outcome=Outcome.LEFT_UP,
        account=item.account.id if item.account else None,
        reported_by=work.actor.id,
        reported_at=work.now,
        reported_on=work.today,
        fingerprint=item.fingerprint,
        batch=item.batch,
        link=item.link,
        text=text,
        text_sha256=text_hash(text),
        evidence=item.kept,
        copy_impossible="" if text or item.kept else _no_copy(sent),
        host_post=HostPost(title=sent.text("host_post")),
        posted_on=sent.day("posted_on"),
        words=sent.text("words"),
    )


def _join(sent: Submission, work: Work, earlier: Incident, kept: tuple[Evidence, ...], *, keeps: bool) -> Incident:
    """Add a second report to the first; ``keeps`` says whether a copy of the item may be kept with it."""
    text = sent.text("text") if keeps else ""
    if not keeps:
        for file in kept:
            work.shelves.book.release_file(file.sha256, work.now)
        kept = ()
    joined = earlier.join(JoinedReport(by=work.actor.id, at=work.now, words=sent.text("words")))
    return replace(
        joined,
        text=joined.text or text,
        text_sha256=joined.text_sha256 or text_hash(text),
        evidence=(
            *joined.evidence,
            *(new for new in kept if new.sha256 not in {old.sha256 for old in joined.evidence}),
        ),
        copy_impossible=joined.copy_impossible or _no_copy(sent),
        host_post=HostPost(title=joined.host_post.title or sent.text("host_post"), link=joined.host_post.link),
    )


def _settle(incident: Incident, work: Work, asked: AskedRemoval | None, author: Author | None, said: _Said) -> Incident:
    """Carry the outcome out: confirm, ask an editor, ask somebody to look, or close."""
    before = work.shelves.incidents.by_ref(incident.ref)
    looked = before is not None and not (said.outcome is Outcome.PLEASE_LOOK and before.closed_on is not None)
    if before is not None and _becomes_complaint(before, said.track, work):
        return complaints_on_file.is_now_a_complaint(incident, before, work)
    if incident.removal is not None or (asked is None and looked):
        incident = work.save(incident, before=before)
        if said.track is not incident.track:
            _at_once(said.track, incident.ref, work)
        return incident
    if asked is not None:
        incident = _as_violation(incident, said.track, work)
        incident = replace(incident.take_down(asked), author=author.id if author else incident.author)
        if incident.account and asked.said_done_on and work.actor.edits(incident.account, on=work.today):
            incident = work.save(incident, before=before)
            incident = confirm_removal(incident, done_on=asked.said_done_on, work=work)
        else:
            incident = work.save(incident, before=before)
            ask_to_confirm(incident, work)
    elif said.outcome is Outcome.PLEASE_LOOK:
        incident = work.save(replace(incident, outcome=Outcome.PLEASE_LOOK, closed_on=None), before=before)
        role = Role.EDITOR if incident.account else Role.LIBRARIAN_IN_CHARGE
        work.ask_for(TaskKind.LOOK, case=incident.ref, role=role, account=incident.account)
    else:
        incident = replace(incident, outcome=said.outcome)
        if incident.track not in OPEN_UNTIL_CLOSED:
            for kept in incident.evidence:
                work.shelves.book.release_file(kept.sha256, work.now)
            incident = replace(incident.leave_up(on=work.today), outcome=said.outcome)
        incident = work.save(incident, before=before)
    _announce(incident, work)
    if said.track is not incident.track:
        _at_once(said.track, incident.ref, work)
    return incident


def _keep_what_was_said(
    incident: Incident, sent: Submission, said: _Said, work: Work, *, removes: bool, new: bool
) -> None:
    """Keep what was asked first and who posted it; a ground that belongs on an urgent track reaches the duty person."""
    if removes and new:
        before_removal.keep_answers(incident.ref, sent, said.clauses, work.book.on(incident.judged_on), work)
    who_posted.keep_who(incident.ref, sent, work)
    for ground in _grounds_of(incident, said, work) if removes else ():
        if ground.track and ground.track in AT_ONCE and ground.track is not said.track:
            _at_once(ground.track, incident.ref, work)


def _grounds_of(incident: Incident, said: _Said, work: Work) -> tuple[Ground, ...]:
    return tuple(ground for ground in work.book.on(incident.judged_on).grounds if ground.code in said.clauses)


def _becomes_complaint(before: Incident, track: Track, work: Work) -> bool:
    """Test whether an item on file as something else is now reported as a complaint that the policy protects."""
    if track is not Track.COMPLAINT or not work.pack.complaints.protected:
        return False
    return complaints_on_file.may_be_complaint(before)


def _as_violation(incident: Incident, track: Track, work: Work) -> Incident:
    """An item first reported on a track that stays up, now said to break a rule.

    :raises Refusal: it is a complaint, and the policy protects complaints
    """
    if incident.track not in STAYS_UP or track in STAYS_UP:
        return incident
    complaints = work.pack.complaints
    if incident.track is Track.COMPLAINT and complaints.protected:
        raise Refusal(
            f"{incident.ref} is a complaint, and the policy says complaints stay up.",
            under=work.book.cite(complaints.rule, on=work.today),
        )
    return replace(incident, track=track)


def _at_once(track: Track, ref: str, work: Work) -> None:
    """Have threats and personal information reach the duty person, also those of an item reported as something else."""
    if track in AT_ONCE:
        work.tell_role(Role.DUTY_PERSON, about=ref, headline=f"{fields.TRACKS[track][0]}: please look now.")


def _announce(incident: Incident, work: Work) -> None:
    """Tell whom the track names."""
    work.tell(Channel.SOCIAL_MEDIA, about=incident.ref)
    _at_once(incident.track, incident.ref, work)
    what = fields.TRACKS[incident.track][0]
    match incident.track:
        case Track.COMPLAINT:
            stays = "It stays up." if incident.outcome is Outcome.LEFT_UP else ""
            work.tell_role(Role.DIRECTOR, about=incident.ref, headline=f"A complaint was reported. {stays}".strip())
        case Track.CONCERN | Track.COPYRIGHT_NOTICE:
            work.tell_role(Role.DIRECTOR, about=incident.ref, headline=f"{what} was reported.")
        case _:
            pass


def _no_copy(sent: Submission) -> str:
    words = sent.text("no_copy_words")
    chosen = {option.value: option.label for option in NO_COPY}.get(sent.text("no_copy"), "")
    if sent.text("no_copy") == "other":
        return words
    return ": ".join(part for part in (chosen, words) if part)


def _authors(sent: Submission, work: Work, account: OfficialAccount) -> tuple[Author, ...]:
    return tuple(author_named(line, account.platform, work) for line in sent.lines("handles"))


def _link_handles(authors: tuple[Author, ...], work: Work, ref: str) -> None:
    """Handles reported together as one author's are linked as suspected, with that as the basis."""
    pairs = {frozenset((link.first, link.second)) for link in work.shelves.authors.links() if link.stands}
    for other in authors[1:]:
        if other.id == authors[0].id or frozenset((authors[0].id, other.id)) in pairs:
            continue
        work.save(
            HandleLink(
                id=uuid4(),
                library=work.library.id,
                first=authors[0].id,
                second=other.id,
                confidence=Confidence.SUSPECTED,
                basis=together(ref),
                linked_by=work.actor.id,
                linked_at=work.now,
            )
        )


def _answer(saved: Sequence[str], joined: Sequence[str], work: Work) -> Reply:
    news = [ref for ref in saved if ref not in joined]
    said = [f"Saved as {', '.join(news)}." if news else ""]
    if joined:
        said.append(f"Already on file: your report was added to {', '.join(joined)}.")
    shown: list[str] = []
    for ref in dict.fromkeys(saved):
        incident = work.shelves.incidents.by_ref(ref)
        if incident is not None and work.may_see(incident):
            shown.append(ref)
    cards = tuple(card for ref in shown[:5] for card in cases.private(ref, work))
    return Reply(cards=cards, headline=" ".join(part for part in said if part), about=saved[0])
