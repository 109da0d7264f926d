"""The pages of a report: the first is the track, the later ones ask only what track and outcome need."""

import re
from dataclasses import dataclass, replace
from uuid import UUID

from bot.cards import Field, FieldKind, Note, Option, Page, Submission
from bot.cases.account import OfficialAccount
from bot.cases.incident import (
    OUTCOMES,
    Outcome,
)
from bot.features import before_removal, child_safety, following_up, staff_conduct, who_posted
from bot.features.what_follows import to_report
from bot.people import STAFF, Power
from bot.policy.terms import Track
from bot.reported import message_and_place
from bot.views import fields, parts
from bot.work import Work

LINK = re.compile(r"https?://\S+", re.IGNORECASE)
QUOTES = frozenset('"“‘>')
"""How somebody begins to quote a comment."""

UNLISTED = "unlisted"
NO_COPY: tuple[Option, ...] = (
    Option(value="gone", label="It was gone before a copy could be made"),
    Option(value="platform", label="The platform does not let us copy it"),
    Option(value="other", label="Another reason, written below"),
)
STAYS_UP = frozenset({Track.COMPLAINT, Track.QUESTION, Track.CONCERN, Track.CORRECTION})
"""Tracks on which nothing is taken down."""
OPEN_UNTIL_CLOSED = frozenset(set(Track) - {Track.VIOLATION})
"""Tracks that somebody deals with even though the item stays up; a violation left up is closed at once."""


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The first page is the track; the later ones ask only what track and outcome need."""
    work.require(Power.REPORT)
    first = Page(
        title="Report an item",
        fields=(
            fields.tracks(),
            fields.child_abuse(),
        ),
        submit="Next",
    )
    if not sent.values:
        return (first,)
    track = track_of(sent)
    if track is Track.CHILD_SAFETY:
        return first, _child_safety_page(work)
    if track in {Track.STAFF_CONDUCT, Track.TRUSTEE_CONDUCT}:
        return first, *_conduct_pages(track, sent, work)
    second = _item_page(sent, track, work)
    partner = who_posted.pages(sent, work)
    if not outcome_of(sent).removes:
        return first, second, *partner
    pack = work.book.on(sent.day("posted_on") or work.today)
    asked = before_removal.pages_after(sent, work, host_post=sent.text("host_post"), pack=pack)
    return first, second, *partner, _removal_page(sent, work), *asked


def track_of(sent: Submission) -> Track:
    """The track that was chosen; what could show abuse of a child is on its own."""
    if sent.yes("child_abuse"):
        return Track.CHILD_SAFETY
    return Track(sent.text("track") or Track.VIOLATION)


def outcome_of(sent: Submission) -> Outcome:
    """The outcome that was chosen; left up unless somebody chose otherwise."""
    return Outcome(sent.text("outcome") or Outcome.LEFT_UP)


def _account_field(work: Work, *, unlisted: bool = True) -> Field:
    listed = fields.account(work)
    other = (Option(value=UNLISTED, label="An account that is not ours"),) if unlisted else ()
    return replace(listed, options=(*listed.options, *other))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pasted:
    """What somebody wrote to begin a report with, by the field it belongs to."""

    links: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def _pasted(said: str, work: Work) -> _Pasted:
    """Links go to the link, a quoted comment to the text with whatever it links to, other words to what is added.

    Where a message of the chat stands is added too, and is none of the words that were posted.
    """
    if not said or parts.version_of(said, work):
        return _Pasted()
    message, place = message_and_place(said)
    pasted = _sorted(message) if message else _Pasted()
    if not place:
        return pasted
    return replace(pasted, words=("\n".join([*pasted.words, f"Reported from {place}"]),))


def _sorted(said: str) -> _Pasted:
    links = LINK.findall(said)
    if said[0] in QUOTES or not links:
        return _Pasted(text=(said,))
    rest = " ".join(LINK.sub(" ", said).split())
    return _Pasted(links=("\n".join(dict.fromkeys(links)),), words=(rest,) if rest else ())


def _item_page(sent: Submission, track: Track, work: Work) -> Page:
    outcomes = [Outcome.LEFT_UP, Outcome.PLEASE_LOOK, Outcome.GONE]
    if track not in STAYS_UP:
        outcomes = [o for o in Outcome if o is not Outcome.GONE] + [Outcome.GONE]
    pasted = _pasted(sent.subject, work)
    return Page(
        title="The item",
        fields=(
            _account_field(work),
            Field(
                name="links",
                label="Link to it",
                kind=FieldKind.LONG_TEXT,
                hint="One a line if the same author posted several. Without one, answer Yes below.",
                initial=pasted.links,
                max_length=4000,
            ),
            Field(name="no_link", label="There is no link", kind=FieldKind.YES_NO, initial=("no",)),
            Field(
                name="text",
                label="What it says",
                kind=FieldKind.LONG_TEXT,
                hint="Paste the words as they stand. Of what stays up they go when the report is closed.",
                initial=pasted.text,
                max_length=20_000,
            ),
            Field(name="pictures", label="Picture of it", kind=FieldKind.FILE, hint="A screenshot, if you have one."),
            *who_posted.question(work),
            fields.host_post(),
            Field(name="posted_on", label="Posted on", kind=FieldKind.DATE, latest=work.today),
            fields.outcome(outcomes),
            Field(
                name="words",
                label="Anything to add?",
                kind=FieldKind.LONG_TEXT,
                initial=pasted.words,
                max_length=2000,
            ),
            *_supervisor(track, work),
        ),
        submit="Save" if track in STAYS_UP else "Continue",
    )


def _supervisor(track: Track, work: Work) -> tuple[Field, ...]:
    """Whom the policy's "supervisor" is for the reporter, where it names no office."""
    found = to_report(track, work)
    if found is None or found.to:
        return ()
    staff = [one for one in work.people if one.same_as is None and one.id != work.actor.id]
    return (
        Field(
            name="supervisor",
            label="Your supervisor",
            kind=FieldKind.PERSON,
            hint="The policy wants them told. Empty: the Librarian in Charge is.",
            options=tuple(Option(value=str(p.id), label=p.name) for p in staff if p.has(*STAFF, on=work.today)),
        ),
    )


def _removal_page(sent: Submission, work: Work) -> Page:
    outcome = outcome_of(sent)
    day = sent.day("posted_on") or work.today
    listed = listed_account(sent, work)
    edits = listed is not None and work.actor.edits(listed.id, on=work.today)
    done = Field(
        name="done_on",
        label="Done on" if edits else "Done already? On which day",
        kind=FieldKind.DATE,
        required=edits,
        latest=work.today,
        initial=(work.today.isoformat(),) if edits else (),
        hint="" if edits else "Leave empty to ask for it. An editor of the account confirms what was done.",
    )
    part = (Field(name="part", label="Which part?", required=True),) if outcome is Outcome.REMOVED_IN_PART else ()
    return Page(
        title=f"Why it was {OUTCOMES[outcome]}" if edits else f"Why it should be {OUTCOMES[outcome]}",
        fields=(
            fields.clauses(work.book.on(day)),
            fields.observations(),
            Field(name="why", label="In your own words", kind=FieldKind.LONG_TEXT, max_length=2000),
            *part,
            fields.handles(),
            done,
            Field(
                name="no_copy",
                label="No copy because",
                kind=FieldKind.CHOICE,
                options=NO_COPY,
                hint="Only if you could give neither its words nor a picture.",
            ),
            Field(name="no_copy_words", label="Why no copy is possible, in words", max_length=300),
        ),
        notes=(Note(text="The library keeps a copy and this reason. Both may be read years from now."),),
    )


def _child_safety_page(work: Work) -> Page:
    return Page(
        title="Nothing is copied",
        intro=child_safety.WHAT_TO_DO,
        fields=(
            _account_field(work),
            Field(
                name="links", label="Link to it, if you have one", max_length=2000, hint="Kept out of every channel."
            ),
            Field(name="posted_on", label="Seen on", kind=FieldKind.DATE, latest=work.today),
        ),
        submit="Tell the Director now",
    )


def _conduct_pages(track: Track, sent: Submission, work: Work) -> tuple[Page, ...]:
    """Who it is about, what it speaks of and where it stands; then the item, unless nothing may be kept of it."""
    staff = track is Track.STAFF_CONDUCT
    about = Field(
        name="about_director",
        label=f"Is it about the {work.executive}?",
        kind=FieldKind.YES_NO,
        required=True,
        hint="Then it goes to the Board chair instead (library practice), without your name.",
    )
    several = Field(
        name="several",
        label="Did several trustees take part?",
        kind=FieldKind.YES_NO,
        required=True,
        hint="A discussion among several can be a meeting of the Board.",
    )
    meetings = (*following_up.cited("open_meetings", work), *following_up.cited("open_meetings_law", work))
    first = Page(
        title="Conduct of staff" if staff else "Conduct of a trustee",
        intro="This is confidential. No channel hears of it.",
        fields=(
            *((about,) if staff else ()),
            staff_conduct.public_concern(),
            Field(
                name="where",
                label="Where was it posted?",
                kind=FieldKind.CHOICE,
                required=True,
                options=(
                    Option(value="ours", label="On an account of the library"),
                    Option(value="personal", label="On the person's own account", hint=_of_personal(track, work)),
                ),
            ),
            *staff_conduct.which_rule(track, work),
            Field(name="posted_on", label="Seen on", kind=FieldKind.DATE, latest=work.today),
            *((several,) if meetings and not staff else ()),
            *(_supervisor(track, work) if staff else ()),
        ),
        notes=(
            *staff_conduct.speech(work),
            *following_up.cited(staff_conduct.CONFIDENTIAL, work),
            *(() if staff else meetings),
        ),
        submit="Continue",
    )
    if not sent.text("where") or leaves_alone(sent, track, work):
        return (first,)
    return first, _conduct_item(sent, work)


def _conduct_item(sent: Submission, work: Work) -> Page:
    ours = sent.text("where") == "ours"
    harm = following_up.cited("off_duty_speech", work)
    which = Field(
        name="harm",
        label="Which harm does it do to the library's work?",
        required=True,
        hint="Off duty staff may speak freely. Say what it disturbs; who dislikes it is no harm.",
        max_length=500,
    )
    return Page(
        title="The item",
        intro="" if ours else "One post, and no more: nobody's own account is watched.",
        fields=(
            *((_account_field(work),) if ours else ()),
            *(() if ours or not harm else (which,)),
            Field(name="links", label="Link to it", max_length=2000),
            Field(name="text", label="What it says", kind=FieldKind.LONG_TEXT, max_length=20_000),
        ),
        notes=() if ours else (*harm, *following_up.cited("watching", work)),
    )


def _of_personal(track: Track, work: Work) -> str:
    alone = track is Track.TRUSTEE_CONDUCT or following_up.duty("personal_accounts", work)
    return "Then no words or pictures are kept" if alone else "Only the one post that you report is kept"


def leaves_alone(sent: Submission, track: Track, work: Work) -> bool:
    """Test whether nothing may be kept of the item: the policy leaves personal accounts alone.

    Of a trustee's own account nothing is kept either (library practice: no seed policy speaks of reviewing one).
    """
    if sent.text("where") == "ours":
        return False
    return track is Track.TRUSTEE_CONDUCT or following_up.duty("personal_accounts", work) is not None


def listed_account(sent: Submission, work: Work) -> OfficialAccount | None:
    """The official account that was chosen; ``None`` for one that is not ours."""
    chosen = sent.text("account")
    return None if chosen in {"", UNLISTED} else work.account(UUID(chosen))


def spam_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Spam that was already removed: which account, and what it does."""
    work.require(Power.REPORT)
    pack = work.book.on(sent.day("posted_on") or work.today)
    asked = before_removal.page(tuple(ground.code for ground in pack.grounds if ground.spam)[:1], pack, work, sent)
    return (
        Page(
            title="Spam, already removed",
            fields=(
                _account_field(work, unlisted=False),
                fields.observations(required=True),
                Field(
                    name="done_on",
                    label="Removed on",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(work.today.isoformat(),),
                ),
                Field(
                    name="no_copy",
                    label="No copy because",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=NO_COPY[:2],
                    initial=("gone",),
                ),
                fields.handles(),
                Field(name="links", label="Link to it", max_length=2000),
                Field(name="text", label="What it said", kind=FieldKind.LONG_TEXT, max_length=20_000),
            ),
        ),
        *((asked,) if asked else ()),
    )


def _short(pasted: _Pasted, work: Work, *, words: str) -> tuple[Field, ...]:
    """The fields of an obvious case that takes no file: the account, and what is at hand."""
    return (
        _account_field(work, unlisted=False),
        Field(name="links", label="Link to it", kind=FieldKind.LONG_TEXT, initial=pasted.links, max_length=4000),
        Field(name="text", label="What it says", kind=FieldKind.LONG_TEXT, initial=pasted.text, max_length=20_000),
        Field(name="words", label=words, initial=pasted.words, max_length=1000),
    )


def look_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Ask an editor to look: which account; the rest is optional."""
    work.require(Power.REPORT)
    pasted = _pasted(sent.subject, work)
    return (
        Page(
            title="Please look",
            fields=_short(pasted, work, words="What should the editor know?"),
            submit="Ask",
        ),
    )


def complaint_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """A complaint that stays up: which account; the rest is optional."""
    work.require(Power.REPORT)
    pasted = _pasted(sent.subject, work)
    return (
        Page(
            title="Complaint, left up",
            intro="Criticism stays up. The Director is told.",
            fields=_short(pasted, work, words="Anything to add?"),
        ),
    )
