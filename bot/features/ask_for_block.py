"""Ask for a block: which handles, on which accounts, on which grounds of the policy, with what on file."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from bot.cards import Field, FieldKind, Note, Page, Reply, Submission, Tone
from bot.cases.account import Author, OfficialAccount
from bot.cases.block import GroundClaim, MadeEarly, RequestedBlock, check_gates, in_force_on, request_of
from bot.cases.incident import Incident
from bot.cases.task import TaskKind, TaskState
from bot.features import before_removal, two_rules
from bot.features.author_history import author_called
from bot.features.following_up import duty
from bot.features.link_handles import parse_handle
from bot.features.sanction_step import chosen_step, occasions, on_the_ladder, step_fields, step_notes, warnings
from bot.features.silences import no_rule
from bot.people import Power, asked_first, deciders
from bot.policy.book import BLOCKS_BY_PRACTICE
from bot.policy.pack import BlockGround, Span, Tie
from bot.policy.practices import THRESHOLD
from bot.policy.terms import Action, Channel, Role, Track
from bot.refusal import Mistake, Refusal
from bot.views import blocks, cases, fields
from bot.work import Work

REPORT = re.compile(r"\bI-\d{4}-\d{4,}\b")
LOOKED_THROUGH = 1000
"""How many of the newest reports are looked through for open complaints."""

WEIGHED: dict[str, tuple[str, str]] = {
    "instruction": ("The instruction that was refused", "Who gave it, when, how it reached the person, its words"),
    "offline_incident": ("The offline incident", "Its number and date, and who asked the person to stop"),
    "good_contributions": ("Other, appropriate contributions", "Examples, or “none found” and how far back you looked"),
}


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Who and where and on which grounds; then, for each ground, what supports it."""
    work.require(Power.REQUEST_BLOCK)
    _speaks_of_blocks(work)
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
            fields.block_grounds(work),
            *early,
        ),
        notes=by_practice(work),
        submit="Next",
    )
    if not sent.chosen("grounds"):
        return (first,)
    chosen = [work.book.block_ground(code, on=work.today) for code in sent.chosen("grounds")]
    return first, _support_page(chosen, sent, work)


def by_practice(work: Work) -> tuple[Note, ...]:
    """That blocking is the library's own practice, with who approved it, where its policy is silent."""
    chosen = work.book.practice(BLOCKS_BY_PRACTICE)
    if chosen is None or any(ground.rule != BLOCKS_BY_PRACTICE for ground in work.book.block_grounds(on=work.today)):
        return ()
    said = f"{work.library.name}'s policy has no rule for blocking. What is done here is {chosen.label}."
    return (Note(text=said, tone=Tone.PRACTICE),)


# -- complaints are no ground --------------------------------------------------------------------------------------


def _is_no_complaint(subject: str, work: Work) -> None:
    """Refuse a block that is asked for because of a protected complaint.

    :raises Refusal: with the clause
    """
    for ref in REPORT.findall(subject.upper()):
        incident = work.shelves.incidents.by_ref(ref)
        if incident is not None and _is_protected(incident, work):
            raise Refusal(
                f"{ref} is a complaint. The policy has complaints answered, and nobody is blocked for one.",
                under=work.book.cite(work.pack.complaints.rule, on=work.today),
            )


def _is_protected(incident: Incident, work: Work) -> bool:
    return incident.track is Track.COMPLAINT and work.pack.complaints.protected


def _open_complaints(sent: Submission, work: Work) -> tuple[Incident, ...]:
    """Protected complaints that may be this author's: under their handle, or with no handle on the same accounts."""
    if not work.pack.complaints.protected:
        return ()
    mine = set(work.same_person(*_named(sent, work)))
    where = set(sent.chosen("accounts"))
    return tuple(
        one
        for one in work.shelves.incidents.recent(LOOKED_THROUGH)
        if _is_protected(one, work)
        and one.closed_on is None
        and (one.author in mine or (one.author is None and str(one.account) in where))
    )


def _complaint_fields(sent: Submission, work: Work) -> tuple[Field, ...]:
    """Whether the request rests on a complaint, wherever one is open that may be the author's."""
    if not _open_complaints(sent, work):
        return ()
    return (
        Field(
            name="rests_on_complaint",
            label="Does any of this rest on something the person complained of?",
            kind=FieldKind.YES_NO,
            required=True,
            hint="What somebody criticises or complains of is no ground, however it is said.",
        ),
    )


def _complaint_notes(sent: Submission, work: Work) -> tuple[Note, ...]:
    found = _open_complaints(sent, work)
    if not found:
        return ()
    refs = ", ".join(one.ref for one in found[:10])
    return (
        Note(text=f"Open complaints, by this author or with no author on file: {refs}.", tone=Tone.WARNING),
        Note.of(work.book.cite(work.pack.complaints.rule, on=work.today)),
    )


def _rests_on_no_complaint(sent: Submission, claims: Iterable[GroundClaim], work: Work) -> None:
    """Refuse a request that rests on a protected complaint, by what is said of it or by a reference to one.

    :raises Refusal: with the clause
    """
    if sent.yes("rests_on_complaint") and work.pack.complaints.protected:
        raise Refusal(
            "Nobody is blocked for a complaint: the policy has complaints answered. "
            "Ask again with what else the person did, or answer the complaint.",
            under=work.book.cite(work.pack.complaints.rule, on=work.today),
        )
    said = [sent.text("reason")]
    for claim in claims:
        said += [claim.support, claim.instruction, claim.offline_incident, claim.investigation]
    _is_no_complaint(" ".join(said), work)


# -- what supports it ----------------------------------------------------------------------------------------------


def _ties(grounds: Iterable[BlockGround], work: Work) -> tuple[Tie, ...]:
    """The rules of the policy that pull apart where one of these grounds is used."""
    return two_rules.touched_by((ground.rule for ground in grounds), work.pack)


def _support_page(grounds: Sequence[BlockGround], sent: Submission, work: Work) -> Page:
    asked: list[Field] = list(two_rules.fields(_ties(grounds, work), work.pack))
    notes: list[Note] = list(two_rules.notes(_ties(grounds, work), work))
    if protects := duty("protected_speech", work):
        asked.append(before_removal.protected_speech())
        notes.append(Note.of(work.book.cite(protects.rule, on=work.today)))
    asked += _complaint_fields(sent, work)
    notes += _complaint_notes(sent, work)
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
    items = _items_of(_named(sent, work), work)
    if work.may(Power.SEE_HISTORY):
        notes += [Note(text=said) for said in _counted(grounds, items, work)]
        notes += on_the_ladder(items, work)
        warned = ", ".join(warnings(items, work))
        if warned:
            notes.append(Note(text=f"Warned before: {warned}."))
        elif any(ground.warned for ground in grounds):
            notes.append(Note(text="A warning of the person.", tone=Tone.MISSING))
    notes += step_notes(grounds, work)
    notes += scope_notes(_covered(sent, work), _named_platforms(sent, work), work)
    return Page(
        title="What supports it",
        intro="What you leave empty is shown to whoever decides as “not on file”. Nothing else stops the request.",
        fields=(
            *asked,
            *step_fields(items, work),
            Field(
                name="reason",
                label="Why should this author be blocked?",
                kind=FieldKind.LONG_TEXT,
                required=True,
                max_length=3000,
            ),
        ),
        notes=tuple(dict.fromkeys(notes)),
        submit=_asks(work),
    )


def _asks(work: Work) -> str:
    roles, _ = deciders(Action.BLOCK, on=work.today, book=work.book)
    return "Ask the Director" if Role.DIRECTOR in roles or not roles else "Ask for the decision"


def _counted(grounds: Iterable[BlockGround], items: Iterable[Incident], work: Work) -> list[str]:
    """What is on file, and for a ground that looks back only so far, what of it lies within that."""
    found = tuple(items)
    said = [f"On file: {blocks.removals_on_file(len(occasions(found, None, work)))}."]
    if chosen := work.book.practice(THRESHOLD):
        said.append(f"“Repeatedly” means {chosen.value}: {chosen.label}.")
    for ground in grounds:
        if ground.look_back:
            number = len(occasions(found, ground.look_back, work))
            said.append(f"“{ground.label}”: {number} of them in the last {ground.look_back.said}.")
    return said


def _covered(sent: Submission, work: Work) -> list[OfficialAccount]:
    return [account for account in work.accounts if str(account.id) in sent.chosen("accounts")]


def _named_platforms(sent: Submission, work: Work) -> frozenset[str]:
    """The platforms of the handles that were typed, as far as they are on file; else those of the accounts chosen."""
    known = {author.platform for one in _named(sent, work) if (author := work.shelves.authors.get(one))}
    return frozenset(known) or frozenset(account.platform for account in _covered(sent, work))


def scope_notes(chosen: Iterable[OfficialAccount], platforms: frozenset[str], work: Work) -> tuple[Note, ...]:
    """Which accounts a block leaves out although the policy has it cover all of them; nothing else is stopped."""
    if work.pack.block_scope != "all" or not work.pack.block.rule:
        return ()
    named = {account.id for account in chosen}
    left = [
        account.label
        for account in work.accounts
        if account.closed_on is None and account.platform in platforms and account.id not in named
    ]
    if not left:
        return ()
    said = f"The policy has a block cover all of the library's accounts; not asked for here: {', '.join(left)}."
    return (Note(text=said, tone=Tone.WARNING),)


def _named(sent: Submission, work: Work) -> list[UUID]:
    """The authors on file among the handles that were typed."""
    named = [author_called(line, work) for line in sent.lines("handles")]
    return [author.id for author in named if author]


def _speaks_of_blocks(work: Work) -> None:
    """Refuse where the policy has no rule for blocks, and the library has not chosen who decides one.

    :raises Refusal: in the words of the recorded silence
    """
    if not work.book.speaks_of_blocks(on=work.today):
        keys = (BLOCKS_BY_PRACTICE, "notice.block")
        instead = "Until it is chosen who decides one, and who approved that, nobody can be blocked here."
        raise no_rule("blocking", work.pack.block, keys, work, instead=instead)


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


def _items_of(authors: Iterable[UUID], work: Work) -> tuple[Incident, ...]:
    """What is on file of these authors, on handles confirmed to be theirs."""
    return tuple(work.shelves.incidents.of_authors(work.same_person(*authors)))


def request(sent: Submission, work: Work) -> Reply:
    """Keep the request and put it before whoever decides."""
    work.require(Power.REQUEST_BLOCK)
    _speaks_of_blocks(work)
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
    _rests_on_no_complaint(sent, claims, work)
    grounds = {ground.code: ground for ground in work.book.block_grounds(on=work.today)}
    items = _items_of([author.id for author in authors], work)
    check_gates(
        claims,
        grounds,
        occasions={code: len(occasions(items, ground.look_back, work)) for code, ground in grounds.items()},
        warned=bool(warnings(items, work)),
        under={code: work.book.cite(ground.rule, on=work.today) for code, ground in grounds.items()},
    )
    claimed = [grounds[claim.code] for claim in claims]
    step = chosen_step(sent, claimed, items, work)
    ties = _ties(claimed, work)
    two_rules.check(sent, ties)
    before_removal.check_protected(sent, work)
    early = tuple(
        MadeEarly(account=account.id, on=day) for account in chosen if (day := sent.day(f"early_{account.id}"))
    )
    _not_twice(authors, [account.id for account in chosen], work)
    length = step.length if step else None
    roles, _ = deciders(Action.BLOCK, on=work.today, book=work.book, length=length)
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
            step=step,
        )
    )
    two_rules.keep(block.ref, sent, ties, work)
    kind = TaskKind.ADOPT_OR_LIFT if early else TaskKind.DECIDE_BLOCK
    for role in _asked(roles, length, work):
        work.ask_for(kind, case=block.ref, role=role, urgent=bool(early))
    headline = "A block was already made; it needs to be adopted or lifted." if early else "A block is asked for."
    work.tell(Channel.DECISIONS, about=block.ref, headline=headline)
    for role in sorted(roles):
        work.tell_role(role, about=block.ref, headline=headline)
    notes = () if roles else (Note(text="Nobody can decide it yet: the policy names nobody.", tone=Tone.WARNING),)
    [card] = cases.private(block.ref, work)
    return Reply(
        cards=(replace(card, notes=(*card.notes, *notes)),), headline=f"Saved as {block.ref}.", about=block.ref
    )


def _asked(roles: frozenset[Role], length: Span | None, work: Work) -> tuple[Role, ...]:
    """Whose task the decision is: everybody's who sits on a panel, else that of one office."""
    decider = work.pack.decider(Action.BLOCK, length=length)
    return tuple(decider.roles) if decider.body == "panel" else (asked_first(roles),)


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
