"""The text of the sheet or file ``leesmij``: what the export holds, what it leaves out and how to read it."""

from __future__ import annotations

from typing import Any

from rapportage.profielen import OPENBAAR, Levering
from rapportage.tabellen.model import LEGENDA, Rondegegevens


def leesmij(ronde: Rondegegevens, levering: Levering, manifest: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """(heading, text) per line; a heading without text starts a section."""
    gemaakt = manifest["gemaakt"]
    regels = [
        (f"Evaluatie {ronde.naam}", ""),
        ("Regeling", ronde.regeling),
        ("Tijdvak", ronde.tijdvak),
        ("Verdeelmethode", ronde.methode),
        ("Peildatum", f"{ronde.peildatum.day}-{ronde.peildatum.month}-{ronde.peildatum.year}"),
        ("Profiel", levering.profiel),
        ("Momentopname", f"{manifest['momentopname']} (sha256 van de gegevens in vaste vorm)"),
        ("Versie van het programma", ronde.productversie),
        ("Gemaakt", f"{gemaakt['moment']} door {gemaakt['door']}" + _achter(" voor ", gemaakt["voor"])),
        ("Selectie", "; ".join(manifest["selectie"]["regels"])),
        ("", ""),
        ("Tabellen", ""),
        *((f"Tabel {tabel.code[1:]}", tabel.titel) for tabel in levering.tabellen),
    ]
    if levering.weggelaten:
        regels += [("", ""), ("Weggelaten tabellen", "")]
        regels += [(f"Tabel {weg.code[1:]}", f"{weg.titel}. {weg.reden}") for weg in levering.weggelaten]
    regels += [("", ""), ("Lezen van de tabellen", ""), ("Legenda", LEGENDA)]
    regels += [
        ("Percentages", "Elk percentage heeft een eigen basis n; die staat boven de kolom en in de onderste rij."),
        ("Groepen", _groepen(ronde)),
        ("Afronding", "De cellen bevatten de onafgeronde waarde; de opmaak toont een decimaal."),
        ("", ""),
        ("Bescherming van gegevens", ""),
        ("Toelichting", _bescherming(levering)),
    ]
    if levering.data is not None and levering.niet_geleverd:
        regels.append(("Niet geleverd", ", ".join(levering.niet_geleverd)))
    if levering.data is not None and levering.onbekend:
        regels.append(
            (
                "Onbekende kolommen",
                f"{', '.join(levering.onbekend)}. Deze staan niet in het codeboek van het programma; "
                "controleer voor u ze "
                "doorgeeft of iemand erin te herkennen is.",
            )
        )
    return tuple(regels)


def _achter(woord: str, tekst: str) -> str:
    return f"{woord}{tekst}" if tekst else ""


def _groepen(ronde: Rondegegevens) -> str:
    if ronde.is_geloot:
        return "Ingeloot en uitgeloot volgen de loting (toewijzing), niet het gebruik van de subsidie."
    return "De ronde is niet verdeeld door loting; de groepen volgen de uitkomst van de aanvraag."


def _bescherming(levering: Levering) -> str:
    if levering.profiel == OPENBAAR:
        return (
            "Openbare versie. Aantallen en bases van 1 tot en met 9 zijn onderdrukt, net als aandelen van 90 "
            "% of meer en "
            "aandelen waarbij minder dan 10 overblijven. Andere cellen zijn onderdrukt zodat niemand de "
            "onderdrukte cellen "
            "kan terugrekenen. Gegevens per aanvraag worden niet geleverd."
        )
    return (
        "Versie voor onderzoekers, alleen onder overeenkomst. Nummers zijn vervangen door pseudoniemen die "
        "alleen binnen "
        "deze export gelden. De tabellen zijn niet onderdrukt: publiceer geen aantallen onder de 10. De "
        "kolom loting_rang "
        "is te koppelen aan een openbare lotingslijst; gebruik haar alleen voor het naspelen van de loting."
    )
