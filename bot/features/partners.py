"""What a partner's posts about the library have to do, with the links to hand on."""

from bot.cards import Card, Fact, Note, Reply, Submission, Tone
from bot.people import Power
from bot.policy.terms import Modality
from bot.policy.values import Rule
from bot.work import Work

BINDING = frozenset({Modality.MUST, Modality.WILL, Modality.SHOULD})


def show(sent: Submission, work: Work) -> Reply:
    """The policy's rules for partners as a list to hand on, and the links of the library's own accounts."""
    del sent
    work.require(Power.SEE_LISTS)
    rules = rules_for_partners(work)
    if not rules:
        said = f"{work.library.name}'s policy has no rule for partners."
        return Reply(cards=(Card(title=said, body="A partner's post is dealt with like anybody's."),))
    links = [account for account in work.accounts if account.closed_on is None and account.url]
    return Reply(
        cards=(
            Card(
                title="What a partner's posts do",
                facts=(
                    *(Fact(label=rule.id, value=rule.label) for rule in rules),
                    *(Fact(label=account.label, value=account.url) for account in links),
                ),
                notes=(
                    *(Note.of(work.book.cite(rule.id, on=work.today)) for rule in rules),
                    Note(
                        text="A partner's post that misses one of these is reported. Say there who posted it.",
                        tone=Tone.INFO,
                    ),
                ),
            ),
        )
    )


def rules_for_partners(work: Work) -> tuple[Rule, ...]:
    """What the policy in force asks of partners."""
    return tuple(rule for rule in work.pack.rules if "partners" in rule.audience and rule.modality in BINDING)
