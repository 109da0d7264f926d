"""Before we post: what the policy asks of the library's own posts, as a list to tick, kept on request.

Nothing is stopped by it: the post goes out on the platform, and an editor answers for it.
"""

from dataclasses import replace
from uuid import UUID, uuid4

from bot.cards import Button, Card, Field, FieldKind, Note, Option, Page, Reply, Row, Submission, Table, Tone
from bot.cases.checked_post import CheckedPost
from bot.clocks.calendar import short_date
from bot.people import Power
from bot.policy.pack import Duty
from bot.policy.terms import Stance
from bot.refusal import Mistake, Refusal
from bot.views import fields
from bot.views.parts import account_label
from bot.work import Work

POSTING = "posting_"
"""How the codes of duties begin that are looked at before a post of our own goes out."""
SHOWN = 10


def points(work: Work) -> tuple[Duty, ...]:
    """What the policy in force asks of our own posts, in its order."""
    return tuple(one for one in work.pack.duties if one.code.startswith(POSTING) and one.stance is Stance.STATED)


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The list.

    :raises Refusal: the policy asks nothing of this kind
    """
    del sent
    work.require(Power.REPORT)
    asked = _points(work)
    return (
        Page(
            title="Before we post",
            intro="Tick what is so. Nothing is stopped by what is left, and nothing is kept unless you say so.",
            fields=(
                Field(
                    name="done",
                    label="This is so",
                    kind=FieldKind.CHOICES,
                    options=tuple(Option(value=one.rule, label=one.label[:75], hint=one.when) for one in asked),
                ),
                Field(name="keep", label="Keep it on file?", kind=FieldKind.YES_NO, initial=("no",)),
                replace(fields.account(work), required=False),
                Field(
                    name="title",
                    label="Which post is it?",
                    hint="Its title or subject; only if it is kept. Name no patron.",
                    max_length=200,
                ),
                Field(
                    name="words",
                    label="Anything to add?",
                    hint="Where it comes from, or why something is left.",
                    max_length=500,
                ),
            ),
            notes=tuple(Note.of(work.book.cite(rule, on=work.today)) for rule in dict.fromkeys(p.rule for p in asked)),
            submit="Done",
        ),
    )


def check(sent: Submission, work: Work) -> Reply:
    """Say what is left, and keep it where that is wanted.

    :raises Mistake: it is to be kept and nobody can tell which post it is
    """
    work.require(Power.REPORT)
    asked = _points(work)
    ticked = set(sent.chosen("done"))
    left = [one for one in asked if one.rule not in ticked]
    notes = [Note(text=f"Left: {one.label}.", tone=Tone.MISSING) for one in left]
    notes += [Note.of(work.book.cite(one.rule, on=work.today)) for one in left]
    said = "Everything the policy asks of it is so." if not left else f"{len(left)} of {len(asked)} are left."
    if not sent.yes("keep"):
        return Reply(cards=(Card(title="Before we post", body=f"{said} Nothing was kept.", notes=tuple(notes)),))
    if not sent.text("title"):
        raise Mistake(
            "Which post is it?", beside={"title": "Give its title or subject, so that it can be found again."}
        )
    if not sent.text("account"):
        raise Mistake("Where does it go?", beside={"account": "Choose the account, so that it can be found again."})
    work.save(
        CheckedPost(
            id=uuid4(),
            library=work.library.id,
            account=work.account(UUID(sent.text("account"))).id,
            title=sent.text("title"),
            done=tuple(dict.fromkeys(one.rule for one in asked if one.rule in ticked)),
            not_done=tuple(dict.fromkeys(one.rule for one in left)),
            by=work.actor.id,
            at=work.now,
            on=work.today,
            words=sent.text("words"),
        )
    )
    return Reply(cards=(_list(work),), headline=f"Kept. {said}")


def show(sent: Submission, work: Work) -> Reply:
    """The posts that were checked and kept, newest first."""
    del sent
    work.require(Power.SEE_LISTS)
    _points(work)
    return Reply(cards=(_list(work),))


def _list(work: Work) -> Card:
    known = work.shelves.duties.checked_posts(SHOWN)
    rows = tuple(
        Row(
            cells=(
                one.title,
                account_label(one.account, work),
                f"{short_date(one.on)}, {work.name(one.by)}",
                ", ".join(one.not_done) or "nothing",
                one.words,
            )
        )
        for one in known
    )
    return Card(
        title="Posts that were checked",
        body="" if rows else "None is on file.",
        table=Table(columns=("Post", "Account", "Checked", "Left", "Added"), rows=rows) if rows else None,
        buttons=(Button(label="Before we post", intent="post.check", opens_form=True),),
    )


def _points(work: Work) -> tuple[Duty, ...]:
    found = points(work)
    if not found:
        raise Refusal(f"{work.library.name}'s policy asks nothing of our own posts that could be ticked.")
    return found
