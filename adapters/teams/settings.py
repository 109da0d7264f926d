"""What the environment says about Teams, and which hosts are Microsoft's."""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

__all__ = ["LOOPBACK", "TeamsSettings", "government", "host_of", "public"]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
CONNECTOR = "smba.trafficmanager.net"
"""Where the connector answers in the public cloud; names below it are nobody's we know."""
HOSTS = ("teams.microsoft.com", "teams.microsoft.us", "botframework.com", "botframework.us")
"""Where it answers elsewhere, public and government; the bot's token goes nowhere else."""
PASTED = re.compile(r"/(?:[\w-]+/){0,3}v3/attachments/[\w.~-]+/views/[\w-]+")
"""The path of a picture that the connector keeps."""
FILES = ("sharepoint.com", "sharepoint.us", "sharepoint-mil.us", "svc.ms")
"""Where people's uploads stand; their addresses carry a right of their own, so no token goes there."""
PUBLIC_SERVICE = "https://smba.trafficmanager.net/teams/"
GOVERNMENT_SERVICE = "https://smba.infra.gov.teams.microsoft.us/teams/"


def host_of(address: str) -> str:
    """The host of a secure address, or of one on this computer; empty for anything else."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    if parts.username or parts.password or not address.isascii():
        return ""
    return host if parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK) else ""


def _within(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamsSettings:
    """The app's registration, and where Microsoft is.

    The defaults are the public cloud's. Without ``app_id`` nothing is proved and nothing is signed, which is only for
    Microsoft's test client on this computer (``development``).
    """

    app_id: str = ""
    password: str = field(default="", repr=False)
    tenant: str = ""
    login: str = "https://login.microsoftonline.com"
    openid: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    issuer: str = "https://api.botframework.com"
    scope: str = "https://api.botframework.com/.default"
    service: str = PUBLIC_SERVICE
    development: bool = False
    sends_files: bool = True
    """Whether Teams takes files of bots; the government clouds do not ("Send and receive files using bot")."""

    @property
    def bot(self) -> str:
        """The bot's own id in a conversation."""
        return f"28:{self.app_id}"

    @property
    def local(self) -> bool:
        """Test whether Microsoft's part is played by a program on this computer."""
        return self.development or host_of(self.login) in LOOPBACK

    def trusts(self, service_url: str) -> bool:
        """Test whether the bot's token may go to this address."""
        host = host_of(service_url)
        return host in LOOPBACK if self.local else host == CONNECTOR or _within(host, HOSTS)

    def keeps_picture(self, address: str, service_url: str) -> bool:
        """Test whether a pasted picture stands in the connector that says so, so that the bot's token may go there."""
        if not (self.trusts(address) and self.trusts(service_url)):
            return False
        here, there = urlsplit(address), urlsplit(service_url)
        same = (here.scheme, here.netloc.lower()) == (there.scheme, there.netloc.lower())
        return same and PASTED.fullmatch(here.path) is not None

    def holds_files(self, address: str) -> bool:
        """Test whether people's uploads stand there."""
        host = host_of(address)
        return host in LOOPBACK if self.local else _within(host, FILES)


def public(**said: str) -> TeamsSettings:
    """The settings of the public cloud, GCC included."""
    return TeamsSettings(**said)  # type: ignore[arg-type]  # each of them is words


def government(**said: str) -> TeamsSettings:
    """The settings of the United States government clouds (GCC High and DoD)."""
    settings = public(
        **{
            "login": "https://login.microsoftonline.us",
            "openid": "https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
            "issuer": "https://api.botframework.us",
            "scope": "https://api.botframework.us/.default",
            "service": GOVERNMENT_SERVICE,
        }
        | said
    )
    return replace(settings, sends_files=False)
