"""E-mail addresses, phone numbers and postal addresses in one form, so that they can be compared. Pure."""

from __future__ import annotations

import re

#: Providers where anybody can take an address: a shared domain says nothing.
OPENBARE_MAIL = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.nl",
        "outlook.com",
        "outlook.nl",
        "live.com",
        "live.nl",
        "msn.com",
        "yahoo.com",
        "yahoo.nl",
        "icloud.com",
        "me.com",
        "mac.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "gmx.net",
        "gmx.nl",
        "aol.com",
        "mail.com",
        "ziggo.nl",
        "kpnmail.nl",
        "kpnplanet.nl",
        "planet.nl",
        "hetnet.nl",
        "home.nl",
        "casema.nl",
        "chello.nl",
        "upcmail.nl",
        "quicknet.nl",
        "xs4all.nl",
        "tele2.nl",
        "telfort.nl",
        "online.nl",
        "solcon.nl",
        "zeelandnet.nl",
        "caiway.nl",
        "freedom.nl",
        "mail.nl",
    }
)
#: Here dots before the @ mean nothing, and both names reach one mailbox.
_ZONDER_PUNTEN = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def mail_genormaliseerd(adres: str) -> str:
    """One form per mailbox: small letters, no ``+label`` (RFC 5233), no dots where the provider ignores them."""
    naam, at, domein = adres.strip().lower().rpartition("@")
    if not at:
        return domein
    domein = domein.rstrip(".")
    naam = naam.partition("+")[0] or naam
    if domein in _ZONDER_PUNTEN:
        naam, domein = naam.replace(".", ""), _ZONDER_PUNTEN[domein]
    return f"{naam}@{domein}"


def maildomein(adres: str) -> str:
    """The part behind the @; empty when there is none."""
    return adres.strip().lower().rpartition("@")[2].rstrip(".") if "@" in adres else ""


def eigen_domein(adres: str) -> str:
    """The domain when it belongs to one organisation; empty for a public provider."""
    domein = maildomein(adres)
    return "" if domein in OPENBARE_MAIL else domein


def zelfde_domein(een: str, ander: str) -> bool:
    """Equal, or one is a part of the other (``post.bedrijf.nl`` and ``bedrijf.nl``)."""
    if not (een and ander):
        return False
    return een == ander or een.endswith(f".{ander}") or ander.endswith(f".{een}")


def telefoon_genormaliseerd(nummer: str) -> str:
    """Digits only, Dutch numbers with one leading zero; empty for what is too short to be a number."""
    kaal = re.sub(r"\(0\)", "", nummer)
    cijfers = re.sub(r"\D", "", kaal)
    if kaal.strip().startswith("+31") or cijfers.startswith("0031"):
        cijfers = "0" + cijfers.removeprefix("00").removeprefix("31").lstrip("0")
    return cijfers if len(cijfers) >= 8 else ""


def adres_genormaliseerd(straat: str, postcode: str) -> str:
    """Postcode and house number (with addition), which name one address in the Netherlands; empty when unknown."""
    code = re.sub(r"\s", "", postcode).upper()
    nummer = re.search(r"(\d+)\s*-?\s*([a-z0-9]*)\s*$", straat.strip().lower())
    return f"{code} {nummer[1]}{nummer[2]}" if code and nummer else ""
