"""An expected 'no', and where the policy says so."""

from collections.abc import Mapping
from dataclasses import dataclass

from typing_extensions import override

PRACTICE = "library practice, not in policy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """Where a rule stands, and its sentence once the library's own document is bound.

    ``practice`` marks a value the library chose where its policy is silent; it is always shown as
    "library practice, not in policy", with who approved it and when where that is its source.
    """

    rule: str
    label: str
    source: str
    sentence: str = ""
    practice: bool = False

    @override
    def __str__(self) -> str:
        """Return one line a person can read: the label and where it stands."""
        where = self.source if not self.practice or self.source.startswith(PRACTICE) else PRACTICE
        said = f" “{self.sentence}”" if self.sentence else ""
        return f"{self.label} ({where}).{said}"


class Refusal(Exception):  # noqa: N818 - the field's word: a refusal is an answer, not an error
    """The library's rules, or the form, say no; the person is told why and what to do next.

    ``beside`` holds sentences that belong to fields of the open form, by field name. Anything else that is
    raised is a bug: it is logged, and the person is given a reference instead of a reason.
    """

    def __init__(self, why: str, *, under: Citation | None = None, beside: Mapping[str, str] | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.under = under
        self.beside = dict(beside or {})


class Moved(Refusal):
    """The case has changed since the person saw it; nothing was done, and they are shown the case as it is."""

    def __init__(self, why: str, *, subject: str) -> None:
        super().__init__(why)
        self.subject = subject


class Mistake(Refusal):
    """Something filled in cannot be used, or names nothing; the form stays open and nothing typed is lost.

    A mistake is no refusal of anybody's authority, so the ledger does not hold it.
    """
