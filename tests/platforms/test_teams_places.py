"""Where the bot is answered in Teams: what is remembered follows what Microsoft says last."""

from dataclasses import replace

from adapters.teams.places import KnownPlaces
from adapters.teams.platform import Limits
from bot.ports import Conversation
from storage.store import SqlStore

HERE = Conversation(
    platform="teams", tenant="here", name="19:decisions", kind="channel", address="19:decisions", service="https://a/"
)


async def test_a_conversation_that_moved_is_answered_where_it_is_and_keeps_its_title(
    sqlite_store: SqlStore,
) -> None:
    places = KnownPlaces(sqlite_store, "https://default/")
    await places.seen(replace(HERE, title="Decisions"))
    await places.seen(replace(HERE, service="https://b/"))

    found = await places.find("here", HERE.name)
    assert found == replace(HERE, service="https://b/", title="Decisions")
    assert await sqlite_store.conversation("teams", "here", HERE.name) == found
    assert await KnownPlaces(sqlite_store, "https://default/").find("here", HERE.name) == found


def test_somebody_hears_that_nothing_is_saved_yet_before_teams_gives_up() -> None:
    assert Limits().slow < 5, "a message extension has five seconds, anything else ten"
