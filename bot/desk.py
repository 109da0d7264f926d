"""The one door every platform comes through: a submission in, a reply out, everything kept before it leaves."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from bot.answers import check, filled_in, opened
from bot.cards import (
    Button,
    Card,
    File,
    Identity,
    Page,
    Quote,
    Reply,
    Standing,
    Style,
    Submission,
    Turn,
)
from bot.catalogue import FEATURES, PASTED, REFERENCE, Feature, Form, nearest, understand
from bot.documents import document, note_document, note_refusal, picture
from bot.features import standing as standings
from bot.ports import Draft, Handled, Shelves, Store, Vault
from bot.refusal import Mistake, Moved, Refusal
from bot.views import cases as case_views
from bot.views import home, parts
from bot.views.refused import refused
from bot.work import Work

log = logging.getLogger("duenotice")

DRAFT_LIFE = timedelta(days=14)
"""How long an unfinished form is kept. A draft is no record."""


class Desk:
    """Answers submissions. Nothing leaves before what it says is on disk."""

    def __init__(self, *, store: Store, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock

    async def __call__(self, sent: Submission) -> Reply:
        """Do what was asked, or say no and why. A bug is logged, and the person is given a reference to it."""
        try:
            return await self._attend(_heard(sent))
        except Refusal as no:
            return Reply(cards=(refused(no),))
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("%s failed, reference %s", sent.intent, reference)
            wrong = Refusal(
                "Something went wrong here. Nothing was saved, and what you typed in a form is still there. "
                f"Try again; if it stays, tell your administrator the reference {reference}."
            )
            return Reply(cards=(refused(wrong, back_to=await self._keep_typed(sent)),))

    async def _keep_typed(self, sent: Submission) -> Draft | None:
        """Keep what was typed on a page although a bug undid everything else; the draft it is in."""
        feature = FEATURES.get(sent.intent)
        if feature is None or not sent.token:
            return None
        try:
            return await self._store.act(
                UUID(sent.library), lambda shelves: self._typed(feature, sent, self._work(shelves, sent))
            )
        except Exception:
            log.exception("what was typed for %s could not be kept either", sent.intent)
            return None

    async def _attend(self, sent: Submission) -> Reply:
        pasted = sent.intent == PASTED
        sent = replace(sent, intent="incident.report") if pasted else sent
        feature = FEATURES.get(sent.intent)
        library = UUID(sent.library)
        if feature is None:
            return await self._store.ask(
                library, lambda shelves: home.nearest(sent.subject, self._work(shelves, sent), _near(sent.subject))
            )
        if feature.acts or feature.form:
            reply = await self._store.act(library, lambda shelves: self._act(feature, sent, shelves))
            return _offered(reply) if pasted else reply
        reply, looked, no = await self._store.ask(library, lambda shelves: self._ask(feature, sent, shelves))
        if looked or no:
            await self._store.act(library, lambda shelves: self._note_asking(sent, shelves, looked, no))
        return reply

    def _work(self, shelves: Shelves, sent: Submission) -> Work:
        return Work(shelves=shelves, sent=sent, now=self._clock(), vault=self._vault)

    def _ask(
        self, feature: Feature, sent: Submission, shelves: Shelves
    ) -> tuple[Reply, tuple[str, ...], Refusal | None]:
        work = self._work(shelves, sent)
        try:
            _ = work.actor
            reply = feature.handle(sent, work)
        except Mistake as no:
            return Reply(cards=(refused(no),)), (), None
        except Refusal as no:
            return Reply(cards=(refused(no),)), (), no
        return reply, tuple(work.looked), None

    def _note_asking(self, sent: Submission, shelves: Shelves, looked: tuple[str, ...], no: Refusal | None) -> None:
        work = self._work(shelves, sent)
        _note_looks(work, looked)
        if no:
            note_refusal(work, sent, no)

    def _act(self, feature: Feature, sent: Submission, shelves: Shelves) -> Reply:
        work = self._work(shelves, sent)
        try:
            with shelves.savepoint():
                _ = work.actor
                reply = self._form(feature, sent, work)
                work.close()
        except Moved as moved:
            return self._as_it_is(moved.subject, self._work(shelves, sent), headline=moved.why)
        except Mistake as no:
            self._release(work, shelves)
            return self._again_with(no, feature, sent, self._work(shelves, sent))
        except Refusal as no:
            self._release(work, shelves)
            work = self._work(shelves, sent)
            note_refusal(work, sent, no)
            return Reply(cards=(refused(no, back_to=self._typed(feature, sent, work)),))
        return reply

    def _release(self, work: Work, shelves: Shelves) -> None:
        """Have the round remove files that came into the vault with an act that was undone."""
        for sha256 in work.promoted:
            shelves.book.release_file(sha256, work.now)

    def _typed(self, feature: Feature, sent: Submission, work: Work) -> Draft | None:
        """The person's own draft that a refused page belongs to, with what was typed kept in it."""
        draft = work.shelves.book.draft(sent.token) if sent.token else None
        known = work.shelves.registry.by_identity(sent.actor)
        if draft is None or feature.form is None or known is None or draft.person not in {known.id, known.same_as}:
            return None
        try:
            pages = feature.form(sent.with_values(draft.values, subject=draft.subject), work)
        except Refusal:  # the form itself does not open to them now, so its questions can't be read
            return draft
        draft, _ = filled_in(draft, pages, sent)
        work.shelves.book.put_draft(draft)
        return draft

    def _press(self, feature: Feature, sent: Submission, work: Work) -> Reply:
        """A button without a form: once per (intent, subject, version); typed words: once per delivery."""
        seen = sent.version_seen if sent.version_seen is not None else sent.delivery_id
        key = f"press:{sent.intent}:{sent.subject}:{seen}" if seen else ""
        if key and (handled := work.shelves.book.handled(key)):
            return self._repeat(handled, work)
        self._check_version(sent, work)
        reply = feature.handle(sent, work)
        if key:
            self._keep_handled(work, key, reply)
        return reply

    def _form(self, feature: Feature, sent: Submission, work: Work) -> Reply:
        """A page of a form: written to its draft, checked, turned; the last one acts, once per draft."""
        if feature.form is None:
            return self._press(feature, sent, work)
        if not sent.token:
            return self._begin(feature.form, sent, work)
        draft = self._draft(sent, work)
        if draft is None:
            handled = work.shelves.book.handled(f"draft:{sent.token}")
            if handled is None:
                raise Mistake("This form is no longer open, and nothing was saved with it. Please start it again.")
            return self._repeat(handled, work)
        if sent.turn is Turn.CANCEL:
            work.shelves.book.drop_draft(draft.token)
            return Reply(headline="Cancelled. Nothing was saved.")
        pages = feature.form(sent.with_values(draft.values, subject=draft.subject), work)
        if sent.page == 0:
            _note_looks(work)
            return opened(draft, pages)
        return self._turn(feature, feature.form, draft, pages, sent, work)

    def _begin(self, form: Form, sent: Submission, work: Work) -> Reply:
        self._check_version(sent, work)
        pages = form(sent, work)
        _note_looks(work)
        draft = Draft(
            token=secrets.token_urlsafe(18),
            library=work.library.id,
            person=work.actor.id,
            intent=sent.intent,
            subject=sent.subject,
            version_seen=sent.version_seen,
            page=1,
            values={},
            begun_at=work.now,
            touched_at=work.now,
        )
        work.shelves.book.put_draft(draft)
        return opened(draft, pages)

    def _turn(
        self, feature: Feature, form: Form, draft: Draft, pages: tuple[Page, ...], sent: Submission, work: Work
    ) -> Reply:
        book = work.shelves.book
        draft, errors = filled_in(replace(draft, touched_at=work.now), pages, sent)
        number = draft.page
        if sent.turn in {Turn.BACK, Turn.STAY}:
            draft = replace(draft, page=max(1, number - 1) if sent.turn is Turn.BACK else number)
            book.put_draft(draft)
            return opened(draft, pages)
        filled = replace(sent.with_values(draft.values, subject=draft.subject), version_seen=draft.version_seen)
        pages = pages if errors else form(filled, work)
        if errors or number < len(pages):
            draft = draft if errors else replace(draft, page=number + 1)
            book.put_draft(draft)
            shown = {**draft.values, **sent.values} if errors else draft.values
            return opened(replace(draft, values=shown), pages, errors)
        for number, page in enumerate(pages, 1):
            if errors := check(page, {field.name: draft.values.get(field.name, ()) for field in page.fields}):
                book.put_draft(draft := replace(draft, page=number))
                return opened(draft, pages, errors)
        reply = feature.handle(filled, work)
        book.drop_draft(draft.token)
        self._keep_handled(work, f"draft:{draft.token}", reply)
        return reply

    def _again_with(self, no: Mistake, feature: Feature, sent: Submission, work: Work) -> Reply:
        """Say what is wrong: beside its field if the form is open, keeping everything that was typed."""
        draft = work.shelves.book.draft(sent.token) if sent.token and feature.form else None
        if draft is None or feature.form is None:
            return Reply(cards=(refused(no),))
        pages = feature.form(sent.with_values(draft.values, subject=draft.subject), work)
        draft, _ = filled_in(draft, pages, sent)
        pages = feature.form(sent.with_values(draft.values, subject=draft.subject), work)
        number = next(
            (n for n, page in enumerate(pages, 1) if any(field.name in no.beside for field in page.fields)),
            min(sent.page or 1, len(pages)),
        )
        draft = replace(draft, page=number, touched_at=work.now)
        work.shelves.book.put_draft(draft)
        return opened(draft, pages, {"": no.why, **no.beside})

    def _draft(self, sent: Submission, work: Work) -> Draft | None:
        draft = work.shelves.book.draft(sent.token)
        if draft is not None and (draft.person != work.actor.id or draft.intent != sent.intent):
            raise Refusal("This form was opened by somebody else. Open your own from “home”.")
        return draft

    def _check_version(self, sent: Submission, work: Work) -> None:
        """Show the case as it is instead of acting, when it has moved since the card was drawn."""
        if sent.version_seen and (now := parts.version_of(sent.subject, work)) and now != sent.version_seen:
            raise Moved("This has changed since that card was drawn; here it is as it stands.", subject=sent.subject)

    def _keep_handled(self, work: Work, key: str, reply: Reply) -> None:
        work.shelves.book.put_handled(
            Handled(library=work.library.id, key=key, about=reply.about, by=work.actor.id, at=work.now)
        )

    def _repeat(self, handled: Handled, work: Work) -> Reply:
        """Answer a repeat from the record: what came of it, who did it and when."""
        who = "You" if handled.by == work.actor.id else work.name(handled.by)
        when = work.local(handled.at)
        return self._as_it_is(
            handled.about, work, headline=f"{who} did this already, on {when:%-d %B %Y at %H:%M}. It was done once."
        )

    def _as_it_is(self, ref: str, work: Work, *, headline: str) -> Reply:
        try:
            cards = case_views.private(ref, work) if ref else ()
        except Mistake as no:
            return Reply(cards=(refused(no),))
        except Refusal as no:
            note_refusal(work, work.sent, no)
            return Reply(cards=(refused(no),))
        if ref:
            work.append(action="case.viewed", case=ref, payload={"how": work.sent.intent})
        return Reply(cards=cards, headline=headline, about=ref)

    async def takes_files(self, library: str, token: str) -> bool:
        """Test whether the page a draft stands on takes a file; an adapter fetches none before it does."""
        page = await self._store.ask(UUID(library), lambda shelves: self._page_of(shelves, library, token))
        return page is not None and page.takes_files

    def _page_of(self, shelves: Shelves, library: str, token: str) -> Page | None:
        """The page a draft stands on; ``None`` where there is no such draft, or nobody to show it to."""
        draft = shelves.book.draft(token)
        if draft is None:
            return None
        owner = shelves.registry.person(draft.person)
        form = FEATURES[draft.intent].form
        if owner is None or not owner.identities or form is None:
            return None
        sent = Submission(
            library=library,
            intent=draft.intent,
            actor=owner.identities[0],
            subject=draft.subject,
            values=draft.values,
            token=token,
        )
        pages = form(sent, self._work(shelves, sent))
        return pages[min(draft.page, len(pages)) - 1]

    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        """Put a file of an open draft into quarantine and return what the file field then holds.

        :raises Mistake: the page takes no file, or the file is not one that is taken
        """
        page = await self._store.ask(UUID(library), lambda shelves: self._page_of(shelves, library, token))
        if page is None or not page.takes_files:
            raise Mistake("This page takes no file. Nothing was kept of it.")
        return await asyncio.to_thread(self._vault.quarantine, UUID(library), raw, name, calendar=page.takes_calendars)

    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        """A retained picture and its media type, for somebody who may open its case; the look is logged.

        :raises Refusal: they may not
        """
        sent = Submission(library=library, intent="case.picture", actor=actor, subject=case)
        if no := await self._store.act(UUID(library), lambda shelves: picture(self._work(shelves, sent), sha256)):
            raise no
        return await asyncio.to_thread(self._vault.read, UUID(library), sha256)

    async def document(self, library: str, actor: Identity, case: str, name: str) -> File:
        """A document about a case, made now, for somebody who may have it; that they had it is kept before it leaves.

        :raises Refusal: they may not, or there is no such document of this case
        """
        sent = Submission(library=library, intent="case.document", actor=actor, subject=case)
        made = await self._store.ask(UUID(library), lambda shelves: document(self._work(shelves, sent), name))
        await self._store.act(UUID(library), lambda shelves: note_document(self._work(shelves, sent), name, made))
        if isinstance(made, Refusal):
            raise made
        return made

    async def was_answered(self, library: str, delivery: str) -> bool:
        """Test whether a delivery was answered, also by a program that has ended since."""
        key = f"answered:{delivery}"
        return bool(delivery) and await self._store.ask(
            UUID(library), lambda shelves: shelves.book.handled(key) is not None
        )

    async def answered(self, library: str, delivery: str) -> None:
        """Keep that a delivery was answered, so that nobody is answered twice. Acts have keys of their own."""
        kept = Handled(library=UUID(library), key=f"answered:{delivery}", about="", by=None, at=self._clock())

        def keep(shelves: Shelves) -> None:
            if shelves.book.handled(kept.key) is None:
                shelves.book.put_handled(kept)

        await self._store.act(kept.library, keep)

    async def account_is(self, library: str, account: Identity, standing: Standing) -> None:
        """Keep what a platform says of an account from now on: a member's, a guest's, deactivated.

        An adapter says so whenever its platform does; what is known already, or about nobody on file, changes nothing.
        """
        known = await self._store.ask(UUID(library), lambda shelves: shelves.registry.by_identity(account))
        if known is None or known.standing is standing:
            return
        sent = Submission(library=library, intent="account.standing", actor=replace(account, user=""))
        await self._store.act(
            UUID(library), lambda shelves: standings.change(account, standing, self._work(shelves, sent))
        )


def saves(sent: Submission) -> bool:
    """Test whether what was sent is meant to be kept: an act, or a page of a form; no question, no form opened."""
    heard = _heard(sent)
    feature = FEATURES.get(heard.intent)
    return feature is not None and (heard.page > 0 if feature.form else feature.acts)


def _heard(sent: Submission) -> Submission:
    """Turn words into the intent they stand for. NUL characters go: no database keeps them in text."""
    values = {name: tuple(one.replace("\0", "") for one in answers) for name, answers in sent.values.items()}
    sent = replace(sent, values=values, subject=sent.subject.replace("\0", ""))
    if sent.intent != "say":
        return sent
    intent, subject = understand(sent.text("text"))
    return replace(sent, intent=intent or "not understood", subject=subject, values={})


def _note_looks(work: Work, looked: Iterable[str] = ()) -> None:
    """Append what was opened to the ledger: by an ask that is over, or by a page that is about to be shown."""
    for ref in looked or work.looked:
        case = ref if REFERENCE.fullmatch(ref) else ""
        work.append(action="case.viewed", case=case, payload={"how": work.sent.intent, "what": ref})


def _near(said: str) -> tuple[Button, ...]:
    """Buttons for what is spelt most like words nobody understood."""
    return tuple(
        Button(label=word.capitalize(), intent=intent, opens_form=FEATURES[intent].form is not None)
        for word, intent in nearest(said)
    )


def _offered(reply: Reply) -> Reply:
    """Offer the report that a pasted link or a quoted comment has begun, instead of opening it unasked."""
    if reply.page is None:
        return reply
    begun = reply.page
    report = Button(label="Report this", intent=begun.intent, token=begun.token, opens_form=True, style=Style.PRIMARY)
    return Reply(
        cards=(
            Card(
                title="Is this something to report?",
                quotes=(Quote(label="You sent", text=begun.subject),),
                buttons=(report, Button(label="Home", intent="home")),
            ),
        )
    )
