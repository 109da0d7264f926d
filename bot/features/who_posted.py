"""Who posted it, where the policy tells apart whom it covers; and what a partner's post lacks of what it asks."""

from collections.abc import Mapping

from bot.cards import Field, FieldKind, Note, Option, Page, Submission
from bot.cases.follow_up import FollowUpKind
from bot.features.following_up import keep
from bot.features.partners import rules_for_partners
from bot.policy.terms import Stance
from bot.work import Work

PATRON = "patron"
WITH_RULES = frozenset({"partner", "contributor"})
"""Those from outside whose posts the policy's rules for partners are for."""
PEOPLE: Mapping[str, str] = {
    PATRON: "A patron, or anybody else from the public",
    "staff": "Somebody of the staff",
    "volunteer": "A volunteer",
    "trustee": "A trustee",
    "contributor": "Somebody from outside who contributes to our pages",
    "partner": "A partner organization",
}


def question(work: Work) -> tuple[Field, ...]:
    """The question, where the policy tells people apart."""
    covers = work.pack.covers
    if covers.stance is not Stance.STATED or not covers.people:
        return ()
    return (
        Field(
            name="poster",
            label="Who posted it?",
            kind=FieldKind.CHOICE,
            options=tuple(Option(value=one, label=PEOPLE[one]) for one in covers.people),
            initial=(PATRON,),
            hint="What staff or trustees do is reported in confidence: go back and choose that track.",
        ),
    )


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Which rules for partners the post misses, if a partner posted it."""
    rules = rules_for_partners(work) if sent.text("poster") in WITH_RULES else ()
    if not rules:
        return ()
    return (
        Page(
            title="The partner's post",
            intro="What the policy asks of it. Nothing follows by itself.",
            fields=(
                Field(
                    name="partner",
                    label="Which partner?",
                    required=True,
                    hint="The organization's name; no person's.",
                    max_length=120,
                ),
                Field(
                    name="lacks",
                    label="What does the post not do?",
                    kind=FieldKind.CHOICES,
                    options=tuple(Option(value=rule.id, label=rule.label[:75], hint=rule.source) for rule in rules),
                ),
            ),
            notes=tuple(Note.of(work.book.cite(rule.id, on=work.today)) for rule in rules),
            submit="Continue",
        ),
    )


def keep_who(ref: str, sent: Submission, work: Work) -> None:
    """Keep who posted it, unless it was a patron; of a partner's post, which rules it misses as well."""
    who, covers = sent.text("poster"), work.pack.covers
    if who not in covers.people or who == PATRON:
        return
    known = {rule.id: rule for rule in rules_for_partners(work)}
    lacks = tuple(one for one in sent.chosen("lacks") if one in known)
    particulars = {"Who posted it": PEOPLE[who], "Which": sent.text("partner")}
    if who in WITH_RULES and known:
        particulars["The post does not"] = "; ".join(known[one].label for one in lacks) or "nothing is missing"
    keep(FollowUpKind.ASKED_FIRST, ref, work, particulars=particulars, rules=(covers.rule, *lacks))
