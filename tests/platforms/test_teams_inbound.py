"""What Teams sends, read: words as they were seen, senders as they are, conversations as they can be answered."""

from typing import Any

import pytest

from adapters.teams import inbound
from adapters.teams.settings import TeamsSettings, government
from bot.refusal import Refusal

Thing = dict[str, Any]
BOT = {"id": "28:app", "name": "Due Notice"}


def an_activity(**said: Any) -> Thing:  # noqa: ANN401 - Teams' own fields
    """A message of Robin's in a channel."""
    return {
        "type": "message",
        "id": "1700",
        "channelId": "msteams",
        "serviceUrl": "https://smba.trafficmanager.net/amer/",
        "from": {"id": "29:robin", "aadObjectId": "robin-in-entra", "name": "Robin"},
        "recipient": BOT,
        "conversation": {"id": "19:c@thread.tacv2;messageid=1699", "conversationType": "channel", "tenantId": "T"},
        "channelData": {"tenant": {"id": "T"}, "team": {"id": "19:team"}, "channel": {"id": "19:c@thread.tacv2"}},
        **said,
    }


def mention(name: str, who: str, text: str = "") -> Thing:
    """A mention, as an entity beside the words."""
    return {"type": "mention", "mentioned": {"id": who, "name": name}, "text": text or f"<at>{name}</at>"}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<at>Due Notice</at> due", "due"),
        ("<at>Due Notice</at>&nbsp;report", "report"),
        ("show <at>Due Notice</at> I-2026-0001", "show I-2026-0001"),
        ("<at>Due Notice</at> history <at>Robin &amp; Co</at>", "history Robin & Co"),
        ("<at>Due Notice</at> a &lt; b\r\nsecond\xa0line ", "a < b\nsecond line"),
        ("<at>Due Notice</at>", ""),
    ],
)
def test_words_are_what_the_person_saw_without_the_mention_of_the_bot(text: str, seen: str) -> None:
    assert inbound.words(an_activity(text=text, entities=[mention("Due Notice", BOT["id"])])) == seen


def test_only_words_that_mention_the_bot_are_said_to_it() -> None:
    assert inbound.is_for_us(an_activity(entities=[{"type": "clientInfo"}, mention("Due Notice", BOT["id"])]))
    assert not inbound.is_for_us(an_activity(entities=[mention("Somebody", "29:other")]))
    assert not inbound.is_for_us(an_activity(entities=["mention", None, {"type": "mention", "mentioned": "28:app"}]))


def test_the_tenant_is_where_teams_writes_it() -> None:
    assert inbound.tenant(an_activity()) == "T"
    assert inbound.tenant(an_activity(channelData={})) == ""
    assert inbound.tenant(an_activity(channelData="T")) == ""


def test_a_sender_is_the_account_in_entra_and_a_thread_is_no_conversation_of_its_own() -> None:
    sent = inbound.sender(an_activity())
    assert (sent.identity.platform, sent.identity.tenant, sent.identity.user) == ("teams", "T", "robin-in-entra")
    assert (sent.channel, sent.thread) == ("19:c@thread.tacv2", "19:c@thread.tacv2;messageid=1699")
    assert not sent.alone


def test_somebody_the_directory_does_not_know_is_refused() -> None:
    with pytest.raises(Refusal, match="who you are"):
        inbound.sender(an_activity(**{"from": {"id": "29:anonymous", "name": "Guest"}}))


def test_a_delivery_is_known_by_its_own_name_and_nothing_else_of_it() -> None:
    once = inbound.delivery(an_activity(text="due"))
    assert inbound.delivery(an_activity(text="changed")) == once
    assert inbound.delivery(an_activity(id="1701")) != once
    assert inbound.delivery(an_activity(channelData={"tenant": {"id": "OTHER"}})) != once
    assert inbound.delivery(an_activity(**{"from": {"id": "29:other"}})) != once, "ids are one person's own"
    assert inbound.delivery(an_activity(id="")) == "", "without a name, each is handled"


def test_a_conversation_where_only_the_message_extension_was_used_is_not_the_bots() -> None:
    between_people = {"id": "19:a_b@unq.gbl.spaces", "conversationType": "personal", "tenantId": "T"}
    used = an_activity(type="invoke", name="composeExtension/fetchTask", conversation=between_people)
    sent = inbound.sender(used)
    assert sent.alone, "its dialog is seen by nobody else"
    assert not sent.own_chat, "and yet no answer may go there"
    assert inbound.place_of(used, sent) is None


def test_a_conversation_is_kept_under_the_person_or_the_channel() -> None:
    channel = inbound.place_of(an_activity(), inbound.sender(an_activity()))
    assert channel is not None
    assert (channel.name, channel.address, channel.kind) == ("19:c@thread.tacv2", "19:c@thread.tacv2", "channel")
    chat = an_activity(conversation={"id": "a:1", "conversationType": "personal"})
    own = inbound.place_of(chat, inbound.sender(chat))
    assert own is not None
    assert (own.name, own.address, own.service) == ("robin-in-entra", "a:1", "https://smba.trafficmanager.net/amer/")


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"duenotice": None},
        {"duenotice": []},
        {"duenotice": {"i": ""}},
        {"duenotice": {"i": 1, "s": "", "v": 0, "t": ""}},
        {"duenotice": {"i": "home", "v": "x"}},
    ],
)
def test_a_button_that_is_not_ours_is_refused(sent: Thing) -> None:
    with pytest.raises(Refusal):
        inbound.pressed(sent)


@pytest.mark.parametrize(
    "carried",
    [
        {},
        {"page": 1, "turn": "next"},
        {"page": 0, "i": "incident.report", "t": "token", "k": [], "m": []},
        {"page": "1", "i": "incident.report", "t": "token", "k": [], "m": []},
        {"page": 1, "i": "incident.report", "t": "", "k": [], "m": []},
        {"page": 1, "i": "incident.report", "t": "token", "k": "handles", "m": []},
    ],
)
def test_a_page_that_is_no_form_of_ours_is_refused(carried: Thing) -> None:
    with pytest.raises(Refusal):
        inbound.filled({"duenotice": carried})


def test_a_page_gives_one_answer_or_several_and_nothing_of_its_button() -> None:
    carried = {"page": 2, "turn": "next", "i": "block.request", "t": "token", "k": ["files"], "m": ["accounts"]}
    sent = {
        "duenotice": carried,
        "msteams": {"type": "x"},
        "f.accounts": "a,b",
        "f.reason": "one, two",
        "f.handles": "",
        "f.many": None,
    }
    page = inbound.filled(sent)
    assert page.values == {"accounts": ("a", "b"), "reason": ("one, two",), "handles": (), "many": ()}
    assert (page.memory.page, page.memory.kept, page.turn) == (2, ("files",), "next")


def test_a_reported_message_brings_its_words_and_where_it_stands_and_neither_its_author_nor_markup() -> None:
    payload = {
        "from": {"user": {"id": "u", "displayName": "Pat <b>"}},
        "body": {
            "contentType": "html",
            "content": "<p>you are <i>all</i> fools &amp; thieves</p><p>see <a href='https://x.example'>this</a>"
            "<img alt='a cat'><script>alert(1)</script></p>",
        },
        "linkToMessage": "https://teams.microsoft.com/l/message/19:c/1700?x=1",
    }
    said = inbound.reported({"value": {"messagePayload": payload}})
    assert said.splitlines() == [
        "you are all fools & thieves",
        "see this[a cat]",
        "(reported from Teams: teams.microsoft.com/l/message/19:c/1700?x=1)",
    ]


def test_a_reported_message_in_plain_words_is_taken_as_it_is() -> None:
    payload = {"body": {"contentType": "text", "content": " 1 < 2 <b> "}}
    assert inbound.reported({"value": {"messagePayload": payload}}) == "1 < 2 <b>\n(reported from Teams)"


def test_pictures_are_uploads_without_a_token_and_pasted_ones_with_it_and_nothing_else() -> None:
    upload = {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "name": "shot.png",
        "content": {"downloadUrl": "https://library.sharepoint.com/d?tempauth=1", "fileType": "png"},
    }
    pasted = {"contentType": "image/*", "contentUrl": "https://smba.trafficmanager.net/amer/v3/attachments/1/views/o"}
    words = {"contentType": "text/html", "content": "<p>look</p>"}
    found = inbound.attached(an_activity(attachments=[upload, pasted, words, None]))
    assert [(one.name, one.signed) for one in found] == [("shot.png", False), ("picture", True)]
    assert len(inbound.attached(an_activity(attachments=[pasted] * 50))) == 10


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/smba.trafficmanager.net/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://evil.smba.trafficmanager.net/",
        "https://evilsmba.trafficmanager.net.example/",
        "https://notbotframework.com/",
        "https://user@smba.trafficmanager.net/",
        "http://smba.trafficmanager.net/",
        "https://127.0.0.1/",
        "http://127.0.0.1:3978/",
        "http://169.254.169.254/latest",
        "https://xn--tams-epa.microsoft.com.example/",
        "file:///etc/passwd",
        "https://[",
        "",
    ],
)
def test_the_bots_token_goes_to_microsoft_only(address: str) -> None:
    assert not TeamsSettings(app_id="a").trusts(address)
    assert not TeamsSettings(app_id="a").holds_files(address)


SERVICE = "https://smba.trafficmanager.net/amer/"


@pytest.mark.parametrize("path", ["v3/attachments/0-abc/views/original", "T/v3/attachments/0-abc/views/thumbnail"])
def test_the_token_goes_to_a_pasted_picture_of_the_connector_that_sent_it(path: str) -> None:
    assert TeamsSettings(app_id="a").keeps_picture(SERVICE + path, SERVICE)


@pytest.mark.parametrize(
    "address",
    [
        "https://smba.trafficmanager.net/amer/v3/conversations/19:x/activities",
        "https://smba.trafficmanager.net/amer/v3/attachments/",
        "https://smba.trafficmanager.net/amer/v3/attachments/../conversations/x/views/y",
        "https://smba.trafficmanager.net/amer/v3/attachments/1/views/o/../../../conversations",
        "https://smba.trafficmanager.net/amer/v3/attachments/1%2f..%2f/views/o",
        "https://smba.trafficmanager.net/x?/v3/attachments/1/views/o",
        "https://smba.trafficmanager.net:8443/amer/v3/attachments/1/views/o",
        "https://other.botframework.com/amer/v3/attachments/1/views/o",
        "https://library.sharepoint.com/v3/attachments/1/views/o",
        "https://evil.example/v3/attachments/1/views/o",
        "https://[",
    ],
)
def test_the_token_goes_to_no_picture_anywhere_else(address: str) -> None:
    assert not TeamsSettings(app_id="a").keeps_picture(address, SERVICE)


def test_microsofts_own_addresses_are_trusted_in_each_cloud() -> None:
    for address in (
        "https://smba.trafficmanager.net/amer/",
        "https://smba.infra.gcc.teams.microsoft.com/teams/",
        "https://smba.infra.gov.teams.microsoft.us/teams/",
    ):
        assert TeamsSettings(app_id="a").trusts(address)
        assert government(app_id="a").trusts(address)
    assert TeamsSettings(app_id="a").holds_files("https://library-my.sharepoint.com/personal/x")
    assert not TeamsSettings(app_id="a").trusts("https://library-my.sharepoint.com/personal/x"), "no token goes there"


def test_the_government_clouds_alone_take_no_files_of_bots() -> None:
    assert not government(app_id="a").sends_files
    assert TeamsSettings(app_id="a").sends_files
