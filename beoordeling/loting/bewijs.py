"""The evidence package: everything somebody else needs to recompute a draw, without us and without our software."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from importlib.resources import files

from beoordeling.loting.bronnen import KETEN, drand_tijd
from beoordeling.loting.rekenen import Uitslag, bereken, schrijf_uitslag
from beoordeling.loting.vormen import (
    BRONWAARDEN,
    DEELNEMERS,
    MUTATIES,
    NA_MUTATIES,
    PROTOCOL,
    RUIMTE,
    UITKOMST,
    Bron,
    LotingFout,
)
from kern.fouten import InvoerFout

AKTE, LEESMIJ, SCRIPT, SOMMEN = "akte.txt", "LEESMIJ.md", "verifieer_loting.py", "SHA256SUMS"
_EIGEN = (AKTE, LEESMIJ, SCRIPT, SOMMEN)
_BESTANDSNAAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

_LEESMIJ = """# Bewijspakket van de loting: {titel}

Met dit pakket kunt u de loting zelf narekenen. U hebt daar alleen Python 3 voor nodig. U hebt geen toegang tot onze
systemen nodig, en geen internet.

## Narekenen

Open een opdrachtvenster in deze map en geef deze opdracht:

    python3 {script}

Staat er `KLOPT`? Dan volgt de uitkomst precies uit de lijst, het protocol en de bronwaarden in deze map.
Klopt er iets niet, dan leest u wat er anders is. Zet geen andere bestanden in deze map: die hoort u dan ook terug.
Het programma telt hoogstens 40 regels, zodat u het zelf kunt lezen.

## Vergelijk de vingerafdruk met de publicatie

De vingerafdruk van het protocol (H_P) is:

    {hp}

Dit is de SHA-256 van het bestand `{protocol}`. U vindt hem ook in `{sommen}`. De vingerafdruk is gepubliceerd
voordat er een bronwaarde bekend was. Waar en wanneer dat is gedaan, staat in `{akte}`. Vergelijk de vingerafdruk
hierboven met die publicatie. Zijn ze gelijk, dan is er na de publicatie niets veranderd aan de lijst, de bedragen,
de verdeelregel of de keuze van de bronnen. In het protocol staat namelijk ook de vingerafdruk van de lijst.

## Wie legde wat vast, en in welke volgorde

1. De uitvoerder legde de lijst van deelnemers vast, en daarna het protocol. De vingerafdruk is toen gepubliceerd.
{bronnen}

De uitvoerder legde dus alles vast voordat de bronnen iets opleverden.{los}
De tijdstippen en de namen staan in `{akte}`.

## Zo komt de uitkomst tot stand

- Zaad: de bronwaarden, per regel `naam=waarde`, gaan samen met H_P door HMAC-SHA256.
- Lot: elk kenmerk krijgt een eigen lot uit dat zaad (HKDF, RFC 5869). Uw lot hangt niet af van andere deelnemers.
- Volgorde: oplopend op lot{rang}.
- Verdeling: {regel}{restronde}

Er doen {aantal} aanvragen mee. Het plafond is {plafond} cent.

## Wat zit erin

{inhoud}
"""

_UITLEG = {
    DEELNEMERS: "de lijst: kenmerk, bedrag in centen, potten, groep en rang per aanvraag",
    PROTOCOL: "de afspraken vooraf: plafond, potten, verdeelregel, bronnen en de vingerafdruk van de lijst",
    BRONWAARDEN: "wat de bronnen opleverden, en welke kenmerken op het moment van de loting niet meededen",
    MUTATIES: "wat er na de loting veranderde, in volgorde (intrekking, uitsluiting, verlaging, verhoging, herstel)",
    UITKOMST: "de volgorde na de loting met het lot en de uitkomst: bedrag in centen, RESERVE, GROEP of UIT",
    RUIMTE: "wat er na de loting over is, in centen per pot; * is het hele plafond",
    NA_MUTATIES: "de stand na elke regel van mutaties.csv",
    AKTE: "het verslag: wie wat vastlegde, waar en wanneer",
    LEESMIJ: "deze uitleg",
    SCRIPT: "het programma dat alles narekent",
    SOMMEN: "de SHA-256 van elk ander bestand in deze map",
}
_REGELS = {
    "STOP": "op volgorde. Past een aanvraag niet, dan gaan de potten dicht die te weinig hebben.",
    "SKIP": "op volgorde. Past een aanvraag niet, dan gaat de beurt naar de volgende.",
    "DEEL": "op volgorde. Past een aanvraag niet, dan krijgt zij wat er nog is en gaan de krappe potten dicht.",
}


def maak_bewijspakket(bestanden: Mapping[str, bytes], *, akte: str, titel: str) -> dict[str, bytes]:
    """The whole package as name -> bytes (flat, names sorted), from the input files of a draw.

    ``bestanden``: what :func:`bereken` needs, and possibly extra files (a time stamp, an older protocol), which are
    taken along. Output files may be given too, but then must equal the recomputation. ``akte``: the deed as text.
    """
    if not akte.strip() or not titel.strip() or "\n" in titel:
        raise InvoerFout("Een bewijspakket heeft een akte en een titel van een regel nodig.", actie="Vul ze in.")
    for naam in bestanden:
        if naam in _EIGEN or not _BESTANDSNAAM.fullmatch(naam):
            raise LotingFout(ascii(naam), "deze naam kan niet in een bewijspakket.", actie="Geef het een andere naam.")
    uitslag = bereken(bestanden)
    uitvoer = schrijf_uitslag(uitslag)
    for naam in (UITKOMST, RUIMTE, NA_MUTATIES):
        if naam in bestanden and bestanden[naam] != uitvoer.get(naam):
            raise LotingFout(naam, "dit bestand is anders dan de herberekening.", actie="Zoek uit waarom.")
    pakket = {**bestanden, **uitvoer, AKTE: (akte.strip() + "\n").encode(), SCRIPT: script()}
    pakket[LEESMIJ] = _leesmij(titel.strip(), uitslag, {*pakket, LEESMIJ, SOMMEN}).encode()
    pakket[SOMMEN] = sommen(pakket)
    return {naam: pakket[naam] for naam in sorted(pakket)}


def script() -> bytes:
    """The stand-alone program that goes into every package."""
    return files("beoordeling.loting").joinpath("pakket", SCRIPT).read_bytes()


def sommen(pakket: Mapping[str, bytes]) -> bytes:
    """``SHA256SUMS`` over all files but itself, in the format of ``sha256sum``, sorted by name."""
    namen = sorted(naam for naam in pakket if naam != SOMMEN)
    return "".join(f"{hashlib.sha256(pakket[naam]).hexdigest()}  {naam}\n" for naam in namen).encode()


def _leesmij(titel: str, uitslag: Uitslag, namen: set[str]) -> str:
    protocol = uitslag.protocol
    stappen = [f"{n}. {_stap(bron)}" for n, bron in enumerate(protocol.bronnen, 2)]
    rang = {"OP": "; wie een lagere rang heeft, gaat voor", "AF": "; wie een hogere rang heeft, gaat voor"}
    gelijk = len(set(uitslag.deelnemers.rang)) == 1
    overig = "een bijlage bij de akte"
    return _LEESMIJ.format(
        titel=titel,
        script=SCRIPT,
        protocol=PROTOCOL,
        sommen=SOMMEN,
        akte=AKTE,
        hp=protocol.hp.hex(),
        bronnen="\n".join(stappen),
        los=" Wie een van de bronnen beheert, kan de uitkomst niet alleen kiezen." if len(stappen) > 1 else "",
        rang="" if gelijk else rang[protocol.richting],
        regel=_REGELS[protocol.regel],
        restronde=" Daarna is er een restronde waarin alleen het plafond telt." if protocol.restronde else "",
        aantal=len(uitslag.deelnemers),
        plafond=protocol.plafond_cent,
        inhoud="\n".join(f"- `{naam}`: {_UITLEG.get(naam, overig)}" for naam in sorted(namen)),
    )


def _stap(bron: Bron) -> str:
    if bron.soort == "cijfers":
        return f"Daarna kwam de bron `{bron.id}`: {bron.lengte} cijfers, geworpen met dobbelstenen met tien vlakken."
    wanneer = f", die bekend werd op {drand_tijd(bron.ronde):%d-%m-%Y om %H:%M:%S} UTC" if bron.keten == KETEN else ""
    return (
        f"Daarna kwam de bron `{bron.id}`: ronde {bron.ronde} van het openbare drand-netwerk{wanneer}. "
        f"U kunt de waarde nazoeken op https://api.drand.sh/{bron.keten}/public/{bron.ronde}"
    )
