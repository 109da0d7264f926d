"""Ask for a block: which handles, on which accounts, on which grounds of the policy, with what on file."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from bot.cards import Field, FieldKind, Note, Page, Reply, Submission, Tone
from bot.cases.account import Author, one_person
from bot.cases.block import GroundClaim, MadeEarly, RequestedBlock, check_gates, in_force_on, request_of
from bot.cases.incident import Incident, counts
from bot.cases.task import TaskKind, TaskState
from bot.features import before_removal
from bot.features.author_history import author_called
from bot.features.following_up import duty
from bot.features.link_handles import parse_handle
from bot.features.sanction_step import on_the_ladder
from bot.features.silences import no_rule
from bot.people import Power, deciders
from bot.policy.pack import BlockGround, Pack, Tie
from bot.policy.practices import THRESHOLD
from bot.policy.terms import Action, Channel, Role, Stance, Track
from bot.refusal import Mistake, Refusal
from bot.views import blocks, cases, fields
from bot.work import Work

WEIGHED: dict[str, tuple[str, str]] = {
    "instruction": ("The instruction that was refused", "Who gave it, when, how it reached the person, its words"),
    "offline_incident": ("The offline incident", "Its number and date, and who asked the person to stop"),
    "good_contributions": ("Other, appropriate contributions", "Examples, or “none found” and how far back you looked"),
}


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Who and where and on which grounds; then, for each ground, what supports it."""
    work.require(Power.REQUEST_BLOCK)
    pack = work.pack
    _speaks_of_blocks(pack, work)
    _is_no_complaint(sent.subject, work)
    handles = _handles_for(sent.subject, work)
    early = tuple(
        Field(
            name=f"early_{account.id}",
            label=f"Already blocked on {account.label}? Since",
            kind=FieldKind.DATE,
            latest=work.today,
            hint="Only if an editor had already blocked there; the Director then adopts or lifts it.",
        )
        for account in work.accounts
        if account.closed_on is None
    )
    first = Page(
        title="Ask for a block",
        fields=(
            Field(
                name="handles",
                label="Handles",
                kind=FieldKind.LONG_TEXT,
                required=True,
                initial=("\n".join(handles),) if handles else (),
                hint="One a line, for example Facebook: @reader42",
                max_length=1000,
            ),
            fields.accounts(work, label="Block on which of our accounts?"),
            fields.block_grounds(pack),
            *early,
        ),
        submit="Next",
    )
    if not sent.chosen("grounds"):
        return (first,)
    chosen = [pack.block_ground(code) for code in sent.chosen("grounds")]
    return first, _support_page(chosen, sent, work)


def _is_no_complaint(subject: str, work: Work) -> None:
    """Refuse a block that is asked for because of a protected complaint.

    :raises Refusal: with the clause
    """
    ref = subject.strip().upper()
    incident = work.shelves.incidents.by_ref(ref) if ref.startswith("I-") else None
    if incident is not None and incident.track is Track.COMPLAINT and work.pack.complaints.protected:
        raise Refusal(
            f"{ref} is a complaint. The policy has complaints answered, and nobody is blocked for one.",
            under=work.book.cite(work.pack.complaints.rule, on=work.today),
        )


def _ties(grounds: Iterable[BlockGround], work: Work) -> tuple[Tie, ...]:
    """The rules of the policy that pull apart where one of these grounds is used."""
    return before_removal.ties_of((ground.rule for ground in grounds), work.pack)


def _support_page(grounds: Sequence[BlockGround], sent: Submission, work: Work) -> Page:
    asked: list[Field] = list(before_removal.tie_fields(_ties(grounds, work), work.pack))
    notes: list[Note] = list(before_removal.tie_notes(_ties(grounds, work), work))
    if protects := duty("protected_speech", work):
        asked.append(before_removal.protected_speech())
        notes.append(Note.of(work.book.cite(protects.rule, on=work.today)))
    for ground in grounds:
        asked.append(
            Field(
                name=f"support_{ground.code}",
                label=f"What supports “{ground.label}”?",
                kind=FieldKind.LONG_TEXT,
                max_length=3000,
            )
        )
        asked += [
            Field(name=f"{name}_{ground.code}", label=WEIGHED[name][0], hint=WEIGHED[name][1], max_length=1000)
            for name in ground.weighs
            if name in WEIGHED
        ]
        if ground.investigation:
            asked.append(
                Field(
                    name=f"investigation_{ground.code}",
                    label="The investigation",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint="Who looked at what, and what they found. The policy asks for it.",
                )
            )
        notes.append(Note.of(work.book.cite(ground.rule, on=work.today)))
    if work.may(Power.SEE_HISTORY):
        notes.append(Note(text=_counted(sent, work)))
        notes += on_the_ladder(_items_of(_named(sent, work), work), work)
    return Page(
        title="What supports it",
        intro="What you leave empty is shown to the Director as “not on file”. Nothing else stops the request.",
        fields=(
            *asked,
            Field(
                name="reason",
                label="Why should this author be blocked?",
                kind=FieldKind.LONG_TEXT,
                required=True,
                max_length=3000,
            ),
        ),
        notes=tuple(dict.fromkeys(notes)),
        submit="Ask the Director",
    )


def _counted(sent: Submission, work: Work) -> str:
    chosen = work.book.practice(THRESHOLD)
    meant = f" “Repeatedly” means {chosen.value}: {chosen.label}." if chosen else ""
    return f"On file: {blocks.removals_on_file(_occasions(_named(sent, work), work))}.{meant}"


def _named(sent: Submission, work: Work) -> list[UUID]:
    """The authors on file among the handles that were typed."""
    named = [author_called(line, work) for line in sent.lines("handles")]
    return [author.id for author in named if author]


def _speaks_of_blocks(pack: Pack, work: Work) -> None:
    """Refuse where the policy has no rule for blocks.

    :raises Refusal: in the words of the recorded silence
    """
    if pack.block.stance is not Stance.STATED:
        keys = ("decider.block", "notice.block")
        instead = "Only a rule that its Board adopts would allow one."
        raise no_rule("blocking", pack.block, keys, work, instead=instead)


def _handles_for(subject: str, work: Work) -> tuple[str, ...]:
    """The handles to begin with: the author of a report, a known author, or what was typed."""
    if subject.upper().startswith("I-"):
        incident = work.incident(subject.upper())
        author = work.shelves.authors.get(incident.author) if incident.author else None
        return (f"{author.platform}: @{author.handle}",) if author else ()
    known = author_called(subject, work) if subject and work.may(Power.SEE_HISTORY) else None
    if known:
        return (f"{known.platform}: @{known.handle}",)
    return (subject,) if subject else ()


def _occasions(authors: Iterable[UUID], work: Work) -> int:
    """How many confirmed removals count against these authors, on handles confirmed to be theirs."""
    return sum(counts(one, work.book.on(one.judged_on)) for one in _items_of(authors, work))


def _items_of(authors: Iterable[UUID], work: Work) -> tuple[Incident, ...]:
    """What is on file of these authors, on handles confirmed to be theirs."""
    links = work.shelves.authors.links()
    same = {one for author in authors for one in one_person(author, links)}
    return tuple(work.shelves.incidents.of_authors(same))


def request(sent: Submission, work: Work) -> Reply:
    """Keep the request and put it before whoever decides."""
    work.require(Power.REQUEST_BLOCK)
    pack = work.pack
    _speaks_of_blocks(pack, work)
    chosen = [work.account(UUID(account)) for account in sent.chosen("accounts")]
    among = tuple(sorted({account.platform for account in chosen}))
    authors = tuple(
        {a.id: a for a in (parse_handle(line, among, work, field="handles") for line in sent.lines("handles"))}.values()
    )
    if not authors:
        raise Mistake("Whom should it be about?", beside={"handles": "Write at least one handle."})
    bare = [account.label for account in chosen if account.platform not in {author.platform for author in authors}]
    if bare:
        raise Mistake(
            "A handle is blocked on its own platform.",
            beside={"accounts": f"None of the handles is on {', '.join(bare)}. Add one, or leave that account out."},
        )
    _is_no_complaint(sent.subject, work)
    claims = tuple(_claim(code, sent) for code in sent.chosen("grounds"))
    grounds = {ground.code: ground for ground in pack.block_grounds}
    check_gates(
        claims,
        grounds,
        occasions=_occasions([author.id for author in authors], work),
        under={code: work.book.cite(ground.rule, on=work.today) for code, ground in grounds.items()},
    )
    ties = _ties([pack.block_ground(claim.code) for claim in claims], work)
    before_removal.check_ties(sent, ties)
    before_removal.check_protected(sent, work)
    early = tuple(
        MadeEarly(account=account.id, on=day) for account in chosen if (day := sent.day(f"early_{account.id}"))
    )
    _not_twice(authors, [account.id for account in chosen], work)
    roles, _ = deciders(Action.BLOCK, on=work.today, book=work.book)
    block = work.save(
        RequestedBlock(
            id=uuid4(),
            library=work.library.id,
            ref=work.next_ref("B"),
            version=0,
            authors=tuple(author.id for author in authors),
            accounts=tuple(account.id for account in chosen),
            grounds=claims,
            reason=sent.text("reason"),
            requested_by=work.actor.id,
            requested_at=work.now,
            requested_on=work.today,
            own_motion=work.actor.has(*roles, on=work.today),
            made_early=early,
            incidents=(sent.subject.upper(),) if sent.subject.upper().startswith("I-") else (),
        )
    )
    before_removal.keep_ties(block.ref, sent, ties, work)
    kind = TaskKind.ADOPT_OR_LIFT if early else TaskKind.DECIDE_BLOCK
    work.ask_for(kind, case=block.ref, role=next(iter(sorted(roles)), Role.DIRECTOR), urgent=bool(early))
    headline = "A block was already made; it needs to be adopted or lifted." if early else "A block is asked for."
    work.tell(Channel.DECISIONS, about=block.ref, headline=headline)
    for role in sorted(roles):
        work.tell_role(role, about=block.ref, headline=headline)
    notes = () if roles else (Note(text="Nobody can decide it yet: the policy names nobody.", tone=Tone.WARNING),)
    [card] = cases.private(block.ref, work)
    return Reply(
        cards=(replace(card, notes=(*card.notes, *notes)),), headline=f"Saved as {block.ref}.", about=block.ref
    )


def _claim(code: str, sent: Submission) -> GroundClaim:
    return GroundClaim(
        code=code,
        support=sent.text(f"support_{code}"),
        instruction=sent.text(f"instruction_{code}"),
        offline_incident=sent.text(f"offline_incident_{code}"),
        good_contributions=sent.text(f"good_contributions_{code}"),
        investigation=sent.text(f"investigation_{code}"),
    )


def _not_twice(authors: Iterable[Author], accounts: Iterable[UUID], work: Work) -> None:
    """Refuse a request that is already waiting, or already in force, for one of these handles on these accounts."""
    wanted, where = {author.id for author in authors}, set(accounts)
    for block in work.shelves.blocks.of_authors(wanted):
        asked = request_of(block)
        if not where & set(asked.accounts):
            continue
        in_force = in_force_on(work.shelves.blocks.executions(block.ref)) & where
        to_make = {
            task.account
            for task in work.shelves.tasks.of_case(block.ref)
            if task.kind is TaskKind.MAKE_BLOCK and task.state is TaskState.OPEN
        } & where
        if isinstance(block, RequestedBlock) or in_force or to_make:
            state = "is already in force" if in_force else "is already approved and waits for an editor"
            if isinstance(block, RequestedBlock):
                state = "already waits for a decision"
            if not work.may(Power.SEE_HISTORY):
                raise Refusal("An editor or the Director already knows of one of these handles on that account.")
            raise Refusal(
                f"{block.ref} about one of these handles {state} on that account. “show {block.ref}” opens it."
            )
