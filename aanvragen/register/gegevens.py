"""What we know from the trade register, in our own names, and how it compares with what was typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from aanvragen.enums import Registerstand

#: Fields of an organisation that the register knows, with what people call them.
VELDEN = {
    "naam": "Naam",
    "rechtsvorm": "Rechtsvorm",
    "sbi_code": "SBI-code",
    "straat": "Straat en huisnummer",
    "postcode": "Postcode",
    "plaats": "Plaats",
}
#: Also taken over where nothing was typed, but never compared: the register does not state them itself.
AFGELEID = ("sbi_versie", "provincie")


class Navraaguitkomst(StrEnum):
    GEVONDEN = "gevonden"
    NIET_GEVONDEN = "niet_gevonden"
    ONBEREIKBAAR = "onbereikbaar"


@dataclass(frozen=True)
class Vestigingsgegevens:
    """A branch. ``nummer``: 12 digits."""

    nummer: str
    naam: str
    straat: str = ""
    postcode: str = ""
    plaats: str = ""
    hoofd: bool = False


@dataclass(frozen=True)
class Registergegevens:
    """One registration. ``namen``: all trade names; ``volledig``: names and addresses of branches were asked too."""

    kvk_nummer: str
    naam: str
    namen: tuple[str, ...] = ()
    rechtsvorm: str = ""
    rechtsvorm_kvk: str = ""
    sbi_code: str = ""
    sbi_versie: str = ""
    sbi_omschrijving: str = ""
    straat: str = ""
    postcode: str = ""
    plaats: str = ""
    provincie: str = ""
    rsin: str = ""
    werkzame_personen: int | None = None
    uitgeschreven_op: date | None = None
    vestigingen: tuple[Vestigingsgegevens, ...] = ()
    volledig: bool = False

    def naar_json(self) -> dict[str, Any]:
        uit = asdict(self)
        uit["uitgeschreven_op"] = self.uitgeschreven_op.isoformat() if self.uitgeschreven_op else None
        uit["namen"] = list(self.namen)
        uit["vestigingen"] = [asdict(vestiging) for vestiging in self.vestigingen]
        return uit

    @classmethod
    def uit_json(cls, gegevens: Mapping[str, Any]) -> Registergegevens:
        einde = gegevens.get("uitgeschreven_op")
        return cls(
            **{
                **gegevens,
                "namen": tuple(gegevens.get("namen", ())),
                "uitgeschreven_op": date.fromisoformat(einde) if einde else None,
                "vestigingen": tuple(Vestigingsgegevens(**deel) for deel in gegevens.get("vestigingen", ())),
            }
        )


@dataclass(frozen=True)
class Navraag:
    """The outcome of asking. ``reden``: why it was unreachable, without any number; ``bron``: who said so.

    ``gevraagd``: ``False`` when nothing was sent, because there is no connection or the register is given a rest.
    """

    uitkomst: Navraaguitkomst
    gegevens: Registergegevens | None = None
    reden: str = ""
    bron: str = "kvk"
    gevraagd: bool = True

    @classmethod
    def aangenomen(cls, bron: str) -> Navraag:
        """Taken as true without asking: invented organisations of a simulation or a test."""
        return cls(Navraaguitkomst.GEVONDEN, bron=bron)


@dataclass(frozen=True)
class Registerverschil:
    """A field where the typed value is not what the register says."""

    veld: str
    getypt: str
    register: str
    naam: str = field(default="")


_RECHTSVORM_IN_NAAM = {"bv", "nv", "vof", "cv"}


def _kern(veld: str, waarde: str) -> str:
    """A value without what does not matter: case, spaces, points, and the legal form behind a name."""
    woorden = re.findall(r"\w+", waarde.casefold().replace(".", ""))
    if veld == "naam" and len(woorden) > 1 and woorden[-1] in _RECHTSVORM_IN_NAAM:
        woorden = woorden[:-1]
    return "".join(woorden)


def verschillen(getypt: Mapping[str, Any], gegevens: Registergegevens) -> list[Registerverschil]:
    """Fields that differ; what the register does not say, or what was left empty, is no difference.

    A name counts as the same when it is one of the trade names. A SBI code counts as the same when one is a finer
    level of the other (R94: 2 to 5 digits).
    """
    gevonden = []
    for veld, naam in VELDEN.items():
        mijn, register = str(getypt.get(veld) or ""), str(getattr(gegevens, veld) or "")
        if not mijn or not register:
            continue
        toegestaan = {_kern(veld, waarde) for waarde in (register, *(gegevens.namen if veld == "naam" else ()))}
        if _kern(veld, mijn) in toegestaan:
            continue
        if veld == "sbi_code" and (mijn.startswith(register) or register.startswith(mijn)):
            continue
        gevonden.append(Registerverschil(veld, mijn, register, naam))
    return gevonden


def stand_van(navraag: Navraag, getypt: Mapping[str, Any]) -> Registerstand:
    """State of an organisation after asking, given what was typed."""
    if navraag.uitkomst == Navraaguitkomst.ONBEREIKBAAR:
        return Registerstand.HANDMATIG
    if navraag.uitkomst == Navraaguitkomst.NIET_GEVONDEN:
        return Registerstand.NIET_GEVONDEN
    if navraag.gegevens is None:
        return Registerstand.BEVESTIGD
    if navraag.gegevens.uitgeschreven_op is not None:
        return Registerstand.UITGESCHREVEN
    return Registerstand.AFWIJKEND if verschillen(getypt, navraag.gegevens) else Registerstand.BEVESTIGD
