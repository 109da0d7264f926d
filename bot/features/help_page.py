"""Help: what can be asked for, in plain words."""

from bot.cards import Button, Card, Fact, Note, Reply, Style, Submission
from bot.work import Work

COMMANDS: tuple[tuple[str, str], ...] = (
    ("report", "Report an item. A pasted link or a quoted comment starts one too."),
    ("please look · spam · complaint", "The quick ways for obvious cases"),
    ("show I-2026-0001", "Open a report or a block. The reference alone does too."),
    ("reports · blocks · search storytime", "Lists and search"),
    ("history @reader42", "What is on file about a handle"),
    ("link @one", "Link two handles of one author"),
    ("block @reader42", "Ask for a block"),
    ("due · due show I-2026-0001", "What is due, and how each date was worked out"),
    ("tasks · home", "What is asked of me"),
    ("correct I-2026-0001", "Put a slip right, with a reason"),
    ("notice I-2026-0001", "Tell a person, or keep why not"),
    ("policy spam · appeal", "What the policy says about something, or about appeals"),
    ("who · delegate · setup", "Who is who, designees, setting up"),
)


def show(sent: Submission, work: Work) -> Reply:
    """Every word the bot knows, and the first buttons."""
    del sent
    _ = work.actor
    return Reply(
        cards=(
            Card(
                title="What I can do",
                body="Write it to me here or with a mention in a channel; I answer only you.",
                facts=tuple(Fact(label=words, value=what) for words, what in COMMANDS),
                notes=(Note(text="I never remove, hide or block anything myself. People do, and I keep the record."),),
                buttons=(
                    Button(label="Report an item", intent="incident.report", style=Style.PRIMARY, opens_form=True),
                    Button(label="Home", intent="home"),
                    Button(label="What is due", intent="due.list"),
                ),
            ),
        )
    )
