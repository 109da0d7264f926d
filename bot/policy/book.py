"""The policy book of one library: its packs by day, its own document's sentences, and its practice values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.policy.pack import BlockGround, Pack
from bot.policy.terms import Stance
from bot.refusal import Citation, Refusal

BLOCKS_BY_PRACTICE = "decider.block"
"""The practice under which a library blocks although its policy is silent about that: who decides, and who said so."""
PRACTICE_GROUND = "library_practice"
"""The one ground of such a block."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Practice:
    """A value the library chose where its policy is silent, with who approved it and on which day."""

    key: str
    value: str
    approved_by: str
    approved_on: date

    @property
    def label(self) -> str:
        """How it is shown wherever it is used."""
        return f"library practice, not in policy (approved by {self.approved_by}, {self.approved_on:%-d %B %Y})"


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyBook:
    """Which pack governs which day.

    Content is judged by the pack in force on the day of the post; procedure by the pack in force on the day of
    the act that starts it. ``sentences`` maps (pack version, rule id) to the exact sentence of the library's own
    document, once bound.
    """

    packs: tuple[Pack, ...]
    practices: Mapping[str, Practice] = field(default_factory=dict)
    sentences: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def on(self, day: date) -> Pack:
        """The pack in force on a day: the newest that had begun; before the first, the first.

        A post older than the oldest pack the library has given us is judged by that oldest pack, because nothing
        better is on file.

        :raises Refusal: the library has adopted no pack yet
        """
        if not self.packs:
            raise Refusal("This library has not chosen its policy yet. Ask an administrator to run “setup”.")
        begun = [pack for pack in self.packs if pack.since <= day]
        return max(begun, key=lambda pack: pack.since) if begun else min(self.packs, key=lambda pack: pack.since)

    def cite(self, rule_id: str, *, on: date) -> Citation:
        """Where a rule of the pack in force that day stands, with its sentence if the document is bound.

        The key of a practice value is cited as what it is: library practice, with who approved it.
        """
        if chosen := self.practices.get(rule_id):
            return Citation(rule=rule_id, label="The library's own choice", source=chosen.label, practice=True)
        pack = self.on(on)
        return pack.cite(rule_id, sentence=self.sentences.get((pack.version, rule_id), ""))

    def practice(self, key: str) -> Practice | None:
        """The value the library chose for a silence, or ``None`` while it has not."""
        return self.practices.get(key)

    def speaks_of_blocks(self, *, on: date) -> bool:
        """Test whether a person may be blocked: the policy says so, or it is silent and the library chose who decides.

        What the policy rules out expressly no practice allows.
        """
        stance = self.on(on).block.stance
        return stance is Stance.STATED or (stance is Stance.SILENT and BLOCKS_BY_PRACTICE in self.practices)

    def block_grounds(self, *, on: date) -> tuple[BlockGround, ...]:
        """The grounds for a block: the policy's, or one of the library's practice where the policy is silent."""
        pack = self.on(on)
        if pack.block.stance is Stance.STATED or not self.speaks_of_blocks(on=on):
            return pack.block_grounds
        return (
            BlockGround(
                code=PRACTICE_GROUND,
                label="Library practice: the policy states no ground",
                rule=BLOCKS_BY_PRACTICE,
                counted=True,
                listed=False,
            ),
        )

    def block_ground(self, code: str, *, on: date) -> BlockGround:
        """The ground for a block with this code.

        :raises Refusal: neither the policy nor the library's practice has it
        """
        practised = (ground for ground in self.block_grounds(on=on) if ground.code == code)
        return next(practised, None) or self.on(on).block_ground(code)
