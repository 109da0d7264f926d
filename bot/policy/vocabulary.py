"""Words that need a second look in a policy: those courts distrust, those that mean nothing definite, dead platforms.

The lists are a start for a reader, not the law: what is found is shown with its place, and a person judges.
"""

import re
from collections.abc import Mapping
from datetime import date

STRUCK: Mapping[str, str] = {
    r"offensive|offends?\b": "offensive",
    r"hate speech|hateful": "hate speech",
    r"insult(?:s|ing)?\b": "insults",
    r"disparag\w+": "disparagement",
    r"denigrat\w+": "denigrating",
    r"objectionable": "objectionable",
    r"(?:otherwise )?inappropriate": "inappropriate",
    r"abusive": "abusive",
    r"mislead(?:s|ing)?\b": "misleading",
    r"religious (?:purpose|content|message)s?|for a religious purpose|campaigns, religious": "religious purposes",
    r"off[ -]topic|not (?:topically )?related to|stay on topic": "off-topic",
}
"""Patterns and the word they stand for: rules on such words were struck down, or are distrusted, as taking sides
between views, or because nobody can say what they cover (Matal v. Tam, 2017; Iancu v. Brunetti, 2019; Robinson v. Hunt
County, 5th Cir. 2019; PETA v. Tabak, D.C. Cir. 2024; Krasno v. Mnookin, 7th Cir. 2025)."""

VAGUE: Mapping[str, str] = {
    r"timely|in good time": "timely",
    r"as soon as possible|promptly|immediately|at once": "as soon as possible",
    r"as necessary|as needed|where appropriate": "as necessary",
    r"regularly|from time to time|periodically": "regularly",
    r"continuous(?:ly)?|again and again|repeat offenders?": "continuously",
    r"gratuitous": "gratuitous",
    r"reasonable time|reasonable period": "a reasonable time",
    r"any other comment|any other content": "any other comment",
    r"excessive(?:ly)?": "excessive",
    r"objectionable": "objectionable",
    r"\bmay affirm\b|\bmay (?:decide|answer|reply) within\b": "may affirm",
}
"""Patterns and the word they stand for: each leaves open how much, how long or how often."""

GONE: Mapping[str, tuple[str, date]] = {
    r"Google\s?\+|Google Plus": ("Google+", date(2019, 4, 2)),
    r"\bVine\b": ("Vine", date(2017, 1, 17)),
    r"\bPeriscope\b": ("Periscope", date(2021, 3, 31)),
    r"\bStorify\b": ("Storify", date(2018, 5, 16)),
    r"\bYahoo!? Groups\b": ("Yahoo Groups", date(2020, 12, 15)),
    r"\bYahoo!? Answers\b": ("Yahoo Answers", date(2021, 5, 4)),
    r"\bPosterous\b": ("Posterous", date(2013, 4, 30)),
    r"\bGoogle Buzz\b": ("Google Buzz", date(2011, 12, 15)),
    r"\bSkype\b": ("Skype", date(2025, 5, 5)),
}
"""Platforms that closed, and the day they did."""


def words_in(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The words of a list that occur in a text, each once, in the list's order."""
    lowered = " ".join(text.casefold().split())
    return tuple(dict.fromkeys(word for pattern, word in known.items() if re.search(pattern, lowered)))


def closed_platforms(text: str) -> tuple[tuple[str, date], ...]:
    """The platforms named in a text that have closed, with the day they did; capitals count."""
    return tuple(platform for pattern, platform in GONE.items() if re.search(pattern, text))
