"""A small policy that states one period of every kind, for tests that need to know what the answer is."""

from bot.policy.pack import ClockRule, Pack
from bot.policy.terms import ClockKind, ClockName, Event, Stance, Unit

TOML = """
since = 2023-03-06
grounds = []
deciders = [
  { rule = "R01", actions = ["remove", "block", "appeal", "reinstate"], roles = ["director"] },
]
notices = []
retention = []

[about]
name = "Elm Public Library"
short = "Elm"
zone = "America/New_York"
state = "MA"
executive = "Library Director"
board = "Board of Trustees"
title = "Social Media Policy"
adopted = "6 March 2023"

[block]
rule = "R01"

[appeal]
rule = "R02"

[reinstatement]
rule = "R03"

[complaints]
rule = "R01"

[[rules]]
id = "R01"
label = "The Director decides"
kind = "E"
carried = "enforces"
audience = ["public"]
modality = "must"
section = "Section 1"
note = "there is no document behind this policy"

[[rules]]
id = "R02"
label = "A patron may appeal"
kind = "R"
carried = "reminds"
audience = ["public"]
modality = "may"
section = "Section 2"
item = "item 4"
note = "there is no document behind this policy"

[[rules]]
id = "R03"
label = "A patron may ask to come back"
kind = "R"
carried = "reminds"
audience = ["public"]
modality = "may"
section = "Section 3"
note = "there is no document behind this policy"

[[clocks]]
clock = "appeal_by"
on = ["content_removed", "block_applied"]
kind = "right"
n = 15
unit = "days"
verb = "may"
rule = "R02"
assumed = ["the policy does not say from when the days run; the day of the act was taken"]

[[clocks]]
clock = "appeal_by"
on = ["content_hidden", "content_partly_removed", "publication_declined"]
kind = "right"
stance = "silent"
why = "only removals and blocks are spoken of"

[[clocks]]
clock = "retain_through"
on = ["content_removed", "content_hidden", "content_partly_removed", "publication_declined", "block_applied"]
kind = "retention"
n = 1
unit = "years"
rule = "R01"

[[clocks]]
clock = "reinstatement_from"
on = ["block_applied"]
kind = "opens"
n = 6
unit = "months"
verb = "may"
rule = "R03"

[[clocks]]
clock = "decide_appeal_by"
on = ["appeal_received"]
kind = "duty"
n = 15
unit = "days"
rule = "R02"

[[clocks]]
clock = "decide_appeal_by"
level = "board"
on = ["appeal_received"]
kind = "duty"
n = 2
unit = "meetings"
rule = "R02"

[[clocks]]
clock = "reply_by"
on = ["concern_received", "question_received"]
kind = "duty"
n = 2
unit = "business_days"
qualifier = "as necessary"
rule = "R01"

[[clocks]]
clock = "decide_reinstatement_by"
on = ["reinstatement_requested"]
kind = "duty"
stance = "silent"
why = "no time for an answer is given"

[[clocks]]
clock = "restore_content_from"
on = ["counter_notice_received"]
kind = "opens"
n = 10
unit = "business_days"
calendar = "federal"
rule = "R01"

[[clocks]]
clock = "restore_content_by"
on = ["counter_notice_received"]
kind = "duty"
n = 14
unit = "business_days"
calendar = "federal"
rule = "R01"
"""

ELM = Pack.parse(TOML.encode(), name="elm")


def a_period(n: int, unit: Unit, kind: ClockKind = ClockKind.DUTY) -> ClockRule:
    """A stated period that starts when an appeal is received."""
    return ClockRule(
        clock=ClockName.DECIDE_APPEAL_BY, on=(Event.APPEAL_RECEIVED,), kind=kind, n=n, unit=unit, rule="R02"
    )


def a_period_of_a_law(n: int, unit: Unit) -> ClockRule:
    """A period that a federal law sets and the policy only follows."""
    return ClockRule(
        clock=ClockName.RESTORE_CONTENT_BY,
        on=(Event.COUNTER_NOTICE_RECEIVED,),
        kind=ClockKind.DUTY,
        stance=Stance.DELEGATED,
        rule="R01",
        why="the policy follows the statute",
        authority="17 U.S.C. 512(g)(2)(C)",
        n=n,
        unit=unit,
        calendar="federal",
        assumed=("the days are the statute's",),
    )


def a_silence(stance: Stance = Stance.SILENT) -> ClockRule:
    """A clock to which the policy gives no period."""
    return ClockRule(
        clock=ClockName.DECIDE_APPEAL_BY,
        on=(Event.APPEAL_RECEIVED,),
        kind=ClockKind.DUTY,
        stance=stance,
        why="no time for an answer is given",
    )
