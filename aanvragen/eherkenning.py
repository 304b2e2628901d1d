"""What a login with eHerkenning proves (R92): pure reading of the attributes that a broker sends.

The names of the attributes come from the settings, since brokers differ in their OpenID Connect profile; the values are
those of the eHerkenning interface specifications.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kern.fouten import RechtenFout

#: Assurance levels from low to high, and what people call them.
NIVEAUS = {"loa1": "1", "loa2": "2", "loa2plus": "2+", "loa3": "3", "loa4": "4"}
KLASSE = "urn:etoegang:core:assurance-class:"
#: Kinds of legal subject that we can read as a KvK number.
KVK = ("urn:etoegang:1.9:EntityConcernedID:KvKnr", "urn:etoegang:core:LegalSubjectID:KvKnr")


@dataclass(frozen=True)
class Eherkenningbewijs:
    """One login: who (opaque), for which KvK number and branch, at which level, through which intermediary."""

    persoon: str
    kvk_nummer: str
    niveau: str
    vestigingsnummer: str = ""
    intermediair_kvk: str = ""

    def als_dict(self) -> dict[str, str]:
        return asdict(self)


class EherkenningFout(RechtenFout):
    """A login that does not prove enough. ``niveau`` is what came, in people's words."""

    code = "eherkenning-geweigerd"

    def __init__(self, melding: str, *, actie: str, code: str, niveau: str = "") -> None:
        super().__init__(melding, actie=actie, code=code)
        self.niveau = niveau


def lees_bewijs(
    claims: Mapping[str, Any], *, namen: Mapping[str, str], minimum: str, dienst: str = ""
) -> Eherkenningbewijs:
    """The proof in ``claims``, or :class:`EherkenningFout` that says what is wrong. Nothing is guessed.

    ``namen``: our name → name of the claim. ``minimum``: lowest level (``loa3``). ``dienst``: UUID of our service;
    a login for another one is refused.
    """
    niveau = _eis_niveau(_waarde(claims, namen["niveau"]), minimum)
    _eis_dienst(_waarde(claims, namen["dienst"]), dienst)
    soort, nummer = _waarde(claims, namen["organisatie_soort"]), _waarde(claims, namen["organisatie"])
    if soort not in KVK or not re.fullmatch(r"[0-9]{8}", nummer):
        raise EherkenningFout(
            "Uw eHerkenning geeft geen KvK-nummer door.",
            actie="Log in met een eHerkenningsmiddel van een organisatie met een KvK-nummer.",
            code="eherkenning-zonder-kvk",
        )
    persoon = _waarde(claims, namen["persoon"])
    if not persoon:
        raise _onvolledig()
    vestiging = _waarde(claims, namen["vestiging"])
    if vestiging and not re.fullmatch(r"[0-9]{12}", vestiging):
        raise _onvolledig()
    return Eherkenningbewijs(
        persoon=persoon,
        kvk_nummer=nummer,
        niveau=f"{KLASSE}{niveau}",
        vestigingsnummer=vestiging,
        intermediair_kvk=_intermediair(claims, namen, nummer),
    )


def _waarde(claims: Mapping[str, Any], naam: str) -> str:
    waarde = claims.get(naam)
    return waarde.strip() if isinstance(waarde, str) else ""


def _onvolledig() -> EherkenningFout:
    return EherkenningFout(
        "Uw eHerkenning geeft niet alle gegevens door die wij nodig hebben.",
        actie="Probeer het opnieuw. Lukt het weer niet, neem dan contact met ons op.",
        code="eherkenning-onvolledig",
    )


def _eis_niveau(acr: str, minimum: str) -> str:
    niveau, rang = acr.removeprefix(KLASSE), list(NIVEAUS)
    if niveau in NIVEAUS and rang.index(niveau) >= rang.index(minimum):
        return niveau
    gekregen = NIVEAUS.get(niveau, "")
    uitleg = f"U logde in met niveau {gekregen}." if gekregen else "Het niveau van uw eHerkenning is niet bekend."
    raise EherkenningFout(
        f"Voor Stimulans hebt u eHerkenning op niveau {NIVEAUS[minimum]} of hoger nodig. {uitleg}",
        actie=f"Vraag bij uw leverancier van eHerkenning een middel op niveau {NIVEAUS[minimum]} aan.",
        code="eherkenning-niveau-te-laag",
        niveau=gekregen,
    )


def _eis_dienst(gekregen: str, dienst: str) -> None:
    if dienst and gekregen and gekregen != dienst:
        raise EherkenningFout(
            "Uw machtiging in eHerkenning is voor een andere dienst.",
            actie="Vraag de machtigingenbeheerder van uw organisatie om een machtiging voor Stimulans.",
            code="eherkenning-andere-dienst",
        )


def _intermediair(claims: Mapping[str, Any], namen: Mapping[str, str], kvk_nummer: str) -> str:
    """KvK number of the firm that acts for the organisation; only together with a (chain) mandate."""
    firma = _waarde(claims, namen["intermediair"])
    gemachtigd = claims.get(namen["vertegenwoordiging"]) in (True, "true", "1", 1)
    if not firma and not gemachtigd:
        return ""
    if not firma or not gemachtigd or not re.fullmatch(r"[0-9]{8}", firma) or firma == kvk_nummer:
        raise EherkenningFout(
            "Wij zien geen ketenmachtiging van de organisatie waarvoor u wilt aanvragen.",
            actie="Vraag die organisatie om uw bedrijf in eHerkenning te machtigen voor Stimulans.",
            code="eherkenning-zonder-ketenmachtiging",
        )
    return firma
