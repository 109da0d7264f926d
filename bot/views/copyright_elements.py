"""What a copyright notice and a counter-notice hold (17 U.S.C. 512(c)(3)(A) and 512(g)(3)), as lists to tick."""

from collections.abc import Mapping

from bot.cards import Field, FieldKind, Option, Submission

PROCEDURE = "copyright_procedure"
"""The duty of a policy that follows the federal procedure."""

ELEMENTS: Mapping[str, str] = {
    "signature": "Signed, on paper or electronically, by the owner or for the owner",
    "work": "Says which work was copied",
    "material": "Says what is to come down, and where it is",
    "contact": "Says how to reach whoever complains",
    "good_faith": "States the good-faith belief that the use is not allowed",
    "accuracy": "States that it is accurate and, under penalty of perjury, made for the owner",
}
"""The six things a notice holds, in our words."""

COUNTER: Mapping[str, str] = {
    "signature": "Signed, on paper or electronically, by whoever posted it",
    "material": "Says what came down, and where it stood",
    "mistake": "States under penalty of perjury the good-faith belief that it came down by mistake",
    "contact": "Gives name, address and telephone number",
    "jurisdiction": "Consents to the federal court there",
    "service": "Accepts court papers from whoever complained",
}
"""What a counter-notice holds, in our words."""


def ticks(elements: Mapping[str, str]) -> Field:
    """The list to tick."""
    return Field(
        name="holds",
        label="It holds",
        kind=FieldKind.CHOICES,
        options=tuple(Option(value=code, label=label[:75], hint=label[75:]) for code, label in elements.items()),
    )


def missing(elements: Mapping[str, str], sent: Submission) -> list[str]:
    """What was not ticked."""
    return [label.lower() for code, label in elements.items() if code not in sent.chosen("holds")]
