"""Help: what can be asked for, in plain words."""

from bot.cards import Button, Card, Fact, Note, Reply, Style, Submission
from bot.work import Work

COMMANDS: tuple[tuple[str, str], ...] = (
    ("report", "Report an item. A pasted link or a quoted comment starts one too."),
    ("please look · spam · complaint", "The quick ways for obvious cases"),
    ("answer I-2026-0001 · replies", "Keep what somebody was answered; the replies the library agreed on"),
    ("authorities I-2026-0001", "Keep that the police or another authority was told"),
    ("rota · partners", "Who is on duty; what a partner's posts have to do"),
    ("checklist · checklists", "What the policy asks of our own posts, to tick before one goes out"),
    ("show I-2026-0001", "Open a report or a block. The reference alone does too."),
    ("reports · blocks · search storytime", "Lists and search"),
    ("history @reader42", "What is on file about a handle"),
    ("link @one", "Link two handles of one author"),
    ("block @reader42", "Ask for a block"),
    ("warn I-2026-0001", "Where the policy has warnings: warn a person, and keep the words"),
    ("due · due show I-2026-0001", "What is due, and how each date was worked out"),
    ("tasks · home", "What is asked of me"),
    ("correct I-2026-0001", "Put a slip right, with a reason"),
    ("notice I-2026-0001", "Tell a person, or keep why not"),
    (
        "appeal log · appeals · half-sheet",
        "A patron's written appeal; what to hand to somebody who objects at the desk",
    ),
    ("reinstate B-2026-0001 · requests", "A blocked patron asks to come back"),
    ("policy spam · appeal", "What the policy says about something, or about appeals"),
    ("memo A-2026-0001", "For trustees: read the memo that was sent to you"),
    ("docket · why kept I-2026-0001 · dispose", "Records whose time is up, why each is listed, and disposing of them"),
    ("holds · hold I-2026-0001 · hold release H-2026-0001", "What may be neither disposed of nor edited"),
    ("away · absences", "Enter days away; who is away"),
    ("acting director", "Enter whom the Board appointed, with its dated paper"),
    ("duties · confirm U-2026-0001", "What the policy asks of the library itself, and confirming it"),
    ("open account · assign", "Where the policy asks it: have an account agreed to, somebody assigned to it"),
    ("speak · spokespersons · attorney", "Where the policy asks it: agree first, then speak for the library"),
    ("inspect", "For the Director: look into a page for a cause"),
    ("who · delegate · setup", "Who is who, designees, setting up"),
    ("messages · send again", "For administrators: what did not arrive, and sending it once more"),
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
