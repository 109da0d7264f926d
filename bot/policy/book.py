"""The policy book of one library: its packs by day, its own document's sentences, and its practice values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.policy.pack import Pack
from bot.refusal import Citation, Refusal


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
        """Where a rule of the pack in force that day stands, with its sentence if the document is bound."""
        pack = self.on(on)
        return pack.cite(rule_id, sentence=self.sentences.get((pack.version, rule_id), ""))

    def practice(self, key: str) -> Practice | None:
        """The value the library chose for a silence, or ``None`` while it has not."""
        return self.practices.get(key)
