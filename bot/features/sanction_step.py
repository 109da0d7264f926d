"""Where an author stands on the policy's ladder of sanctions, for whoever asks for a block; a person decides."""

from collections.abc import Iterable

from bot.cards import Note
from bot.cases.incident import ConfirmedRemoval, Incident, counts
from bot.clocks.calendar import short_date
from bot.clocks.counting import back
from bot.policy.terms import Stance
from bot.views.incidents import act_of
from bot.work import Work


def on_the_ladder(incidents: Iterable[Incident], work: Work) -> tuple[Note, ...]:
    """The step that the breaches on file have led to, and its clause; nothing where the policy has no ladder."""
    ladder = work.pack.sanctions
    if ladder.stance is not Stance.STATED:
        return ()
    since = back(ladder.look_back, work.today, work.calendar).day if ladder.look_back else None
    breaches = [
        one
        for one in incidents
        if isinstance(one.removal, ConfirmedRemoval)
        and counts(one, work.book.on(one.judged_on))
        and (not ladder.counts or act_of(one) in ladder.counts)
        and (since is None or one.removal.done_on >= since)
    ]
    step = ladder.step_for(len(breaches))
    many = f"{len(breaches)} breach{'' if len(breaches) == 1 else 'es'}"
    after = f" since {short_date(since)}" if since else ""
    if step is None:
        return (Note(text=f"On the ladder of sanctions: {many}{after}, so no step is reached."),)
    cited = Note.of(work.book.cite(step.rule, on=work.today))
    return (Note(text=f"On the ladder of sanctions: {many}{after}, so “{step.label}”. A person decides it."), cited)
