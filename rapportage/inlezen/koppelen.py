"""Files that belong to a round by ``aanvraagnummer``: scores of assessors, answers of employees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from rapportage.codeboek import GETALLEN, zoek
from rapportage.inlezen.tabel import Tabel
from rapportage.inlezen.waarden import Ongeldig, Waarde, als_reeks, getal

BEOORDELINGEN, MEDEWERKERS = "beoordelingen", "medewerkers"
#: Kind -> columns that it must have; the second one tells the rows of an application apart.
SOORTEN: dict[str, tuple[str, ...]] = {
    BEOORDELINGEN: ("aanvraagnummer", "beoordelaar", "score"),
    MEDEWERKERS: ("aanvraagnummer", "medewerker_id"),
}


@dataclass
class Koppeling:
    """A linked file. ``rijen``: aanvraagnummer -> rows without that column, in the order of the file."""

    tabel: Tabel
    soort: str | None
    rijen: dict[str, list[dict[str, Waarde]]] = field(default_factory=dict)


def lees_koppeling(tabel: Tabel, aanvraagnummers: Collection[str]) -> Koppeling:
    """Checks the rows; errors are added to ``tabel.fouten``."""
    soort = next((soort for soort, kolommen in SOORTEN.items() if set(kolommen) <= set(tabel.kolommen)), None)
    koppeling = Koppeling(tabel, soort)
    if not tabel.kolommen:
        return koppeling
    if soort is None:
        bekend = "; ".join(f"{naam}: {', '.join(kolommen)}" for naam, kolommen in SOORTEN.items())
        tabel.fout("regel 1", "kolommen", f"Dit gekoppelde bestand is onbekend. Gebruik de kolommen van {bekend}.")
        return koppeling
    _controleer(tabel, SOORTEN[soort][1], frozenset(aanvraagnummers))
    overig = [naam for naam in dict.fromkeys(tabel.kolommen) if naam != "aanvraagnummer"]
    reeksen = [als_reeks(naam, [rij.velden[naam] for rij in tabel.rijen]) for naam in overig]
    rijen = defaultdict(list)
    for nummer, rij in enumerate(tabel.rijen):
        rijen[rij.waarde("aanvraagnummer")].append(
            {naam: reeks[nummer] for naam, reeks in zip(overig, reeksen, strict=True)}
        )
    koppeling.rijen = dict(rijen)
    return koppeling


def _controleer(tabel: Tabel, sleutel: str, aanvraagnummers: frozenset[str]) -> None:
    getallen = [naam for naam in tabel.kolommen if (feiten := zoek(naam)) is not None and feiten.type in GETALLEN]
    gezien: dict[tuple[str, str], int] = {}
    for rij in tabel.rijen:
        nummer, wie = rij.waarde("aanvraagnummer"), rij.waarde(sleutel)
        if nummer not in aanvraagnummers:
            melding = f"De aanvraag '{nummer[:50]}' staat niet in het bestand van de ronde. Controleer het nummer."
            tabel.fout(rij.plek, "aanvraagnummer", melding)
        if not wie:
            tabel.fout(rij.plek, sleutel, "Dit veld is leeg. Vul het in.")
        elif gezien.setdefault((nummer, wie), rij.regel) != rij.regel:
            melding = f"{wie} staat bij deze aanvraag ook op regel {gezien[nummer, wie]}. Laat één regel staan."
            tabel.fout(rij.plek, sleutel, melding)
        for naam in getallen:
            tekst = rij.waarde(naam)
            try:
                waarde = getal(tekst) if tekst else None
            except Ongeldig as fout:
                tabel.fout(rij.plek, naam, str(fout))
                continue
            if naam == "score" and waarde is not None and not 0 <= waarde <= 100:
                tabel.fout(rij.plek, naam, f"De score is {tekst}. Vul een score in van 0 tot en met 100.")
