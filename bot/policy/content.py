"""What a policy says about content and authors: grounds, protections, statements, duties, rules that pull apart."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from bot.policy.terms import Action, Modality, Role, Track
from bot.policy.values import CODE, Answer, Model, Span


class Ground(Model):
    """One ground on which content may (or must) come down. Their order in the file is the policy's."""

    code: str = Field(pattern=CODE)
    """A short name of your own in small letters, as in ``off_topic``; kept with every decision."""
    label: str = Field(min_length=3, max_length=75)
    """What people choose from, in your own words."""
    rule: str
    """The rule that states it."""
    modality: Modality = Modality.MAY
    """How strongly: ``may`` come down, ``will``, ``must``, or ``must_not`` be posted at all."""
    caution: str = ""
    """What a reviewer should think of first; shown beside the choice."""
    asks_host_post: bool = False
    """Whether the post it stands under has to be named, and what of it is missed."""
    no_strike: bool = False
    """Whether a removal on this ground never counts against the author."""
    spam: bool = False
    """Whether this is the ground of the quick way for spam."""
    track: Track | None = None
    """The track such an item belongs on, where it is not a violation like others."""
    conditions: tuple[str, ...] = ()
    """What has to be true besides, in your own words, as in ``without consent``; the reviewer says how it is."""
    relevance: Literal["library", "host_post", "discussion", "topics"] | None = None
    """What a post is measured against, where the ground is relevance: the library, the post it stands under, the
    discussion, or the account's own topics."""
    classes: tuple[str, ...] = ()
    """The protected categories the ground lists; the reviewer names the one that was attacked."""
    open_ended: bool = False
    """Whether it is a catch-all, as in whatever else is held unfit."""


class BlockGround(Model):
    """One ground on which an author may be blocked.

    ``occasions``, ``investigation`` and ``warned`` are conditions the policy sets: the program gates on them.
    ``weighs`` names what the policy asks to be considered without making it a condition: the card shows it, or "not
    on file".
    """

    code: str = Field(pattern=CODE)
    """A short name of your own in small letters; kept with every decision."""
    label: str = Field(min_length=3, max_length=75)
    """What people choose from, in your own words."""
    rule: str
    """The rule that states it."""
    occasions: int = Field(default=0, ge=0)
    """How many breaches have to be on file; 0 where the policy sets no number."""
    look_back: Span | None = None
    """How far back breaches count; left out where the policy sets no limit."""
    investigation: bool = False
    """Whether an investigation has to be on file."""
    warned: bool = False
    """Whether a warning has to be on file."""
    counted: bool = False
    """Whether the card shows how many breaches there are."""
    weighs: tuple[Literal["instruction", "offline_incident", "good_contributions", "linked_handles"], ...] = ()
    """What the policy asks to be considered, without making it a condition."""
    listed: bool = True
    """Whether the policy lists it; not so for the choice ``other`` of an open list."""
    severe: bool = False
    """Whether it is for a severe case, which goes past the ladder of sanctions and the number of occasions."""
    action: Action = Action.BLOCK
    """The policy's word for the step, where that is not a block."""
    caution: str = ""
    """What a reviewer should think of first."""


class Protection(Model):
    """Speech a policy keeps from being taken down, or asks to be thought of first."""

    code: str = Field(pattern=CODE)
    """A short name of your own in small letters."""
    label: str = Field(min_length=3, max_length=160)
    """What is protected, in your own words."""
    rule: str
    """The rule that states it."""
    effect: Literal["veto", "flag"] = "flag"
    """``veto``: content that is this stays up. ``flag``: a person says first why it is not this."""


class Statement(Model):
    """Words the policy wants posted on each account or on the website; they come from the document itself.

    They are the sentence of its rule, unless ``begins`` and ``ends`` say that they are a part of it, or go on after it.
    """

    code: str
    """A short name of your own in small letters."""
    label: str
    """Which statement it is, in your own words."""
    rule: str
    """The rule whose sentence it is."""
    begins: str = Field(default="", max_length=90)
    """The first few words to post, letter for letter, where the sentence says more than is to be posted."""
    ends: str = Field(default="", max_length=90)
    """The last few words to post, in that sentence or one that follows."""
    fills: Mapping[str, Literal["platform", "name", "url"]] = {}
    """What stands in the place of a gap: of the account its platform, its name or its address."""
    where: tuple[Literal["account", "website"], ...]
    """Where it has to stand."""

    @model_validator(mode="after")
    def _both_ends(self) -> Self:
        if bool(self.begins) != bool(self.ends):
            raise ValueError("begins and ends go together: give the first and the last few words")
        return self

    @property
    def key(self) -> str:
        """Under which name its words are kept beside the sentences of the rules."""
        return f"statement.{self.code}"


class Duty(Answer):
    """A duty with no case of its own: a reply, a report, an attestation, a check."""

    code: str = Field(pattern=CODE)
    """A short name of your own in small letters."""
    label: str
    """What is to be done, in your own words."""
    on: Track | None = None
    """The track on which it comes up."""
    to: tuple[Role, ...] = ()
    """Who does it, or who is told."""
    when: str = ""
    """When, in words, as in ``before it opens``."""
    within: Span | None = None
    """In what time, where the policy gives a number."""
    every: Span | None = None
    """How often, where it comes again: an attestation, an inspection of access."""
    qualifier: str = ""
    """What the policy adds to the time, as in ``as necessary``."""


Poster = Literal["patron", "staff", "volunteer", "trustee", "contributor", "partner"]


class Covers(Answer):
    """Whom the policy tells apart among those who post, so that a report says who it was."""

    people: tuple[Poster, ...] = ()
    """Each kind of person it names."""


class Tie(Model):
    """Two rules of one policy that pull apart; both are shown, and a person says which was applied and why."""

    rules: tuple[str, str]
    """The two."""
    label: str
    """What they pull about, in your own words."""
